/**
 * The one table that says a component's options in the words of each program: for every option and engine the
 * arguments, or why there are none. `docs/engine/outside-engines.md` shows it.
 *
 * An option that a program has no word for keeps the copy from starting, unless it is left as it is by default: an
 * option that is silently ignored is worse than an error.
 */
import {
  type ComponentOptions,
  KvCacheType,
  ModelTask,
  type OptionRule,
  optionRules,
  Pooling,
  SpeculativeMethod,
} from '../../../domain/component-options.js';
import { EngineKind } from '../../../domain/component.js';
import { StowageError } from '../../../domain/errors.js';

export type LaunchedEngine =
  | typeof EngineKind.LlamaServer
  | typeof EngineKind.VLlm
  | typeof EngineKind.SgLang
  | typeof EngineKind.TensorRtLlm;

/** What the arguments depend on beside the options. */
export interface LaunchFacts {
  /** Absolute path of the model's file or folder. */
  readonly modelPath: string;
  /** Requests name the model so. */
  readonly servedName: string;
  readonly host: string;
  readonly port: number;
  readonly threads: number;
  /** Tokens of a sequence when the options do not say; 0 = the program finds out. */
  readonly modelTokens: number;
  /** Path of the draft model's file or folder; null = none. */
  readonly draftPath: string | null;
  readonly adapters: readonly { readonly name: string; readonly path: string }[];
  readonly options: ComponentOptions;
}

type Translate = (facts: LaunchFacts) => readonly string[];
/** The reason stands in a message behind "not supported: ". */
interface Absent {
  readonly absent: string;
}
type Cell = Translate | Absent;

export interface OptionRow {
  readonly option: keyof ComponentOptions;
  readonly cells: Readonly<Record<LaunchedEngine, Cell>>;
}

const { LlamaServer, VLlm, SgLang, TensorRtLlm } = EngineKind;
const noWord: Absent = { absent: 'its program has no argument for it' };
const onlyGguf: Absent = { absent: 'it is an option of llama.cpp' };

function row(option: keyof ComponentOptions, ...cells: [Cell, Cell, Cell, Cell]): OptionRow {
  const [llamaServer, vllm, sglang, tensorRt] = cells;
  return {
    option,
    cells: { [LlamaServer]: llamaServer, [VLlm]: vllm, [SgLang]: sglang, [TensorRtLlm]: tensorRt },
  };
}

/** `flag` and the option's value. */
function plain(option: keyof ComponentOptions, flag: string): Translate {
  return ({ options }) => [flag, String(options[option])];
}

/** The same in one word, for texts of callers: none can be read as another flag. llama-server takes no such words. */
function joined(option: keyof ComponentOptions, flag: string): Translate {
  return ({ options }) => [`${flag}=${String(options[option])}`];
}

/** Each sequence has its own tokens: llama-server divides what it is given. */
const llamaContext: Translate = ({ options, modelTokens }) => [
  '--ctx-size',
  String(options.rollingBatchSizeMax * (options.modelTokensMax || modelTokens)),
];

const speculativeLlama: Translate = ({ options, draftPath }) =>
  options.speculativeMethod === SpeculativeMethod.Draft
    ? [
        ...['--spec-type', 'draft-simple', '--spec-draft-model', draftPath ?? ''],
        ...['--spec-draft-n-max', String(options.speculativeTokensMax)],
      ]
    : ['--spec-type', 'ngram-simple', '--spec-ngram-simple-size-m', String(options.speculativeTokensMax)];

const speculativeVllm: Translate = ({ options, draftPath }) => {
  const common = { num_speculative_tokens: options.speculativeTokensMax };
  const config =
    options.speculativeMethod === SpeculativeMethod.Draft
      ? { method: 'draft_model', model: draftPath, ...common }
      : { method: 'ngram', prompt_lookup_max: 4, prompt_lookup_min: 2, ...common };
  return ['--speculative-config', JSON.stringify(config)];
};

const speculativeSglang: Translate = ({ options, draftPath }) => {
  const count = String(options.speculativeTokensMax);
  const drafted = ['--speculative-num-draft-tokens', count];
  if (options.speculativeMethod === SpeculativeMethod.NGram) {
    return ['--speculative-algorithm', 'NGRAM', ...drafted];
  }
  return [
    ...['--speculative-algorithm', 'STANDALONE', '--speculative-draft-model-path', draftPath ?? ''],
    ...['--speculative-num-steps', count, '--speculative-eagle-topk', '1', ...drafted],
  ];
};

const taskLlama: Translate = ({ options: { task, pooling } }) => {
  if (task === ModelTask.Rerank) return ['--reranking'];
  if (task !== ModelTask.Embed) return [];
  return ['--embeddings', ...(pooling === Pooling.Auto ? [] : ['--pooling', pooling])];
};

const taskVllm: Translate = ({ options: { task } }) => {
  if (task === ModelTask.Embed) return ['--runner', 'pooling', '--convert', 'embed'];
  return task === ModelTask.Rerank ? ['--runner', 'pooling'] : [];
};

const taskSglang: Translate = ({ options: { task } }) => {
  if (task === ModelTask.Rerank) throw refusal('task', noWord.absent);
  return task === ModelTask.Embed ? ['--is-embedding'] : [];
};

const taskTensorRt: Translate = ({ options: { task } }) => {
  if (task === ModelTask.Generate) return [];
  throw refusal('task', noWord.absent);
};

function eightBitKv(word: string): Translate {
  return ({ options }) => {
    if (options.kvCacheType === KvCacheType.Q8) return ['--kv-cache-dtype', word];
    throw refusal('kv_cache_dtype', 'its program has no 4-bit KV cache');
  };
}

const named = (adapters: LaunchFacts['adapters']) => adapters.map(({ name, path }) => `${name}=${path}`);

/** Rows in the order in which arguments are written. */
export const optionFlags: readonly OptionRow[] = [
  row(
    'rollingBatchSizeMax',
    plain('rollingBatchSizeMax', '--parallel'),
    plain('rollingBatchSizeMax', '--max-num-seqs'),
    plain('rollingBatchSizeMax', '--max-running-requests'),
    plain('rollingBatchSizeMax', '--max_batch_size'),
  ),
  row(
    'modelTokensMax',
    llamaContext,
    plain('modelTokensMax', '--max-model-len'),
    plain('modelTokensMax', '--context-length'),
    plain('modelTokensMax', '--max_seq_len'),
  ),
  row(
    'stepTokensMax',
    ({ options: { stepTokensMax } }) => [
      ...['--batch-size', String(Math.max(2048, stepTokensMax)), '--ubatch-size', String(stepTokensMax)],
    ],
    plain('stepTokensMax', '--max-num-batched-tokens'),
    plain('stepTokensMax', '--chunked-prefill-size'),
    plain('stepTokensMax', '--max_num_tokens'),
  ),
  row('stepMsTarget', noWord, noWord, noWord, noWord),
  row(
    'prefixCaching',
    () => ['--no-cache-prompt'],
    () => ['--no-enable-prefix-caching'],
    () => ['--disable-radix-cache'],
    noWord,
  ),
  row('prefixCacheRamMiB', plain('prefixCacheRamMiB', '--cache-ram'), noWord, noWord, noWord),
  row('speculativeMethod', speculativeLlama, speculativeVllm, speculativeSglang, noWord),
  row(
    'loraModules',
    ({ adapters }) => ['--lora', adapters.map(({ path }) => path).join(','), '--lora-init-without-apply'],
    ({ adapters }) => ['--enable-lora', '--lora-modules', ...named(adapters)],
    ({ adapters }) => ['--lora-paths', ...named(adapters)],
    noWord,
  ),
  row('task', taskLlama, taskVllm, taskSglang, taskTensorRt),
  row(
    'kvCacheType',
    ({ options: { kvCacheType } }) => ['--cache-type-k', kvCacheType, '--cache-type-v', kvCacheType],
    eightBitKv('fp8'),
    eightBitKv('fp8_e5m2'),
    noWord,
  ),
  row('flashAttention', plain('flashAttention', '--flash-attn'), onlyGguf, onlyGguf, onlyGguf),
  row('memoryMapped', () => ['--load-mode', 'none'], onlyGguf, onlyGguf, onlyGguf),
  row('sleepAfterSeconds', noWord, noWord, noWord, noWord),
  row('gpuLayers', plain('gpuLayers', '--n-gpu-layers'), onlyGguf, onlyGguf, onlyGguf),
  row('splitMode', plain('splitMode', '--split-mode'), onlyGguf, onlyGguf, onlyGguf),
  row('tensorSplit', plain('tensorSplit', '--tensor-split'), onlyGguf, onlyGguf, onlyGguf),
  row('mainGpu', plain('mainGpu', '--main-gpu'), onlyGguf, onlyGguf, onlyGguf),
  row(
    'tensorParallelDegree',
    { absent: 'a GGUF model is divided by `tensor_split`' },
    plain('tensorParallelDegree', '--tensor-parallel-size'),
    plain('tensorParallelDegree', '--tp-size'),
    plain('tensorParallelDegree', '--tp_size'),
  ),
  row(
    'weightType',
    { absent: 'the numbers of a GGUF model are those of its file' },
    plain('weightType', '--dtype'),
    plain('weightType', '--dtype'),
    noWord,
  ),
  row(
    'quantize',
    { absent: 'the numbers of a GGUF model are those of its file' },
    joined('quantize', '--quantization'),
    joined('quantize', '--quantization'),
    noWord,
  ),
];

/** Written also where they are left as they are by default: the program's own defaults are others. */
const alwaysWritten: ReadonlySet<keyof ComponentOptions> = new Set(['rollingBatchSizeMax']);
const alwaysWrittenForLlama: ReadonlySet<keyof ComponentOptions> = new Set([
  'rollingBatchSizeMax',
  'modelTokensMax',
  'stepTokensMax',
  'prefixCacheRamMiB',
]);
/** Stowage acts on them itself, or another option's words contain them. */
const notForPrograms: ReadonlySet<string> = new Set<keyof ComponentOptions>([
  'jobQueueLengthMax',
  'predictSecondsMax',
  'queueSecondsMax',
  'newTokensDefault',
  'promptTemplate',
  'promptKeepChars',
  'suffixKeepChars',
  'specialTokensAllowed',
  'speculativeTokensMax',
  'draftModel',
  'pooling',
]);

/** The arguments that say a component's options. Throws REQ-212 for one that the program has no word for. */
export function argumentsOf(engine: LaunchedEngine, facts: LaunchFacts): string[] {
  const always = engine === LlamaServer ? alwaysWrittenForLlama : alwaysWritten;
  const words: string[] = [];
  for (const { option, cells } of optionFlags) {
    const isDefault = facts.options[option] === optionRules[option].default;
    if (isDefault && !always.has(option)) continue;
    const cell = cells[engine];
    if (typeof cell !== 'function') throw refusal(optionRules[option].key, cell.absent);
    words.push(...cell(facts));
  }
  refuseUnknown(facts.options);
  return words;
}

/** An option that neither the table nor Stowage knows for programs of others. */
function refuseUnknown(options: ComponentOptions): void {
  for (const [name, value] of Object.entries(options) as [keyof ComponentOptions, unknown][]) {
    const rule = optionRules[name] as OptionRule | undefined;
    if (rule === undefined || value === rule.default || notForPrograms.has(name)) continue;
    if (!optionFlags.some(({ option }) => option === name)) throw refusal(rule.key, noWord.absent);
  }
}

function refusal(field: string, problem: string): StowageError {
  return StowageError.of('REQ-212', { field, problem });
}

/** How each program is told its model, its name and where to listen; and llama-server its threads. */
export function placeArguments(engine: LaunchedEngine, facts: LaunchFacts): string[] {
  const { host, port, servedName, threads } = facts;
  const place = ['--host', host, '--port', String(port)];
  switch (engine) {
    case LlamaServer:
      return [
        ...place,
        ...['--alias', servedName, '--threads', String(threads), '--threads-batch', String(threads)],
        ...['--no-kv-unified', '--no-webui', '--jinja', '--offline', '--no-slots', '--log-verbosity', '2'],
        // More threads than it has by default, so that its health is answered beside a full house.
        ...['--threads-http', String(facts.options.rollingBatchSizeMax + 4)],
      ];
    case VLlm:
      return [...place, `--served-model-name=${servedName}`];
    case SgLang:
      return [...place, `--served-model-name=${servedName}`];
    case TensorRtLlm:
      return place;
    default:
      return engine satisfies never;
  }
}

/** The argument that names the model, where the command's words do not have it already. */
export const modelFlag: Readonly<Record<LaunchedEngine, string>> = {
  [LlamaServer]: '--model',
  [VLlm]: '--model',
  [SgLang]: '--model-path',
  [TensorRtLlm]: '--model',
};
