/**
 * How long a request waits for its first token, by the rung of the ladder on which its copy stands: awake, asleep in
 * RAM, away with the file in the page cache, away with the file on the disk, and away with the file at another address.
 * The other address is a server on the loopback: a real one is slower by its network.
 */
import { execFileSync } from 'node:child_process';
import { createReadStream, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Bench, type BenchContext, cacheFolder } from '../bench.js';
import { type StartedStowage, startStowage } from '../engine/servers.js';
import { ensureLlama } from '../models/quantized-llama.js';
import { makeRow, type Row } from '../report.js';
import { median } from '../statistics.js';
import { controlClient, scale, untilAsleep, untilGone, untilListed } from './cold-start.js';
import { firstTokenMs } from './first-token-of.js';

const sequences = 16;
const roundsDefault = 11;

export const wakeLadderBench: Bench = {
  name: 'wake-ladder',
  measures: 'Milliseconds to the first token from each rung: awake, asleep, page cache, disk, remote.',
  run: async (context) => {
    const file = ensureLlama(cacheFolder(context), '150m', 'f16');
    const rounds = context.isQuick ? 2 : roundsDefault;
    const parts: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
      staying: () => staying(context, file, rounds),
      'page-cache': () => leaving(context, file, rounds, 'page cache', () => undefined),
      disk: () => leaving(context, file, rounds, 'disk', () => dropFromCache(file)),
      remote: () => fetching(context, file, rounds),
    };
    const rows: Row[] = [];
    for (const [name, measure] of Object.entries(parts)) {
      if (context.only === null || context.only === name) rows.push(...(await measure()));
    }
    return rows;
  },
};

function rowsOf(rung: string, times: readonly number[]): readonly Row[] {
  return [
    makeRow(`${rung} to first token, median`, 'ms', median(times), null, null),
    makeRow(`${rung} to first token, slowest`, 'ms', Math.max(...times), null, null),
  ];
}

async function staying(context: BenchContext, file: string, rounds: number): Promise<readonly Row[]> {
  const server = await startStowage(context, file, sequences, ['sleep_after: 1']);
  const awake: number[] = [];
  const asleep: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await untilAsleep(server);
    asleep.push(await firstTokenMs(server, 2 * round));
    awake.push(await firstTokenMs(server, 2 * round + 1));
    context.say(`asleep ${asleep.at(-1)!.toFixed(0)} ms, awake ${awake.at(-1)!.toFixed(0)} ms`);
  }
  await server.child.end();
  return [...rowsOf('awake', awake), ...rowsOf('asleep', asleep)];
}

/** The copy has gone, and `prepare` brings the file to its rung. */
async function leaving(
  context: BenchContext,
  file: string,
  rounds: number,
  rung: string,
  prepare: () => void,
): Promise<readonly Row[]> {
  const server = await startStowage(context, file, sequences);
  const times = await cold(context, server, rounds, rung, prepare);
  await server.child.end();
  return rowsOf(rung, times);
}

async function cold(
  context: BenchContext,
  server: StartedStowage,
  rounds: number,
  rung: string,
  prepare: () => void,
): Promise<readonly number[]> {
  const client = controlClient(server);
  await untilListed(client);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await scale(client, 0);
    await untilGone(server);
    prepare();
    const [, ms] = await Promise.all([scale(client, 1), firstTokenMs(server, round)]);
    times.push(ms);
    context.say(`${rung}, round ${round + 1} of ${rounds}: ${ms.toFixed(0)} ms`);
  }
  return times;
}

const copier = 'dd';

/** `dd` asks the kernel to drop a file's clean pages (posix_fadvise), which Node cannot. */
function dropFromCache(file: string): void {
  execFileSync(copier, [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
}

async function fetching(context: BenchContext, file: string, rounds: number): Promise<readonly Row[]> {
  const { size } = statSync(file);
  const origin = createServer((request, response) => {
    const range = /^bytes=(\d+)-/.exec(request.headers.range ?? '');
    const start = Number(range?.[1] ?? 0);
    const headers: Record<string, string> = {
      'content-length': String(size - start),
      'accept-ranges': 'bytes',
      etag: '"1"',
    };
    if (range !== null) headers['content-range'] = `bytes ${start}-${size - 1}/${size}`;
    response.writeHead(range === null ? 200 : 206, headers);
    if (request.method === 'HEAD') response.end();
    else createReadStream(file, { start }).pipe(response);
  });
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  const { port } = origin.address() as AddressInfo;
  // Nobody checks what it is signed with: any variable that is there will do.
  const keys = 'accessKeyIdEnv: STOWAGE_DATA_DIR, secretAccessKeyEnv: STOWAGE_DATA_DIR';
  const bucket = `{ bucket: far, endpoint: 'http://127.0.0.1:${port}', ${keys} }`;
  const settings = `library: { s3: [${bucket}] }\n`;
  const server = await startStowage(context, 's3://far/model.gguf', sequences, [], settings);
  const times = await cold(context, server, rounds, 'remote', () => forgetObjects(server.dataFolder));
  await server.child.end();
  origin.close();
  return rowsOf('remote', times);
}

/** What was fetched is gone from the library. */
function forgetObjects(dataFolder: string): void {
  for (const entry of readdirSync(dataFolder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && path.basename(entry.parentPath) === 'sha256') {
      rmSync(path.join(entry.parentPath, entry.name), { force: true });
    }
  }
}
