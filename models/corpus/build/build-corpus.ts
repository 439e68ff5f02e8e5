/**
 * Builds the corpus into a folder: tokenizer.json, train-TASK.{bin,idx}, test-TASK.jsonl, dev-TASK.{bin,idx} and
 * manifest.json. The same options give the same bytes, whatever the number of threads. The test and dev sets are drawn
 * last, when all prompts of training are known.
 */
import { Tokenizer, vocabularySize, type TokenizerFile } from '../tokenizer/tokenizer.js';
import { trainTokenizer } from '../tokenizer/train.js';
import { EncodedFiles } from './encoded-files.js';
import { encodedSamples } from './encoded.js';
import { heldOutSamples } from './held-out.js';
import { KeySet } from './key-set.js';
import { readTokenizerFile } from './options.js';
import { writeOutput, writeWhole, type WrittenFile } from './output.js';
import { shardsOf, type ShardOrder } from './shard-workers.js';
import { noneDropped, type Dropped, type ShardPlan } from './shard.js';
import { tasks, type Task } from './tasks.js';
import { tokenizerTexts } from './tokenizer-slice.js';

export interface CorpusOptions {
  readonly folder: string;
  /** Whether a corpus that is in the folder makes place for this one. */
  readonly replaces: boolean;
  readonly seed: string;
  /** Of training, all tasks together; prompts that come twice are dropped from it. */
  readonly sampleCount: number;
  readonly shares: ShardPlan['shares'];
  readonly parseEvery: number;
  readonly dropsWrong: boolean;
  /** A tokenizer.json to use; null = train one. */
  readonly tokenizerPath: string | null;
  readonly testCount: number;
  readonly devCount: number;
  readonly workerCount: number;
  /** build/shard-process.ts, bundled. */
  readonly workerProgram: string;
  readonly onProgress: (doing: string, done: number, of: number) => void;
}

const shardSamples = 1000;

/** What any corpus holds beside its manifest. */
const fileNames = [
  'tokenizer.json',
  ...tasks.flatMap((task) => [
    ...['train', 'dev'].flatMap((set) => [`${set}-${task}.bin`, `${set}-${task}.idx`]),
    `test-${task}.jsonl`,
  ]),
];

/** Throws UsageError where the folder is taken or the tokenizer is none. */
export async function buildCorpus(options: CorpusOptions): Promise<void> {
  const { folder, replaces } = options;
  const place = { folder, replaces, manifest: 'manifest.json', names: fileNames };
  await writeOutput(place, async (partial) => {
    const corpus = new Corpus({ ...options, folder: partial }, tokenizerFile(options));
    await corpus.train();
    corpus.holdOut();
    corpus.describe();
  });
}

function tokenizerFile({ tokenizerPath, seed, onProgress }: CorpusOptions): TokenizerFile {
  if (tokenizerPath !== null) return readTokenizerFile(tokenizerPath);
  onProgress('tokenizer', 0, 1);
  const file = trainTokenizer(tokenizerTexts(seed), vocabularySize);
  onProgress('tokenizer', 1, 1);
  return file;
}

class Corpus {
  private readonly tasks: readonly Task[];
  private readonly tokenizer: Tokenizer;
  private readonly keys: KeySet;
  /** Of samples that were drawn for the test and dev sets and are wrong. */
  private readonly rejectedKeys = new Set<bigint>();
  private readonly files: Record<string, WrittenFile> = {};
  private readonly sets: Record<string, object> = {};

  constructor(
    private readonly options: CorpusOptions,
    private readonly tokenizerFile: TokenizerFile,
  ) {
    this.tasks = Object.keys(options.shares) as Task[];
    this.tokenizer = new Tokenizer(tokenizerFile);
    this.keys = new KeySet(options.sampleCount + (options.testCount + options.devCount) * this.tasks.length);
    const text = JSON.stringify(tokenizerFile);
    this.files['tokenizer.json'] = writeWhole(options.folder, 'tokenizer.json', text);
  }

  async train(): Promise<void> {
    const { folder, sampleCount, onProgress } = this.options;
    const outputs = this.tasks.map((task) => ({
      task,
      files: new EncodedFiles(folder, `train-${task}`),
      dropped: { ...noneDropped(), twice: 0 },
    }));
    let done = 0;
    onProgress('training', done, sampleCount);
    for await (const shard of this.shards()) {
      for (const { task, files, dropped } of outputs) {
        files.add(shard.samples[task], (key) => {
          const isNew = this.keys.add(key);
          if (!isNew) dropped.twice++;
          return isNew;
        });
        for (const why of Object.keys(shard.dropped[task]) as (keyof Dropped)[]) {
          dropped[why] += shard.dropped[task][why];
        }
      }
      done = Math.min(done + shardSamples, sampleCount);
      onProgress('training', done, sampleCount);
    }
    for (const { task, files, dropped } of outputs) {
      Object.assign(this.files, files.close());
      this.sets[`train-${task}`] = { ...files.described(), dropped };
    }
  }

  holdOut(): void {
    for (const task of this.tasks) {
      const { folder, seed, testCount, devCount, dropsWrong } = this.options;
      this.options.onProgress(`test and dev of ${task}`, 0, 1);
      const taken = { keys: this.keys, rejectedKeys: this.rejectedKeys };
      const draw = (set: string, count: number) =>
        heldOutSamples({ task, seed: `${set} ${seed}`, count, dropsWrong }, this.tokenizer, taken);
      const lines = draw('test', testCount).map(({ sample }) => `${JSON.stringify(sample)}\n`);
      this.files[`test-${task}.jsonl`] = writeWhole(folder, `test-${task}.jsonl`, lines.join(''));
      const dev = new EncodedFiles(folder, `dev-${task}`);
      dev.add(encodedSamples(draw('dev', devCount).map(({ encoded }) => encoded)), () => true);
      Object.assign(this.files, dev.close());
      this.sets[`dev-${task}`] = dev.described();
      this.options.onProgress(`test and dev of ${task}`, 1, 1);
    }
  }

  /** What was asked for, what came of it, and the digests of the files. */
  describe(): void {
    const { folder, seed, sampleCount, shares, parseEvery, dropsWrong, testCount, devCount } = this.options;
    const tokenizer = this.options.tokenizerPath ?? 'trained';
    const asked = { seed, sampleCount, shares, parseEvery, dropsWrong, testCount, devCount, tokenizer };
    const manifest = { ...asked, sets: this.sets, files: this.files };
    writeWhole(folder, 'manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  }

  private shards() {
    const { seed, shares, parseEvery, dropsWrong, sampleCount, workerCount, workerProgram } = this.options;
    const orders: ShardOrder[] = [];
    for (let from = 0; from < sampleCount; from += shardSamples) {
      orders.push({ shard: orders.length, sampleCount: Math.min(shardSamples, sampleCount - from) });
    }
    const plan: ShardPlan = { seed, shares, parseEvery, dropsWrong };
    return shardsOf(workerProgram, { plan, tokenizer: this.tokenizerFile }, orders, workerCount);
  }
}
