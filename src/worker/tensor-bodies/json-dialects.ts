/**
 * JSON bodies of tensors, in the three ways that are usual:
 *
 * | | body | answer |
 * |---|---|---|
 * | by name | `{"inputs": {"x": [[1, 2]]}}`; a model with one input: `{"inputs": [[1, 2]]}` | `{"outputs": {"y": [[3]]}}` |
 * | Open Inference Protocol (KServe, Triton) | `{"inputs": [{"name", "shape", "datatype", "data"}]}` | `{"model_name", "outputs": [{"name", "datatype", "shape", "data"}]}` |
 * | by rows (TensorFlow Serving) | `{"instances": [row, …]}`; a row is a value, or `{"x": value}` | `{"predictions": [row, …]}` |
 *
 * The first two may say in `outputs` which tensors are wanted, by names or as `{"name"}`.
 */
import {
  elementCount,
  type NamedTensors,
  type Tensor,
  type TensorSlot,
  type TensorType,
} from '../../domain/tensor.js';
import { bodyError } from './body-error.js';
import { flatOfTensor, nestedOfTensor, tensorOfFlat, tensorOfNested } from './nested.js';

/** What a model takes and gives. */
export interface TensorModel {
  readonly name: string;
  readonly inputs: readonly TensorSlot[];
  readonly outputs: readonly TensorSlot[];
}

export interface JsonCall {
  readonly inputs: NamedTensors;
  /** Names of the outputs that are wanted; null = all. */
  readonly wanted: readonly string[] | null;
  /** The answer in the call's dialect. Throws REQ-210 for what JSON cannot say. */
  readonly encode: (outputs: NamedTensors) => unknown;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Throws REQ-210, which names the tensor and what is expected. */
export function readJsonCall(body: unknown, model: TensorModel): JsonCall {
  if (!isObject(body)) throw bodyError('body', 'must be a JSON object');
  const { inputs, instances } = body;
  if (instances !== undefined) return readRows(instances, model);
  if (inputs === undefined)
    throw bodyError('inputs', `is missing: it has the tensors ${namesOf(model.inputs)}`);
  const wanted = wantedOf(body['outputs'], model);
  if (Array.isArray(inputs) && inputs.every((one) => isObject(one) && 'name' in one)) {
    return readOpenInference(body, inputs as readonly JsonObject[], wanted, model);
  }
  return { inputs: readNamed(inputs, model), wanted, encode: encodeNamed };
}

function readNamed(inputs: unknown, model: TensorModel): NamedTensors {
  const named = isObject(inputs) ? inputs : { [onlyInput(model, 'inputs').name]: inputs };
  return new Map(
    Object.entries(named).map(([name, value]) => [name, tensorOfNested(slotOf(model, name), value)]),
  );
}

function encodeNamed(outputs: NamedTensors): unknown {
  const entries = [...outputs].map(([name, tensor]) => [name, nestedOfTensor(name, tensor)] as const);
  return { outputs: Object.fromEntries(entries) };
}

/** The protocol's names of types. */
const dataTypes: Readonly<Record<TensorType, string>> = {
  float16: 'FP16',
  float32: 'FP32',
  float64: 'FP64',
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  uint8: 'UINT8',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
  bool: 'BOOL',
  string: 'BYTES',
};

function readOpenInference(
  body: JsonObject,
  inputs: readonly JsonObject[],
  wanted: readonly string[] | null,
  model: TensorModel,
): JsonCall {
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, datatype, data } of inputs) {
    const slot = slotOf(model, String(name));
    if (datatype !== undefined && datatype !== dataTypes[slot.type]) {
      throw bodyError(slot.name, `must have the datatype ${dataTypes[slot.type]}, not ${String(datatype)}`);
    }
    if (tensors.has(slot.name)) throw bodyError(slot.name, 'is given twice');
    tensors.set(slot.name, tensorOfFlat(slot, checkedShape(slot.name, shape), data));
  }
  const { id } = body;
  const encode = (outputs: NamedTensors): unknown => ({
    model_name: model.name,
    ...(typeof id === 'string' ? { id } : {}),
    outputs: [...outputs].map(([name, tensor]) => ({
      name,
      datatype: dataTypes[tensor.type],
      shape: tensor.shape,
      data: flatOfTensor(name, tensor),
    })),
  });
  return { inputs: tensors, wanted, encode };
}

function checkedShape(name: string, shape: unknown): readonly number[] {
  const isShape =
    Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && (length as number) >= 0);
  if (!isShape) throw bodyError(name, 'must have a `shape`: a list of whole numbers');
  return shape as number[];
}

function readRows(instances: unknown, model: TensorModel): JsonCall {
  if (!Array.isArray(instances) || instances.length === 0) {
    throw bodyError('instances', 'must be a list of at least one row');
  }
  const rows = instances as readonly unknown[];
  const inputs = new Map<string, Tensor>();
  if (rows.every(isObject)) {
    for (const name of Object.keys(rows[0] ?? {})) {
      const slot = slotOf(model, name);
      const values = rows.map((row, index) => {
        if (name in row && Object.keys(row).length === Object.keys(rows[0] ?? {}).length) return row[name];
        throw bodyError(`instances[${index}]`, 'must name the same tensors as the rows before it');
      });
      inputs.set(name, tensorOfNested(slot, values));
    }
  } else {
    const slot = onlyInput(model, 'instances');
    inputs.set(slot.name, tensorOfNested(slot, rows));
  }
  return {
    inputs,
    wanted: null,
    encode: (outputs) => ({ predictions: predictionsOf(outputs, rows.length) }),
  };
}

/** One entry for each row: the value of the only output, or an object of all. */
function predictionsOf(outputs: NamedTensors, rows: number): readonly unknown[] {
  const columns = [...outputs].map(([name, tensor]): readonly [string, readonly unknown[]] => {
    if (tensor.shape[0] !== rows || elementCount(tensor.shape) === 0) {
      throw bodyError(
        'instances',
        `cannot be answered by rows: \`${name}\` has the shape [${tensor.shape.join(', ')}]`,
      );
    }
    return [name, nestedOfTensor(name, tensor) as unknown[]];
  });
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return only[1];
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[row]])),
  );
}

function wantedOf(outputs: unknown, model: TensorModel): readonly string[] | null {
  if (outputs === undefined || outputs === null) return null;
  if (!Array.isArray(outputs)) throw bodyError('outputs', 'must be a list of names');
  if (outputs.length === 0) return null;
  return outputs.map((one: unknown) => {
    const name = isObject(one) ? one['name'] : one;
    if (model.outputs.some((slot) => slot.name === name)) return name as string;
    throw bodyError(
      'outputs',
      `has \`${String(name).slice(0, 100)}\`; the model gives ${namesOf(model.outputs)}`,
    );
  });
}

/** Throws REQ-210 when the model has no such input. */
export function slotOf(model: TensorModel, name: string): TensorSlot {
  const slot = model.inputs.find((one) => one.name === name);
  if (slot !== undefined) return slot;
  throw bodyError(name.slice(0, 100), `is no tensor of the model, which takes ${namesOf(model.inputs)}`);
}

/** For bodies that do not say which. Throws REQ-210 when there are several. */
export function onlyInput(model: TensorModel, field: string): TensorSlot {
  const [only, ...others] = model.inputs;
  if (only !== undefined && others.length === 0) return only;
  throw bodyError(field, `must name its tensors: the model takes ${namesOf(model.inputs)}`);
}

export function namesOf(slots: readonly TensorSlot[]): string {
  return slots.map(({ name }) => `\`${name}\``).join(', ');
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
