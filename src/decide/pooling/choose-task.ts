/** What a model is served for, and how vectors are made of its tokens: what its file says, unless the options say else. */
import { ModelTask, Pooling } from '../../domain/component-options.js';

/** How llama.cpp pools: `llama_pooling_type` (llama.h). */
export const PoolingType = { None: 0, Mean: 1, Cls: 2, Last: 3, Rank: 4 } as const;
export type PoolingType = (typeof PoolingType)[keyof typeof PoolingType];

/**
 * Architectures that read a text in both directions and generate none: those for which llama.cpp v0.5.0 keeps no KV
 * cache and makes no next token (src/llama-model.cpp, `create_memory`), T5's encoder, and Llama trained for embeddings.
 */
const encoders: ReadonlySet<string> = new Set([
  'bert',
  'eurobert',
  'gemma-embedding',
  'jina-bert-v2',
  'jina-bert-v3',
  'llama-embed',
  'modern-bert',
  'neo-bert',
  'nomic-bert',
  'nomic-bert-moe',
  't5encoder',
]);

export interface PoolingFacts {
  /** As the file says. */
  readonly architecture: string;
  /** As the file says; null = it does not. */
  readonly poolingType: number | null;
}

export type TaskChoice =
  | { readonly task: 'generate' }
  | { readonly task: 'embed' | 'rerank'; readonly poolingType: PoolingType }
  /** It cannot be served so. */
  | { readonly task: null; readonly problem: string };

const poolingTypes: Readonly<Record<Exclude<Pooling, 'auto'>, PoolingType>> = {
  [Pooling.Mean]: PoolingType.Mean,
  [Pooling.Cls]: PoolingType.Cls,
  [Pooling.Last]: PoolingType.Last,
};

/** How tokens of a text become one vector; a file may also say that they do not. */
const embeddingPoolings: ReadonlySet<number> = new Set(Object.values(poolingTypes));

/** True for models that keep nothing of a text once it is computed. */
export function isEncoder(architecture: string): boolean {
  return encoders.has(architecture);
}

export function chooseTask(
  { architecture, poolingType }: PoolingFacts,
  options: { readonly task: ModelTask; readonly pooling: Pooling },
): TaskChoice {
  const isRanking = poolingType === PoolingType.Rank;
  const pools = poolingType !== null && embeddingPoolings.has(poolingType);
  switch (options.task) {
    case ModelTask.Auto:
      if (isRanking && options.pooling === Pooling.Auto)
        return { task: 'rerank', poolingType: PoolingType.Rank };
      return encoders.has(architecture) || pools || isRanking
        ? { task: 'embed', poolingType: embeddingPooling(poolingType, options.pooling) }
        : { task: 'generate' };
    case ModelTask.Embed:
      return { task: 'embed', poolingType: embeddingPooling(poolingType, options.pooling) };
    case ModelTask.Rerank:
      return isRanking
        ? { task: 'rerank', poolingType: PoolingType.Rank }
        : { task: null, problem: 'it has no ranking head, so `task: rerank` cannot be done with it' };
    case ModelTask.Generate:
      return encoders.has(architecture)
        ? { task: null, problem: `\`${architecture}\` generates no text, so leave \`task: generate\` out` }
        : { task: 'generate' };
    default:
      return options.task satisfies never;
  }
}

function embeddingPooling(ofFile: number | null, wanted: Pooling): PoolingType {
  if (wanted !== Pooling.Auto) return poolingTypes[wanted];
  return ofFile !== null && embeddingPoolings.has(ofFile) ? (ofFile as PoolingType) : PoolingType.Mean;
}
