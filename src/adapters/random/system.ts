/** Chance and identity from the machine. */
import { randomBytes } from 'node:crypto';
import type { Random } from '../../contracts/random.js';

/** Ids are cut from a pool of random bytes, refilled when it is used up: one system call per 256 ids. */
const idBytes = 16;
const pool = { bytes: Buffer.alloc(0), at: 0 };

export const systemRandom: Random = {
  next: () => Math.random(),
  id: () => {
    if (pool.at + idBytes > pool.bytes.length) {
      pool.bytes = randomBytes(idBytes * 256);
      pool.at = 0;
    }
    pool.at += idBytes;
    return pool.bytes.toString('hex', pool.at - idBytes, pool.at);
  },
};
