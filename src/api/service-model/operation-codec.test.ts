/** Inputs that are as the model says come back as they were; anything else is refused by a row of the table. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { monitoringService } from '../cloudwatch/coverage.js';
import { controlService } from '../sagemaker/control/coverage.js';
import type { ServiceDescription } from './coverage.js';
import { encodeOutput } from './encode.js';
import { operationCodecs } from './operation-codec.js';
import { inputTree, type MemberNode, type ScalarNode, type ShapeNode } from './shape-tree.js';

/** Values of texts whose patterns look ahead, which no generator makes by itself. */
const samples: readonly string[] = ['a', 'a1-b', 's3://bucket/key', 'arn:aws:iam::123456789012:role/name'];

function texts({ rule }: ScalarNode): fc.Arbitrary<string> {
  const { pattern, values, min, max } = rule;
  const isFine = (text: string): boolean =>
    text.length <= max && text.length >= min && (pattern === null || pattern.expression.test(text));
  if (values !== null) return fc.constantFrom(...values);
  if (pattern === null) return fc.string({ minLength: Math.max(0, min), maxLength: Math.min(max, 40) });
  const fine = samples.filter(isFine);
  try {
    const made = fc.stringMatching(pattern.expression, { maxLength: Math.min(max, 60) }).filter(isFine);
    return fine.length === 0 ? made : fc.oneof(made, fc.constantFrom(...fine));
  } catch {
    if (fine.length === 0) throw new Error(`no sample for ${pattern.text}`);
    return fc.constantFrom(...fine);
  }
}

function scalars(node: ScalarNode): fc.Arbitrary<unknown> {
  const { min, max } = node.rule;
  switch (node.kind) {
    case 'string':
      return texts(node);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: Math.max(min, -1000), max: Math.min(max, 100_000) });
    case 'float':
      return fc.double({ min: Math.max(min, -1e6), max: Math.min(max, 1e6), noNaN: true });
    case 'timestamp':
      return fc.integer({ min: 0, max: 4e12 }).map((milliseconds) => milliseconds / 1000);
    case 'blob':
      return fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'));
    default:
      return node.kind satisfies never;
  }
}

function valuesOf(node: ShapeNode): fc.Arbitrary<unknown> {
  switch (node.kind) {
    case 'structure':
      return structures([...node.members.values()]);
    case 'list':
      return fc.array(valuesOf(node.element), {
        minLength: Math.max(0, node.min),
        maxLength: Math.min(node.max, 3),
      });
    case 'map':
      return fc.dictionary(texts(node.key), valuesOf(node.value), { maxKeys: 3 });
    default:
      return scalars(node);
  }
}

function structures(members: readonly MemberNode[]): fc.Arbitrary<object> {
  const taken = members.filter(({ coverage }) => coverage.kind !== 'refused');
  const model = Object.fromEntries(taken.map((member) => [member.wireName, memberValues(member)]));
  const requiredKeys = taken.filter(({ isRequired }) => isRequired).map(({ wireName }) => wireName);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

function memberValues({ coverage, node }: MemberNode): fc.Arbitrary<unknown> {
  const values = valuesOf(node);
  if (coverage.kind !== 'acted') return values;
  return values.filter((value) =>
    Array.isArray(value)
      ? value.length <= coverage.countMax
      : typeof value !== 'string' || !Object.hasOwn(coverage.refusedValues, value),
  );
}

const services: readonly (readonly [string, ServiceDescription])[] = [
  ['SageMaker', controlService],
  ['CloudWatch', monitoringService],
];

describe.each(services)('of %s', (_, service) => {
  const codecs = [...operationCodecs(service).values()];
  const inputs = codecs.map((codec) => [codec.name, codec] as const);

  it.each(inputs)('what %s reads can be written as it was', (name, codec) => {
    const shape = service.model.operations[name]?.input?.shape ?? '';
    const tree = inputTree(service, shape);
    fc.assert(
      fc.property(structures([...tree.members.values()]), (value) => {
        const written: unknown = JSON.parse(JSON.stringify(value));
        expect(encodeOutput(tree, codec.decode(written))).toEqual(written);
      }),
      { numRuns: 30 },
    );
  });

  const hostileKeys = fc.constantFrom('__proto__', 'constructor', 'toString', 'length', '', '\0');
  const anything = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.jsonValue(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.oneof(hostileKeys, memberNames(codecs.flatMap(({ input }) => [input]))),
        tie('value'),
        {
          maxKeys: 5,
        },
      ),
    ),
  })).value;

  it.each(inputs)('anything at all is read by %s, or refused by a row of the table', (_name, codec) => {
    fc.assert(
      fc.property(anything, (value) => {
        try {
          codec.decode(value);
        } catch (error) {
          expect(error).toBeInstanceOf(StowageError);
          expect((error as StowageError).code).toMatch(/^REQ-21[02]$/);
        }
        expect(Object.prototype).not.toHaveProperty('polluted');
      }),
      { numRuns: 100 },
    );
  });
});

function memberNames(nodes: readonly ShapeNode[]): fc.Arbitrary<string> {
  const names = new Set<string>();
  const visit = (node: ShapeNode): void => {
    if (node.kind === 'list') visit(node.element);
    if (node.kind !== 'structure') return;
    for (const { wireName, node: inner } of node.members.values()) {
      names.add(wireName);
      visit(inner);
    }
  };
  nodes.forEach(visit);
  return fc.constantFrom(...names);
}

describe('hostile inputs cost little', () => {
  const codec = operationCodecs(controlService).get('CreateModel');
  const nested = (depth: number): unknown => {
    let value: unknown = 'a';
    for (let level = 0; level < depth; level++)
      value = level % 2 === 0 ? [value] : { PrimaryContainer: value };
    return value;
  };
  const million = Array.from({ length: 300_000 }, (_, index) => index);
  it.each<[string, unknown]>([
    ['nested deeply', nested(100_000)],
    ['nested below a member', { ModelName: 'm', PrimaryContainer: { Environment: nested(100_000) } }],
    ['nested below a refused member', { ModelName: 'm', InferenceExecutionConfig: nested(100_000) }],
    ['a huge list', { ModelName: 'm', Tags: million }],
    ['huge names', { ['a'.repeat(1_000_000)]: 1, ['b'.repeat(1_000_000)]: 1 }],
    ['many names', Object.fromEntries(million.map((name) => [`n${name}`, null]))],
    [
      'a huge map',
      { PrimaryContainer: { Environment: Object.fromEntries(million.map((name) => [name, 'x'])) } },
    ],
    ['a huge text', { ModelName: 'a-'.repeat(500_000) }],
  ])(
    '%s',
    (_, value) => {
      expect(() => codec?.decode(value)).toThrow(StowageError);
      try {
        codec?.decode(value);
      } catch (error) {
        expect((error as StowageError).message.length).toBeLessThan(5_000);
      }
    },
    2_000,
  );
});
