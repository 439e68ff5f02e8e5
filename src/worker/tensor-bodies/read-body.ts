/**
 * A body with its media type → tensors by name, and tensors → the body that the caller accepts.
 *
 * | media type | body | answer |
 * |---|---|---|
 * | `application/json`, none, `application/octet-stream` | as json-dialects.ts | in the call's dialect |
 * | `application/x-npy` | the only input | the only output that is wanted |
 * | `application/x-npz`, `application/zip` | inputs by name | outputs by name |
 * | `text/csv` | the only input, of two dimensions | the first output |
 */
import { StowageError } from '../../domain/errors.js';
import { describeTensor, isFitting, type NamedTensors, type Tensor } from '../../domain/tensor.js';
import { bodyError } from './body-error.js';
import { readCsv, writeCsv } from './csv.js';
import {
  type JsonCall,
  namesOf,
  onlyInput,
  readJsonCall,
  slotOf,
  type TensorModel,
} from './json-dialects.js';
import { nestedOfTensor } from './nested.js';
import { readNpy, writeNpy } from './npy.js';
import { readNpz, writeNpz } from './npz.js';

const MediaType = {
  Json: 'application/json',
  Npy: 'application/x-npy',
  Npz: 'application/x-npz',
  Csv: 'text/csv',
} as const;
type MediaType = (typeof MediaType)[keyof typeof MediaType];

export interface EncodedBody {
  readonly contentType: string;
  readonly body: Buffer;
}

export interface TensorCall {
  /** All of the model's inputs, of its types and shapes. */
  readonly inputs: NamedTensors;
  /** Throws REQ-210 for what the accepted type cannot say. */
  encode(outputs: NamedTensors): EncodedBody;
}

export interface TensorBody {
  readonly contentType: string;
  readonly accept: string;
  readonly body: Buffer;
}

/** Throws REQ-210 or REQ-214. */
export function readTensorBody({ contentType, accept, body }: TensorBody, model: TensorModel): TensorCall {
  const sent = sentType(contentType);
  const accepted = acceptedType(accept);
  const call = readCall(sent, body, model);
  for (const slot of model.inputs) {
    const tensor = call.inputs.get(slot.name);
    if (tensor === undefined) throw bodyError(slot.name, `is missing: it must be ${describeTensor(slot)}`);
    if (isFitting(slot, tensor)) continue;
    throw bodyError(slot.name, `must be ${describeTensor(slot)}, not ${describeTensor(tensor)}`);
  }
  checkNamedLengths(call.inputs, model);
  return { inputs: call.inputs, encode: (outputs) => encodeAnswer(accepted, call, outputs) };
}

/** Dimensions of one name have one length. */
function checkNamedLengths(inputs: NamedTensors, model: TensorModel): void {
  const known = new Map<string, { length: number | undefined; slot: string }>();
  for (const { name, shape } of model.inputs) {
    for (const [index, dimension] of shape.entries()) {
      if (typeof dimension === 'number' || dimension === '') continue;
      const length = inputs.get(name)?.shape[index];
      const before = known.get(dimension);
      known.set(dimension, before ?? { length, slot: name });
      if (before === undefined || before.length === length) continue;
      const problem = `has ${length} for \`${dimension}\`, of which \`${before.slot}\` has ${before.length}`;
      throw bodyError(name, problem);
    }
  }
}

function readCall(sent: MediaType, body: Buffer, model: TensorModel): JsonCall {
  switch (sent) {
    case MediaType.Json:
      return readJsonCall(parseJson(body), model);
    case MediaType.Npy: {
      const { name } = onlyInput(model, 'body');
      return unnamed(new Map([[name, readNpy(name, body)]]));
    }
    case MediaType.Npz:
      return unnamed(readNpz(body, (name) => slotOf(model, name)));
    case MediaType.Csv: {
      const slot = onlyInput(model, 'body');
      return unnamed(new Map([[slot.name, readCsv(slot, body.toString('utf8'))]]));
    }
    default:
      return sent satisfies never;
  }
}

/** What is no JSON itself is answered in JSON by names. */
function unnamed(inputs: NamedTensors): JsonCall {
  const encode = (outputs: NamedTensors): unknown => ({
    outputs: Object.fromEntries([...outputs].map(([name, tensor]) => [name, nestedOfTensor(name, tensor)])),
  });
  return { inputs, wanted: null, encode };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw StowageError.of('REQ-214', { problem: (error as Error).message.slice(0, 200) });
  }
}

function encodeAnswer(accepted: MediaType, { wanted, encode }: JsonCall, all: NamedTensors): EncodedBody {
  const outputs = wanted === null ? all : new Map([...all].filter(([name]) => wanted.includes(name)));
  switch (accepted) {
    case MediaType.Json:
      return { contentType: accepted, body: Buffer.from(JSON.stringify(encode(outputs)), 'utf8') };
    case MediaType.Npy: {
      const [name, tensor] = onlyOutput(outputs);
      return { contentType: accepted, body: writeNpy(name, tensor) };
    }
    case MediaType.Npz:
      return { contentType: accepted, body: writeNpz(outputs) };
    case MediaType.Csv: {
      const [[name, tensor] = onlyOutput(outputs)] = outputs;
      return { contentType: accepted, body: Buffer.from(writeCsv(name, tensor), 'utf8') };
    }
    default:
      return accepted satisfies never;
  }
}

function onlyOutput(outputs: NamedTensors): readonly [string, Tensor] {
  const [only, ...others] = outputs;
  if (only !== undefined && others.length === 0) return only;
  const names = namesOf([...outputs].map(([name, tensor]) => ({ name, ...tensor })));
  throw bodyError(
    'Accept',
    `has room for one tensor, the answer has ${names}: accept application/x-npz or JSON`,
  );
}

function sentType(contentType: string): MediaType {
  const essence = essenceOf(contentType);
  // The SDKs send the second when their caller names no type.
  if (essence === '' || essence === 'application/octet-stream') return MediaType.Json;
  const known = knownType(essence);
  if (known !== null) return known;
  throw bodyError('Content-Type', `must be one of ${Object.values(MediaType).join(', ')}`);
}

/** The first of the accepted types that can be made. */
function acceptedType(accept: string): MediaType {
  const essences = accept.split(',').map(essenceOf);
  for (const essence of essences) {
    if (essence === '' || essence === '*/*' || essence === 'application/*') return MediaType.Json;
    const known = knownType(essence);
    if (known !== null) return known;
  }
  throw bodyError('Accept', `must have one of ${Object.values(MediaType).join(', ')}`);
}

function knownType(essence: string): MediaType | null {
  if (/^application\/[\w.-]+\+json$/.test(essence)) return MediaType.Json;
  if (essence === 'application/zip') return MediaType.Npz;
  return Object.values(MediaType).find((each) => each === essence) ?? null;
}

function essenceOf(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}
