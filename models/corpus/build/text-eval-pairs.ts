/**
 * Pairs of a comment and code, for the classifier that says whether the one answers the other: half of them do. Each
 * right pair has a wrong one with the same comment, and but for edited code every piece of code is right for some comment
 * as often as it is wrong for another.
 */
import { Random } from '../random.js';
import type { BlockSample } from '../samples.js';
import { differenceOf, type Difference } from './text-eval-difference.js';
import { edited, trainedEdits, unseenEdits, type EditName } from './text-eval-edits.js';
import { drawTwins, type Parting } from './text-eval-twins.js';

export const pairSets = ['train', 'dev', 'test', 'unseen'] as const;
/** `unseen`: wrong only in ways that training has not. */
export type PairSet = (typeof pairSets)[number];

/** How a wrong answer was come by: what it differs in from the right one, or what was done to that. */
export type WrongWay = Difference | EditName | 'another request';

export interface TextPair {
  readonly comment: string;
  readonly code: string;
  /** What `comment` asks for; the same as `code` where that is right. */
  readonly rightCode: string;
  /** Pairs of one comment have the same. */
  readonly group: number;
  /** Null = it is right. */
  readonly wrongWay: WrongWay | null;
}

/** How wrong answers of training, dev and test are come by. */
const ways: readonly (readonly [weight: number, way: Parting | 'edit'])[] = [
  [0.72, 'step'],
  [0.1, 'leave'],
  [0.18, 'edit'],
];
/** How much is kept of what a draw that steps aside gives, where it gives more than enough of it. */
const keptShares: Readonly<Partial<Record<Difference, number>>> = { several: 0.2, field: 0.6, object: 0.6 };
/** Draws for one pair that is kept. */
const drawsMax = 200;

/**
 * `count` pairs of a set; the same seed gives the same. Each set is drawn with seeds of its own, pairs of `train` have
 * nothing that is held out (draw.ts), and all others have something. Dev, test and unseen may share a pair.
 */
export function* textPairs(set: PairSet, seed: string, count: number): Generator<TextPair> {
  let [made, group] = [0, 0];
  for (let number = 0; made < count; number++) {
    if (number > drawsMax * count) throw new Error(`${set}: only ${made} pairs of ${count}`);
    const random = new Random(`text-eval ${set} ${seed} ${number}`);
    const way = set === 'unseen' ? 'edit' : random.weighted(ways);
    const seedOfDraw = `text-eval draw ${set} ${seed} ${number}`;
    const pairs =
      way === 'edit' ? editedPairs(random, seedOfDraw, set) : twinPairs(random, seedOfDraw, set, way);
    for (const pair of pairs) {
      if (made++ >= count) return;
      yield { ...pair, group: group + pair.group };
    }
    group += 2;
  }
}

/** Each comment with each answer: two right, two wrong. */
function twinPairs(random: Random, seed: string, set: PairSet, way: Parting): TextPair[] {
  const twins = drawTwins(seed, way);
  if (twins === null || twins.hasHeldOut.some((isHeldOut) => isHeldOut !== (set !== 'train'))) return [];
  const [first, second] = twins.samples;
  const difference = differenceOf(first.answer, second.answer);
  if (way === 'step' && !random.chance(keptShares[difference] ?? 1)) return [];
  const wrongWay = way === 'leave' && difference === 'several' ? 'another request' : difference;
  return [
    rightPair(first, 0),
    { ...rightPair(first, 0), code: second.answer, wrongWay },
    rightPair(second, 1),
    { ...rightPair(second, 1), code: first.answer, wrongWay },
  ];
}

function editedPairs(random: Random, seed: string, set: PairSet): TextPair[] {
  const twins = drawTwins(seed, 'leave');
  if (twins === null || twins.hasHeldOut[0] !== (set !== 'train')) return [];
  const [sample] = twins.samples;
  const names = Object.keys(set === 'unseen' ? unseenEdits : trainedEdits) as EditName[];
  const wrongWay = random.pick(names);
  const code = edited(random, wrongWay, sample.answer);
  if (code === null) return [];
  return [rightPair(sample, 0), { ...rightPair(sample, 0), code, wrongWay }];
}

function rightPair({ prompt, answer }: BlockSample, group: number): TextPair {
  return { comment: prompt, code: answer, rightCode: answer, group, wrongWay: null };
}
