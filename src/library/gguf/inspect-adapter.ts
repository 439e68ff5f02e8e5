/**
 * Reads the header of a GGUF file that is to be a LoRA adapter, and refuses what the engine's native code must never
 * see: other files, damaged ones, keys of other types than it takes for granted (it ends the process over them), and
 * tensors that do not come in pairs or cannot be multiplied. Whether the pairs fit the model the engine says itself.
 */
import { StowageError } from '../../domain/errors.js';
import { Cursor } from './cursor.js';
import type { ReadRange } from './cursor.js';
import { printable, readAlignment, readPreamble } from './inspect-gguf.js';
import { readKeyValues, ValueType } from './key-values.js';
import type { KeyValues } from './key-values.js';
import { readTensors, type TensorFacts } from './tensors.js';

export interface AdapterHeader {
  /** Of the models it is for. */
  readonly architecture: string;
  /** Its own name; empty when it has none. */
  readonly name: string;
  /** Numbers per row between the two tensors of a pair, of the widest pair. */
  readonly rank: number;
  /** Tensors of the model that it changes. */
  readonly pairCount: number;
  /** Bytes of the tensor data. */
  readonly tensorBytes: number;
}

/** Types that the engine multiplies by nothing. */
const unmultiplied: ReadonlySet<string> = new Set(['I8', 'I16', 'I32', 'I64', 'F64', 'Q8_1', 'Q8_K']);
const alphaKey = 'adapter.lora.alpha';

/**
 * The header of an adapter of `fileBytes` bytes that `read` reads. Throws MODEL-020 (sound, but no adapter), MODEL-021
 * and MODEL-022, and whatever `read` throws.
 */
export async function inspectAdapter(
  read: ReadRange,
  fileBytes: number,
  fileName = 'FILE.gguf',
): Promise<AdapterHeader> {
  const cursor = new Cursor(read, fileBytes, fileName);
  const { tensorCount, keyCount } = await readPreamble(cursor, fileBytes);
  const values = await readKeyValues(cursor, keyCount);
  refuseWhatIsNoAdapter(values, fileName);
  const architecture = values.strings.get('general.architecture');
  if (architecture === undefined) throw cursor.damaged('the key `general.architecture` is missing');
  if (values.numbers.get(alphaKey)?.type !== ValueType.Float32) {
    throw cursor.damaged(`\`${alphaKey}\` is not a float32`);
  }
  const { tensors, bytes } = await readTensors(cursor, tensorCount, readAlignment(cursor, values), fileBytes);
  return {
    architecture: printable(architecture),
    name: values.strings.get('general.name') ?? '',
    ...checkPairs(cursor, tensors),
    tensorBytes: bytes,
  };
}

function refuseWhatIsNoAdapter({ strings, numbers }: KeyValues, file: string): void {
  const type = strings.get('general.type') ?? 'model';
  if (type !== 'adapter') {
    throw StowageError.of('MODEL-020', { file, problem: `it holds \`${printable(type)}\`, not an adapter` });
  }
  const kind = strings.get('adapter.type') ?? 'nothing that it names';
  if (kind !== 'lora') {
    const problem = `it is an adapter of the type \`${printable(kind)}\`, known is \`lora\``;
    throw StowageError.of('MODEL-020', { file, problem });
  }
  if ((numbers.get('split.count')?.value ?? 1) > 1) {
    throw StowageError.of('MODEL-020', { file, problem: 'it is one of several parts; join them' });
  }
}

/** Each tensor of the model that is changed has an A and a B, whose ranks are the same. */
function checkPairs(
  cursor: Cursor,
  tensors: ReadonlyMap<string, TensorFacts>,
): Pick<AdapterHeader, 'rank' | 'pairCount'> {
  let rank = 0;
  let pairCount = 0;
  for (const [name, tensor] of tensors) {
    if (name.endsWith('_norm.weight')) continue; // the engine passes over these
    const [, base = '', side = ''] = /^(.+)\.lora_([ab])$/.exec(name) ?? [];
    if (base === '') throw cursor.damaged(`tensor \`${printable(name)}\` is of no LoRA pair`);
    if (unmultiplied.has(tensor.type)) {
      throw cursor.damaged(`tensor \`${printable(name)}\` has the type ${tensor.type}`);
    }
    const other = tensors.get(`${base}.lora_${side === 'a' ? 'b' : 'a'}`);
    if (other === undefined) throw cursor.damaged(`tensor \`${printable(name)}\` has no other half`);
    if (side === 'b') continue;
    const pairRank = rankOf(base, tensor, other);
    if (pairRank === null) throw cursor.damaged(`the halves of \`${printable(base)}\` have other ranks`);
    rank = Math.max(rank, pairRank);
    pairCount += 1;
  }
  if (pairCount === 0) throw cursor.damaged('it changes no tensor');
  return { rank, pairCount };
}

/** Null when the two do not fit each other. Of the token embeddings both halves stand the other way round. */
function rankOf(base: string, a: TensorFacts, b: TensorFacts): number | null {
  const rankA = base.endsWith('token_embd.weight') ? a.dimensions[0] : (a.dimensions[1] ?? 1);
  const rankB = b.dimensions[0];
  return rankA === rankB && rankA !== undefined ? rankA : null;
}
