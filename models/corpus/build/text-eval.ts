/**
 * `npm run models -- text-eval --out FOLDER …`: the pairs that training/text-eval.py learns from, encoded. SET.bin holds
 * tokens (16 bits), SET.marks a byte for each of them (1 = wrong here), SET.idx a pair's start, length, length of the
 * comment and whether it is right (32 bits each), all little endian; pairs.json says how many there are of what.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ProgressLine } from '../../progress.js';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { given, readTokenizerFile, wholeNumber } from './options.js';
import { OutputFile, writeOutput, writeWhole } from './output.js';
import { marksOf } from './text-eval-difference.js';
import { textPairs, type TextPair } from './text-eval-pairs.js';

export const textEvalUsage = `text-eval --out FOLDER --tokenizer FILE [options]
  --pairs 150000 --dev 2000   pairs of a comment and code, half of them right
  --seed 1
  --length-max 320            tokens of a pair; longer ones are left out
  --replace                   the folder may hold such pairs, which make place for these`;

export interface EncodedPair {
  readonly tokens: readonly number[];
  readonly commentLength: number;
  readonly marks: Uint8Array;
}

/** `<|block|>COMMENT<|out|>CODE<|endoftext|>`. */
export function encodePair(tokenizer: Tokenizer, { comment, code, rightCode }: TextPair): EncodedPair {
  const head = [tokenizer.control('<|block|>'), ...tokenizer.encode(comment), tokenizer.control('<|out|>')];
  const answerOf = (text: string) => [...tokenizer.encode(text), tokenizer.control('<|endoftext|>')];
  const answer = answerOf(code);
  const tokens = [...head, ...answer];
  const marks = new Uint8Array(tokens.length);
  if (code !== rightCode) marks.set(marksOf(answerOf(rightCode), answer), head.length);
  return { tokens, commentLength: head.length, marks };
}

interface TextEvalOptions {
  readonly folder: string;
  readonly replaces: boolean;
  readonly tokenizerPath: string;
  readonly seed: string;
  readonly lengthMax: number;
  /** Pairs of each set. */
  readonly counts: Readonly<Record<'train' | 'dev', number>>;
  readonly onProgress: ProgressLine['show'];
}

/** Gives the exit code; throws UsageError for wrong options. */
export async function runTextEval(commandArguments: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...commandArguments],
    options: {
      out: { type: 'string' },
      tokenizer: { type: 'string' },
      pairs: { type: 'string', default: '150000' },
      dev: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      'length-max': { type: 'string', default: '320' },
      replace: { type: 'boolean', default: false },
    },
  });
  const progress = new ProgressLine(() => performance.now());
  const options: TextEvalOptions = {
    folder: path.resolve(given('--out FOLDER', values.out)),
    replaces: values.replace,
    tokenizerPath: given('--tokenizer FILE', values.tokenizer),
    seed: values.seed,
    lengthMax: wholeNumber('--length-max', values['length-max']),
    counts: { train: wholeNumber('--pairs', values.pairs), dev: wholeNumber('--dev', values.dev) },
    onProgress: progress.show,
  };
  try {
    await writePairs(options);
  } finally {
    progress.end();
  }
  return 0;
}

const sets = ['train', 'dev'] as const;
const fileNames = ['tokenizer.json', ...sets.flatMap((set) => [`${set}.bin`, `${set}.marks`, `${set}.idx`])];

async function writePairs(options: TextEvalOptions): Promise<void> {
  const { folder, replaces, tokenizerPath, seed, lengthMax } = options;
  await writeOutput({ folder, replaces, manifest: 'pairs.json', names: fileNames }, (partial) => {
    const tokenizer = new Tokenizer(readTokenizerFile(tokenizerPath));
    const written = sets.map((set) => [set, writeSet(partial, set, tokenizer, options)]);
    writeWhole(partial, 'tokenizer.json', readFileSync(tokenizerPath, 'utf8'));
    const manifest = { seed, lengthMax, ...Object.fromEntries(written) };
    writeWhole(partial, 'pairs.json', `${JSON.stringify(manifest, null, 2)}\n`);
  });
}

/** Gives what pairs.json says of the set. */
function writeSet(
  folder: string,
  set: 'train' | 'dev',
  tokenizer: Tokenizer,
  { seed, lengthMax, counts: pairCounts, onProgress }: TextEvalOptions,
): object {
  const files = {
    bin: new OutputFile(folder, `${set}.bin`),
    marks: new OutputFile(folder, `${set}.marks`),
    idx: new OutputFile(folder, `${set}.idx`),
  };
  const counts: Record<string, number> = { right: 0 };
  let [start, tooLong] = [0, 0];
  onProgress(`${set} pairs`, 0, pairCounts[set]);
  let made = 0;
  for (const pair of textPairs(set, seed, pairCounts[set])) {
    onProgress(`${set} pairs`, ++made, pairCounts[set]);
    const { tokens, commentLength, marks } = encodePair(tokenizer, pair);
    if (tokens.length > lengthMax) {
      tooLong++;
      continue;
    }
    files.bin.write(new Uint8Array(Uint16Array.from(tokens).buffer));
    files.marks.write(marks);
    const isRight = pair.wrongWay === null ? 1 : 0;
    files.idx.write(new Uint8Array(Uint32Array.of(start, tokens.length, commentLength, isRight).buffer));
    start += tokens.length;
    const name = pair.wrongWay ?? 'right';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const written = Object.entries(files).map(([ending, file]) => [`${set}.${ending}`, file.close()]);
  return { counts, tokens: start, tooLong, files: Object.fromEntries(written) };
}
