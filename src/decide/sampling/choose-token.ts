/**
 * Which token comes next. Pure: logits, parameters, what was seen, and a position go in; a token id comes
 * out. The order is the one of OpenAI's and vLLM's documents: bias and penalties, temperature, then min_p,
 * top_k and top_p over the tempered distribution. Ties go to the lower id.
 */
import type { SamplingParameters } from '../../domain/inference.js';
import { largest } from './largest.js';
import { uniformAt } from './uniform.js';

/** What the penalties look at; both follow from the tokens alone. */
export interface SeenTokens {
  /** How often each token was generated. */
  readonly generated: ReadonlyMap<number, number>;
  /** Tokens of the prompt, for `repetitionPenalty`. */
  readonly prompt: ReadonlySet<number>;
}

/**
 * The token for `position` (tokens generated before it, ≥ 0). `logits` is of vocabulary length and is
 * changed in place by bias and penalties. NaN logits count as impossible.
 */
export function chooseToken(
  logits: Float32Array,
  parameters: SamplingParameters,
  seen: SeenTokens,
  position: number,
): number {
  adjust(logits, parameters, seen);
  if (parameters.temperature === 0) return argmax(logits);
  return draw(logits, parameters, uniformAt(parameters.seed, position));
}

/** Bits of infinity as f32: of positive numbers, only NaN has larger ones. */
const infinityBits = 0x7f80_0000;

/**
 * The id of the largest value; the lowest such id. Positive floats are ordered as their bits are, and comparing those,
 * four at a time, takes a third of the time; the largest logit is nearly always positive.
 */
export function argmax(values: Float32Array): number {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const { length } = bits;
  let best = -1;
  let most = 0;
  const look = (from: number, to: number) => {
    for (let id = from; id < to; id++) {
      if (bits[id]! <= most) continue;
      most = bits[id]!;
      best = id;
    }
  };
  const whole = length - (length % 4);
  for (let id = 0; id < whole; id += 4) {
    const isMore = bits[id]! > most || bits[id + 1]! > most || bits[id + 2]! > most || bits[id + 3]! > most;
    if (isMore) look(id, id + 4);
  }
  look(whole, length);
  return best < 0 || most > infinityBits ? argmaxOfAny(values) : best;
}

/** Where nothing is positive, or something is no number. */
function argmaxOfAny(values: Float32Array): number {
  let best = 0;
  let bestValue = -Infinity;
  for (let id = 0; id < values.length; id++) {
    const value = values[id]!;
    if (value > bestValue) {
      bestValue = value;
      best = id;
    }
  }
  return best;
}

/** True if `adjust` would change nothing. */
export function isUnadjusted(parameters: SamplingParameters): boolean {
  return (
    parameters.logitBias.length === 0 &&
    parameters.repetitionPenalty === 1 &&
    parameters.presencePenalty === 0 &&
    parameters.frequencyPenalty === 0
  );
}

function adjust(logits: Float32Array, parameters: SamplingParameters, seen: SeenTokens): void {
  if (isUnadjusted(parameters)) return;
  for (const [token, bias] of parameters.logitBias) {
    if (token < logits.length) logits[token]! += bias;
  }
  const { repetitionPenalty, presencePenalty, frequencyPenalty } = parameters;
  if (repetitionPenalty !== 1) {
    const penalize = (token: number) => {
      const value = logits[token]!;
      logits[token] = value > 0 ? value / repetitionPenalty : value * repetitionPenalty;
    };
    for (const token of seen.generated.keys()) penalize(token);
    for (const token of seen.prompt) if (!seen.generated.has(token)) penalize(token);
  }
  if (presencePenalty !== 0 || frequencyPenalty !== 0) {
    for (const [token, count] of seen.generated) {
      logits[token]! -= presencePenalty + frequencyPenalty * count;
    }
  }
}

function draw(logits: Float32Array, parameters: SamplingParameters, chance: number): number {
  const { temperature, topK, topP, minP } = parameters;
  const peak = logits[argmax(logits)]!;
  const weigh = (logit: number) => Math.exp((logit - peak) / temperature);
  if (topK === 0 && topP === 1 && minP === 0) return drawFromAll(logits, weigh, chance);

  const floor = minP > 0 ? peak + temperature * Math.log(minP) : -Infinity;
  const kept =
    topK > 0
      ? largest(logits, topK, floor)
      : topP < 1
        ? nucleusCandidates(logits, weigh, topP, floor, peak, temperature)
        : atLeast(logits, floor);
  if (kept.length === 0) return argmax(logits);

  let mass = 0;
  for (const id of kept) mass += weigh(logits[id]!);
  const whole = topK === 0 && topP < 1 ? totalMass(logits, weigh, floor) : mass;
  const limit = topP < 1 ? cutNucleus(kept, logits, weigh, topP * whole) : { count: kept.length, mass };
  let remaining = chance * limit.mass;
  for (let index = 0; index < limit.count; index++) {
    remaining -= weigh(logits[kept[index]!]!);
    if (remaining < 0) return kept[index]!;
  }
  return kept[limit.count - 1]!;
}

function drawFromAll(logits: Float32Array, weigh: (logit: number) => number, chance: number): number {
  let remaining = chance * totalMass(logits, weigh, -Infinity);
  let last = 0;
  for (let id = 0; id < logits.length; id++) {
    const weight = weigh(logits[id]!);
    if (!(weight > 0)) continue;
    remaining -= weight;
    last = id;
    if (remaining < 0) return id;
  }
  return last;
}

function totalMass(logits: Float32Array, weigh: (logit: number) => number, floor: number): number {
  let mass = 0;
  for (const logit of logits) if (logit >= floor) mass += weigh(logit);
  return mass;
}

function atLeast(logits: Float32Array, floor: number): number[] {
  const ids: number[] = [];
  for (let id = 0; id < logits.length; id++) if (logits[id]! >= floor) ids.push(id);
  return sortByLogit(ids, logits);
}

/** The tokens of the nucleus and a few more, likeliest first: lowers the floor until the mass is enough. */
function nucleusCandidates(
  logits: Float32Array,
  weigh: (logit: number) => number,
  topP: number,
  floor: number,
  peak: number,
  temperature: number,
): number[] {
  const needed = topP * totalMass(logits, weigh, floor);
  for (let depth = 4; ; depth *= 2) {
    const level = peak - depth * temperature;
    const ids = atLeast(logits, Math.max(floor, level));
    let mass = 0;
    for (const id of ids) mass += weigh(logits[id]!);
    if (mass >= needed || level <= floor || depth > 4096) return ids;
  }
}

function cutNucleus(
  ids: readonly number[],
  logits: Float32Array,
  weigh: (logit: number) => number,
  needed: number,
): { count: number; mass: number } {
  let mass = 0;
  for (let index = 0; index < ids.length; index++) {
    mass += weigh(logits[ids[index]!]!);
    if (mass >= needed) return { count: index + 1, mass };
  }
  return { count: ids.length, mass };
}

function sortByLogit(ids: number[], logits: Float32Array): number[] {
  return ids.sort((a, b) => logits[b]! - logits[a]! || a - b);
}
