/**
 * `npm run models -- text-eval --out FOLDER …`: the pairs that training/text-eval.py learns from, encoded. SET.bin holds
 * tokens (16 bits), SET.marks a byte for each of them (1 = wrong here), SET.idx a pair's start, length, length of the
 * comment and whether it is right (32 bits each), all little endian; pairs.json says how many there are of what.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Tokenizer, type TokenizerFile } from '../tokenizer/tokenizer.js';
import { OutputFile, writeWhole } from './output.js';
import { marksOf } from './text-eval-difference.js';
import { textPairs, type PairSet, type TextPair } from './text-eval-pairs.js';

export const textEvalUsage = `text-eval --out FOLDER --tokenizer FILE [options]
  --pairs 150000 --dev 2000   pairs of a comment and code, half of them right
  --seed 1
  --length-max 320            tokens of a pair; longer ones are left out`;

export interface EncodedPair {
  readonly tokens: readonly number[];
  readonly commentLength: number;
  readonly marks: Uint8Array;
}

/** `<|block|>COMMENT<|out|>CODE<|endoftext|>`. */
export function encodePair(tokenizer: Tokenizer, { comment, code, rightCode }: TextPair): EncodedPair {
  const head = [tokenizer.control('<|block|>'), ...tokenizer.encode(comment), tokenizer.control('<|out|>')];
  const answerOf = (text: string) => [...tokenizer.encode(text), tokenizer.control('<|endoftext|>')];
  const answer = answerOf(code);
  const tokens = [...head, ...answer];
  const marks = new Uint8Array(tokens.length);
  if (code !== rightCode) marks.set(marksOf(answerOf(rightCode), answer), head.length);
  return { tokens, commentLength: head.length, marks };
}

export async function runTextEval(commandArguments: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...commandArguments],
    options: {
      out: { type: 'string' },
      tokenizer: { type: 'string' },
      pairs: { type: 'string', default: '150000' },
      dev: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      'length-max': { type: 'string', default: '320' },
    },
  });
  const { out, tokenizer: file, seed } = values;
  if (out === undefined || file === undefined) throw new Error(textEvalUsage);
  mkdirSync(out, { recursive: true });
  const text = readFileSync(file, 'utf8');
  const tokenizer = new Tokenizer(JSON.parse(text) as TokenizerFile);
  const lengthMax = Number(values['length-max']);
  const sets = (
    [
      ['train', Number(values.pairs)],
      ['dev', Number(values.dev)],
    ] as const
  ).map(([set, count]) => [
    set,
    writeSet(path.resolve(out), set, textPairs(set, seed, count), tokenizer, lengthMax),
  ]);
  writeWhole(out, 'tokenizer.json', text);
  writeWhole(
    out,
    'pairs.json',
    `${JSON.stringify({ seed, lengthMax, ...Object.fromEntries(sets) }, null, 2)}\n`,
  );
  return 0;
}

function writeSet(
  folder: string,
  set: PairSet,
  pairs: Iterable<TextPair>,
  tokenizer: Tokenizer,
  lengthMax: number,
): object {
  const files = {
    bin: new OutputFile(folder, `${set}.bin`),
    marks: new OutputFile(folder, `${set}.marks`),
    idx: new OutputFile(folder, `${set}.idx`),
  };
  const counts: Record<string, number> = { right: 0 };
  let [start, tooLong] = [0, 0];
  for (const pair of pairs) {
    const { tokens, commentLength, marks } = encodePair(tokenizer, pair);
    if (tokens.length > lengthMax) {
      tooLong++;
      continue;
    }
    files.bin.write(new Uint8Array(Uint16Array.from(tokens).buffer));
    files.marks.write(marks);
    const isRight = pair.wrongWay === null ? 1 : 0;
    files.idx.write(new Uint8Array(Uint32Array.of(start, tokens.length, commentLength, isRight).buffer));
    start += tokens.length;
    const name = pair.wrongWay ?? 'right';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  const written = Object.entries(files).map(([ending, file]) => [`${set}.${ending}`, file.close()]);
  return { counts, tokens: start, tooLong, files: Object.fromEntries(written) };
}
