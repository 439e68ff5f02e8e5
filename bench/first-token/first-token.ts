/**
 * From a clean clone to the first streamed token, by the two commands of the README: `npm ci && npm start`. What
 * counts is the last commit, as a newcomer gets it. npm starts with an empty cache, so all downloads are in the
 * time; a quick run uses the machine's own cache.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Bench, type BenchContext, pause, temporaryFolder } from '../bench.js';
import type { Child } from '../children.js';
import { freePort, untilConnected, untilHealthy } from '../loopback.js';
import { untilQuiet } from '../process-usage.js';
import { Comparison, makeRow, type Row } from '../report.js';

const totalSecondsMax = 180;
const cloneMsMax = 60_000;
const installMsMax = 10 * 60_000;
const startMsMax = 120_000;
const lookMs = 20;
const prompt = 'public static List<Account> getAccounts(';

export const firstTokenBench: Bench = {
  name: 'first-token',
  measures: 'Seconds from a clean clone, through `npm ci && npm start`, to the first streamed token.',
  run: async (context) => {
    const folder = temporaryFolder();
    const phases = new Phases(context);
    await untilQuiet(context);
    const clone = path.join(folder, 'clone');
    await phases.time('git clone', () => cloneRepository(context, clone));
    await phases.time('npm ci', () => install(context, clone, path.join(folder, 'npm-cache')));
    const port = await freePort();
    const dataFolder = path.join(folder, 'data');
    const npmStart = context.children.start('npm', ['start'], {
      cwd: clone,
      env: { ...outsideOfNpm, STOWAGE_PORT: String(port), STOWAGE_DATA_DIR: dataFolder },
    });
    await phases.time('npm start, until it listens', () => untilConnected(npmStart, port));
    await phases.time('until every component is ready', async () => {
      await untilApplied(npmStart, port, dataFolder);
      await untilHealthy(npmStart, port, '/health', startMsMax);
    });
    await phases.time('first token', () => firstToken(npmStart, port, dataFolder));
    await npmStart.end();
    return phases.rows(context.isQuick);
  },
};

/** What `npm run` tells its children of this repository, taken back: the clone is another one. */
const outsideOfNpm = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^npm_(config_local_prefix|package_|lifecycle_|command$)/.test(name))
    .map((name) => [name, undefined]),
);

class Phases {
  private readonly seconds = new Map<string, number>();

  constructor(private readonly context: BenchContext) {}

  async time(name: string, work: () => Promise<void>): Promise<void> {
    const startedAt = performance.now();
    await work();
    const seconds = (performance.now() - startedAt) / 1000;
    this.seconds.set(name, seconds);
    this.context.say(`${name}: ${seconds.toFixed(2)} s`);
  }

  rows(isCacheUsed: boolean): readonly Row[] {
    const total = [...this.seconds.values()].reduce((sum, seconds) => sum + seconds, 0);
    const target = { comparison: Comparison.Below, limit: totalSecondsMax };
    const kind = isCacheUsed ? 'npm’s cache as it was' : 'npm’s cache empty';
    return [
      ...[...this.seconds].map(([name, seconds]) => makeRow(name, 's', seconds)),
      makeRow(`clean clone to first token, ${kind}`, 's', total, null, target),
    ];
  }
}

async function cloneRepository({ children, root }: BenchContext, clone: string): Promise<void> {
  await children.run('git', ['clone', '--quiet', '--no-hardlinks', root, clone], { msMax: cloneMsMax });
}

async function install({ children, isQuick }: BenchContext, clone: string, cache: string): Promise<void> {
  await children.run('npm', ['ci'], {
    cwd: clone,
    msMax: installMsMax,
    env: { ...outsideOfNpm, ...(isQuick ? {} : { npm_config_cache: cache }) },
  });
}

/** A server is healthy before it has been told what to serve: waits until it knows of a model. */
async function untilApplied(server: Child, port: number, dataFolder: string): Promise<void> {
  for (const until = performance.now() + startMsMax; performance.now() < until; await pause(lookMs)) {
    if ((await firstModel(server, port, dataFolder)) !== undefined) return;
  }
  throw new Error(`no model was there within ${startMsMax / 1000} s:\n${server.tail()}`);
}

async function firstModel(server: Child, port: number, dataFolder: string): Promise<string | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/models`, {
    headers: headersOf(server, dataFolder),
  });
  const models = (await answer.json()) as { data?: { id: string }[] };
  return models.data?.[0]?.id;
}

function headersOf(server: Child, dataFolder: string): Record<string, string> {
  const keyFile = path.join(dataFolder, 'api-key');
  if (!existsSync(keyFile)) throw new Error(`the server left no key:\n${server.tail()}`);
  const key = readFileSync(keyFile, 'utf8').trim();
  return { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
}

/** Asks the first model there is, and resolves with the first text that arrives. */
async function firstToken(server: Child, port: number, dataFolder: string): Promise<void> {
  const headers = headersOf(server, dataFolder);
  const address = `http://127.0.0.1:${port}/v1`;
  const model = await firstModel(server, port, dataFolder);
  const body = JSON.stringify({ model, prompt, max_tokens: 16, stream: true });
  const answer = await fetch(`${address}/completions`, { method: 'POST', headers, body });
  let text = '';
  for await (const piece of answer.body ?? []) {
    text += Buffer.from(piece as Uint8Array).toString();
    if (/"text":"[^"]/.test(text)) return;
  }
  throw new Error(`no token arrived: ${answer.status} ${text}`);
}
