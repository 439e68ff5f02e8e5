import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Automaton, type AutomatonState } from './automaton.js';
import { type Grammar } from './expression.js';
import { anyObjectGrammar, schemaGrammar } from './json-schema.js';
import { buildNetwork } from './network.js';
import { parseGbnf } from './parse-gbnf.js';
import { parseRegex } from './parse-regex.js';

const allBytes = new Uint8Array(256).fill(1);

/** Whether the grammar allows exactly this text. */
function allows(grammar: Grammar, text: string): boolean {
  const automaton = new Automaton(buildNetwork(grammar, allBytes));
  let state: AutomatonState | null = automaton.start;
  for (const byte of new TextEncoder().encode(text)) {
    state = automaton.step(state, byte);
    if (state === null) return false;
  }
  return state.isAccepting;
}

function regexGrammar(pattern: string): Grammar {
  return { rules: new Map([['root', parseRegex(pattern).expression]]), root: 'root' };
}

it.each([
  ['abc', ['abc'], ['', 'ab', 'abcd', 'xabc']],
  ['^a|b$', [], []],
  ['(?:a|b)+', ['a', 'bab'], ['', 'c']],
  ['[^a-c]{2,3}', ['de', 'äöü', '😀😀'], ['d', 'da', 'defg']],
  ['\\d{4}-\\d\\d', ['2024-01'], ['2024-1', '20240-1']],
  ['(?<year>\\d+)\\.?', ['1', '12.'], ['.']],
  ['[\\w-]*', ['a-b_9', ''], ['a b']],
  ['a{,2}b', ['b', 'ab', 'aab'], ['aaab']],
  ['[é-ü]', ['é', 'ü', 'ö'], ['e', 'ý']],
  ['\\u{1F600}|\\x41', ['😀', 'A'], ['a']],
  ['a*?b', ['b', 'aab'], ['a']],
])('the pattern %s is of the whole text', (pattern, right, wrong) => {
  if (pattern === '^a|b$') {
    expect(() => parseRegex(pattern)).toThrow('put the alternatives into a group');
    return;
  }
  for (const text of right) expect([text, allows(regexGrammar(pattern), text)]).toEqual([text, true]);
  for (const text of wrong) expect([text, allows(regexGrammar(pattern), text)]).toEqual([text, false]);
});

it.each([
  ['(a', 'needs `)` here (character 3)'],
  ['a)', 'where it cannot stand'],
  ['(?=a)b', 'looks around'],
  ['(a)\\1', 'which is not done here'],
  ['*a', 'with nothing to repeat'],
  ['a{20000}', 'more than 10000 times'],
  ['a{3,2}', 'at least 3 and at most 2'],
  ['a^b', 'only its ends are anchors'],
  [`(${'a|'.repeat(65_000)}a){10000}`, 'more than 250000 links'],
  ['.'.repeat(120_000), 'takes more than 50000 states'],
  ['[z-a]', 'ends before it begins'],
  ['('.repeat(100), 'nests more than 64 groups'],
])('the pattern %.30s is a problem: %s', (pattern, problem) => {
  expect(() => buildNetwork(regexGrammar(pattern), allBytes)).toThrow(problem);
});

it('patterns of letters, classes and counts allow what JavaScript allows', () => {
  const atom = fc.constantFrom('a', 'b', '[ab]', '[^a]', '.', '(?:a|bc)', '(?:ab)?', '\\w', 'c*');
  const part = fc.tuple(atom, fc.constantFrom('', '', '?', '+', '{1,2}')).map(([of, count]) => {
    return /[*?]$/.test(of) ? of : of + count;
  });
  const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ä', '1'), maxLength: 6 });
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 8, maxLength: 8 }), (source, texts) => {
      const grammar = regexGrammar(source);
      for (const one of texts) {
        expect([source, one, allows(grammar, one)]).toEqual([
          source,
          one,
          new RegExp(`^(?:${source})$`, 'u').test(one),
        ]);
      }
    }),
  );
});

it.each([
  ['root ::= "a" | "b" root', ['a', 'bba'], ['', 'b']],
  ['root ::= item (", " item)*\nitem ::= [a-z]+ # letters\n', ['a', 'ab, c'], ['a,b', '']],
  ['root ::= "\\"" [^"\\\\\\n]* "\\""', ['""', '"xä"'], ['"\n"', '"a\\"']],
  ['root ::= x{2} | (\n  "y"\n  | "z"\n)\nx ::= "x"?', ['', 'xx', 'y', 'z'], ['xxx']],
  ['root ::= "\\x41\\u00e9\\U0001F600" .', ['Aé😀!'], ['Aé😀']],
  ['root ::= "(" root ")" | ""', ['', '(())'], ['(', '())']],
])('the grammar %j', (source, right, wrong) => {
  const grammar = parseGbnf(source);
  for (const text of right) expect([text, allows(grammar, text)]).toEqual([text, true]);
  for (const text of wrong) expect([text, allows(grammar, text)]).toEqual([text, false]);
});

/** Rules that each only call the next, the last one first or last in the text. */
function chain(length: number, isLeafFirst: boolean): string {
  const rules = ['root ::= r0', ...Array.from({ length }, (_, index) => `r${index} ::= r${index + 1}`)];
  rules.push(`r${length} ::= "a"`);
  return (isLeafFirst ? rules.reverse() : rules).join('\n');
}

it.each([
  ['root ::= foo', 'has no rule `foo`'],
  ['x ::= "a"', 'has no rule `root`'],
  ['root ::= root "a" | "b"', 'calls itself before it reads anything'],
  ['root ::= a\na ::= b? root | "y"\nb ::= "x"', 'calls itself before it reads anything'],
  ['root ::= "a" root', 'allows nothing'],
  ['root ::= "a', 'ends too early'],
  ['root ::= ("a"', 'needs `)` here'],
  ['root ::= "a"\nroot ::= "b"', 'twice'],
  ['start: "a"', 'needs `::=` here'],
  ['root ::= <[5]>', 'means nothing here'],
  ['root ::= x{1000}\nx ::= "a"{1000}', null],
  ['root ::= ("a"{1000}){1000}', 'takes more than 50000 states'],
  [`root ::= (${'"a"|'.repeat(25_000)}"b"){10000}`, 'more than 250000 links'],
  [`root ::= (${'x|'.repeat(40_000)}"b"){10000}\nx ::= "a" x`, 'more than 250000 links'],
  [`root ::= "a"${'*'.repeat(100_000)}`, 'repeats one thing more than 4 times over'],
  ['root ::= "a"*+?{2}', null],
  [`root ::= "${'ab'.repeat(20_000)}"`, null],
  [chain(1500, true), null],
  [chain(1500, false), null],
  [chain(6000, true), null],
  [chain(6000, false), 'more than 2000 rules that begin one with the other'],
])('the grammar %.60j is a problem: %s', (source, problem) => {
  const build = () => buildNetwork(parseGbnf(source), allBytes);
  if (problem === null) build();
  else expect(build).toThrow(problem);
});

it.each([
  [{ type: 'integer', minimum: 3, maximum: 120 }, ['3', '99', '120'], ['2', '121', '03', '3.5']],
  [{ type: 'integer', exclusiveMinimum: -1 }, ['0', '12'], ['-1']],
  [{ type: 'number', minimum: 0, maximum: 1 }, ['0', '1', '0.25'], ['1.5', '-0.1', '2']],
  [{ type: 'number', exclusiveMinimum: 0, maximum: 2 }, ['0.1', '2', '1.5'], ['0', '0.0', '2.5']],
  [{ type: 'string', minLength: 1, maxLength: 2 }, ['"a"', '"é\\n"'], ['""', '"abc"', '"\n"']],
  [{ type: 'string', pattern: '^"?\\d$' }, ['"1"', '"\\"1"'], ['"a"', '""1"']],
  [{ type: 'string', pattern: 'b' }, ['"abc"', '"b"'], ['"ac"']],
  [{ type: 'string', format: 'date' }, ['"2024-02-28"'], ['"2024-13-01"']],
  [{ enum: ['a', 1, null, { b: [1] }] }, ['"a"', '1', 'null', '{"b":[1]}'], ['2', 'a']],
  [{ type: 'string', enum: ['a', 1] }, ['"a"'], ['1']],
  [{ type: ['string', 'null'] }, ['""', 'null'], ['1']],
  [
    { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2 },
    ['[1]', '[1, 2]'],
    ['[]', '[1,2,3]'],
  ],
  [{ type: 'array', prefixItems: [{ const: 1 }, { const: 2 }], items: false }, ['[1,2]'], ['[1]', '[1,2,3]']],
  [{ type: 'object' }, ['{}', '{"a": {"b":[1,"x"]}}'], ['[]', '{"a"}']],
  [{ type: 'object', properties: {} }, ['{}', '{ }'], ['{"a":1}']],
  [
    { properties: { a: { type: 'integer' }, b: { type: 'boolean' }, c: { type: 'null' } }, required: ['b'] },
    ['{"b":true}', '{"a":1,"b":false}', '{"b":true, "c":null}', '{ "a": 1 , "b" : true }'],
    ['{\n"b":true}', '{}', '{"a":1}', '{"b":true,}', '{"c":null,"b":true}', '{"b":true,"d":1}'],
  ],
  [
    { properties: { ab: { const: 1 } }, additionalProperties: { type: 'string' } },
    ['{"ab":1}', '{"ab":1,"a":"x"}', '{"abc":"x"}', '{"b":"x","c":"y"}'],
    ['{"ab":"x"}', '{"a":1}', '{"\\u0061b":"x"}'],
  ],
  [
    {
      $defs: {
        node: {
          type: 'object',
          properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
          required: ['next'],
        },
      },
      $ref: '#/$defs/node',
    },
    ['{"next":null}', '{"next":{"next":null}}'],
    ['{}', '{"next":{}}'],
  ],
  [
    {
      allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } }, required: ['a', 'b'] }],
    },
    ['{"a":1,"b":2}'],
    ['{"a":1}'],
  ],
  [true, ['1', '{}', '[null]', '-1.5e3', 'true'], ['01', '+1', 'nul']],
])('the schema %j', (schema, right, wrong) => {
  const grammar = schemaGrammar(JSON.stringify(schema));
  for (const text of right) expect([text, allows(grammar, text)]).toEqual([text, true]);
  for (const text of wrong) expect([text, allows(grammar, text)]).toEqual([text, false]);
});

it.each([
  ['{', 'is not JSON'],
  ['{"type":"nope"}', 'has the type `nope`'],
  ['{"not":{}}', 'has the keyword `not`'],
  ['{"type":"number","multipleOf":3}', 'has the keyword `multipleOf`'],
  ['{"enum":["a"],"minLength":2}', 'has `minLength` beside `enum`'],
  ['{"$ref":"#/definitions/x"}', 'where nothing is'],
  ['{"$ref":"https://example.com/x"}', 'others are not fetched'],
  ['{"type":"string","format":"iri"}', 'has the format "iri"'],
  ['{"type":"string","maxLength":1000000}', '`maxLength`'],
  ['{"type":"integer","minimum":5,"maximum":4}', 'allows no number'],
  ['{"properties":{"a":false},"required":["a"]}', 'allows nothing'],
  [
    JSON.stringify({ properties: { ['n'.repeat(10_000)]: {} }, additionalProperties: true }),
    'beside a name of more than 256 characters',
  ],
  [`${'{"items":'.repeat(100)}{}${'}'.repeat(100)}`, 'nests more than 64'],
  [
    '{"$defs":{"a":{"type":"object","anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}',
    'more than',
  ],
])('the schema %s is a problem: %s', (schema, problem) => {
  expect(() => buildNetwork(schemaGrammar(schema), allBytes)).toThrow(problem);
});

it('any JSON object may stand on lines of its own', () => {
  expect(allows(anyObjectGrammar(), '{\n  "a": [\n    1\n  ]\n}')).toBe(true);
});

it('every JSON object is allowed as JSON.stringify writes it', () => {
  const grammar = anyObjectGrammar();
  const small = fc
    .jsonValue({ maxDepth: 3 })
    .filter((value) => !/\d{16}|e[+-]\d{3}/.test(JSON.stringify(value)));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), small, { maxKeys: 4 }), (value) => {
      const text = JSON.stringify(value);
      expect([text, allows(grammar, text)]).toEqual([text, true]);
    }),
  );
});
