import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineKind } from './component.js';
import {
  type ComponentOptions,
  defaultComponentOptions,
  type OptionRule,
  optionNames,
  optionRules,
} from './component-options.js';
import { type ContainerSettings, readEnvironment, writeEnvironment } from './container-environment.js';
import { StowageError } from './errors.js';

const where = 'PrimaryContainer.Environment';

function refusalOf(environment: Record<string, string>): StowageError {
  try {
    readEnvironment(environment, where);
  } catch (thrown) {
    if (thrown instanceof StowageError) return thrown;
    throw thrown;
  }
  throw new Error('it was not refused');
}

/** Any value that the option's rule allows. */
function valueOf(rule: OptionRule): fc.Arbitrary<number | boolean | string | null> {
  switch (rule.kind) {
    case 'whole-number':
      return fc.integer({ min: rule.min, max: rule.max });
    case 'switch':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...rule.choices);
    case 'text':
      return fc.option(
        rule.problemOf !== undefined
          ? fc.constant(rule.example ?? '')
          : rule.pattern === undefined
            ? fc.string({ unit: 'grapheme', minLength: 1, maxLength: Math.min(rule.charactersMax, 5000) / 4 })
            : fc.stringMatching(new RegExp(rule.pattern.source)),
      );
  }
}
const options = fc.record(
  Object.fromEntries(optionNames.map((name) => [name, valueOf(optionRules[name])])),
) as unknown as fc.Arbitrary<ComponentOptions>;
const settings: fc.Arbitrary<ContainerSettings> = fc.record({
  engine: fc.constantFrom(...Object.values(EngineKind)),
  options: fc.oneof(options, fc.constant(defaultComponentOptions)),
  accelerators: fc.option(
    fc.oneof(
      fc.integer({ min: 0, max: 999_999 }).map((n) => n / 1e6),
      fc.integer({ min: 1, max: 64 }),
    ),
  ),
  acceleratorMemoryBytes: fc.option(fc.integer({ min: 1, max: 16_777_216 }).map((n) => n * 2 ** 20)),
  sha256: fc.option(
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 }),
  ),
});

describe('a container environment', () => {
  it('read after it was written gives the same settings', () => {
    fc.assert(
      fc.property(settings, (given) => {
        expect(readEnvironment(writeEnvironment(given), where)).toEqual(given);
      }),
    );
  });

  it('is written within the bounds of the service model', () => {
    const promptTemplate = '😀'.repeat(32_768);
    const given = { ...readEnvironment({}, where), options: { ...defaultComponentOptions, promptTemplate } };
    const environment = writeEnvironment(given);
    expect(Object.keys(environment).length).toBeLessThanOrEqual(100);
    for (const value of Object.values(environment)) expect(value.length).toBeLessThanOrEqual(1024);
    expect(readEnvironment(environment, where)).toEqual(given);
  });

  it('that says nothing means the defaults, and they are written as nothing', () => {
    const read = readEnvironment({ HF_MODEL_ID: 'org/model', TENSOR_PARALLEL_DEGREE: 'max' }, where);
    expect(read.options).toEqual(defaultComponentOptions);
    expect(read.engine).toBe(EngineKind.LlamaCpp);
    expect(writeEnvironment(read)).toEqual({});
  });

  it.each([
    ['SERVING_JOB_QUEUE_SIZE', '7', { jobQueueLengthMax: 7 }],
    ['SERVING_PREDICT_TIMEOUT', '9', { predictSecondsMax: 9 }],
    ['OPTION_ALLOW_SPECIAL_TOKENS', 'True', { specialTokensAllowed: true }],
    ['OPTION_N_GPU_LAYERS', '-1', { gpuLayers: -1 }],
  ])('understands %s=%s', (key, value, expected) => {
    expect(readEnvironment({ [key]: value }, where).options).toMatchObject(expected);
  });

  it.each([
    ['OPTION_MAX_ROLLING_BATCH_SIZE', '0', 'a whole number from 1 to 256'],
    ['OPTION_MAX_ROLLING_BATCH_SIZE', '257', 'a whole number from 1 to 256'],
    ['OPTION_MAX_ROLLING_BATCH_SIZE', ' 8', 'a whole number from 1 to 256'],
    ['OPTION_MAX_MODEL_LEN', '1e3', 'a whole number from 0 to 16777216'],
    ['OPTION_ENGINE', 'torch', 'one of llama.cpp, onnxruntime'],
    ['OPTION_KV_CACHE_DTYPE', 'q5', 'one of f16, q8_0, q4_0'],
    ['OPTION_ALLOW_SPECIAL_TOKENS', '1', '`true` or `false`'],
    ['OPTION_ACCELERATORS', '1.5', 'a share below 1'],
    ['OPTION_ACCELERATORS', '65', 'a share below 1'],
    ['OPTION_ACCELERATOR_MEMORY_MB', '0', 'a whole number from 1'],
    ['OPTION_MODEL_SHA256', 'abc', '64 hexadecimal digits'],
    ['OPTION_PROMPT_TEMPLATE', '', '1 to 65536 characters'],
    ['OPTION_PROMPT_TEMPLATE_2', 'x', '`OPTION_PROMPT_TEMPLATE` before it'],
    ['OPTION_MAX_ROLING_BATCH_SIZE', '8', 'did you mean `OPTION_MAX_ROLLING_BATCH_SIZE`?'],
    ['OPTION_PROMPT_TEMPLATE_67', 'x', 'did you mean `OPTION_PROMPT_TEMPLATE'],
    ['SERVING_QQQQQQQQQQQQQQQQQQQQQQQ', 'x', 'known keys: OPTION_ENGINE'],
  ])('refuses %s=%s and says what it may be', (key, value, expected) => {
    const error = refusalOf({ [key]: value });
    expect(error.code).toBe('REQ-210');
    expect(error.message).toContain(`\`${key}\``);
    expect(error.message).toContain(expected);
    expect(error.mend).toContain(`${where}.${key}`);
  });
});
