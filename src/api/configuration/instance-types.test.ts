import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigurationErrors } from './configuration-errors.js';
import { readInstanceTypes } from './instance-types.js';

const machine = { cpus: 6, memoryBytes: 1000, accelerators: 2, acceleratorMemoryBytes: 500 };

function read(text: string) {
  return readInstanceTypes(text, 'types.yaml', machine);
}

function problemsOf(text: string): string[] {
  try {
    read(text);
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationErrors)) throw thrown;
    return thrown.errors.map(
      ({ location, code, message, mend }) =>
        `${location?.replace('types.yaml:', '')} ${code} ${message} → ${mend}`,
    );
  }
  return [];
}

describe('the catalogue that is shipped', () => {
  const text = readFileSync(new URL('../../../catalogue/instance-types.yaml', import.meta.url), 'utf8');
  const types = read(text);

  it('has this machine as local.cpu, and a part of it', () => {
    expect(types.get('local.cpu')).toMatchObject({ cpus: 6, memoryBytes: 1000, pricePerHour: 0 });
    expect(types.get('local.cpu.small')).toMatchObject({ cpus: 1.5, memoryBytes: 250 });
    expect(types.get('local.gpu')).toMatchObject({ accelerators: 2, acceleratorMemoryBytes: 500 });
  });

  it('has SageMaker’s types', () => {
    expect(types.get('ml.g5.12xlarge')).toEqual({
      name: 'ml.g5.12xlarge',
      cpus: 48,
      memoryBytes: 192 * 2 ** 30,
      accelerators: 4,
      acceleratorMemoryBytes: 24 * 2 ** 30,
      zones: ['a', 'b', 'c'],
      pricePerHour: 7.09,
      countMax: 100,
    });
    expect(types.size).toBeGreaterThan(100);
  });

  it('costs more where there is more of everything, within a family', () => {
    const familyOf = (name: string) => name.split('.').slice(0, 2).join('.');
    for (const small of types.values()) {
      for (const large of types.values()) {
        if (familyOf(large.name) !== familyOf(small.name) || large.cpus < small.cpus) continue;
        if (large.memoryBytes < small.memoryBytes || large.accelerators < small.accelerators) continue;
        expect(large.pricePerHour, `${large.name} ${small.name}`).toBeGreaterThanOrEqual(small.pricePerHour);
      }
    }
  });
});

it('a type’s own words stand before the defaults', () => {
  const types = read(`
defaults: { zones: [x, y], countMax: 7, price: 2 }
types:
  local.one: { cpus: 0.5, memory: 10% }
  local.two: { cpus: machine, memory: 1.5Gi, accelerators: 3, zones: [z], countMax: 1, price: 0.5 }
`);
  expect([...types.values()]).toEqual([
    {
      name: 'local.one',
      cpus: 0.5,
      memoryBytes: 100,
      accelerators: 0,
      acceleratorMemoryBytes: 0,
      zones: ['x', 'y'],
      pricePerHour: 2,
      countMax: 7,
    },
    {
      name: 'local.two',
      cpus: 6,
      memoryBytes: 1.5 * 2 ** 30,
      accelerators: 3,
      acceleratorMemoryBytes: 0,
      zones: ['z'],
      pricePerHour: 0.5,
      countMax: 1,
    },
  ]);
});

it('every problem is told, at its place and with its rule', () => {
  const text = `
defaults: { zone: [a] }
types:
  ml.a: { cpus: 2 }
  ml.b: { cpus: many, memory: 8Gi, acelerators: 1 }
  BIG: { cpus: 1, memory: 1Gi }
  ml.c: { cpus: 1, memory: 8, price: -1, zones: [a, a], countMax: 0 }
  ml.d: 5
`;
  expect(problemsOf(text)).toEqual([
    '2:13 FILE-011 unknown key `zone` → did you mean `zones`?',
    '4:3 FILE-012 `types.ml.a.memory`: is missing: expected a size such as 512Mi or 16Gi, `machine`, or a part of it such as 25% → write `memory: 16Gi`',
    '5:17 FILE-012 `types.ml.b.cpus`: expected a number of cores from 0.25 to 4096, `machine`, or a part of it such as 25% → write `cpus: 8`',
    '5:36 FILE-011 unknown key `acelerators` → did you mean `accelerators`?',
    '6:3 FILE-012 `types.BIG`: expected a name of lower-case words joined by dots, such as ml.g5.xlarge or local.big → rename it',
    '7:28 FILE-012 `types.ml.c.memory`: expected a size such as 512Mi or 16Gi, `machine`, or a part of it such as 25% → write `memory: 16Gi`',
    '7:38 FILE-012 `types.ml.c.price`: expected a number of US dollars from 0 to 100000 → write `price: 0.23`',
    '7:49 FILE-012 `types.ml.c.zones`: expected a list of 1 to 16 different zones of small letters and digits → write `zones: [a, b, c]`',
    '7:67 FILE-012 `types.ml.c.countMax`: expected a whole number from 1 to 1000000 → write `countMax: 100`',
    '8:9 FILE-012 `types.ml.d`: expected keys and values → write `ml.m5.large: { cpus: 2, memory: 8Gi }`',
  ]);
});

it.each([
  ['', 'FILE-010 types.yaml: the file is empty'],
  ['- a', 'FILE-012 `the document`: expected the keys `defaults` and `types`'],
  ['types: {', 'FILE-010 types.yaml'],
  ['types: {}\n---\ntypes: {}', 'FILE-012 `the document`: a catalogue is one document'],
  ['types: [1]', 'FILE-012 `types`: expected instance types by name'],
])('a text like %j is refused', (text, words) => {
  expect(problemsOf(text)[0]).toContain(words);
});
