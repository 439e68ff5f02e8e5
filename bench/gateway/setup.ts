/** The programs of the gateway bench, started and tied together: load → gateway or nginx → stub worker. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type BenchContext, programFile, temporaryFolder } from '../bench.js';
import { type Child, nextMessage } from '../children.js';
import { untilHealthy } from '../loopback.js';
import { startNginx } from './nginx.js';
import {
  type GatewayReady,
  type LoadJob,
  type LoadResult,
  promptTokensMax,
  type StubAnswers,
  type StubCopy,
  type StubReady,
  tokenText,
} from './protocol.js';

/** Names a folder: the gateway's CPU profile is written there when it ends. */
const profileVariable = 'STOWAGE_BENCH_PROFILE_DIR';
const startMsMax = 10_000;

/** Something to send requests to. */
export interface Target {
  readonly name: 'direct' | 'stowage' | 'nginx';
  readonly port: number;
  /** The process that does the work. */
  readonly pid: number;
}

export interface Setup {
  /** The stub's own HTTP port. */
  readonly direct: Target;
  /** The gateway, and nginx where it is installed. */
  readonly proxies: readonly Target[];
  /** A request that is answered whole and at once. */
  readonly wholeRequest: string;
  streamRequest(tokens: number): string;
  load(job: LoadJob): Promise<LoadResult>;
  end(): Promise<void>;
}

export async function startSetup(context: BenchContext, copyCount: number): Promise<Setup> {
  const { children } = context;
  const folder = temporaryFolder();
  const copies = stubCopies(folder, copyCount);
  const start = (name: string, programArguments: readonly string[], flags: readonly string[] = []) =>
    children.start(process.execPath, [...flags, programFile(context, name), ...programArguments], {
      channel: true,
    });

  const stub = start('gateway/stub-worker', [JSON.stringify(copies)]);
  await nextMessage(stub);
  const gateway = start(
    'gateway/gateway',
    [path.join(folder, 'data'), JSON.stringify(copies)],
    profileFlags(),
  );
  const { port, key } = (await nextMessage(gateway)) as GatewayReady;
  await untilHealthy(gateway, port, '/health', startMsMax);

  const answers = await recordAnswers(port, key);
  stub.handle.send(answers);
  const { httpPort } = (await nextMessage(stub)) as StubReady;
  const nginx = await startNginx(context, httpPort);
  const load = start('gateway/load', []);
  await nextMessage(load);

  const running: Child[] = [load, gateway, stub];
  if (nginx !== null) running.push(nginx.child);
  return {
    direct: { name: 'direct', port: httpPort, pid: stub.pid },
    proxies: [
      { name: 'stowage', port, pid: gateway.pid },
      ...(nginx === null ? [] : [{ name: 'nginx', port: nginx.port, pid: nginx.workerPid } as const]),
    ],
    wholeRequest: requestText(key, bodyOf(promptTokensMax, false)),
    streamRequest: (tokens) => requestText(key, bodyOf(tokens, true)),
    load: async (job) => {
      load.handle.send(job);
      return (await nextMessage(load)) as LoadResult;
    },
    end: async () => {
      for (const child of running) await child.end();
    },
  };
}

function stubCopies(folder: string, count: number): StubCopy[] {
  mkdirSync(path.join(folder, 'copies'), { mode: 0o700 });
  return Array.from({ length: count }, (_, index) => ({
    address: path.join(folder, 'copies', `${index}.sock`),
    copy: { id: `stub-${index}`, incarnation: 1 },
  }));
}

function profileFlags(): readonly string[] {
  const folder = process.env[profileVariable];
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

function bodyOf(maxTokens: number, isStream: boolean): string {
  const prompt = 'public static List<Account> byPriority(';
  return JSON.stringify({ model: 'stub', prompt, max_tokens: maxTokens, temperature: 0, stream: isStream });
}

function requestText(key: string, body: string): string {
  return [
    'POST /v1/completions HTTP/1.1',
    'host: 127.0.0.1',
    'content-type: application/json',
    `authorization: Bearer ${key}`,
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

/** What the gateway answers, for the stub to answer over HTTP: the same bytes for everyone. */
async function recordAnswers(port: number, key: string): Promise<StubAnswers> {
  const ask = async (body: string): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body,
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`the gateway answers ${answer.status}: ${text}`);
    return text;
  };
  const whole = await ask(bodyOf(promptTokensMax, false));
  const events = (await ask(bodyOf(promptTokensMax + 1, true))).split(/(?<=\n\n)/);
  const isToken = (event: string) => event.includes(tokenText);
  return {
    whole,
    event: events.find(isToken) ?? '',
    ending: events.filter((event) => !isToken(event)).join(''),
  };
}
