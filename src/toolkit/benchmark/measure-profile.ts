/**
 * Measures what one copy does: prompts of several lengths one after the other, then answers of several callers at once.
 * Some seconds of load; whoever else uses the copy meanwhile is measured, too.
 */
import type { ServiceModel } from '../../domain/service-profile.js';
import type { CallTarget } from './call-dialect.js';
import { fitServiceModel, type ProfileSample } from './fit-profile.js';
import { type CallOutcome, type InferenceClient, openClient } from './inference-client.js';
import { synthesizePrompt } from './prompts.js';

/** Lengths of prompts, tokens, as far as the caller allows. */
const promptSizes = [16, 64, 256, 1024];
const roundsPerSize = 4;
const shortPromptTokens = 16;
const answerTokens = 48;
const callMsMax = 120_000;

export interface ProfileMeasurement {
  readonly service: ServiceModel;
  readonly calls: number;
  /** The first thing that went wrong; null = nothing did. */
  readonly failure: CallOutcome['failure'];
}

/**
 * `sequencesMax`: callers at once at most, as many as the copy computes at once. `promptTokensMax`: the longest prompt.
 * Calls that fail are left out. `onCall`: told after each call.
 */
export async function measureProfile(
  target: CallTarget,
  sequencesMax: number,
  promptTokensMax: number,
  onCall: (progress: { readonly ended: number; readonly planned: number }) => void = () => {},
): Promise<ProfileMeasurement> {
  const sizes = promptSizes.filter((one) => one <= promptTokensMax);
  const crowds = crowdsUpTo(sequencesMax);
  const planned = sizes.length * roundsPerSize + crowds.reduce((sum, one) => sum + one, 0);
  const client = openClient(target, callMsMax);
  const samples: ProfileSample[] = [];
  let seed = 0;
  let calls = 0;
  let failure: CallOutcome['failure'] = null;
  const measure = async (sequences: number, promptTokens: number, tokens: number) => {
    const outcome = await call(client, synthesizePrompt(promptTokens, seed++), tokens);
    calls++;
    onCall({ ended: calls, planned });
    failure ??= outcome.failure;
    const sample = sampleOf(outcome, sequences, promptTokens);
    if (sample !== null) samples.push(sample);
  };
  try {
    await call(client, synthesizePrompt(shortPromptTokens, 1_000_000), 4);
    for (const size of sizes) {
      for (let round = 0; round < roundsPerSize; round++) await measure(1, size, 2);
    }
    for (const at of crowds) {
      await Promise.all(
        Array.from({ length: at }, () =>
          measure(at, Math.min(shortPromptTokens, promptTokensMax), answerTokens),
        ),
      );
    }
  } finally {
    client.close();
  }
  return { service: fitServiceModel(samples, sequencesMax), calls, failure };
}

/** Callers at once: powers of two, and the most there may be. */
function crowdsUpTo(sequencesMax: number): readonly number[] {
  const crowds: number[] = [];
  for (let sequences = 1; sequences < sequencesMax; sequences *= 2) crowds.push(sequences);
  return [...crowds, sequencesMax];
}

function call(client: InferenceClient, prompt: string, tokens: number): Promise<CallOutcome> {
  return client.call({
    prompt,
    suffix: null,
    newTokensMax: tokens,
    temperature: 0,
    seed: 1,
    endTokensIgnored: true,
    stream: true,
  });
}

function sampleOf(
  { record, failure }: CallOutcome,
  sequences: number,
  promptTokens: number,
): ProfileSample | null {
  const { startedAt, arrivals, outputTokens } = record;
  const first = arrivals[0];
  if (failure !== null || first === undefined) return null;
  const last = arrivals.at(-1)!;
  return {
    sequences,
    promptTokens: record.promptTokens ?? promptTokens,
    firstTokenMs: first - startedAt,
    // Too few tokens: what counts is the pieces' coming together.
    tokenMs: outputTokens >= answerTokens / 2 && last > first ? (last - first) / (outputTokens - 1) : null,
  };
}
