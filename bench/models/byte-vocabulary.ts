/**
 * A vocabulary of GPT-2's kind for models without training: the 256 bytes, then merges of frequent letters
 * until the wanted size, then four control tokens.
 */

export interface Vocabulary {
  readonly tokens: readonly string[];
  /** GGUF's token types: 1 = normal, 3 = control. */
  readonly types: readonly number[];
  /** `left right`, the earlier the stronger. */
  readonly merges: readonly string[];
  readonly beginToken: number;
  readonly endToken: number;
}

const normalType = 1;
const controlType = 3;
const controlTokens = ['<s>', '</s>', '<|im_start|>', '<|im_end|>'];
const letters = [...'etaoinshrdlcumwfgypbvkjxqz'];

/** Exactly `size` tokens; `size` from 300 to 400,000. */
export function byteVocabulary(size: number): Vocabulary {
  const bytes = byteCharacters();
  const merges: string[] = [];
  const tokens = new Set(bytes);
  const normalMax = size - controlTokens.length;
  for (const [left, right] of mergeCandidates(bytes[32]!)) {
    if (tokens.size >= normalMax) break;
    if (tokens.has(left + right)) continue;
    tokens.add(left + right);
    merges.push(`${left} ${right}`);
  }
  if (tokens.size !== normalMax) throw new Error(`a vocabulary of ${size} tokens cannot be made`);
  return {
    tokens: [...tokens, ...controlTokens],
    types: [...Array<number>(normalMax).fill(normalType), ...controlTokens.map(() => controlType)],
    merges,
    beginToken: normalMax,
    endToken: normalMax + 1,
  };
}

/** Each part of a pair is itself a byte or an earlier pair, so that every merge can be reached. */
function* mergeCandidates(space: string): Iterable<readonly [left: string, right: string]> {
  const pairs = letters.flatMap((left) => letters.map((right) => left + right));
  for (const letter of letters) yield [space, letter];
  for (const left of letters) for (const right of letters) yield [left, right];
  for (const letter of letters) for (const pair of pairs) yield [space + letter, pair];
  for (const left of pairs) for (const right of pairs) yield [left, right];
}

/** GPT-2's printable character of each byte: itself where it is printable, else one from 256 on. */
function byteCharacters(): string[] {
  const isPrintable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}
