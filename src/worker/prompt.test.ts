import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulatedEngine } from '../adapters/engine/simulated/engine.js';
import { systemClock } from '../adapters/clock/system.js';
import { type ComponentOptions, defaultComponentOptions } from '../domain/component-options.js';
import { PromptBuilder } from './prompt.js';

const engine = new SimulatedEngine({
  clock: systemClock,
  sequencesMax: 1,
  sequenceTokensMax: 512,
  stepTokensMax: 32,
  stepMs: 0,
  endEvery: 0,
});

const plainOptions: ComponentOptions = {
  ...defaultComponentOptions,
  rollingBatchSizeMax: 1,
  jobQueueLengthMax: 1,
  stepTokensMax: 32,
  predictSecondsMax: 1,
  queueSecondsMax: 1,
};

const builder = (options: Partial<ComponentOptions>) =>
  new PromptBuilder(engine, 'c', { ...plainOptions, ...options });
const bytes = (text: string) => [...new TextEncoder().encode(text)];
const text = (prompt: string, suffix: string | null = null) => ({ kind: 'text' as const, prompt, suffix });

describe('PromptBuilder', () => {
  it('puts the caller’s text between the template’s control tokens', () => {
    const fim = builder({ promptTemplate: '<|a|>{{ suffix }}<|b|>{{ prompt }}<|a|>' });
    expect(fim.build(text('x', 'yz'))).toEqual([257, ...bytes('yz'), 258, ...bytes('x'), 257]);
  });

  it('keeps spellings of control tokens in a caller’s text as text', () => {
    const aText = fc.array(fc.constantFrom('<|a|>', '<|end|>', '<|', 'a|>', '|>', 'q', '\ue000'), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(aText, (parts) => {
        const prompt = parts.join('');
        const tokens = builder({ promptTemplate: '<|b|>{{ prompt }}<|b|>' }).build(text(prompt));
        expect(tokens).toEqual([258, ...bytes(prompt), 258]);
        const chat = { kind: 'chat' as const, messages: [{ role: 'user', content: prompt }] };
        expect(builder({}).build(chat)).toEqual([257, ...bytes(prompt), 258]);
      }),
    );
  });

  it('lets no control token arise from pieces, overlaps or filters', () => {
    const spelled = builder({ promptTemplate: '{{ suffix | lower }}{{ prompt }}' });
    const tokens = spelled.build(text('a|>b<|<|b|>', '<|END|><|'));
    expect(tokens).toEqual(bytes('<|end|><|a|>b<|<|b|>'));
    const reaching = builder({ promptTemplate: '<|{{ prompt }}' });
    expect(reaching.build(text('a|>'))).toEqual(bytes('<|a|>'));
  });

  it('lets a template trim the space around a caller’s text', () => {
    const trimmed = builder({ promptTemplate: '{{ prompt | trim }}.' });
    expect(trimmed.build(text('  <|a|> x  '))).toEqual(bytes('<|a|> x.'));
  });

  it('makes them control tokens where the component allows it', () => {
    const open = builder({ specialTokensAllowed: true });
    expect(open.build(text('x<|a|>y'))).toEqual([...bytes('x'), 257, ...bytes('y')]);
  });

  it('asks a template over `prompt` with the last user message of a chat', () => {
    const messages = [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'two' },
      { role: 'user', content: 'three' },
    ];
    const tokens = builder({ promptTemplate: '{{ prompt }}' }).build({ kind: 'chat', messages });
    expect(tokens).toEqual(bytes('three'));
  });

  it('refuses a suffix where the template only spells the word', () => {
    const typo = builder({ promptTemplate: 'suffix:{{ sufix }}{{ prompt }}' });
    expect(() => typo.build(text('x', 'y'))).toThrow(expect.objectContaining({ code: 'REQ-213' }));
  });

  it('cuts long code at line starts, the end of the prompt and the start of the suffix', () => {
    const fim = builder({
      promptTemplate: '{{ prompt }}|{{ suffix }}',
      promptKeepChars: 7,
      suffixKeepChars: 7,
    });
    expect(fim.build(text('one\ntwo\nthree', 'four\nfive\nsix'))).toEqual(bytes('three|four\n'));
    expect(fim.build(text('abcdefghij', 'abcdefghij'))).toEqual(bytes('defghij|abcdefg'));
    expect(fim.build(text('x'.repeat(200_000), ''))).toEqual(bytes('xxxxxxx|'));
    expect(fim.build(text('🙂123456', '123456🙂'))).toEqual(bytes('123456|123456'));
  });

  it.each([
    ['CTX-201', text('')],
    ['CTX-202', text('x'.repeat(512))],
    ['CTX-202', text('x'.repeat(5_000_000))],
    ['CTX-202', text('字'.repeat(16_000))],
    ['REQ-210', text('y '.repeat(10) + 'z'.repeat(40_000))],
    ['REQ-213', text('x', 'suffix without a template')],
    ['REQ-210', { kind: 'tokens' as const, tokens: [1, 259] }],
  ])('refuses with %s what cannot be run', (code, input) => {
    expect(() => builder({}).build(input)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a template that does not parse when it is made', () => {
    expect(() => builder({ promptTemplate: '{% if %}' })).toThrow(
      expect.objectContaining({ code: 'REQ-213' }),
    );
  });
});
