/**
 * An engine that computes named tensors from named tensors. It knows nothing of requests, batches or bodies: those are
 * the worker's. One caller; one computation at a time.
 */
import type { NamedTensors, TensorSlot } from '../domain/tensor.js';
import type { EngineInfo } from './engine.js';

export interface TensorEngine {
  /** Without what it computes at once: that is the worker's choice. */
  readonly info: Omit<EngineInfo, 'sequencesMax'>;
  readonly inputs: readonly TensorSlot[];
  readonly outputs: readonly TensorSlot[];
  /**
   * Every output for these inputs, computed off the event loop. Their bytes are still there afterwards. Rejects with
   * RUN-308, whose reason is the library's: also when dimensions do not go together.
   */
  run(inputs: NamedTensors): Promise<NamedTensors>;
  /** True once it can compute nothing any more. */
  readonly isGone: boolean;
  /** Computes with so many threads from one of the next calls on, ≥ 1. */
  setThreads(count: number): void;
  close(): void;
}
