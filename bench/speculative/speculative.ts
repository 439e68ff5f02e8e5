/**
 * Tokens per second through our whole HTTP path with proposals and without, the same model and machine, in turns:
 * copying and ordinary tasks by one client, and noise, where nothing can be guessed, by one client to 64. Answers are
 * compared character by character.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type Bench, type BenchContext, temporaryFolder } from '../bench.js';
import type { Child } from '../children.js';
import { freePort, untilHealthy } from '../loopback.js';
import { untilQuiet } from '../process-usage.js';
import { Comparison, makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';
import { copyTasks, noiseTasks, plainTasks, type Task } from './tasks.js';

const methods = ['off', 'ngram', 'draft'] as const;
type Method = (typeof methods)[number];

interface Server {
  readonly child: Child;
  readonly port: number;
  readonly key: string;
}
type Servers = Readonly<Record<Method, Server>>;

interface Case {
  readonly name: string;
  readonly tasks: readonly Task[];
  readonly clients: number;
  /** Of tokens/s with proposals to those without. */
  readonly ratioMin: number;
}

interface Measured {
  readonly tokensPerSecond: number;
  readonly texts: readonly string[];
}

const target = 'apex-blockgen-Q8_0.gguf';
const draft = 'apex-draft-Q8_0.gguf';
/** Seconds and milliseconds that a server and a request may take. */
const startMsMax = 60_000;
const requestMsMax = 300_000;
const copyRatioMin = 2;
const neverUnder = 0.98;

export const speculativeBench: Bench = {
  name: 'speculative',
  measures: 'Tokens per second with proposed tokens (look-up, draft model) against without; same answers.',
  run: async (context) => {
    const rounds = context.isQuick ? 2 : 5;
    const rows: Row[] = [];
    for (const clients of context.isQuick ? [1, 16] : [1, 4, 16, 32, 64]) {
      const servers = await startServers(context, clients);
      for (const one of casesFor(context, clients)) {
        rows.push(...(await measureCase(context, servers, one, rounds)));
      }
      for (const method of methods) await servers[method].child.end();
    }
    return rows;
  },
};

function casesFor({ root, isQuick }: BenchContext, clients: number): readonly Case[] {
  const noise = {
    name: `noise, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
    tasks: noiseTasks(clients * 2, isQuick ? 64 : 128),
    clients,
    ratioMin: neverUnder,
  };
  if (clients > 1) return [noise];
  const count = isQuick ? 10 : 40;
  return [
    { name: 'copying code, 1 client', tasks: copyTasks(root, count), clients, ratioMin: copyRatioMin },
    { name: 'blocks, 1 client', tasks: plainTasks(root, 'block', count), clients, ratioMin: neverUnder },
    { name: 'flows, 1 client', tasks: plainTasks(root, 'flow', count), clients, ratioMin: neverUnder },
    noise,
  ];
}

async function measureCase(
  context: BenchContext,
  servers: Servers,
  { name, tasks, clients, ratioMin }: Case,
  rounds: number,
): Promise<readonly Row[]> {
  const speeds: Record<Method, number[]> = { off: [], ngram: [], draft: [] };
  const same: Record<Method, number> = { off: 0, ngram: 0, draft: 0 };
  for (const method of methods) await measure(servers[method], tasks, clients); // caches, estimates
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
  const off = { name: 'without', value: median(speeds.off) };
  const all = { name: 'answers', value: tasks.length * rounds };
  return (['ngram', 'draft'] as const).flatMap((method) => [
    makeRow(`${name}: ${method}`, 'tokens/s', median(speeds[method]), off, {
      comparison: Comparison.RatioAtLeast,
      limit: ratioMin,
    }),
    makeRow(`${name}: ${method}, same answers`, 'answers', same[method], all),
  ]);
}

async function startServers(context: BenchContext, clients: number): Promise<Servers> {
  const started = {} as Record<Method, Server>;
  for (const method of methods) started[method] = await startServer(context, method, clients);
  return started;
}

async function startServer(context: BenchContext, method: Method, clients: number): Promise<Server> {
  const folder = temporaryFolder();
  const model = (file: string) => JSON.stringify(path.join(context.root, 'models', file));
  const lines = [
    'endpoint: bench',
    'components:',
    '  apex:',
    `    model: ${model(target)}`,
    `    resources: { cpus: ${availableParallelism()} }`,
    '    options:',
    `      max_rolling_batch_size: ${clients}`,
    '      max_model_len: 1024',
    '      allow_special_tokens: true',
    '      predict_timeout: 3600',
    `      speculative_method: ${JSON.stringify(method)}`,
    '      num_speculative_tokens: 16',
    ...(method === 'draft' ? [`      speculative_draft_model: ${model(draft)}`] : []),
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
  return { child, port, key: readFileSync(path.join(data, 'api-key'), 'utf8').trim() };
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
    headers: { 'content-type': 'application/json', authorization: `Bearer ${server.key}` },
    body: JSON.stringify({
      model: 'apex',
      prompt: task.prompt,
      max_tokens: task.newTokensMax,
      temperature: 0,
      ...(task.isEndIgnored ? { ignore_eos: true } : {}),
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
