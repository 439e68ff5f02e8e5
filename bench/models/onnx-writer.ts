/**
 * ONNX models with weights of chance, written as the protocol buffers they are (onnx.proto3): only the fields that such
 * models need.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

type Part = Uint8Array;

const WireType = { Varint: 0, Bytes: 2 } as const;
const float = 1;

function varint(value: number): Part {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function number(field: number, value: number): Part {
  return Buffer.concat([varint(field * 8 + WireType.Varint), varint(value)]);
}

function bytes(field: number, value: Part | string): Part {
  const data = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([varint(field * 8 + WireType.Bytes), varint(data.length), data]);
}

function message(field: number, ...parts: readonly Part[]): Part {
  return bytes(field, Buffer.concat(parts));
}

function node(operator: string, inputs: readonly string[], output: string): Part {
  return message(1, ...inputs.map((name) => bytes(1, name)), bytes(2, output), bytes(4, operator));
}

/** A tensor of numbers between -scale and scale. */
function weights(name: string, shape: readonly number[], scale: number, next: () => number): Part {
  const values = Float32Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    () => (next() * 2 - 1) * scale,
  );
  return message(
    5,
    ...shape.map((length) => number(1, length)),
    number(2, float),
    bytes(8, name),
    bytes(9, new Uint8Array(values.buffer)),
  );
}

function value(field: number, name: string, width: number): Part {
  const shape = message(2, message(1, bytes(2, 'batch')), message(1, number(1, width)));
  return message(field, bytes(1, name), message(2, message(1, number(1, float), shape)));
}

/**
 * The file of a network of layers of these widths, from `x` [batch, first] to `y` [batch, last], with a rectifier between
 * two layers; made once.
 */
export function ensureRandomLayers(folder: string, name: string, widths: readonly number[]): string {
  const file = path.join(folder, `random-layers-${name}-1.onnx`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const nodes: Part[] = [];
  const tensors: Part[] = [];
  let input = 'x';
  const last = widths.length - 2;
  for (let layer = 0; layer <= last; layer++) {
    const [from = 0, to = 0] = [widths[layer], widths[layer + 1]];
    tensors.push(weights(`w${layer}`, [from, to], Math.sqrt(3 / from), next));
    tensors.push(weights(`b${layer}`, [to], 0.1, next));
    nodes.push(node('MatMul', [input, `w${layer}`], `m${layer}`));
    const output = layer === last ? 'y' : `a${layer}`;
    nodes.push(node('Add', [`m${layer}`, `b${layer}`], output));
    input = `r${layer}`;
    if (layer < last) nodes.push(node('Relu', [output], input));
  }
  const [first = 0, end = 0] = [widths[0], widths.at(-1)];
  const graph = message(
    7,
    ...nodes,
    bytes(2, 'layers'),
    ...tensors,
    value(11, 'x', first),
    value(12, 'y', end),
  );
  const model = Buffer.concat([number(1, 8), graph, message(8, number(2, 17))]);
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, model);
  renameSync(unfinished, file);
  return file;
}
