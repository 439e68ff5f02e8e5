import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { elementBytes, type NumericTensor, NumericType, type TensorSlot } from '../../domain/tensor.js';
import { flatOfTensor } from './nested.js';
import { readNpy, writeNpy } from './npy.js';
import { readNpz, writeNpz } from './npz.js';

const folder = path.resolve(import.meta.dirname, '../../../test/fixtures/onnx/numpy');

/** What NumPy itself wrote. */
function numpyFile(name: string): Buffer {
  return readFileSync(path.join(folder, name));
}

/** A model that takes any array of numbers by any name. */
function slots(name: string): TensorSlot {
  return { name, type: 'float32', shape: ['rows', 'columns'] };
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code} ${message}`;
  }
  return 'nothing was refused';
}

it.each(Object.values(NumericType))('reads and writes %s as NumPy does', (type) => {
  const file = numpyFile(`${type}.npy`);
  const tensor = readNpy('x', file);
  expect(tensor).toMatchObject({ type, shape: [2, 3] });
  const numbers = type === 'bool' ? [false, true, false, true, false, true] : [0, 1, 2, 3, 4, 5];
  expect(flatOfTensor('x', tensor)).toEqual(numbers);
  expect(writeNpy('x', tensor).equals(file)).toBe(true);
});

it('turns the bytes of big-endian numbers round', () => {
  expect(flatOfTensor('x', readNpy('x', numpyFile('big-endian.npy')))).toEqual([0, 1, 2, 3, 4, 5]);
});

it('reads and writes a number without dimensions', () => {
  const tensor = readNpy('x', numpyFile('scalar.npy'));
  expect(tensor.shape).toEqual([]);
  expect(flatOfTensor('x', tensor)).toEqual([7]);
  expect(readNpy('x', writeNpy('x', tensor))).toEqual(tensor);
});

it.each([
  ['fortran.npy', /Fortran’s order/],
  ['texts.npy', /has the type '<U1'/],
])('refuses %s and says why', (name, words) => {
  expect(refusal(() => readNpy('x', numpyFile(name)))).toMatch(words);
});

it('refuses what is cut off anywhere, and never with another error', () => {
  const file = numpyFile('float32.npy');
  for (let length = 0; length < file.length; length++) {
    expect(refusal(() => readNpy('x', file.subarray(0, length)))).toMatch(/^REQ-210 `x` /);
  }
});

it('refuses a shape with more elements than there are bytes, before it makes room for them', () => {
  const file = Buffer.from(
    numpyFile('float32.npy').toString('latin1').replace('(2, 3), }   ', '(2147483647, 4,)'),
    'latin1',
  );
  expect(refusal(() => readNpy('x', file))).toMatch(/bytes of data, its type and shape have 343597383/);
});

it.each(['plain.npz', 'packed.npz'])('reads the arrays of %s by name', (name) => {
  const tensors = readNpz(numpyFile(name), slots);
  expect([...tensors.keys()]).toEqual(['a', 'b']);
  expect(tensors.get('a')).toEqual(readNpy('a', numpyFile('float32.npy')));
  expect(tensors.get('b')).toEqual(readNpy('b', numpyFile('int64.npy')));
});

it('writes archives that it reads', () => {
  const tensors = readNpz(numpyFile('plain.npz'), slots);
  expect(readNpz(writeNpz(tensors), slots)).toEqual(tensors);
});

it('refuses archives that are cut off anywhere, and never with another error', () => {
  const file = numpyFile('packed.npz');
  for (let length = 0; length < file.length; length++) {
    expect(refusal(() => readNpz(file.subarray(0, length), slots))).toMatch(/^REQ-210 /);
  }
});

it('does not unpack what is nobody’s, or too large for its tensor', () => {
  const bomb = writeNpz(
    new Map([['a', { type: 'float32', shape: [70_000], bytes: new Uint8Array(280_000) }]]),
  );
  const unknown = (name: string): TensorSlot => {
    throw new Error(`nobody has ${name}`);
  };
  expect(refusal(() => readNpz(bomb, unknown))).toContain('nobody has a');
  const small = (name: string): TensorSlot => ({ name, type: 'float32', shape: [2, 3] });
  expect(refusal(() => readNpz(bomb, small))).toBe('REQ-210 `a` has more than 65576 bytes');
});

it('refuses an empty array with dimensions for more elements than there can be', () => {
  const file = Buffer.from(
    numpyFile('float32.npy').toString('latin1').replace('(2, 3), }   ', '(2000000000, 0)'),
    'latin1',
  );
  expect(refusal(() => readNpy('x', file))).toMatch(/^REQ-210 `x` is empty, and has dimensions/);
});

it('has a file of NumPy for every type', () => {
  const names = readdirSync(folder);
  for (const type of Object.values(NumericType)) expect(names).toContain(`${type}.npy`);
  const tensor: NumericTensor = readNpy('x', numpyFile('int64.npy'));
  expect(tensor.bytes.length).toBe(6 * elementBytes.int64);
});
