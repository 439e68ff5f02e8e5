import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { NamedTensors, Tensor, TensorSlot } from '../../domain/tensor.js';
import type { TensorModel } from './json-dialects.js';
import { readNpy, writeNpy } from './npy.js';
import { readTensorBody } from './read-body.js';

const x: TensorSlot = { name: 'x', type: 'float32', shape: ['batch', 2] };
const y: TensorSlot = { name: 'y', type: 'int64', shape: ['batch'] };
const one: TensorModel = { name: 'm', inputs: [x], outputs: [y] };
const two: TensorModel = {
  name: 'm',
  inputs: [
    { name: 'ids', type: 'int64', shape: ['batch', 'length'] },
    { name: 'mask', type: 'bool', shape: ['batch', 'length'] },
  ],
  outputs: [
    { name: 'a', type: 'float32', shape: ['batch', 1] },
    { name: 'b', type: 'string', shape: ['batch'] },
  ],
};

function floats(shape: readonly number[], ...values: readonly number[]): Tensor {
  return { type: 'float32', shape, bytes: new Uint8Array(new Float32Array(values).buffer) };
}

function longs(shape: readonly number[], ...values: readonly bigint[]): Tensor {
  return { type: 'int64', shape, bytes: new Uint8Array(new BigInt64Array(values).buffer) };
}

function read(model: TensorModel, body: unknown, types: { contentType?: string; accept?: string } = {}) {
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return readTensorBody({ contentType: 'application/json', accept: '', ...types, body: bytes }, model);
}

/** The answer's text. */
function answered(
  model: TensorModel,
  body: unknown,
  outputs: NamedTensors,
  types: { contentType?: string; accept?: string } = {},
): string {
  return read(model, body, types).encode(outputs).body.toString();
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

const rows = [
  [1, 2],
  [3, 4.5],
];
const expected = floats([2, 2], 1, 2, 3, 4.5);

it.each([
  ['by name', { inputs: { x: rows } }],
  ['of the only input', { inputs: rows }],
  ['by rows', { instances: rows }],
  ['by rows with names', { instances: rows.map((row) => ({ x: row })) }],
  [
    'of the Open Inference Protocol',
    { inputs: [{ name: 'x', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4.5] }] },
  ],
  [
    'of that protocol with nested data',
    { inputs: [{ name: 'x', shape: [2, 2], datatype: 'FP32', data: rows }] },
  ],
])('reads JSON %s', (_, body) => {
  expect(read(one, body).inputs).toEqual(new Map([['x', expected]]));
});

it('reads CSV', () => {
  expect(read(one, '1,2\r\n3,4.5\n', { contentType: 'text/csv; charset=utf-8' }).inputs).toEqual(
    new Map([['x', expected]]),
  );
});

it('takes a body without a type, and one of the SDKs’ default type, for JSON', () => {
  for (const contentType of ['', 'application/octet-stream', 'application/vnd.x+json; a=b']) {
    expect(read(one, { inputs: rows }, { contentType }).inputs.get('x')).toEqual(expected);
  }
});

const outputs: NamedTensors = new Map<string, Tensor>([
  ['a', floats([2, 1], 0.5, NaN)],
  ['b', { type: 'string', shape: [2], strings: ['p', 'q,"r"'] }],
]);
const named = { inputs: { ids: [[1], [2]], mask: [[true], [0]] } };

it.each([
  [named, '{"outputs":{"a":[[0.5],["NaN"]],"b":["p","q,\\"r\\""]}}'],
  [{ ...named, outputs: ['b'] }, '{"outputs":{"b":["p","q,\\"r\\""]}}'],
  [
    {
      instances: [
        { ids: [1], mask: [true] },
        { ids: [2], mask: [false] },
      ],
    },
    '{"predictions":[{"a":[0.5],"b":"p"},{"a":["NaN"],"b":"q,\\"r\\""}]}',
  ],
  [
    {
      id: '7',
      inputs: [
        { name: 'ids', shape: [2, 1], datatype: 'INT64', data: [1, 2] },
        { name: 'mask', shape: [2, 1], datatype: 'BOOL', data: [true, false] },
      ],
      outputs: [{ name: 'a' }],
    },
    '{"model_name":"m","id":"7","outputs":[{"name":"a","datatype":"FP32","shape":[2,1],"data":[0.5,"NaN"]}]}',
  ],
])('answers in the dialect of the call %#', (body, text) => {
  expect(answered(two, body, outputs)).toBe(text);
});

it('answers one output as NumPy’s file, all as an archive, and the first as CSV', () => {
  const npy = read(two, { ...named, outputs: ['a'] }, { accept: 'application/x-npy' }).encode(outputs);
  expect(npy.contentType).toBe('application/x-npy');
  expect(readNpy('a', npy.body)).toEqual(outputs.get('a'));
  expect(answered(two, { ...named, outputs: ['b'] }, outputs, { accept: 'text/csv' })).toBe('p\n"q,""r"""\n');
  const numbers = new Map([['y', longs([2], 1n, -2n)]]);
  expect(answered(one, { inputs: rows }, numbers, { accept: 'text/plain, text/csv;q=0.5' })).toBe('1\n-2\n');
});

it.each([
  [one, { inputs: { z: rows } }, /`z` is no tensor of the model, which takes `x`/],
  [one, { inputs: { x: [[1], [2]] } }, /`x` must be float32 \[batch, 2\], not float32 \[2, 1\]/],
  [one, { inputs: { x: [[1, 2], [3]] } }, /`x` is ragged: every list at depth 1 must have 2 entries/],
  [one, { inputs: { x: [[1, 'a']] } }, /`x` must have elements of type float32, not `"a"`/],
  [one, { inputs: { x: 1 } }, /`x` must be float32 \[batch, 2\], not float32 \[\]/],
  [one, {}, /`inputs` is missing: it has the tensors `x`/],
  [one, [], /`body` must be a JSON object/],
  [one, { instances: [] }, /`instances` must be a list of at least one row/],
  [one, { inputs: rows, outputs: ['z'] }, /`outputs` has `z`; the model gives `y`/],
  [one, { inputs: [{ name: 'x', shape: [2, 2], datatype: 'FP64', data: [] }] }, /datatype FP32, not FP64/],
  [one, { inputs: [{ name: 'x', shape: [2, 2], data: [1] }] }, /has 1 elements, its shape \[2, 2\] has 4/],
  [
    one,
    { inputs: [{ name: 'x', shape: [-2], data: [] }] },
    /`x` must have a `shape`: a list of whole numbers/,
  ],
  [two, { inputs: rows }, /`inputs` must name its tensors: the model takes `ids`, `mask`/],
  [two, { inputs: { ids: [[1]] } }, /`mask` is missing: it must be bool \[batch, length\]/],
  [two, { inputs: { ids: [[1.5]], mask: [[1]] } }, /`ids` must have elements of type int64, not `1.5`/],
  [two, { inputs: { ids: [[2 ** 53]], mask: [[1]] } }, /9007199254740992 is out of its range in JSON/],
  [two, { inputs: { ids: [[1]], mask: [[2]] } }, /`mask` must have elements of type bool, not `2`/],
  [two, { inputs: { ids: [[1]], mask: [[1, 1]] } }, /`mask` has 2 for `length`, of which `ids` has 1/],
])('refuses a body and names the tensor %#', (model, body, words) => {
  expect(refusal(() => read(model, body))).toMatch(words);
  expect(refusal(() => read(model, body))).toMatch(/^REQ-210/);
});

it.each([
  ['text/plain', '', /REQ-210 `Content-Type` must be one of application\/json/],
  ['application/json', 'image/png', /REQ-210 `Accept` must have one of application\/json/],
])('refuses the type %s for %s', (contentType, accept, words) => {
  expect(refusal(() => read(one, { inputs: rows }, { contentType, accept }))).toMatch(words);
});

it('refuses arrays of another type than the model’s', () => {
  const body = writeNpy('x', { ...expected, type: 'int32' } as Tensor);
  expect(refusal(() => read(one, body, { contentType: 'application/x-npy' }))).toMatch(
    /`x` must be float32 \[batch, 2\], not int32 \[2, 2\]/,
  );
});

it('refuses lists that seem to have more elements than any body has room for', () => {
  const long = new Array(20_000).fill(0);
  const body = { inputs: { ids: [long, ...long.slice(1)], mask: [[1]] } };
  expect(refusal(() => read(two, body))).toMatch(/`ids` is ragged, or has too many elements/);
});

it('refuses to say a whole number in JSON that JSON has no number for', () => {
  const call = read(one, { inputs: rows });
  const large = new Map([['y', longs([1], 2n ** 60n)]]);
  expect(refusal(() => call.encode(large))).toMatch(/`y` has the whole number 1152921504606846976/);
});

it('gives numbers back as they came, through JSON and through NumPy’s files', () => {
  const anyFloat = fc.float({ noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(anyFloat, anyFloat), { minLength: 1, maxLength: 20 }), (values) => {
      const json = JSON.stringify({ inputs: values }, (_, value: unknown) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      );
      // JSON has no -0.
      const wanted = floats([values.length, 2], ...values.flat().map((value) => (value === 0 ? 0 : value)));
      expect(read(one, json).inputs.get('x')).toEqual(wanted);
      const npy = writeNpy('x', wanted);
      expect(read(one, npy, { contentType: 'application/x-npy' }).inputs.get('x')).toEqual(wanted);
    }),
  );
});

it('refuses any JSON with an error of the table', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (inputs) => {
      for (const body of [inputs, { inputs }, { instances: inputs }, { inputs: [inputs] }]) {
        const said = refusal(() => read(two, JSON.stringify(body)));
        expect(said).toMatch(/^(REQ-210|nothing)/);
      }
    }),
  );
});

it('takes no empty tensor, and gives none, with dimensions for more elements than there can be', () => {
  const slot: TensorSlot = { name: 'x', type: 'float32', shape: ['rows', 'columns'] };
  const model: TensorModel = { name: 'm', inputs: [slot], outputs: [slot] };
  const input = (rows: number) => ({ inputs: [{ name: 'x', shape: [rows, 0], data: [] }] });
  const problem = '`x` is empty, and has dimensions for more than';
  expect(() => read(model, input(2_000_000_000))).toThrow(problem);
  const outputs = new Map([['x', floats([2_000_000_000, 0])]]);
  expect(() => answered(model, { inputs: [[1]] }, outputs)).toThrow(problem);
  expect(answered(model, input(3), new Map([['x', floats([2, 0])]]))).toContain('"shape":[2,0]');
});
