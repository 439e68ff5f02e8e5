/**
 * How well TextEval (models/text-eval.onnx) tells code that answers its comment from code that does not: on pairs that
 * its training never saw (corpus/build/text-eval-pairs.ts), through onnxruntime-node. The pairs are made anew each time,
 * the same from the same seed.
 */
import { readFileSync } from 'node:fs';
import { encodePair } from '../corpus/build/text-eval.js';
import { textPairs, type PairSet, type TextPair, type WrongWay } from '../corpus/build/text-eval-pairs.js';
import { Tokenizer, type TokenizerFile } from '../corpus/tokenizer/tokenizer.js';
import { areaUnderCurve, rankedShare } from './text-eval-figures.js';
import { openTextEval, type TextEval } from './text-eval-model.js';

export interface TextEvalOptions {
  readonly modelPath: string;
  /** models/tokenizer.json. */
  readonly tokenizerPath: string;
  /** Of each of the two sets. */
  readonly pairCount: number;
  readonly seed: string;
  /** That compute; ≥ 1. */
  readonly threads: number;
  readonly onProgress: (doing: string, done: number, of: number) => void;
}

export interface TextEvalRow {
  /** Null = all of the set. */
  readonly wrongWay: WrongWay | null;
  readonly wrongCount: number;
  /** Under the curve, against all right pairs of the set: 0 to 1, one half = by chance. */
  readonly area: number;
  /** Share (0 to 1) of the wrong pairs that score below the right one of the same comment. */
  readonly ranked: number;
}

export interface TextEvalResult {
  /** All first, then the ways by name. */
  readonly sets: Readonly<Record<'test' | 'unseen', readonly TextEvalRow[]>>;
  /** Of each of the two sets. */
  readonly pairCount: number;
  /** Share (0 to 1) of the first set's pairs on whose right side of one half the score is. */
  readonly accuracy: number;
}

/** Scores both sets. Rejects where the model or the tokenizer cannot be read. */
export async function measureTextEval(options: TextEvalOptions): Promise<TextEvalResult> {
  const { tokenizerPath, modelPath, pairCount, threads } = options;
  const tokenizer = new Tokenizer(JSON.parse(readFileSync(tokenizerPath, 'utf8')) as TokenizerFile);
  const model = await openTextEval(modelPath, threads);
  const { test, unseen } = await bothScored(options, tokenizer, model).finally(() => model.close());
  const isAccurate = ({ pair, score }: ScoredPair) => score > 0.5 === (pair.wrongWay === null);
  return {
    sets: { test: rowsOf(test), unseen: rowsOf(unseen) },
    pairCount,
    accuracy: test.filter(isAccurate).length / test.length,
  };
}

interface ScoredPair {
  readonly pair: TextPair;
  readonly score: number;
}

async function bothScored(options: TextEvalOptions, tokenizer: Tokenizer, model: TextEval) {
  const test = await scored(options, 'test', tokenizer, model);
  return { test, unseen: await scored(options, 'unseen', tokenizer, model) };
}

async function scored(
  { seed, pairCount, onProgress }: TextEvalOptions,
  set: PairSet,
  tokenizer: Tokenizer,
  model: TextEval,
): Promise<readonly ScoredPair[]> {
  const pairs = [...textPairs(set, seed, pairCount)];
  const tokens = pairs.map((pair) => encodePair(tokenizer, pair).tokens);
  const scores = await model.scoresOf(tokens, (done) => onProgress(`TextEval, ${set}`, done, pairCount));
  return pairs.map((pair, index) => ({ pair, score: scores[index]! }));
}

function rowsOf(pairs: readonly ScoredPair[]): TextEvalRow[] {
  const right = pairs.filter(({ pair }) => pair.wrongWay === null);
  const rightOfGroup = new Map(right.map(({ pair, score }) => [pair.group, score]));
  const rowOf = (wrongWay: WrongWay | null): TextEvalRow => {
    const wrong = pairs.filter(
      ({ pair }) => pair.wrongWay !== null && (wrongWay === null || pair.wrongWay === wrongWay),
    );
    return {
      wrongWay,
      wrongCount: wrong.length,
      area: areaUnderCurve(
        right.map(({ score }) => score),
        wrong.map(({ score }) => score),
      ),
      ranked: rankedShare(
        wrong.map(({ pair, score }) => ({ right: rightOfGroup.get(pair.group), wrong: score })),
      ),
    };
  };
  const ways = new Set(pairs.map(({ pair }) => pair.wrongWay).filter((way) => way !== null));
  return [null, ...[...ways].sort()].map(rowOf);
}

/** As a section of the model card, Markdown. */
export function textEvalTable({ sets, pairCount, accuracy }: TextEvalResult): string {
  const rows = (['test', 'unseen'] as const).flatMap((set) => {
    const kinds = set === 'test' ? 'all kinds of training' : 'all kinds that training has not';
    return sets[set].map(
      ({ wrongWay, wrongCount, area, ranked }) =>
        `| ${wrongWay ?? `**${kinds}**`} | ${wrongCount} | ${area.toFixed(3)} | ${(100 * ranked).toFixed(1)} |`,
    );
  });
  return [
    '### TextEval: does the code answer its comment?',
    `${pairCount} pairs of each set, half of them right, each with a combination that is held out. AUC: how often a right pair scores above a wrong one of the row; ranked: how often the right answer scores above the wrong one to the same comment. With one half as the border ${(100 * accuracy).toFixed(1)} % of the first set are judged rightly.`,
    ['| what is wrong | wrong pairs | AUC | ranked % |', '|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}
