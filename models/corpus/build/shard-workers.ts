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

/**
 * `program` is build/shard-process.ts, bundled. Ends its threads, also when whoever asks stops asking. Throws when a thread
 * breaks or ends, at the first shard that it owes.
 */
export async function* shardsOf(
  program: string,
  workerData: ShardWorkerData,
  orders: readonly ShardOrder[],
  workerCount: number,
): AsyncGenerator<Shard> {
  const threads = Array.from({ length: workerCount }, () => new ShardThread(program, workerData));
  const made = new Map<number, Promise<Shard>>();
  try {
    for (let next = 0; next < orders.length; next++) {
      for (let ahead = next; ahead < Math.min(next + shardsAheadMax * workerCount, orders.length); ahead++) {
        if (made.has(ahead)) continue;
        // A thread takes orders in turn: one after the other, and answers in that order.
        const shard = threads[ahead % workerCount]!.make(orders[ahead]!, made.get(ahead - workerCount));
        shard.catch(() => {}); // told when its turn comes
        made.set(ahead, shard);
      }
      yield await made.get(next)!;
      made.delete(next - workerCount);
    }
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/** One thread and the order that it works on; it can break or end at any time, with and without one. */
class ShardThread {
  private readonly worker: Worker;
  private failure: Error | null = null;
  private waiting: { resolve: (shard: Shard) => void; reject: (error: Error) => void } | null = null;

  constructor(program: string, workerData: ShardWorkerData) {
    this.worker = new Worker(program, { workerData })
      .on('message', (shard: Shard) => {
        this.waiting?.resolve(shard);
        this.waiting = null;
      })
      .on('error', (error: Error) => this.fail(error))
      .on('messageerror', (error: Error) => this.fail(error))
      .on('exit', (code) => this.fail(new Error(`a thread that makes shards ended (exit code ${code})`)));
  }

  /** `before` is the shard that the thread works on until then. */
  async make(order: ShardOrder, before?: Promise<Shard>): Promise<Shard> {
    await before;
    if (this.failure !== null) throw this.failure;
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.worker.postMessage(order);
    });
  }

  async terminate(): Promise<void> {
    await this.worker.terminate();
  }

  /** The first failure is the one that is told: a thread that broke also ends. */
  private fail(error: Error): void {
    this.failure ??= error;
    this.waiting?.reject(this.failure);
    this.waiting = null;
  }
}
