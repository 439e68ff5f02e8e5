/** Who proposes tokens, as the component's options say. */
import { systemClock } from '../../adapters/clock/system.js';
import { createLlamaEngine } from '../../adapters/engine/llama-cpp/engine.js';
import { hasMatrixTiles } from '../../adapters/engine/llama-cpp/processor.js';
import { loadLlamaModel } from '../../adapters/engine/llama-cpp/model.js';
import type { Engine } from '../../contracts/engine.js';
import type { WorkerAssignment } from '../../contracts/worker-protocol.js';
import { besideBytes, estimateMemory } from '../../decide/cost/model-memory.js';
import { type ComponentOptions, KvCacheType, SpeculativeMethod } from '../../domain/component-options.js';
import { adapterSourceOf, readAdapterAddress } from '../../domain/adapter.js';
import { StowageError } from '../../domain/errors.js';
import type { ModelSource } from '../../domain/model-source.js';
import type { GgufHeader } from '../../library/gguf/inspect-gguf.js';
import { verifyModelFile } from '../../library/verify-model.js';
import { AdaptiveSpeculator } from '../../worker/speculation/adaptive-speculator.js';
import { Drafter, smallLagMax } from '../../worker/speculation/drafter.js';
import { measureSteps } from '../../worker/speculation/measure-steps.js';
import type { Speculator } from '../../worker/speculator.js';
import { outputRowsMax, whyNotQuantized } from '../copy-memory.js';
import { fetchModel } from './fetch-model.js';
import type { Making } from './making.js';

/** Rows of a draft model's step: prompts are caught up with in pieces of this. */
const draftRowsMin = 512;
/** Tokens by which two vocabularies are compared; all of them where there are no more. */
const comparedTokensMax = 4096;
/** Measuring may take so long, milliseconds, of each model. */
const measureMsMax = 200;

/** Null when nobody does. Rejects with what keeps the draft model from being used. */
export async function makeSpeculator(making: Making, engine: Engine): Promise<Speculator | null> {
  const { options } = making.assignment;
  const { speculativeMethod, speculativeTokensMax } = options;
  if (speculativeMethod === SpeculativeMethod.Off) return null;
  if (!engine.isCuttable) {
    making.log.warn({ speculativeMethod }, 'the model cannot take tokens back, so none are proposed');
    return null;
  }
  const drafter = speculativeMethod === SpeculativeMethod.Draft ? await makeDrafter(making, engine) : null;
  const cost = await measureSteps(engine, systemClock, {
    rowsMax: outputRowsMax(options),
    outputRowsMax: outputRowsMax(options),
    millisecondsMax: measureMsMax,
  });
  const price = (of: typeof cost) => [1, 2, 4, 8, 16].map((rows) => of.at(rows).toFixed(2)).join(' ');
  const draft = drafter === null ? '' : `, of the draft ${price(drafter.cost)}`;
  const change = cost.switchMs.toFixed(2);
  making.log.info(
    { speculativeMethod },
    `milliseconds of steps of 1, 2, 4, 8 and 16 rows: ${price(cost)}${draft}; a change of rows ${change}`,
  );
  return new AdaptiveSpeculator({ cost, tokensMax: speculativeTokensMax, drafter });
}

async function makeDrafter(making: Making, engine: Engine): Promise<Drafter> {
  const draft = await makeDraftEngine(making, engine);
  const problem = problemOfPair(engine, draft);
  if (problem === null) {
    const limits = {
      rowsMax: draftRowsMin,
      outputRowsMax: draft.info.sequencesMax,
      millisecondsMax: measureMsMax,
    };
    return new Drafter(draft, systemClock, await measureSteps(draft, systemClock, limits));
  }
  draft.close();
  throw StowageError.of('MODEL-024', { file: shortName(making.assignment), problem });
}

async function makeDraftEngine(making: Making, engine: Engine): Promise<Engine> {
  const { options, threads, threadsMax } = making.assignment;
  const file = await fetchModel(making, draftSource(making.assignment));
  if (file.isFolder) {
    const problem = 'no single file in it is a GGUF model';
    throw StowageError.of('MODEL-035', { url: shortName(making.assignment), problem });
  }
  const header = await verifyModelFile(file.path, { shownName: file.name });
  const model = await loadLlamaModel({
    modelPath: file.path,
    modelLabel: file.name,
    adapters: [],
    options,
    log: () => {},
    onLoading: () => {},
  });
  const { sequencesMax, sequenceTokensMax } = engine.info;
  return createLlamaEngine(model, {
    sequencesMax,
    sequenceTokensMax,
    stepRowsMax: draftStepRows(sequencesMax),
    outputRowsMax: sequencesMax,
    threads,
    threadsMax,
    options: { ...options, kvCacheType: draftKvType(header, options) },
  });
}

/** What the draft model adds to a copy's memory, bytes; 0 where there is none. Brings its file to this machine. */
export async function draftMemoryBytes(making: Making, target: GgufHeader): Promise<number> {
  const { options } = making.assignment;
  if (options.speculativeMethod !== SpeculativeMethod.Draft) return 0;
  const file = await fetchModel(making, draftSource(making.assignment));
  if (file.isFolder) return 0; // refused when it is to be used
  const header = await verifyModelFile(file.path, { shownName: file.name });
  const sequencesMax = options.rollingBatchSizeMax;
  const batch = {
    sequencesMax,
    sequenceTokensMax: options.modelTokensMax || target.contextLength,
    stepTokensMax: draftStepRows(sequencesMax),
    outputRowsMax: sequencesMax,
    kvCacheType: draftKvType(header, options),
    flashAttention: options.flashAttention,
    prefixCacheBytesMax: 0,
  };
  return besideBytes(estimateMemory(header, batch, { hasMatrixTiles: hasMatrixTiles() }));
}

function draftStepRows(sequencesMax: number): number {
  return Math.max(draftRowsMin, (smallLagMax + 1) * sequencesMax);
}

/**
 * What it holds only decides what it proposes, so the cache may be of the kind that computes fastest: in heads of 32
 * numbers f16 took three times as long a row. f16 where q8_0 cannot be.
 */
function draftKvType(header: GgufHeader, options: ComponentOptions): KvCacheType {
  return whyNotQuantized(KvCacheType.Q8, header, options) === null ? KvCacheType.Q8 : KvCacheType.F16;
}

function draftSource({ options, component }: WorkerAssignment): ModelSource {
  const url = options.draftModel;
  if (url !== null) return adapterSourceOf(url);
  throw StowageError.of('MODEL-024', {
    file: component,
    problem: '`speculative_method: draft` needs `speculative_draft_model`',
  });
}

function shortName({ options }: WorkerAssignment): string {
  return (
    readAdapterAddress(options.draftModel ?? '')
      .url.split('/')
      .at(-1) ?? ''
  );
}

/** Why the one cannot draft for the other; null when it can. */
function problemOfPair(engine: Engine, draft: Engine): string | null {
  if (!draft.isCuttable) return 'a draft model must be able to take tokens back, and this one is recurrent';
  const size = engine.info.vocabularySize;
  if (draft.info.vocabularySize !== size) {
    return `its vocabulary has ${draft.info.vocabularySize} tokens, and the model’s ${size}`;
  }
  const stride = Math.max(1, Math.floor(size / comparedTokensMax));
  for (let token = 0; token < size; token += stride) {
    const isSame =
      engine.isEndOfGeneration(token) === draft.isEndOfGeneration(token) &&
      Buffer.compare(engine.piece(token), draft.piece(token)) === 0;
    if (!isSame) return `its token ${token} is another than the model’s`;
  }
  return null;
}
