/**
 * How the next token is chosen and where the answer ends, as JSON bodies say it. The fields have the same
 * names, bounds and neutral values in every dialect; which name means stop strings, and whether an absent
 * field means sampling, is the dialect's to say.
 */
import type { SamplingParameters } from '../../domain/inference.js';
import { type Fields, isObject } from './fields.js';

/** The largest token id, and the largest count of tokens that can be asked for. */
export const tokenIdMax = 2 ** 31 - 1;
const stopCountMax = 16;
const stopCharsMax = 1024;
const logitBiasCountMax = 1024;
/** Below this a temperature only overflows; it means greedy. */
const temperatureMin = 1e-5;

/** Every choice but the seed; greedy unless `isSampled`. An absent temperature is 1. Throws REQ-210. */
export function samplingOf(fields: Fields, isSampled: boolean): Omit<SamplingParameters, 'seed'> {
  const temperature = fields.number('temperature', 0, 100) ?? 1;
  const topP = fields.number('top_p', 0, 1) ?? 1;
  const minP = fields.number('min_p', 0, 1) ?? 0;
  const topK = fields.integer('top_k', -1, tokenIdMax) ?? 0;
  // These leave one token to choose from, which is what greedy means.
  const isGreedy = !isSampled || temperature < temperatureMin || topP === 0 || minP === 1;
  return {
    temperature: isGreedy ? 0 : temperature,
    topK: Math.max(0, topK),
    topP: topP === 0 ? 1 : topP,
    minP: minP === 1 ? 0 : minP,
    repetitionPenalty: fields.number('repetition_penalty', 0.01, 100) ?? 1,
    presencePenalty: fields.number('presence_penalty', -2, 2) ?? 0,
    frequencyPenalty: fields.number('frequency_penalty', -2, 2) ?? 0,
    logitBias: logitBiasOf(fields),
  };
}

/**
 * `seed`, 0..2^53-1, or null. Seeds of other ranges (negative, 64 bits) are folded into ours: the same seed
 * stays the same. Throws REQ-210.
 */
export function seedOf(fields: Fields): number | null {
  const seed = fields.integer('seed', -Number.MAX_VALUE, Number.MAX_VALUE);
  if (seed === null) return null;
  const folded = seed % 2 ** 53;
  return folded < 0 ? folded + 2 ** 53 : Math.abs(folded);
}

/** The stop strings under that name, one or a list; throws REQ-210. */
export function stopOf(fields: Fields, field: string): readonly string[] {
  const value = fields.get(field);
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > stopCountMax) throw fields.bad(field, `must have at most ${stopCountMax} strings`);
  for (const entry of list) {
    if (typeof entry !== 'string' || entry === '' || entry.length > stopCharsMax) {
      throw fields.bad(field, `must be strings of 1 to ${stopCharsMax} characters`);
    }
  }
  return list as readonly string[];
}

function logitBiasOf(fields: Fields): SamplingParameters['logitBias'] {
  const field = 'logit_bias';
  const value = fields.get(field);
  if (value === undefined) return [];
  if (!isObject(value)) throw fields.bad(field, 'must be an object of token ids and numbers');
  const pairs: (readonly [number, number])[] = [];
  for (const key in value) {
    const bias = value[key];
    const token = /^\d{1,10}$/.test(key) ? Number(key) : NaN;
    if (!(token <= tokenIdMax)) throw fields.bad(field, 'must have token ids as keys');
    if (typeof bias !== 'number' || bias < -100 || bias > 100) {
      throw fields.bad(field, 'must have numbers from -100 to 100 as values');
    }
    if (pairs.push([token, bias]) > logitBiasCountMax) {
      throw fields.bad(field, `must have at most ${logitBiasCountMax} entries`);
    }
  }
  return pairs;
}
