/**
 * Reads the header of a GGUF file and refuses what the engine's native code must never see: other files,
 * truncated and damaged ones, absurd counts and sizes, unknown architectures. Own code on purpose: it
 * allocates and waits within the limits of limits.ts whatever the bytes say, and every refusal is a row of
 * the error table. It trusts nothing, and keeps no vocabulary: that is the engine's.
 */
import { StowageError } from '../../domain/errors.js';
import { knownArchitectures } from './architectures.js';
import { Cursor } from './cursor.js';
import type { ReadRange } from './cursor.js';
import { readKeyValues, ValueType } from './key-values.js';
import type { KeyValues } from './key-values.js';
import { keysMax, tensorsMax, tokensMax } from './limits.js';
import { readShape } from './shape.js';
import type { ModelShape } from './shape.js';
import { readTensors } from './tensors.js';
import { weightBytes, type WeightBytes } from './weight-bytes.js';

export interface GgufHeader extends ModelShape, WeightBytes {
  readonly architecture: string;
  /** The model's own name; empty when it has none. */
  readonly name: string;
  /** Numbers in all tensors. */
  readonly parameters: number;
  readonly vocabularySize: number;
  readonly tensorCount: number;
  /** Bytes of the tensor data. */
  readonly tensorBytes: number;
  /** The model's own Jinja chat template, or null. */
  readonly chatTemplate: string | null;
  /** How its tokens become one vector (`llama_pooling_type`); null when it does not say. */
  readonly poolingType: number | null;
}

const magicText = 'GGUF';
const alignmentDefault = 32;

/**
 * The header of a file of `fileBytes` bytes that `read` reads; `fileName` is how errors call it.
 * Throws MODEL-020 (a part or an adapter instead of a model), MODEL-021, MODEL-022 or MODEL-023, and
 * whatever `read` throws.
 */
export async function inspectGguf(
  read: ReadRange,
  fileBytes: number,
  fileName = 'FILE.gguf',
): Promise<GgufHeader> {
  const cursor = new Cursor(read, fileBytes, fileName);
  const { tensorCount, keyCount } = await readPreamble(cursor, fileBytes);
  const values = await readKeyValues(cursor, keyCount);
  refuseWhatIsNoModel(values, fileName);
  const architecture = values.strings.get('general.architecture');
  if (architecture === undefined) throw cursor.damaged('the key `general.architecture` is missing');
  if (!knownArchitectures.has(architecture)) throw cursor.unknownArchitecture(printable(architecture));
  const shape = readShape(cursor, values, architecture);
  const vocabularySize = readVocabularySize(cursor, values);
  const tensors = await readTensors(cursor, tensorCount, readAlignment(cursor, values), fileBytes);
  return {
    architecture,
    name: values.strings.get('general.name') ?? '',
    parameters: tensors.parameters,
    ...shape,
    vocabularySize,
    tensorCount,
    tensorBytes: tensors.bytes,
    ...weightBytes(tensors.tensors),
    chatTemplate: values.strings.get('tokenizer.chat_template') ?? null,
    poolingType: values.numbers.get(`${architecture}.pooling_type`)?.value ?? null,
  };
}

/** Magic, version and counts. Throws MODEL-021 and MODEL-022. */
export async function readPreamble(
  cursor: Cursor,
  fileBytes: number,
): Promise<{ tensorCount: number; keyCount: number }> {
  if (fileBytes < 4) throw cursor.foreign(`it has ${fileBytes} bytes`);
  await cursor.need(4, 'the magic');
  const magic = cursor.takeText(4, 'latin1');
  if (magic !== magicText) throw cursor.foreign(`it begins with "${printable(magic)}"`);
  await cursor.need(20, 'the header');
  const version = cursor.takeUint32();
  if (version !== 0 && (version & 0xffff) === 0) throw cursor.foreign('it is of a big-endian machine');
  if (version !== 2 && version !== 3) throw cursor.foreign(`its version is ${version}, known are 2 and 3`);
  const tensorCount = cursor.takeUint64('the number of tensors');
  const keyCount = cursor.takeUint64('the number of keys');
  if (tensorCount < 1 || tensorCount > tensorsMax) throw cursor.damaged(`it claims ${tensorCount} tensors`);
  if (keyCount < 1 || keyCount > keysMax) throw cursor.damaged(`it claims ${keyCount} keys`);
  return { tensorCount, keyCount };
}

/** Sound files that are something else, with what to do about them. */
function refuseWhatIsNoModel(values: KeyValues, fileName: string): void {
  const parts = values.numbers.get('split.count')?.value ?? 1;
  if (parts > 1) {
    const problem = `it is one of ${parts} parts; join them with \`llama-gguf-split --merge\``;
    throw StowageError.of('MODEL-020', { file: fileName, problem });
  }
  const type = values.strings.get('general.type') ?? 'model';
  if (type !== 'model') {
    throw StowageError.of('MODEL-020', {
      file: fileName,
      problem: `it holds \`${printable(type)}\`, not a model`,
    });
  }
}

/** Also that the lists that run along the vocabulary are as long as it and hold numbers. */
function readVocabularySize(cursor: Cursor, values: KeyValues): number {
  const tokens = values.arrays.get('tokenizer.ggml.tokens');
  if (tokens === undefined) throw cursor.damaged('the key `tokenizer.ggml.tokens` is missing');
  if (tokens.elementType !== ValueType.String || tokens.length < 1 || tokens.length > tokensMax) {
    throw cursor.damaged('its vocabulary is not a list of strings');
  }
  for (const key of ['tokenizer.ggml.scores', 'tokenizer.ggml.token_type']) {
    const list = values.arrays.get(key);
    if (list === undefined) continue;
    const isNumeric = alongVocabulary.has(list.elementType);
    if (!isNumeric || list.length < tokens.length) {
      throw cursor.damaged(`\`${key}\` does not fit the vocabulary of ${tokens.length}`);
    }
  }
  return tokens.length;
}

/** Types of four bytes: the engine reads these lists as such. */
const alongVocabulary: ReadonlySet<number> = new Set([ValueType.Uint32, ValueType.Int32, ValueType.Float32]);

/** Bytes that tensor data is aligned to. Throws MODEL-022. */
export function readAlignment(cursor: Cursor, values: KeyValues): number {
  const entry = values.numbers.get('general.alignment');
  if (entry === undefined && !values.arrays.has('general.alignment')) return alignmentDefault;
  const value = entry?.value ?? 0;
  const isPowerOfTwo = value > 0 && Number.isInteger(Math.log2(value));
  if (entry?.type !== ValueType.Uint32 || !isPowerOfTwo) {
    throw cursor.damaged('`general.alignment` is not a power of two');
  }
  return value;
}

/** Text from a hostile file, fit for a message. */
export function printable(text: string): string {
  return text.slice(0, 64).replace(/[^\x20-\x7e]/g, '?');
}
