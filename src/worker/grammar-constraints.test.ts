import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SimulatedEngine, simulatedEndToken } from '../adapters/engine/simulated/engine.js';
import { systemClock } from '../adapters/clock/system.js';
import type { Engine } from '../contracts/engine.js';
import { toolFormatOf } from '../decide/grammar/tool-calls.js';
import { type Constraint, greedySampling, type SamplingParameters } from '../domain/inference.js';
import { GrammarConstraints } from './grammar-constraints.js';
import { Sequence } from './sequence.js';

const engine = new SimulatedEngine({
  clock: systemClock,
  sequencesMax: 1,
  sequenceTokensMax: 4096,
  stepTokensMax: 64,
  stepMs: 0,
  endEvery: 0,
});
const maker = new GrammarConstraints(engine, toolFormatOf(null));

interface Answer {
  readonly text: string;
  readonly tokens: readonly number[];
  readonly reason: string;
}

interface Ask {
  readonly constraint: Constraint;
  readonly seed?: number;
  readonly newTokensMax?: number;
  readonly resume?: readonly number[];
  readonly sampling?: Partial<SamplingParameters>;
  readonly on?: Engine;
}

/** An answer of a model that likes every token by chance. */
function answer({
  constraint,
  seed = 1,
  newTokensMax = 1000,
  resume = [],
  sampling = {},
  on = engine,
}: Ask): Answer {
  const makerOf = on === engine ? maker : new GrammarConstraints(on, toolFormatOf(null));
  const sequence = new Sequence(
    on,
    {
      stream: 1,
      requestId: 'r',
      input: { kind: 'tokens', tokens: [1] },
      sampling: { ...greedySampling, ...sampling },
      newTokensMax,
      stop: [],
      logprobs: 0,
      endTokensIgnored: false,
      constraint,
      adapter: null,
      kind: 'generation',
      resume,
    },
    { prompt: [1], newTokensDefault: 0, constraint: makerOf.make(constraint), adapter: null },
  );
  let text = '';
  const tokens: number[] = [];
  while (!sequence.isEnded) {
    const logits = chanceLogits(on.info.vocabularySize, seed, sequence.generatedCount);
    const raw = logits.slice();
    sequence.advance(logits);
    const news = sequence.news();
    text += news?.text ?? '';
    tokens.push(...(news?.tokens ?? []));
    for (const entry of news?.logprobs ?? [])
      expect(entry.logprob).toBeCloseTo(logSoftmax(raw, entry.token), 3);
    if (news?.error !== undefined) return { text, tokens, reason: news.error.code };
    if (news?.end !== undefined) return { text, tokens, reason: news.end.reason };
  }
  return { text, tokens, reason: 'nothing' };
}

function chanceLogits(size: number, seed: number, position: number): Float32Array {
  let state = Math.imul(seed + 1, 0x9e3779b9) ^ Math.imul(position + 1, 0x85ebca6b);
  return Float32Array.from({ length: size }, () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    return ((state >>> 8) / 2 ** 24) * 8;
  });
}

function logSoftmax(logits: Float32Array, token: number): number {
  const most = Math.max(...logits);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
  return logits[token]! - most - Math.log(sum);
}

function ofSchema(schema: unknown): Constraint {
  return { kind: 'json-schema', schema: JSON.stringify(schema), field: 'guided_json' };
}

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

/** Whether a value is an instance; written from the specification alone. */
function isInstance(value: unknown, schema: Schema): boolean {
  if (schema.anyOf !== undefined) return schema.anyOf.some((option) => isInstance(value, option));
  if (schema.enum !== undefined)
    return schema.enum.some((one) => JSON.stringify(one) === JSON.stringify(value));
  switch (schema.type) {
    case 'integer':
      return Number.isInteger(value) && isWithin(value as number, schema);
    case 'number':
      return typeof value === 'number' && isWithin(value, schema);
    case 'string':
      return (
        typeof value === 'string' &&
        [...value].length <= (schema.maxLength ?? Infinity) &&
        (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(value))
      );
    case 'array':
      return (
        Array.isArray(value) &&
        value.length >= (schema.minItems ?? 0) &&
        value.length <= (schema.maxItems ?? Infinity) &&
        value.every((item) => isInstance(item, schema.items!))
      );
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
      const members = Object.entries(value);
      return (
        schema.required!.every((name) => Object.hasOwn(value, name)) &&
        members.every(
          ([name, member]) =>
            Object.hasOwn(schema.properties!, name) && isInstance(member, schema.properties![name]!),
        )
      );
    }
    default:
      return typeof value === schema.type || (schema.type === 'null' && value === null);
  }
}

function isWithin(value: number, { minimum, maximum }: Schema): boolean {
  return value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity);
}

const { schema: anySchema } = fc.letrec<{ schema: Schema; object: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Schema>(
      { type: 'boolean' },
      { type: 'null' },
      { type: 'number' },
      { type: 'integer' },
      { type: 'string', maxLength: 12 },
      { type: 'string', pattern: '^[A-Z]{2}-\\d+$' },
      { type: 'string', pattern: '"x"' },
      { type: 'number', minimum: -3, maximum: 2 },
    ),
    fc
      .uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1, maxLength: 4 })
      .map((values) => ({ enum: values })),
    fc
      .tuple(fc.integer(), fc.nat())
      .map(([minimum, more]) => ({ type: 'integer', minimum, maximum: minimum + more })),
    fc.tuple(tie('schema'), fc.nat(2), fc.nat(3)).map(([items, minItems, more]) => {
      return { type: 'array', items, minItems, maxItems: minItems + more };
    }),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    tie('object'),
  ),
  object: fc
    .dictionary(fc.string({ maxLength: 6 }), fc.tuple(tie('schema'), fc.boolean()), { maxKeys: 4 })
    .map((members) => ({
      type: 'object',
      properties: Object.fromEntries(Object.entries(members).map(([name, [schema]]) => [name, schema])),
      required: Object.entries(members).flatMap(([name, [, isRequired]]) => (isRequired ? [name] : [])),
    })),
}));

it('an answer that ends by itself is an instance of its schema, whatever the model likes', () => {
  let ended = 0;
  fc.assert(
    fc.property(anySchema, fc.nat(), fc.boolean(), (schema, seed, isSampled) => {
      const sampling = isSampled ? { temperature: 1, seed } : {};
      const { text, reason } = answer({ constraint: ofSchema(schema), seed, sampling, newTokensMax: 3000 });
      expect(['stop', 'length']).toContain(reason);
      if (reason === 'length') return;
      ended++;
      expect([text, isInstance(JSON.parse(text), schema)]).toEqual([text, true]);
    }),
    { numRuns: 300 },
  );
  expect(ended).toBeGreaterThan(200);
}, 60_000);

it.each<readonly [Constraint, RegExp]>([
  [{ kind: 'regex', pattern: '[a-f]{3,5}(?:-\\d\\d)?', field: 'r' }, /^[a-f]{3,5}(?:-\d\d)?$/],
  [{ kind: 'choice', choices: ['yes', 'no', 'nobody 😀'], field: 'c' }, /^(?:yes|no|nobody 😀)$/u],
  [{ kind: 'grammar', grammar: 'root ::= "(" root ")" | [0-9]{2}', field: 'g' }, /^\(*\d\d\)*$/],
  [
    {
      kind: 'tool-calls',
      tools: [
        { name: 'f', description: '', parameters: '{"properties":{"a":{"enum":[1,2]}},"required":["a"]}' },
      ],
      isParallel: false,
      field: 'tools',
    },
    /^<tool_call>\n\{ ?"name" ?: ?"f" ?, ?"arguments" ?: ?\{ ?"a" ?: ?[12] ?\} ?\}\n<\/tool_call>$/,
  ],
])('%j', (constraint, pattern) => {
  for (let seed = 0; seed < 20; seed++) {
    const { text, reason } = answer({ constraint, seed });
    expect(reason).toBe('stop');
    expect(text).toMatch(pattern);
  }
});

it('an answer that goes on in another worker goes on as if it had stayed', () => {
  const constraint = ofSchema({ type: 'array', items: { enum: ['ä', 'b"', 12] }, minItems: 20 });
  const whole = answer({ constraint, newTokensMax: 60, seed: 5 });
  for (let cut = 0; cut < whole.tokens.length; cut += 7) {
    const rest = answer({ constraint, newTokensMax: 60, seed: 5, resume: whole.tokens.slice(0, cut) });
    expect([...whole.tokens.slice(0, cut), ...rest.tokens]).toEqual(whole.tokens);
  }
});

it('end tokens are possible exactly where the answer is complete, control tokens never', () => {
  const constraint = maker.make({ kind: 'regex', pattern: 'a+', field: 'r' });
  const allowed = () => {
    const logits = new Float32Array(engine.info.vocabularySize);
    expect(constraint.mask(logits)).toBe(true);
    return [...logits.keys()].filter((token) => logits[token] === 0);
  };
  expect(allowed()).toEqual([97]);
  constraint.accept(97);
  expect(allowed()).toEqual([97, simulatedEndToken]);
  expect(constraint.isOver).toBe(false);
});

it('a model whose tokens cannot spell a character does without it, or the constraint is refused', () => {
  const narrow: Engine = Object.create(engine, {
    piece: { value: (token: number) => (token < 128 ? Uint8Array.of(token) : new Uint8Array(0)) },
  }) as Engine;
  const ofChoices = (...choices: string[]): Constraint => ({
    kind: 'choice',
    choices,
    field: 'guided_choice',
  });
  expect(answer({ constraint: ofChoices('ä', 'b'), on: narrow }).text).toBe('b');
  expect(() => new GrammarConstraints(narrow, toolFormatOf(null)).make(ofChoices('ä'))).toThrow(
    '`guided_choice` allows nothing that the model’s tokens can spell',
  );
});

it('an answer whose tokens have left its shape fails by name instead of going on', () => {
  const constraint: Constraint = { kind: 'regex', pattern: 'a+', field: 'guided_regex' };
  expect(answer({ constraint, resume: [98] }).reason).toBe('REQ-210');
});

it('more grammars, states and sets of tokens than are kept change nothing', () => {
  const first = ofSchema({ type: 'array', items: { type: 'string', maxLength: 3 }, minItems: 400 });
  const before = answer({ constraint: first, newTokensMax: 3000 });
  for (let count = 0; count < 40; count++) answer({ constraint: ofSchema({ const: count }) });
  expect(answer({ constraint: first, newTokensMax: 3000 })).toEqual(before);
});

it('a shape in which an answer could go on in too many ways fails by name, soon', () => {
  const wide: Constraint = { kind: 'regex', pattern: '(.{1,40}){1,40}', field: 'guided_regex' };
  expect(
    answer({ constraint: wide, newTokensMax: 200, resume: [...Buffer.from('a'.repeat(39))] }).reason,
  ).toBe('REQ-210');
});

it('what makes no sense is refused with the caller’s name for it', () => {
  const wrong = () => maker.make({ kind: 'regex', pattern: '(a', field: 'parameters.guided_regex' });
  expect(wrong).toThrow('`parameters.guided_regex` needs `)` here (character 3)');
});
