/** Embeddings and scores, for models that are made for them. */
import { systemClock } from '../../adapters/clock/system.js';
import { createEmbeddingEngine } from '../../adapters/engine/llama-cpp/embedding-engine.js';
import type { LlamaModel } from '../../adapters/engine/llama-cpp/model.js';
import { chooseTask } from '../../decide/pooling/choose-task.js';
import { textLimits } from '../../decide/pooling/text-limits.js';
import { type ComponentOptions, SpeculativeMethod } from '../../domain/component-options.js';
import { StowageError } from '../../domain/errors.js';
import { EmbeddingRunner } from '../../worker/embedding-runner.js';
import type { Runner } from '../../worker/runner.js';
import type { Making } from './making.js';

/** Null when the model generates text. Rejects with MODEL-024. */
export async function makeEmbeddingRunner(making: Making, model: LlamaModel): Promise<Runner | null> {
  const { component, options, threads, threadsMax } = making.assignment;
  const { architecture, label, trainedTokens } = model;
  const poolingType = model.metadata(`${architecture}.pooling_type`);
  const facts = { architecture, poolingType: poolingType === null ? null : Number(poolingType) };
  const choice = chooseTask(facts, options);
  if (choice.task === null) throw StowageError.of('MODEL-024', { file: label, problem: choice.problem });
  if (choice.task === 'generate') return null;
  const problem = unfitOption(options);
  if (problem !== null) throw StowageError.of('MODEL-024', { file: label, problem });
  const limits = textLimits(options, trainedTokens);
  const engine = await createEmbeddingEngine(model, {
    ability: choice.task,
    poolingType: choice.poolingType,
    // The library ends the process when a batch may have more texts than tokens.
    textsMax: Math.min(options.rollingBatchSizeMax, limits.batchTokensMax),
    ...limits,
    threads,
    threadsMax,
    options,
  });
  await engine.compute([[0]]);
  return new EmbeddingRunner({ engine, component, options, clock: systemClock });
}

/** What is asked for and would have no effect; null = nothing. */
function unfitOption(options: ComponentOptions): string | null {
  const { promptTemplate, loraModules, speculativeMethod, draftModel } = options;
  if (promptTemplate !== null) {
    return '`prompt_template` is not for embeddings and ranking: send the text with its prefix';
  }
  if (speculativeMethod !== SpeculativeMethod.Off) {
    return '`speculative_method` is not for embeddings and ranking';
  }
  if (draftModel !== null) return '`speculative_draft_model` is not for embeddings and ranking';
  return loraModules === null ? null : '`lora_modules` is not for embeddings and ranking';
}
