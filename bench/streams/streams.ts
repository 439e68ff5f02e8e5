/**
 * Streams through everything that scaling does to copies: components come and go, sleep, are swapped for want of room,
 * and move together onto fewer instances, while callers stream from them. What counts is what callers got: every stream
 * whole, with the tokens that an undisturbed server gives, once each.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { streamCompletion } from '../../test/e2e/completion-stream.js';
import { type Bench, type BenchContext, pause, temporaryFolder } from '../bench.js';
import { freePort, untilHealthy } from '../loopback.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { Watch } from './watch.js';

const streams = { full: 10_000, quick: 600 };
const components = ['alpha', 'beta', 'gamma', 'delta', 'omega'];
/** Streams of one component open at once. */
const openMax = 12;
/** Components that are busy together change after so long, milliseconds. */
const waveMs = 20_000;
/** Of five. */
const busyCount = 3;
/** Of the requests, this part is for any component, busy or not. */
const strayShare = 0.01;
const promptsCount = 40;
const endpointName = 'streams';
const newTokens = 48;
const startMsMax = 60_000;
/** Once nobody asks any more, everything is at zero within this time, milliseconds. */
const restMsMax = 420_000;
const wakeMsMax = 120_000;
const seed = 20_231_116;

export const streamsBench: Bench = {
  name: 'streams',
  measures:
    '10,000 streams through scaling in, sleeping, swapping and consolidation: what was lost or doubled.',
  run: async (context) => {
    const server = await startServer(context);
    const prompts = readPrompts(context.root);
    const references = await referencesOf(server, prompts);
    const watch = new Watch(server, endpointName);
    const run = new Run(context, server, prompts, references);
    await run.stream(context.isQuick ? streams.quick : streams.full);
    const restSeconds = await watch.untilNone(restMsMax);
    await run.wakeAgain();
    watch.stop();
    return [...run.rows(), ...watch.rows(), restRow(restSeconds)];
  },
};

export interface Server {
  readonly url: string;
  readonly key: string;
  readonly dataFolder: string;
}

async function startServer(context: BenchContext): Promise<Server> {
  const folder = temporaryFolder();
  const configuration = path.join(folder, 'stowage.yaml');
  writeFileSync(configuration, configurationOf(context.root));
  const port = await freePort();
  const dataFolder = path.join(folder, 'data');
  const child = context.children.start(
    process.execPath,
    [path.join(context.root, 'bin', 'stowage.js'), 'serve', '-f', configuration, '--port', String(port)],
    { env: { STOWAGE_DATA_DIR: dataFolder } },
  );
  await untilHealthy(child, port, '/health', startMsMax);
  const key = readFileSync(path.join(dataFolder, 'api-key'), 'utf8').trim();
  const server = { url: `http://127.0.0.1:${port}`, key, dataFolder };
  const until = performance.now() + startMsMax;
  while (!(await isServed(server))) {
    if (performance.now() > until) throw new Error(`nothing is served:\n${child.tail()}`);
    await pause(100);
  }
  return server;
}

async function isServed(server: Server): Promise<boolean> {
  const { status } = await streamCompletion(server, { model: 'alpha', prompt: 'A', max_tokens: 1 });
  return status === 200;
}

/** Five components of which four have room, on instances of which there may be none, one or two. */
function configurationOf(root: string): string {
  const model = JSON.stringify(path.join(root, 'models', 'apex-blockgen-Q8_0.gguf'));
  return [
    `endpoint: ${endpointName}`,
    'routing: LEAST_OUTSTANDING_REQUESTS',
    'instances:',
    '  type: local.cpu.small',
    '  count: 1',
    '  min: 0',
    '  max: 2',
    '  scaleIn: CONSOLIDATION',
    'components:',
    ...components.flatMap((name) => [
      `  ${name}:`,
      `    model: ${model}`,
      '    resources: { cpus: 0.25, memory: 512Mi }',
      '    copies: { min: 0, max: 2, target: { firstToken: { milliseconds: 1000 } } }',
      '    options:',
      '      max_rolling_batch_size: 8',
      '      max_model_len: 256',
      '      sleep_after: 2',
      '      queue_timeout: 300',
      "      prompt_template: '<|block|>{{ prompt }}<|out|>'",
    ]),
    '',
  ].join('\n');
}

/** Shorter than 64 tokens: attention takes another kernel above, and company may then change a rounding. */
function readPrompts(root: string): readonly string[] {
  const file = path.join(root, 'models', 'prompts', 'test-block.jsonl');
  const rows = readFileSync(file, 'utf8').trim().split('\n');
  const prompts = rows.map((row) => (JSON.parse(row) as { prompt: string }).prompt);
  return prompts.filter((prompt) => prompt.length < 150).slice(0, promptsCount);
}

/** What each prompt is answered with when nothing disturbs. */
async function referencesOf(server: Server, prompts: readonly string[]): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const prompt of prompts) {
    const { error, tokens } = await streamCompletion(server, bodyOf('alpha', prompt));
    if (error !== null) throw new Error(`a reference could not be made: ${error}`);
    texts.push(tokens.join());
  }
  return texts;
}

function bodyOf(model: string, prompt: string) {
  return { model, prompt, max_tokens: newTokens, temperature: 0, ignore_eos: true };
}

class Run {
  private whole = 0;
  private failed = 0;
  private different = 0;
  private slowestMs = 0;
  private readonly problems = new Map<string, number>();
  private readonly open = new Map<string, number>();
  private readonly chance = chances();
  private readonly startedAt = performance.now();
  private seconds = 0;

  constructor(
    private readonly context: BenchContext,
    private readonly server: Server,
    private readonly prompts: readonly string[],
    private readonly references: readonly string[],
  ) {}

  /** The busy components change with each wave, so that others fall idle and are in the way. */
  async stream(count: number): Promise<void> {
    const open = new Set<Promise<void>>();
    let busy = this.drawBusy();
    let waveEndsAt = performance.now() + waveMs;
    for (let index = 0; index < count;) {
      if (performance.now() > waveEndsAt) {
        busy = this.drawBusy();
        waveEndsAt = performance.now() + waveMs;
      }
      const component = this.drawComponent(this.chance() < strayShare ? components : busy);
      if (component === null) {
        await Promise.race(open);
        continue;
      }
      const one = this.one(component, index);
      open.add(one);
      void one.finally(() => open.delete(one));
      index++;
      if (index % 500 === 0) this.context.say(`${index} of ${count} streams, ${this.failed} failed`);
    }
    await Promise.all(open);
    this.seconds = (performance.now() - this.startedAt) / 1000;
  }

  /** One that has not as many open as it may; null when all have. */
  private drawComponent(from: readonly string[]): string | null {
    const free = from.filter((name) => (this.open.get(name) ?? 0) < openMax);
    return free[Math.floor(this.chance() * free.length)] ?? null;
  }

  async wakeAgain(): Promise<void> {
    await Promise.all(components.map((name, index) => this.one(name, index)));
  }

  rows(): readonly Row[] {
    for (const [problem, times] of this.problems) this.context.say(`${times} times: ${problem}`);
    const none = { comparison: Comparison.Equal, limit: 0 };
    return [
      makeRow('streams that came whole, the tokens as undisturbed', 'streams', this.whole),
      makeRow('streams with lost, doubled or other tokens', 'streams', this.different, null, none),
      makeRow('streams that were refused or broke', 'streams', this.failed, null, none),
      makeRow('slowest first token, a cold start and a swap in it', 's', this.slowestMs / 1000),
      makeRow('streams a second', '1/s', this.whole / this.seconds),
    ];
  }

  private async one(component: string, index: number): Promise<void> {
    const at = index % this.prompts.length;
    const startedAt = performance.now();
    const timer = AbortSignal.timeout(wakeMsMax);
    this.open.set(component, (this.open.get(component) ?? 0) + 1);
    const result = await streamCompletion(this.server, bodyOf(component, this.prompts[at]!));
    this.open.set(component, this.open.get(component)! - 1);
    if (timer.aborted) this.note('a stream took more than two minutes');
    const firstAt = result.pieces[0]?.at;
    if (firstAt !== undefined) this.slowestMs = Math.max(this.slowestMs, firstAt - startedAt);
    if (result.error !== null || !result.isComplete) {
      this.failed++;
      this.note(`${result.status} ${(result.error ?? 'cut off').slice(0, 200)}`);
    } else if (result.tokens.join() !== this.references[at]) {
      this.different++;
      this.note(`prompt ${at} has ${result.tokens.length} tokens, not the same`);
    } else this.whole++;
  }

  private note(problem: string): void {
    this.problems.set(problem, (this.problems.get(problem) ?? 0) + 1);
  }

  private drawBusy(): readonly string[] {
    const shuffled = components.map((name) => ({ name, rank: this.chance() }));
    shuffled.sort((a, b) => a.rank - b.rank);
    return shuffled.slice(0, busyCount).map(({ name }) => name);
  }
}

/** Everything that may go is gone in the end. */
function restRow(seconds: number | null): Row {
  const name = 'from the last stream to no copy at all';
  return makeRow(name, 's', seconds, null, { comparison: Comparison.Below, limit: restMsMax / 1000 });
}

/** The same numbers in each run, [0, 1): a linear congruential generator (Numerical Recipes). */
function chances(): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
