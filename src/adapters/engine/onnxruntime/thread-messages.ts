/** What the worker's event loop and the thread that computes say to each other. */
import type { ErrorData } from '../../../domain/errors.js';
import type { Tensor, TensorSlot } from '../../../domain/tensor.js';

/** What a session is opened on. */
export interface OpenRequest {
  readonly modelPath: string;
  /** How messages call the model. */
  readonly modelLabel: string;
  /** Bytes of the model with everything beside it that belongs to it. */
  readonly modelBytes: number;
  /** Says which bytes the model is made of. */
  readonly modelDigest: string;
  /** Where optimized graphs are kept; null = nowhere. */
  readonly graphFolder: string | null;
  readonly threads: number;
}

/** How a session came to be. */
export interface OpenFacts {
  readonly inputs: readonly TensorSlot[];
  readonly outputs: readonly TensorSlot[];
  readonly libraryVersion: string;
  /** What it took after the library was there, milliseconds. */
  readonly openMs: number;
  /** The graph had been optimized before. */
  readonly isGraphReused: boolean;
}

export type NamedTensor = readonly [name: string, tensor: Tensor];

export type ToThread =
  | { readonly type: 'open'; readonly request: OpenRequest }
  | { readonly type: 'run'; readonly inputs: readonly NamedTensor[] };

export type FromThread =
  | { readonly type: 'opened'; readonly facts: OpenFacts }
  | { readonly type: 'refused'; readonly error: ErrorData }
  | { readonly type: 'computed'; readonly outputs: readonly NamedTensor[] }
  | { readonly type: 'failed'; readonly reason: string };

/** The buffers that move over with these tensors instead of being copied: those that nothing else is in. */
export function movedBuffers(tensors: readonly NamedTensor[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const [, tensor] of tensors) {
    if (tensor.type === 'string' || !(tensor.bytes.buffer instanceof ArrayBuffer)) continue;
    if (tensor.bytes.byteLength === tensor.bytes.buffer.byteLength) buffers.add(tensor.bytes.buffer);
  }
  return [...buffers];
}
