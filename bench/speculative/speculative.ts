/**
 * Tokens per second through our whole HTTP path with proposals and without, the same model and machine, in turns:
 * copying and ordinary tasks by one client, each asked of the model that was made for it, and noise, where nothing can be
 * guessed, by one client to 64. Answers are compared character by character.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type Bench, type BenchContext, pause, temporaryFolder } from '../bench.js';
import type { Child } from '../children.js';
import { freePort, untilHealthy } from '../loopback.js';
import { type MeteredServer, metricSum } from '../metrics-page.js';
import { untilQuiet } from '../process-usage.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';
import { fileOfPrecision, type Precision } from '../../models/evaluation/precisions.js';
import { completionTasks, copyTasks, noiseTasks, plainTasks, type Task } from './tasks.js';

const proposing = ['ngram', 'draft'] as const;
const methods = ['off', ...proposing] as const;
type Method = (typeof methods)[number];

interface Server extends MeteredServer {
  readonly child: Child;
}
type Servers = Readonly<Record<Method, Server>>;

interface Case {
  readonly name: string;
  readonly tasks: readonly Task[];
  /** Of tokens/s with proposals to those without. */
  readonly ratioMin: number;
}

/** What the same servers are asked. */
interface Setting {
  readonly model: string;
  readonly precision: Precision;
  readonly clients: number;
  readonly cases: readonly Case[];
}

interface Measured {
  readonly tokensPerSecond: number;
  readonly texts: readonly string[];
}

const draft = 'apex-draft-Q8_0.gguf';
/** Seconds and milliseconds that a server and a request may take. */
const startMsMax = 60_000;
const requestMsMax = 300_000;
/** Longer than the second between two reports of a copy. */
const reportMs = 1_500;
/** How long steps may go on after the last answer. */
const settleMsMax = 60_000;
const copyRatioMin = 2;
const neverUnder = 0.98;

export const speculativeBench: Bench = {
  name: 'speculative',
  measures: 'Tokens per second with proposed tokens (look-up, draft model) against without; same answers.',
  run: async (context) => {
    const rounds = context.isQuick ? 2 : 5;
    const rows: Row[] = [];
    for (const setting of settingsFor(context)) {
      const servers = await startServers(context, setting);
      for (const one of setting.cases) {
        rows.push(...(await measureCase(context, servers, one, setting.clients, rounds)));
      }
      for (const method of methods) await servers[method].child.end();
    }
    return rows;
  },
};

function settingsFor({ root, only, isQuick }: BenchContext): readonly Setting[] {
  const count = isQuick ? 10 : 40;
  const one = (name: string, tasks: readonly Task[], ratioMin = neverUnder): Case => {
    return { name: `${name}, 1 client`, tasks, ratioMin };
  };
  const noise = (clients: number): Case => {
    const name = `noise, ${clients} ${clients === 1 ? 'client' : 'clients'}`;
    return { name, tasks: noiseTasks(clients * 2, isQuick ? 64 : 128), ratioMin: neverUnder };
  };
  const copying = one('copying code', copyTasks(root, count), copyRatioMin);
  const completions = completionTasks(root, count);
  const blocks = plainTasks(root, 'block', count);
  const flows = plainTasks(root, 'flow', count);
  const crowds = isQuick ? [16] : [4, 16, 32, 64];
  const all = [
    setting('apex-inline', 'Q8_0', [copying, one('completions', completions)]),
    setting('apex-blockgen', 'Q8_0', [one('blocks', blocks), noise(1)]),
    setting('apex-flow', 'Q8_0', [one('flows', flows)]),
    setting('apex-inline', 'f16', [one('completions in f16', completions)]),
    setting('apex-blockgen', 'f16', [one('blocks in f16', blocks)]),
    setting('apex-flow', 'f16', [one('flows in f16', flows)]),
    ...crowds.map((clients) => setting('apex-blockgen', 'Q8_0', [noise(clients)], clients)),
  ];
  return all
    .map((each) => ({
      ...each,
      cases: each.cases.filter(({ name }) => only === null || name.startsWith(only)),
    }))
    .filter(({ cases }) => cases.length > 0);
}

function setting(model: string, precision: Precision, cases: readonly Case[], clients = 1): Setting {
  return { model, precision, clients, cases };
}

async function measureCase(
  context: BenchContext,
  servers: Servers,
  { name, tasks, ratioMin }: Case,
  clients: number,
  rounds: number,
): Promise<readonly Row[]> {
  const speeds: Record<Method, number[]> = { off: [], ngram: [], draft: [] };
  const same: Record<Method, number> = { off: 0, ngram: 0, draft: 0 };
  for (const method of methods) await measure(servers[method], tasks, clients); // caches, estimates
  const before = await proposalsOf(servers);
  for (let round = 0; round < rounds; round++) {
    let texts: readonly string[] = [];
    for (const method of methods) {
      await untilQuiet(context);
      const measured = await measure(servers[method], tasks, clients);
      speeds[method].push(measured.tokensPerSecond);
      if (method === 'off') texts = measured.texts;
      same[method] += measured.texts.filter((text, index) => text === texts[index]).length;
      context.say(`${name}, round ${round + 1}: ${method} ${measured.tokensPerSecond.toFixed(0)} tokens/s`);
    }
  }
  const after = await proposalsOf(servers);
  const off = { name: 'without', value: median(speeds.off) };
  const all = { name: 'answers', value: tasks.length * rounds };
  return proposing.flatMap((method) => [
    makeRow(`${name}: ${method}`, 'tokens/s', median(speeds[method]), off, {
      comparison: Comparison.RatioAtLeast,
      limit: ratioMin,
    }),
    makeRow(`${name}: ${method}, same answers`, 'answers', same[method], all),
    makeRow(`${name}: ${method}, kept`, 'tokens', after[method].kept - before[method].kept, {
      name: 'proposed',
      value: after[method].proposed - before[method].proposed,
    }),
  ]);
}

/** Tokens since a server's start. */
interface Proposals {
  readonly proposed: number;
  readonly kept: number;
}

async function proposalsOf(servers: Servers): Promise<Record<(typeof proposing)[number], Proposals>> {
  const found = {} as Record<(typeof proposing)[number], Proposals>;
  for (const method of proposing) found[method] = await settledProposals(servers[method]);
  return found;
}

/** A copy tells of its steps once a second: what it has told twice in more time than that is all. */
async function settledProposals(server: Server): Promise<Proposals> {
  const until = performance.now() + settleMsMax;
  for (let before = -1; ; await pause(reportMs)) {
    const steps = await metricSum(server, 'stowage_copy_steps');
    if (steps === before) break;
    if (performance.now() > until)
      throw new Error(`steps went on for ${settleMsMax / 1000} s after the last answer`);
    before = steps;
  }
  return {
    proposed: await metricSum(server, 'stowage_spec_decode_num_draft_tokens_total'),
    kept: await metricSum(server, 'stowage_spec_decode_num_accepted_tokens_total'),
  };
}

async function startServers(context: BenchContext, setting: Setting): Promise<Servers> {
  const { model, precision, clients } = setting;
  const file = fileOfPrecision({
    folder: path.join(context.root, 'models'),
    model,
    precision,
    cacheFolder: path.join(context.root, '.cache', 'models'),
    threads: availableParallelism(),
  });
  const started = {} as Record<Method, Server>;
  for (const method of methods) started[method] = await startServer(context, method, file, clients);
  return started;
}

async function startServer(
  context: BenchContext,
  method: Method,
  modelFile: string,
  clients: number,
): Promise<Server> {
  const folder = temporaryFolder();
  const lines = [
    'endpoint: bench',
    'components:',
    '  apex:',
    `    model: ${JSON.stringify(modelFile)}`,
    `    resources: { cpus: ${availableParallelism()} }`,
    '    options:',
    `      max_rolling_batch_size: ${clients}`,
    '      max_model_len: 1024',
    '      allow_special_tokens: true',
    '      predict_timeout: 3600',
    `      speculative_method: ${JSON.stringify(method)}`,
    '      num_speculative_tokens: 16',
    ...(method === 'draft'
      ? [`      speculative_draft_model: ${JSON.stringify(path.join(context.root, 'models', draft))}`]
      : []),
    '',
  ];
  const file = path.join(folder, 'stowage.yaml');
  writeFileSync(file, lines.join('\n'));
  const port = await freePort();
  const data = path.join(folder, 'data');
  const program = path.join(context.root, 'bin', 'stowage.js');
  const words = [program, 'serve', '-f', file, '--port', String(port)];
  const child = context.children.start(process.execPath, words, { env: { STOWAGE_DATA_DIR: data } });
  await untilHealthy(child, port, '/health', startMsMax);
  const key = readFileSync(path.join(data, 'api-key'), 'utf8').trim();
  return { child, port, headers: { authorization: `Bearer ${key}` } };
}

/** All tasks, so many at once; each client sends its next when it has its answer. */
async function measure(server: Server, tasks: readonly Task[], clients: number): Promise<Measured> {
  const texts = tasks.map(() => '');
  let next = 0;
  let tokens = 0;
  const client = async () => {
    for (let index = next++; index < tasks.length; index = next++) {
      const answer = await complete(server, tasks[index]!);
      texts[index] = answer.text;
      tokens += answer.tokens;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  return { tokensPerSecond: (tokens * 1000) / (performance.now() - startedAt), texts };
}

async function complete(server: Server, task: Task): Promise<{ text: string; tokens: number }> {
  const response = await fetch(`http://127.0.0.1:${server.port}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...server.headers },
    body: JSON.stringify({
      model: 'apex',
      prompt: task.prompt,
      max_tokens: task.newTokensMax,
      temperature: 0,
      ...(task.isEndIgnored ? { ignore_eos: true } : {}),
      ...(task.prescribed === null ? {} : { guided_choice: [task.prescribed] }),
    }),
    signal: AbortSignal.timeout(requestMsMax),
  });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`status ${response.status}: ${body.slice(0, 500)}`);
  const answer = JSON.parse(body) as {
    choices: readonly { text: string }[];
    usage: { completion_tokens: number };
  };
  return { text: answer.choices[0]!.text, tokens: answer.usage.completion_tokens };
}
