/** Tensors as JSON's nested lists, both ways. The model's slot says of which type the elements are. */
import {
  describeTensor,
  dimensionsMax,
  elementCount,
  isFitting,
  type Tensor,
  type TensorSlot,
} from '../../domain/tensor.js';
import { bodyError } from './body-error.js';
import { readerOf, writerOf } from './numbers.js';

/** More elements than any body has room for: what seems to have them is ragged. */
const elementsMax = 16 * 1024 * 1024;

/** Throws REQ-210 for a tensor without elements whose other dimensions are those of more than there can be. */
export function checkExtent(name: string, shape: readonly number[]): void {
  if (elementCount(shape.map((length) => Math.max(1, length))) <= elementsMax) return;
  if (elementCount(shape) > 0) return;
  throw bodyError(name, `is empty, and has dimensions for more than ${elementsMax} elements`);
}

/** Throws REQ-210, which names the tensor and what is expected. */
export function tensorOfNested(slot: TensorSlot, value: unknown): Tensor {
  const shape = shapeOfNested(slot.name, value);
  if (elementCount(shape) > elementsMax) throw bodyError(slot.name, 'is ragged, or has too many elements');
  return tensorOf(slot, shape, (set) => {
    let index = 0;
    const walk = (part: unknown, depth: number): void => {
      if (depth === shape.length) {
        set(index++, part);
        return;
      }
      if (!Array.isArray(part) || part.length !== shape[depth]) {
        throw bodyError(
          slot.name,
          `is ragged: every list at depth ${depth} must have ${shape[depth]} entries`,
        );
      }
      for (const each of part) walk(each, depth + 1);
    };
    walk(value, 0);
  });
}

/** From elements one after the other, in row-major order; nested lists are taken, too. Throws REQ-210. */
export function tensorOfFlat(slot: TensorSlot, shape: readonly number[], data: unknown): Tensor {
  if (!Array.isArray(data)) throw bodyError(slot.name, 'must have its elements in the list `data`');
  const flat = data.some(Array.isArray) ? (data.flat(dimensionsMax) as unknown[]) : (data as unknown[]);
  const count = elementCount(shape);
  if (flat.length !== count) {
    throw bodyError(slot.name, `has ${flat.length} elements, its shape [${shape.join(', ')}] has ${count}`);
  }
  return tensorOf(slot, shape, (set) => flat.forEach((value, index) => set(index, value)));
}

/** `fill` sets every element once. */
function tensorOf(
  slot: TensorSlot,
  shape: readonly number[],
  fill: (set: (index: number, value: unknown) => void) => void,
): Tensor {
  checkShape(slot, shape);
  checkExtent(slot.name, shape);
  const count = elementCount(shape);
  if (slot.type === 'string') {
    const strings = new Array<string>(count).fill('');
    fill((index, value) => {
      if (typeof value !== 'string') throw bodyError(slot.name, 'must have elements of type string');
      strings[index] = value;
    });
    return { type: 'string', shape, strings };
  }
  const writer = writerOf(slot.name, slot.type, shape, count);
  fill((index, value) => writer.set(index, value));
  return writer.tensor;
}

function checkShape(slot: TensorSlot, shape: readonly number[]): void {
  const asked: TensorSlot = { ...slot, shape };
  if (isFitting(slot, { type: slot.type, shape } as Tensor)) return;
  throw bodyError(slot.name, `must be ${describeTensor(slot)}, not ${describeTensor(asked)}`);
}

/** By the first entry at each depth. */
function shapeOfNested(name: string, value: unknown): readonly number[] {
  const shape: number[] = [];
  for (let part = value; Array.isArray(part); part = part[0]) {
    if (shape.length === dimensionsMax) throw bodyError(name, `has more than ${dimensionsMax} dimensions`);
    shape.push(part.length);
  }
  return shape;
}

/** Throws REQ-210 for what JSON cannot say: large whole numbers, and empty lists without end. */
export function nestedOfTensor(name: string, tensor: Tensor): unknown {
  checkExtent(name, tensor.shape);
  const flat = flatOfTensor(name, tensor);
  let index = 0;
  const build = (depth: number): unknown => {
    if (depth === tensor.shape.length) return flat[index++];
    return Array.from({ length: tensor.shape[depth] ?? 0 }, () => build(depth + 1));
  };
  return build(0);
}

/** The elements one after the other. Throws REQ-210 for whole numbers that JSON cannot say. */
export function flatOfTensor(name: string, tensor: Tensor): readonly unknown[] {
  if (tensor.type === 'string') return tensor.strings;
  const read = readerOf(name, tensor);
  return Array.from({ length: elementCount(tensor.shape) }, (_, index) => read(index));
}
