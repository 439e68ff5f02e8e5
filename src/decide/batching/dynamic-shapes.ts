/** Whether calls of a model can be put together, and which. */
import type { NamedTensors, TensorSlot } from '../../domain/tensor.js';

/** Names of dimensions that count something within one example. */
const lengthNames = /seq|len|token|time|frame|step/i;

/**
 * True when the first dimension of every tensor counts examples: it is of any length, has the same name wherever it has
 * one, and not that of a length. A model whose first dimension counts something else says so with `batch_size: 1`.
 */
export function hasBatchDimension(inputs: readonly TensorSlot[], outputs: readonly TensorSlot[]): boolean {
  const names = new Set<string>();
  for (const { shape } of inputs) {
    const [first] = shape;
    if (typeof first !== 'string') return false;
    if (first !== '') names.add(first);
  }
  for (const { shape } of outputs) {
    // Exporters often leave an output's dimension without a name, or make one up.
    if (shape.length === 0 || typeof shape[0] !== 'string') return false;
  }
  const [name = ''] = names;
  return inputs.length > 0 && names.size <= 1 && !lengthNames.test(name);
}

/** Rows of the tensors of a call; null when they have none, or not all the same. */
export function rowsOf(tensors: NamedTensors): number | null {
  const counts = new Set([...tensors.values()].map(({ shape }) => shape[0]));
  const [rows] = counts;
  return counts.size === 1 && rows !== undefined ? rows : null;
}

/** The same for calls whose tensors agree in everything but their rows; null = it is computed alone. */
export function batchKeyOf(tensors: NamedTensors): string | null {
  if (rowsOf(tensors) === null) return null;
  const parts = [...tensors].map(([name, { type, shape }]) => [name, type, ...shape.slice(1)]);
  return JSON.stringify(parts.sort((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)));
}
