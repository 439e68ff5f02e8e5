/** Whole numbers between two bounds, as decimal digits without leading zeros. */
import { literal, oneOf } from './code-points.js';
import { choice, type Expression, GrammarProblem, repeat, sequence } from './expression.js';

/** Both bounds included, each a safe integer. Throws GrammarProblem when there is no number between them. */
export function integersBetween(min: number, max: number): Expression {
  if (min > max) throw new GrammarProblem(`allows no number (at least ${min}, at most ${max})`);
  const options: Expression[] = [];
  if (min < 0) options.push(sequence(literal('-'), naturalsBetween(Math.max(1, -max), -min)));
  if (max >= 0) options.push(naturalsBetween(Math.max(0, min), max));
  return choice(options);
}

/** 0 ≤ min ≤ max. */
function naturalsBetween(min: number, max: number): Expression {
  const low = String(min);
  const high = String(max);
  const options: Expression[] = [];
  for (let length = low.length; length <= high.length; length += 1) {
    const from = length === low.length ? low : `1${'0'.repeat(length - 1)}`;
    const to = length === high.length ? high : '9'.repeat(length);
    options.push(sameLength(from, to));
  }
  return choice(options);
}

/** Numbers of as many digits as both bounds have. */
function sameLength(low: string, high: string): Expression {
  if (low === high) return literal(low);
  const first = Number(low[0]);
  const last = Number(high[0]);
  const rest = low.length - 1;
  if (rest === 0) return digit(first, last);
  if (first === last) return sequence(literal(low[0]!), sameLength(low.slice(1), high.slice(1)));
  const options: Expression[] = [];
  const startsInside = /[1-9]/.test(low.slice(1));
  const endsInside = /[0-8]/.test(high.slice(1));
  if (startsInside) options.push(sequence(literal(low[0]!), sameLength(low.slice(1), '9'.repeat(rest))));
  const from = startsInside ? first + 1 : first;
  const to = endsInside ? last - 1 : last;
  if (from <= to) options.push(sequence(digit(from, to), repeat(digit(0, 9), rest, rest)));
  if (endsInside) options.push(sequence(literal(high[0]!), sameLength('0'.repeat(rest), high.slice(1))));
  return choice(options);
}

function digit(from: number, to: number): Expression {
  return oneOf([[0x30 + from, 0x30 + to]]);
}
