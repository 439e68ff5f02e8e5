import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Automaton, type AutomatonState } from '../../../src/decide/grammar/automaton.js';
import { schemaGrammar } from '../../../src/decide/grammar/json-schema.js';
import { buildNetwork } from '../../../src/decide/grammar/network.js';
import { Draw } from '../draw.js';
import { Random } from '../random.js';
import type { FlowSample } from '../samples.js';
import { drawFlow } from './index.js';
import type { StepJson } from './plan.js';

interface FlowJson {
  readonly flow: string;
  readonly object: string;
  readonly on: string;
  readonly when: readonly string[];
  readonly steps: readonly StepJson[];
}

const automaton = new Automaton(
  buildNetwork(
    schemaGrammar(readFileSync(new URL('../../flow.schema.json', import.meta.url), 'utf8')),
    new Uint8Array(256).fill(1),
  ),
);

/** Whether a model that is held to the schema could write this text. */
function isAllowed(text: string): boolean {
  let state: AutomatonState | null = automaton.start;
  for (const byte of new TextEncoder().encode(text)) {
    state = automaton.step(state, byte);
    if (state === null) return false;
  }
  return state.isAccepting;
}

function samples(seed: string, count: number): readonly FlowSample[] {
  const random = new Random(seed);
  const drawn: FlowSample[] = [];
  while (drawn.length < count) {
    const sample = drawFlow(new Draw(random));
    if (sample !== null) drawn.push(sample);
  }
  return drawn;
}

const many = samples('flows', 1500).map((sample) => ({
  sample,
  flow: JSON.parse(sample.answer) as FlowJson,
}));

it('every flow is one that the schema allows, in the very bytes', () => {
  expect(many.filter(({ sample }) => !isAllowed(sample.answer)).map(({ sample }) => sample.answer)).toEqual(
    [],
  );
});

it.each([
  ['an unknown event', '"on":"create"', '"on":"hourly"'],
  ['a member too many', '"to":"owner"', '"to":"owner","cc":"admin"'],
  ['an unknown person', '"to":"owner"', '"to":"janitor"'],
  ['a blank in a name', '"Task_Call"', '"Task Call"'],
  ['a negative due date', '"due":2', '"due":-2'],
  ['no steps', /"steps":.*/, '"steps":[]}'],
])('the schema does not allow %s', (_what, from, to) => {
  const right =
    '{"flow":"Lead_On_Create","object":"Lead","on":"create","when":[],"steps":[{"name":"Task_Call","type":"task","subject":"Call","to":"owner","due":2}]}';
  expect(isAllowed(right)).toBe(true);
  expect(right.replace(from, to)).not.toBe(right);
  expect(isAllowed(right.replace(from, to))).toBe(false);
});

it('the same chance gives the same flows', () => {
  expect(samples('again', 100)).toEqual(samples('again', 100));
});

it('names of steps differ, and decisions name steps that follow', () => {
  for (const { flow } of many) {
    const names = flow.steps.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    flow.steps.forEach((step, at) => {
      if (step.type !== 'decision') return;
      expect(step.yes).toBe(names[at + 1]);
      if (step.no !== 'End') expect(names.indexOf(step.no)).toBeGreaterThan(at + 1);
    });
  }
});

it('what is to be copied stands in the prompt', () => {
  for (const { sample, flow } of many) {
    const prompt = plain(sample.prompt);
    for (const step of flow.steps) {
      for (const text of copied(step))
        expect([sample.prompt, prompt.includes(plain(text))]).toEqual([sample.prompt, true]);
    }
    for (const condition of flow.when) {
      for (const [, value] of condition.matchAll(/'%?([^'%]*)%?'/g)) {
        const said = value === 'Closed Lost' ? 'lost' : value!;
        expect([sample.prompt, said, prompt.includes(plain(said))]).toEqual([sample.prompt, said, true]);
      }
    }
  }
});

/** Letters and digits only: `Back Office`, `back-office` and `BackOffice` are the same. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function copied(step: StepJson): readonly string[] {
  switch (step.type) {
    case 'task':
    case 'email':
      return [step.subject];
    case 'assign':
      return [step.queue];
    case 'post':
      return [step.channel];
    case 'call':
      return [step.action];
    default:
      return [];
  }
}

it('no wording is left with a hole or marks of its template', () => {
  const broken = many.filter(({ sample }) => /[{}|]|undefined|\bLABEL\b| {2}| [,.;:]|''/.test(sample.prompt));
  expect(broken.map(({ sample }) => sample.prompt)).toEqual([]);
});

it('steps are said in the order in which they stand', () => {
  const inOrder = many.filter(({ flow }) =>
    flow.steps.every((step) => step.type === 'email' || step.type === 'post'),
  );
  expect(inOrder.length).toBeGreaterThan(50);
  for (const { sample, flow } of inOrder) {
    let from = 0;
    const prompt = plain(sample.prompt);
    const texts = [...new Set(flow.steps.flatMap(copied))];
    if (texts.length < flow.steps.length) continue;
    for (const text of texts) {
      const at = prompt.indexOf(plain(text), from);
      expect([sample.prompt, text, at >= 0]).toEqual([sample.prompt, text, true]);
      from = at;
    }
  }
});
