import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ToolCallReader } from './tool-calls.js';

interface Read {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
}

/** What is found in an answer that comes in these pieces. */
function read(pieces: readonly string[], callsMax = Infinity): Read {
  let ids = 0;
  const reader = new ToolCallReader(new Set(['f', 'g']), () => `id${ids++}`, callsMax);
  const calls: { name: string; arguments: string }[] = [];
  let text = '';
  for (const found of [...pieces.map((piece) => reader.push(piece)), reader.end()]) {
    text += found.text;
    for (const { index, begins, arguments: more } of found.calls) {
      if (begins !== undefined) calls[index] = { name: begins.name, arguments: '' };
      calls[index]!.arguments += more;
    }
  }
  expect(reader.callCount).toBe(calls.length);
  return { text, calls };
}

const f = { name: 'f', arguments: '{"a": "}\\"{", "b": [1]}' };
const g = { name: 'g', arguments: '{}' };
const fObject = `{"name": "f", "arguments": ${f.arguments}}`;

const answers: readonly (readonly [text: string, found: Read])[] = [
  ['Hello {"name"', { text: 'Hello {"name"', calls: [] }],
  ['', { text: '', calls: [] }],
  [`<tool_call>\n${fObject}\n</tool_call>`, { text: '', calls: [f] }],
  [
    `So: <tool_call>${fObject}</tool_call>\n<tool_call>{"name":"g","arguments":{}}</tool_call>\n`,
    { text: 'So: ', calls: [f, g] },
  ],
  [
    `<tool_call>{"arguments":{"x":1},"name":"g"}</tool_call>`,
    { text: '', calls: [{ name: 'g', arguments: '{"x":1}' }] },
  ],
  [
    `<tool_call>{"name":"f","arguments":"{\\"x\\":1}"}</tool_call>`,
    { text: '', calls: [{ name: 'f', arguments: '{"x":1}' }] },
  ],
  [
    '<tool_call>{"name": "h", "arguments": {}}</tool_call>',
    { text: '<tool_call>{"name": "h", "arguments": {}}</tool_call>', calls: [] },
  ],
  ['<tool_call>no', { text: '<tool_call>no', calls: [] }],
  ['a < b and <tool', { text: 'a < b and <tool', calls: [] }],
  [`[TOOL_CALLS][${fObject}, {"name":"g","arguments":{}}]`, { text: '', calls: [f, g] }],
  [`[TOOL_CALLS] [${fObject}]`, { text: '', calls: [f] }],
  [` [ ${fObject}]`, { text: '', calls: [f] }],
  ['[1, 2]', { text: '[1, 2]', calls: [] }],
  [`\n{"name": "g", "parameters": {}}`, { text: '', calls: [g] }],
  ['{"city": "Wien", "name": {"x": 1}}', { text: '{"city": "Wien", "name": {"x": 1}}', calls: [] }],
  ['{"name": "h", "parameters": {}} x', { text: '{"name": "h", "parameters": {}} x', calls: [] }],
  ['{"name": "f", "arguments": {"a": 1', { text: '', calls: [{ name: 'f', arguments: '{"a": 1' }] }],
];

it.each(answers)('%j, whole', (text, found) => {
  expect(read([text])).toEqual(found);
});

it('the same is found however the text is cut into pieces', () => {
  fc.assert(
    fc.property(fc.constantFrom(...answers), fc.array(fc.nat(6)), ([text, found], cuts) => {
      const pieces: string[] = [];
      let at = 0;
      for (const cut of cuts) {
        pieces.push(text.slice(at, at + cut));
        at += cut;
      }
      expect(read([...pieces, text.slice(at)])).toEqual(found);
    }),
    { numRuns: 1000 },
  );
});

it('passes nothing on from the first call that is too many', () => {
  const tagged = `So: <tool_call>${fObject}</tool_call>\n<tool_call>{"name":"g","arguments":{}}</tool_call> more`;
  const list = `[TOOL_CALLS][${fObject}, {"arguments":{},"name":"g"}, ${fObject}]`;
  expect(read([...tagged], 1)).toEqual({ text: 'So: ', calls: [f] });
  expect(read([list], 1)).toEqual({ text: '', calls: [f] });
  expect(read([list], 2)).toEqual({ text: '', calls: [f, g] });
});
