import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EngineKind } from '../../../domain/component.js';
import {
  type ComponentOptions,
  defaultComponentOptions,
  optionNames,
  optionRules,
} from '../../../domain/component-options.js';
import {
  argumentsOf,
  type LaunchedEngine,
  type LaunchFacts,
  optionFlags,
  placeArguments,
} from './option-flags.js';

const { LlamaServer, VLlm, SgLang, TensorRtLlm } = EngineKind;
const { stepTokensMax, prefixCacheRamMiB } = defaultComponentOptions;
const engines: readonly LaunchedEngine[] = [LlamaServer, VLlm, SgLang, TensorRtLlm];

function facts(options: Partial<ComponentOptions>): LaunchFacts {
  return {
    ...{ modelPath: '/m', servedName: 'chat', host: '127.0.0.1', port: 1234, threads: 2, modelTokens: 2048 },
    draftPath: '/draft',
    adapters: [
      { name: 'a', path: '/lora/a' },
      { name: 'b', path: '/lora/b' },
    ],
    options: { ...defaultComponentOptions, ...options },
  };
}

it.each([
  [
    LlamaServer,
    `--parallel 32 --ctx-size 65536 --batch-size 2048 --ubatch-size ${stepTokensMax} --cache-ram ${prefixCacheRamMiB}`,
  ],
  [VLlm, '--max-num-seqs 32'],
  [SgLang, '--max-running-requests 32'],
  [TensorRtLlm, '--max_batch_size 32'],
] as const)('%s is told what its own defaults do not say', (engine, words) => {
  expect(argumentsOf(engine, facts({})).join(' ')).toBe(words);
});

it.each([
  [
    'max_model_len',
    { modelTokensMax: 1024, rollingBatchSizeMax: 4 },
    '--ctx-size 4096',
    '--max-model-len 1024',
    '--context-length 1024',
    '--max_seq_len 1024',
  ],
  [
    'max_num_batched_tokens',
    { stepTokensMax: 4096 },
    '--ubatch-size 4096',
    '--max-num-batched-tokens 4096',
    '--chunked-prefill-size 4096',
    '--max_num_tokens 4096',
  ],
  [
    'enable_prefix_caching',
    { prefixCaching: false },
    '--no-cache-prompt',
    '--no-enable-prefix-caching',
    '--disable-radix-cache',
    null,
  ],
  [
    'kv_cache_dtype',
    { kvCacheType: 'q8_0' },
    '--cache-type-k q8_0 --cache-type-v q8_0',
    '--kv-cache-dtype fp8',
    '--kv-cache-dtype fp8_e5m2',
    null,
  ],
  [
    '4-bit kv_cache_dtype',
    { kvCacheType: 'q4_0' },
    '--cache-type-k q4_0 --cache-type-v q4_0',
    null,
    null,
    null,
  ],
  [
    'tensor_parallel_degree',
    { tensorParallelDegree: 2 },
    null,
    '--tensor-parallel-size 2',
    '--tp-size 2',
    '--tp_size 2',
  ],
  ['tensor_split', { tensorSplit: '3,1' }, '--tensor-split 3,1', null, null, null],
  ['n_gpu_layers', { gpuLayers: 12 }, '--n-gpu-layers 12', null, null, null],
  ['dtype', { weightType: 'bfloat16' }, null, '--dtype bfloat16', '--dtype bfloat16', null],
  ['quantize', { quantize: 'fp8' }, null, '--quantization=fp8', '--quantization=fp8', null],
  [
    'n-gram speculation',
    { speculativeMethod: 'ngram', speculativeTokensMax: 4 },
    '--spec-type ngram-simple --spec-ngram-simple-size-m 4',
    '"method":"ngram"',
    '--speculative-algorithm NGRAM --speculative-num-draft-tokens 4',
    null,
  ],
  [
    'a draft model',
    { speculativeMethod: 'draft' },
    '--spec-draft-model /draft',
    '"model":"/draft"',
    '--speculative-draft-model-path /draft',
    null,
  ],
  [
    'adapters',
    { loraModules: '{}' },
    '--lora /lora/a,/lora/b --lora-init-without-apply',
    '--enable-lora --lora-modules a=/lora/a b=/lora/b',
    '--lora-paths a=/lora/a b=/lora/b',
    null,
  ],
  [
    'embeddings',
    { task: 'embed', pooling: 'last' },
    '--embeddings --pooling last',
    '--runner pooling --convert embed',
    '--is-embedding',
    null,
  ],
  ['sleep_after', { sleepAfterSeconds: 5 }, null, null, null, null],
] as const)('%s in the words of each program, or refused by name', (_name, options, ...expected) => {
  for (const [at, words] of expected.entries()) {
    const told = () => argumentsOf(engines[at]!, facts(options as Partial<ComponentOptions>)).join(' ');
    if (words === null) expect(told).toThrow(expect.objectContaining({ code: 'REQ-212' }) as Error);
    else expect(told()).toContain(words);
  }
});

it('every option is translated, is Stowage’s own, or is refused: none is passed over in silence', () => {
  const other = (name: keyof ComponentOptions): unknown => {
    const rule = optionRules[name];
    switch (rule.kind) {
      case 'whole-number':
        return rule.default === rule.max ? rule.min : rule.default + 1;
      case 'switch':
        return !rule.default;
      case 'choice':
        return rule.choices.findLast((one) => one !== rule.default);
      case 'text':
        return 'x';
      default:
        return rule satisfies never;
    }
  };
  const own = [
    'jobQueueLengthMax',
    'predictSecondsMax',
    'queueSecondsMax',
    'newTokensDefault',
    'promptTemplate',
    'evictionPriority',
    'evictionCost',
    'zeroCapacity',
  ];
  const parts = [
    'promptKeepChars',
    'suffixKeepChars',
    'specialTokensAllowed',
    'speculativeTokensMax',
    'draftModel',
    'pooling',
  ];
  for (const engine of engines) {
    const usual = argumentsOf(engine, facts({})).join(' ');
    for (const name of optionNames) {
      if ([...own, ...parts].includes(name)) continue;
      let told: string;
      try {
        told = argumentsOf(engine, facts({ [name]: other(name) } as Partial<ComponentOptions>)).join(' ');
      } catch (error) {
        expect(error).toMatchObject({ code: 'REQ-212' });
        continue;
      }
      expect(told, `${engine}, ${name}`).not.toBe(usual);
    }
  }
});

it('whatever a text says, it is one word with its own flag', () => {
  fc.assert(
    fc.property(fc.string(), (servedName) => {
      const words = placeArguments(VLlm, { ...facts({}), servedName });
      expect(words.at(-1)).toBe(`--served-model-name=${servedName}`);
    }),
  );
});

it('the page shows every row of the table', () => {
  const page = readFileSync('docs/engine/outside-engines.md', 'utf8');
  for (const { option } of optionFlags) expect(page).toContain(`| \`${optionRules[option].key}\` |`);
});
