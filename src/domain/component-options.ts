/**
 * The options of a component, by the names of the large-model containers where they have one. One table says of each
 * its key, kind, range, default and meaning; the container's environment, the configuration file and its schema all go
 * by it.
 */
import { problemOfLoraModules } from './adapter.js';

export const SpeculativeMethod = {
  Off: 'off',
  /** Tokens that followed the same few tokens before, in the prompt or the answer. */
  NGram: 'ngram',
  /** A small model of the same vocabulary proposes: `draftModel`. */
  Draft: 'draft',
} as const;
export type SpeculativeMethod = (typeof SpeculativeMethod)[keyof typeof SpeculativeMethod];

export const ModelTask = {
  /** What the model's file says. */
  Auto: 'auto',
  Generate: 'generate',
  Embed: 'embed',
  Rerank: 'rerank',
} as const;
export type ModelTask = (typeof ModelTask)[keyof typeof ModelTask];

export const Pooling = {
  /** What the model's file says, the mean where it says nothing. */
  Auto: 'auto',
  Mean: 'mean',
  Cls: 'cls',
  Last: 'last',
} as const;
export type Pooling = (typeof Pooling)[keyof typeof Pooling];

export const KvCacheType = { F16: 'f16', Q8: 'q8_0', Q4: 'q4_0' } as const;
export type KvCacheType = (typeof KvCacheType)[keyof typeof KvCacheType];

export const FlashAttention = { Auto: 'auto', On: 'on', Off: 'off' } as const;
export type FlashAttention = (typeof FlashAttention)[keyof typeof FlashAttention];

/** How a model is divided over several accelerators. */
export const SplitMode = { None: 'none', Layer: 'layer', Row: 'row', Tensor: 'tensor' } as const;
export type SplitMode = (typeof SplitMode)[keyof typeof SplitMode];

/** Numbers that a program of others computes with. */
export const WeightType = { Auto: 'auto', F32: 'float32', F16: 'float16', Bf16: 'bfloat16' } as const;
export type WeightType = (typeof WeightType)[keyof typeof WeightType];

/** What becomes of a request that finds no copy. */
export const ZeroCapacity = {
  /** It waits until a copy is there, or its time is over. */
  Hold: 'hold',
  /** It is refused at once, as SageMaker does. */
  Refuse: 'refuse',
} as const;
export type ZeroCapacity = (typeof ZeroCapacity)[keyof typeof ZeroCapacity];

export interface ComponentOptions {
  readonly rollingBatchSizeMax: number;
  readonly jobQueueLengthMax: number;
  readonly modelTokensMax: number;
  readonly stepTokensMax: number;
  readonly stepMsTarget: number;
  readonly predictSecondsMax: number;
  readonly queueSecondsMax: number;
  readonly sessionSecondsMax: number;
  readonly newTokensDefault: number;
  readonly promptTemplate: string | null;
  readonly promptKeepChars: number;
  readonly suffixKeepChars: number;
  readonly specialTokensAllowed: boolean;
  readonly prefixCaching: boolean;
  readonly prefixCacheRamMiB: number;
  readonly speculativeMethod: SpeculativeMethod;
  readonly speculativeTokensMax: number;
  readonly draftModel: string | null;
  readonly loraModules: string | null;
  readonly task: ModelTask;
  readonly pooling: Pooling;
  readonly kvCacheType: KvCacheType;
  readonly flashAttention: FlashAttention;
  readonly memoryMapped: boolean;
  readonly sleepAfterSeconds: number;
  readonly evictionPriority: number;
  readonly evictionCost: number;
  readonly zeroCapacity: ZeroCapacity;
  readonly gpuLayers: number;
  readonly splitMode: SplitMode;
  readonly tensorSplit: string | null;
  readonly mainGpu: number;
  readonly tensorParallelDegree: number;
  readonly weightType: WeightType;
  readonly quantize: string | null;
  readonly batchSizeMax: number;
  readonly batchWindowMicroseconds: number;
  readonly preferredBatchSizes: string | null;
}

type OptionName = keyof ComponentOptions;

interface Described {
  /** In `stowage.yaml`; in a container's environment `OPTION_` and this in capitals. */
  readonly key: string;
  /** A key of the environment that is understood as well and never written. */
  readonly alias?: string;
  readonly about: string;
}
export interface WholeNumberOption extends Described {
  readonly kind: 'whole-number';
  readonly min: number;
  readonly max: number;
  readonly default: number;
}
export interface SwitchOption extends Described {
  readonly kind: 'switch';
  readonly default: boolean;
}
export interface ChoiceOption extends Described {
  readonly kind: 'choice';
  readonly choices: readonly [string, ...string[]];
  readonly default: string;
}
export interface TextOption extends Described {
  readonly kind: 'text';
  readonly charactersMax: number;
  /** What the text must look like, and how people are told. */
  readonly pattern?: RegExp;
  readonly expected?: string;
  /** Why a text is refused, where a pattern cannot say it; null = it is not. */
  readonly problemOf?: (text: string) => string | null;
  readonly default: null;
  readonly example?: string;
}
export type OptionRule = WholeNumberOption | SwitchOption | ChoiceOption | TextOption;

type RuleOf<Value> = [Value] extends [number]
  ? WholeNumberOption
  : [Value] extends [boolean]
    ? SwitchOption
    : [Value] extends [string | null]
      ? null extends Value
        ? TextOption
        : ChoiceOption
      : never;

function whole(key: string, min: number, max: number, initial: number, about: string): WholeNumberOption {
  return { kind: 'whole-number', key, min, max, default: initial, about };
}

function onOff(key: string, initial: boolean, about: string): SwitchOption {
  return { kind: 'switch', key, default: initial, about };
}

function choice(
  key: string,
  choices: Readonly<Record<string, string>>,
  initial: string,
  about: string,
): ChoiceOption {
  return {
    kind: 'choice',
    key,
    choices: Object.values(choices) as [string, ...string[]],
    default: initial,
    about,
  };
}

export const optionRules: { readonly [Name in OptionName]: RuleOf<ComponentOptions[Name]> } = {
  rollingBatchSizeMax: whole('max_rolling_batch_size', 1, 256, 32, 'Sequences computed together.'),
  jobQueueLengthMax: {
    ...whole('job_queue_size', 0, 100_000, 1000, 'Requests that may wait for a place.'),
    alias: 'SERVING_JOB_QUEUE_SIZE',
  },
  modelTokensMax: whole(
    'max_model_len',
    0,
    16_777_216,
    0,
    'Tokens of prompt and answer together, per sequence; 0 = what the model says.',
  ),
  stepTokensMax: whole('max_num_batched_tokens', 16, 8192, 2048, 'Tokens computed in one step at most.'),
  stepMsTarget: whole(
    'max_inter_token_ms',
    0,
    60_000,
    0,
    'Milliseconds between two tokens that prompts of others may cause; 0 = chosen by measurement.',
  ),
  predictSecondsMax: {
    ...whole('predict_timeout', 1, 3600, 120, 'Seconds from a request’s arrival to its end.'),
    alias: 'SERVING_PREDICT_TIMEOUT',
  },
  queueSecondsMax: whole('queue_timeout', 1, 3600, 60, 'Seconds a request may wait for a copy with room.'),
  sessionSecondsMax: whole(
    'sessions_expiration',
    1,
    86_400,
    1200,
    'Seconds that an opened session lives, and that one its caller only names lives after its last call.',
  ),
  newTokensDefault: whole(
    'max_new_tokens',
    0,
    16_777_216,
    0,
    'Tokens generated when the caller names no limit; 0 = as many as fit.',
  ),
  promptTemplate: {
    kind: 'text',
    key: 'prompt_template',
    charactersMax: 65_536,
    default: null,
    about:
      'A Jinja template over `prompt`, `suffix` and `messages`. Left out: the model’s own chat template for messages, the plain prompt for text.',
    example: '<|fim_suffix|>{{ suffix }}<|fim_prefix|>{{ prompt }}<|fim_middle|>',
  },
  promptKeepChars: whole(
    'prompt_keep_chars',
    0,
    100_000_000,
    0,
    'Keep this many last characters of the prompt, cut at a line start; 0 = all.',
  ),
  suffixKeepChars: whole(
    'suffix_keep_chars',
    0,
    100_000_000,
    0,
    'Keep this many first characters of the suffix, cut at a line end; 0 = all.',
  ),
  specialTokensAllowed: onOff(
    'allow_special_tokens',
    false,
    'Spellings of control tokens inside a caller’s text become those tokens.',
  ),
  prefixCaching: onOff(
    'enable_prefix_caching',
    true,
    'Beginnings that prompts have in common are computed once.',
  ),
  prefixCacheRamMiB: whole(
    'prefix_cache_ram',
    0,
    1_048_576,
    256,
    'Mebibytes of RAM for beginnings that had to leave the KV cache; 0 = none.',
  ),
  speculativeMethod: choice(
    'speculative_method',
    SpeculativeMethod,
    SpeculativeMethod.Off,
    'Who proposes tokens that the model then checks several at once: `ngram`, a `draft` model, or nobody.',
  ),
  speculativeTokensMax: whole('num_speculative_tokens', 1, 32, 8, 'Tokens proposed at once at most.'),
  draftModel: {
    kind: 'text',
    key: 'speculative_draft_model',
    charactersMax: 1024,
    default: null,
    about: 'The draft model’s file or address; its vocabulary must be the model’s.',
  },
  loraModules: {
    kind: 'text',
    key: 'lora_modules',
    charactersMax: 16_384,
    problemOf: problemOfLoraModules,
    default: null,
    about: 'LoRA adapters as JSON: `{"name": "address"}`; requests name one.',
    example: '{"sql": "s3://adapters/sql.gguf"}',
  },
  task: choice('task', ModelTask, ModelTask.Auto, 'What the model is for.'),
  pooling: choice('pooling_type', Pooling, Pooling.Auto, 'How embeddings are made of a text’s tokens.'),
  kvCacheType: choice(
    'kv_cache_dtype',
    KvCacheType,
    KvCacheType.F16,
    'Numbers of the KV cache: smaller ones take less memory and are less exact.',
  ),
  flashAttention: choice('flash_attn', FlashAttention, FlashAttention.Auto, 'Fused attention.'),
  memoryMapped: onOff('use_mmap', true, 'The model’s file is mapped rather than read.'),
  sleepAfterSeconds: whole(
    'sleep_after',
    0,
    86_400,
    0,
    'Seconds without work after which a copy gives back its KV cache and keeps its weights; 0 = never.',
  ),
  evictionPriority: whole(
    'eviction_priority',
    0,
    100,
    50,
    'When memory is short, idle copies of a lower priority give way first.',
  ),
  evictionCost: whole(
    'eviction_cost',
    0,
    1_000_000,
    0,
    'What bringing a copy back costs, compared with those of other components; 0 = its measured cold start in seconds.',
  ),
  zeroCapacity: choice(
    'zero_capacity',
    ZeroCapacity,
    ZeroCapacity.Hold,
    'What becomes of a request that finds no copy: `hold` it until one is there, or `refuse` it at once.',
  ),
  gpuLayers: whole(
    'n_gpu_layers',
    -1,
    1024,
    -1,
    'Layers given to an accelerator where the engine has one; -1 = all.',
  ),
  splitMode: choice(
    'split_mode',
    SplitMode,
    SplitMode.Layer,
    'How a model is divided over several accelerators.',
  ),
  tensorSplit: {
    kind: 'text',
    key: 'tensor_split',
    charactersMax: 256,
    pattern: /^\d{1,6}(\.\d{1,6})?(,\d{1,6}(\.\d{1,6})?){0,63}$/,
    expected: 'numbers separated by commas, such as 3,1',
    default: null,
    about: 'Parts of the model for each accelerator, such as 3,1. Left out: by their free memory.',
  },
  mainGpu: whole('main_gpu', 0, 63, 0, 'The accelerator that has everything when it is not divided.'),
  tensorParallelDegree: whole(
    'tensor_parallel_degree',
    0,
    64,
    0,
    'Accelerators over which a program of others divides each layer; 0 = as it does by itself.',
  ),
  weightType: choice(
    'dtype',
    WeightType,
    WeightType.Auto,
    'Numbers that a program of others computes with; `auto` = as the model says.',
  ),
  quantize: {
    kind: 'text',
    key: 'quantize',
    charactersMax: 64,
    pattern: /^[a-z0-9][a-z0-9_-]*$/i,
    expected: 'the name of a method, such as awq',
    default: null,
    about: 'How a program of others makes or reads weights of fewer bits, in its own words, such as `fp8`.',
  },
  batchSizeMax: {
    ...whole(
      'batch_size',
      1,
      64,
      8,
      'Rows that a model of tensors computes at once; a request with more goes alone.',
    ),
    alias: 'SERVING_BATCH_SIZE',
  },
  batchWindowMicroseconds: whole(
    'max_queue_delay_microseconds',
    0,
    1_000_000,
    0,
    'Microseconds that a request to a model of tensors waits for others; 0 = what gathers while a batch is computed goes together.',
  ),
  preferredBatchSizes: {
    kind: 'text',
    key: 'preferred_batch_size',
    charactersMax: 64,
    pattern: /^\d{1,2}(,\d{1,2}){0,15}$/,
    expected: 'whole numbers separated by commas, such as 4,8',
    default: null,
    about: 'Numbers of rows that are computed without further waiting, such as 4,8.',
  },
};

export const optionNames = Object.keys(optionRules) as readonly OptionName[];

/** What a component gets that says nothing. */
export const defaultComponentOptions = Object.fromEntries(
  optionNames.map((name) => [name, optionRules[name].default]),
) as unknown as ComponentOptions;
