/**
 * What one copy does, fitted from what it was seen to do: a stretch of time in which it always computed took
 * `prompt / promptTokensPerSecond + steps * stepMs + generated * stepMsPerSequence`. Least squares of these three over the
 * stretches, none negative, old ones forgotten little by little; until enough was seen, the guess holds.
 */
import type { ServiceModel } from '../../../domain/service-profile.js';

/** What one copy did in one stretch of time in which it always had something to compute. */
export interface ServiceSample {
  readonly ms: number;
  readonly promptTokens: number;
  readonly steps: number;
  readonly generatedTokens: number;
}

/** Each stretch counts so much less than the next one: some hundred are remembered. */
const forgetting = 0.995;
/** How many stretches the guess weighs as much as. */
const guessWeight = 3;
/** A stretch that took so many times what was expected, or so small a part, is an accident and counts as the bound. */
const surpriseMax = 4;
/** A step with everything in it, the scale on which the guess is believed. */
const guessScale = { promptTokens: 512, steps: 20, generatedTokens: 80 };
const promptTokensPerSecondMax = 10_000_000;

/** Milliseconds of: a prompt token, a step, a generated token. */
type Costs = readonly [number, number, number];
type Row = readonly [number, number, number];

/** What was learned so far; made by `newFit`, changed by `learn`. */
export interface ServiceFit {
  readonly guess: ServiceModel;
  /** Sums of products of the rows, and of rows and times. */
  readonly products: readonly (readonly [number, number, number])[];
  readonly times: Row;
  readonly samples: number;
}

export function newFit(guess: ServiceModel): ServiceFit {
  const costs = costsOf(guess);
  const { promptTokens, steps, generatedTokens } = guessScale;
  // The guess as stretches of one kind of work each, weighted.
  const rows: readonly Row[] = [
    [promptTokens, 0, 0],
    [0, steps, 0],
    [0, 0, generatedTokens],
  ];
  let fit: ServiceFit = { guess, products: [zero, zero, zero], times: zero, samples: 0 };
  for (const row of rows) fit = add(fit, row, dot(row, costs), guessWeight);
  return { ...fit, samples: 0 };
}

export function learn(fit: ServiceFit, sample: ServiceSample): ServiceFit {
  const row: Row = [sample.promptTokens, sample.steps, sample.generatedTokens];
  if (!(sample.ms > 0) || row.every((value) => value === 0)) return fit;
  const expected = dot(row, solve(fit));
  const ms =
    fit.samples < 4 || expected <= 0
      ? sample.ms
      : Math.min(expected * surpriseMax, Math.max(expected / surpriseMax, sample.ms));
  const faded: ServiceFit = {
    ...fit,
    products: fit.products.map((line) => scale(line, forgetting)),
    times: scale(fit.times, forgetting),
  };
  // Long stretches say no more than short ones: the relative error counts.
  return add(faded, row, ms, 1 / Math.max(1, ms) ** 2 / weightUnit(fit.guess));
}

/** The model as it is believed now. */
export function fittedModel(fit: ServiceFit): ServiceModel {
  const [perPromptToken, stepMs, stepMsPerSequence] = solve(fit);
  const promptTokensPerSecond =
    perPromptToken > 0 ? Math.min(promptTokensPerSecondMax, 1000 / perPromptToken) : promptTokensPerSecondMax;
  return { ...fit.guess, promptTokensPerSecond, stepMs, stepMsPerSequence };
}

const zero: Row = [0, 0, 0];

/** So that a stretch as long as the guess's counts once. */
function weightUnit(guess: ServiceModel): number {
  const { promptTokens, steps, generatedTokens } = guessScale;
  const ms = dot([promptTokens, steps, generatedTokens], costsOf(guess));
  return 1 / Math.max(1, ms) ** 2;
}

function costsOf({ promptTokensPerSecond, stepMs, stepMsPerSequence }: ServiceModel): Costs {
  return [1000 / promptTokensPerSecond, stepMs, stepMsPerSequence];
}

function add(fit: ServiceFit, row: Row, ms: number, weight: number): ServiceFit {
  const products = fit.products.map((line, index): Row => {
    const factor = weight * row[index]!;
    return [line[0] + factor * row[0], line[1] + factor * row[1], line[2] + factor * row[2]];
  });
  const { times } = fit;
  const sums: Row = [
    times[0] + weight * row[0] * ms,
    times[1] + weight * row[1] * ms,
    times[2] + weight * row[2] * ms,
  ];
  return { ...fit, products, times: sums, samples: fit.samples + 1 };
}

/** Coordinate descent for least squares without negative values; three unknowns are there in some dozen rounds. */
function solve({ products, times, guess }: ServiceFit): Costs {
  const costs: [number, number, number] = [...costsOf(guess)];
  for (let round = 0; round < 200; round++) {
    let change = 0;
    for (let index = 0; index < 3; index++) {
      const line = products[index]!;
      if (line[index]! <= 0) continue;
      const rest = dot(line, costs) - line[index]! * costs[index]!;
      const next = Math.max(0, (times[index]! - rest) / line[index]!);
      change = Math.max(change, Math.abs(next - costs[index]!) / Math.max(1e-9, next));
      costs[index] = next;
    }
    if (change < 1e-6) break;
  }
  return costs;
}

function dot(a: Row, b: Row): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function scale(row: Row, factor: number): Row {
  return [row[0] * factor, row[1] * factor, row[2] * factor];
}
