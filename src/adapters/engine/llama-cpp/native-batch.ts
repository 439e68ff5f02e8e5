/** The rows of a step in memory that both JavaScript and llama.cpp read: filled without a call or a copy. */
import koffi from 'koffi';
import type { StepBatch } from '../../../contracts/engine.js';

/** `llama_batch` (llama.h): parallel arrays; each row here belongs to exactly one sequence. */
export class NativeBatch implements StepBatch {
  length = 0;
  readonly tokens: Int32Array;
  readonly positions: Int32Array;
  readonly sequences: Int32Array;
  readonly outputs: Int8Array;
  private readonly struct: Record<string, number | bigint>;
  /** Keeps the memory alive for as long as the batch is. */
  private readonly memory: ArrayBuffer;

  constructor(rowsMax: number) {
    const rowBytes = 4 * 4 + 8 + 1;
    this.memory = new ArrayBuffer(rowsMax * rowBytes);
    const base = BigInt(koffi.address(new Uint8Array(this.memory)));
    const pointersAt = 0;
    const tokensAt = 8 * rowsMax;
    const positionsAt = tokensAt + 4 * rowsMax;
    const countsAt = positionsAt + 4 * rowsMax;
    const sequencesAt = countsAt + 4 * rowsMax;
    const outputsAt = sequencesAt + 4 * rowsMax;
    const pointers = new BigUint64Array(this.memory, pointersAt, rowsMax);
    for (let row = 0; row < rowsMax; row++) pointers[row] = base + BigInt(sequencesAt + 4 * row);
    new Int32Array(this.memory, countsAt, rowsMax).fill(1);
    this.tokens = new Int32Array(this.memory, tokensAt, rowsMax);
    this.positions = new Int32Array(this.memory, positionsAt, rowsMax);
    this.sequences = new Int32Array(this.memory, sequencesAt, rowsMax);
    this.outputs = new Int8Array(this.memory, outputsAt, rowsMax);
    this.struct = {
      n_tokens: 0,
      token: base + BigInt(tokensAt),
      embd: 0n,
      pos: base + BigInt(positionsAt),
      n_seq_id: base + BigInt(countsAt),
      seq_id: base + BigInt(pointersAt),
      logits: base + BigInt(outputsAt),
    };
  }

  /** The C structure over the first `length` rows. */
  toStruct(): Record<string, number | bigint> {
    this.struct['n_tokens'] = this.length;
    return this.struct;
  }
}
