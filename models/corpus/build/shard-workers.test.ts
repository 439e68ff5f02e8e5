import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { shardsOf, type ShardWorkerData } from './shard-workers.js';

const folder = mkdtempSync(path.join(tmpdir(), 'stowage-shards-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const orders = [0, 1].map((shard) => ({ shard, sampleCount: 1 }));

/** Shards by a program that the test gives, in place of the one that makes them. */
function shardsBy(program: string, count: number, workerCount: number): AsyncGenerator<unknown> {
  const file = path.join(folder, 'program.mjs');
  writeFileSync(file, `import { parentPort } from 'node:worker_threads';\n${program}`);
  return shardsOf(file, {} as ShardWorkerData, orders.slice(0, count), workerCount);
}

async function all(shards: AsyncGenerator<unknown>): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const shard of shards) list.push(shard);
  return list;
}

it('a thread that ends without an error fails the shard that it owes', async () => {
  const shards = shardsBy("parentPort.on('message', () => process.exit(3));", 1, 1);
  await expect(all(shards)).rejects.toThrow('a thread that makes shards ended (exit code 3)');
});

it('what a thread throws is told, and not that it ended then', async () => {
  const shards = shardsBy("parentPort.on('message', () => { throw new Error('no shard') });", 2, 1);
  await expect(all(shards)).rejects.toThrow('no shard');
});

it('a thread that broke when nothing was asked of it fails the next shard', async () => {
  const shards = shardsBy(
    "parentPort.once('message', (order) => { parentPort.postMessage(order); throw new Error('idle') });",
    2,
    1,
  );
  const first = await shards.next();
  expect(first.value).toEqual(orders[0]);
  await setTimeout(200);
  await expect(shards.next()).rejects.toThrow('idle');
});

it('a thread that nothing was ever asked of may break', async () => {
  const shards = shardsBy(
    `const idle = setTimeout(() => { throw new Error('never asked') }, 20);
     parentPort.once('message', (order) => {
       clearTimeout(idle);
       setTimeout(() => { parentPort.postMessage(order) }, 300);
     });`,
    1,
    2,
  );
  expect(await all(shards)).toEqual([orders[0]]);
});
