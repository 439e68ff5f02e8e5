import { expect, it } from 'vitest';
import type { NamedTensors, TensorSlot } from '../../domain/tensor.js';
import { batchKeyOf, hasBatchDimension, rowsOf } from './dynamic-shapes.js';

function slot(...shape: readonly (number | string)[]): TensorSlot {
  return { name: 'x', type: 'float32', shape };
}

it.each([
  ['a named batch', [slot('batch', 4)], [slot('batch', 2)], true],
  ['one without a name', [slot('', 4)], [slot('', 2)], true],
  ['an output whose name was made up', [slot('N', 4)], [slot('unk__7')], true],
  ['a fixed number of rows', [slot(1, 4)], [slot(1, 2)], false],
  ['an output of one row', [slot('batch', 4)], [slot(1, 2)], false],
  ['a number as the answer', [slot('batch', 4)], [slot()], false],
  [
    'two inputs that count different things',
    [slot('queries', 4), slot('documents', 4)],
    [slot('pairs')],
    false,
  ],
  ['samples of a sound', [slot('samples_len')], [slot('samples_len')], false],
  ['no inputs', [], [slot('batch')], false],
] as const)('%s', (_, inputs, outputs, expected) => {
  expect(hasBatchDimension(inputs, outputs)).toBe(expected);
});

function tensors(shapes: Readonly<Record<string, readonly number[]>>): NamedTensors {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [name, { type: 'bool', shape, bytes: new Uint8Array() }]),
  );
}

it('counts rows that all tensors agree on', () => {
  expect(rowsOf(tensors({ a: [3, 2], b: [3] }))).toBe(3);
  expect(rowsOf(tensors({ a: [3, 2], b: [2] }))).toBeNull();
  expect(rowsOf(tensors({ a: [] }))).toBeNull();
});

it('puts together what differs in rows only, in whatever order it is named', () => {
  expect(batchKeyOf(tensors({ a: [3, 2], b: [3] }))).toBe(batchKeyOf(tensors({ b: [1], a: [1, 2] })));
  expect(batchKeyOf(tensors({ a: [3, 2] }))).not.toBe(batchKeyOf(tensors({ a: [3, 4] })));
  expect(batchKeyOf(tensors({ a: [3], b: [2] }))).toBeNull();
});
