/** Makes shards in threads and gives them in their order, whatever the number of threads. */
import { Worker } from 'node:worker_threads';
import type { TokenizerFile } from '../tokenizer/tokenizer.js';
import type { Shard, ShardPlan } from './shard.js';

export interface ShardWorkerData {
  readonly plan: ShardPlan;
  readonly tokenizer: TokenizerFile;
}

export interface ShardOrder {
  readonly shard: number;
  readonly sampleCount: number;
}

/** Shards that a thread may be ahead of the one that is waited for. */
const shardsAheadMax = 4;

/** `program` is build/shard-process.ts, bundled. Ends its threads, also when whoever asks stops asking. */
export async function* shardsOf(
  program: string,
  workerData: ShardWorkerData,
  orders: readonly ShardOrder[],
  workerCount: number,
): AsyncGenerator<Shard> {
  const workers = Array.from({ length: workerCount }, () => new Worker(program, { workerData }));
  const made = new Map<number, Promise<Shard>>();
  try {
    for (let next = 0; next < orders.length; next++) {
      for (let ahead = next; ahead < Math.min(next + shardsAheadMax * workerCount, orders.length); ahead++) {
        if (made.has(ahead)) continue;
        // A thread takes orders in turn: one after the other, and answers in that order.
        const shard = ordered(workers[ahead % workerCount]!, orders[ahead]!, made.get(ahead - workerCount));
        shard.catch(() => {}); // told when its turn comes
        made.set(ahead, shard);
      }
      yield await made.get(next)!;
      made.delete(next - workerCount);
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

async function ordered(worker: Worker, order: ShardOrder, before?: Promise<Shard>): Promise<Shard> {
  await before;
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => {
      worker.off('message', onMessage).off('error', onError);
      then();
    };
    const onMessage = (shard: Shard) => settle(() => resolve(shard));
    const onError = (error: Error) => settle(() => reject(error));
    worker.on('message', onMessage).on('error', onError);
    worker.postMessage(order);
  });
}
