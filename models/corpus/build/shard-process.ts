/** A thread that makes shards for build/shard-workers.ts: a number comes in, a shard goes out. */
import { parentPort, workerData } from 'node:worker_threads';
import { Tokenizer } from '../tokenizer/tokenizer.js';
import { makeShard } from './shard.js';
import type { ShardOrder, ShardWorkerData } from './shard-workers.js';

const { plan, tokenizer: file } = workerData as ShardWorkerData;
const tokenizer = new Tokenizer(file);

parentPort!.on('message', ({ shard, sampleCount }: ShardOrder) => {
  const made = makeShard(plan, tokenizer, shard, sampleCount);
  const buffers = Object.values(made.samples).flatMap(({ tokens, index, keys }) => [
    tokens.buffer as ArrayBuffer,
    index.buffer as ArrayBuffer,
    keys.buffer as ArrayBuffer,
  ]);
  parentPort!.postMessage(made, buffers);
});
