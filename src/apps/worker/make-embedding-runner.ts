/** Embeddings and scores, for models that are made for them. */
import { systemClock } from '../../adapters/clock/system.js';
import { createEmbeddingEngine } from '../../adapters/engine/llama-cpp/embedding-engine.js';
import type { LlamaModel } from '../../adapters/engine/llama-cpp/model.js';
import { chooseTask } from '../../decide/pooling/choose-task.js';
import { StowageError } from '../../domain/errors.js';
import { EmbeddingRunner } from '../../worker/embedding-runner.js';
import type { Runner } from '../../worker/runner.js';
import type { Making } from './making.js';

/**
 * Tokens of a text where `max_model_len` does not say. A whole batch is computed at once, and the library reserves
 * memory for the longest that may come: of a model with a vocabulary of 150,000 more than a gigabyte for these.
 */
const textTokensDefault = 2048;

/** Null when the model generates text. Rejects with MODEL-024. */
export async function makeEmbeddingRunner(making: Making, model: LlamaModel): Promise<Runner | null> {
  const { component, options, threads, threadsMax } = making.assignment;
  const { architecture, label, trainedTokens } = model;
  const poolingType = model.metadata(`${architecture}.pooling_type`);
  const facts = { architecture, poolingType: poolingType === null ? null : Number(poolingType) };
  const choice = chooseTask(facts, options);
  if (choice.task === null) throw StowageError.of('MODEL-024', { file: label, problem: choice.problem });
  if (choice.task === 'generate') return null;
  if (options.promptTemplate !== null) {
    const problem = '`prompt_template` is not for embeddings and ranking: send the text with its prefix';
    throw StowageError.of('MODEL-024', { file: label, problem });
  }
  const wanted = options.modelTokensMax === 0 ? textTokensDefault : options.modelTokensMax;
  const textTokensMax = Math.min(wanted, trainedTokens);
  const engine = await createEmbeddingEngine(model, {
    ability: choice.task,
    poolingType: choice.poolingType,
    textsMax: options.rollingBatchSizeMax,
    textTokensMax,
    batchTokensMax: Math.max(options.stepTokensMax, textTokensMax),
    threads,
    threadsMax,
    options,
  });
  await engine.compute([[0]]);
  return new EmbeddingRunner({ engine, component, options, clock: systemClock });
}
