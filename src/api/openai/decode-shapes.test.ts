/** Shapes of answers, and functions that may be called. */
import { expect, it, describe } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import { decodeChat, decodeCompletion, type DecodedCall } from './decode.js';

const user = [{ role: 'user', content: 'hi' }];
const chat = (fields: object): DecodedCall => decodeChat({ model: 'm', messages: user, ...fields });
const completion = (fields: object): DecodedCall => decodeCompletion({ model: 'm', prompt: 'p', ...fields });

const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object' } } };
const definition = { name: 'f', description: '', parameters: '{"type":"object"}' };

it.each([
  [{ response_format: { type: 'text' } }, null],
  [{ response_format: { type: 'json_object' } }, { kind: 'json-object', field: 'response_format' }],
  [
    {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'x', strict: true, schema: { type: 'null' } },
      },
    },
    { kind: 'json-schema', schema: '{"type":"null"}', field: 'response_format.json_schema.schema' },
  ],
  [{ guided_json: '{}' }, { kind: 'json-schema', schema: '{}', field: 'guided_json' }],
  [
    { guided_regex: 'a', guided_json: '', guided_choice: [] },
    { kind: 'regex', pattern: 'a', field: 'guided_regex' },
  ],
  [{ guided_choice: ['a', 'b'] }, { kind: 'choice', choices: ['a', 'b'], field: 'guided_choice' }],
  [{ guided_grammar: 'g' }, { kind: 'grammar', grammar: 'g', field: 'guided_grammar' }],
  [
    { structured_outputs: { regex: 'a' } },
    { kind: 'regex', pattern: 'a', field: 'structured_outputs.regex' },
  ],
])('%j asks for an answer of the shape %j', (fields, constraint) => {
  expect(completion(fields).constraint).toEqual(constraint);
  expect(chat(fields).constraint).toEqual(constraint);
});

describe('a chat call with tools', () => {
  const one = { kind: 'tool-calls', tools: [definition], isParallel: false, field: 'tools' };

  it.each([
    [{}, [definition], null],
    [{ tool_choice: 'auto' }, [definition], null],
    [{ tool_choice: 'auto', parallel_tool_calls: false }, [definition], null],
    [{ tool_choice: 'none' }, undefined, null],
    [{ tool_choice: 'required' }, [definition], { ...one, isParallel: true }],
    [{ tool_choice: 'required', parallel_tool_calls: false }, [definition], one],
    [{ tool_choice: { type: 'function', function: { name: 'f' } } }, [definition], one],
  ])('%j', (fields, tools, constraint) => {
    const call = chat({ tools: [tool], ...fields });
    expect(call.inputs[0]).toMatchObject({ kind: 'chat', messages: user });
    expect((call.inputs[0] as { tools?: unknown }).tools).toEqual(tools);
    expect(call.constraint).toEqual(constraint);
    expect(call.toolNames).toEqual(tools === undefined ? [] : ['f']);
    const isSingle = 'parallel_tool_calls' in fields;
    expect(call.callsMax).toBe(tools === undefined ? 0 : isSingle ? 1 : Infinity);
  });

  it('takes the calls of before and their results', () => {
    const called = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };
    const messages = [
      { role: 'assistant', content: null, tool_calls: [called] },
      { role: 'tool', tool_call_id: 'c1', content: 'r' },
    ];
    expect(chat({ messages }).inputs).toEqual([
      {
        kind: 'chat',
        messages: [
          { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }] },
          { role: 'tool', content: 'r', toolCallId: 'c1' },
        ],
      },
    ]);
  });
});

it.each([
  [{ tools: [{}] }, 'REQ-212 tools[0].type'],
  [{ tools: [{ type: 'function', function: { name: 'a b' } }] }, 'REQ-210 tools[0].function.name'],
  [{ tools: [tool, tool] }, 'REQ-210 tools'],
  [{ tools: [tool], tool_choice: 'any' }, 'REQ-210 tool_choice'],
  [
    { tools: [tool], tool_choice: { type: 'function', function: { name: 'g' } } },
    'REQ-210 tool_choice.function.name',
  ],
  [{ tools: [tool], tool_choice: 'required', ignore_eos: true }, 'REQ-212 ignore_eos'],
  [{ tools: [tool], tool_choice: 'required', guided_regex: 'a' }, 'REQ-210 tool_choice'],
  [{ tools: [tool], guided_regex: 'a' }, 'done'],
  [{ functions: [{}] }, 'REQ-212 functions'],
  [{ tools: [], tool_choice: 'auto', functions: null }, 'done'],
  [{ tool_choice: 'required' }, 'REQ-210 tool_choice'],
  [{ response_format: { type: 'json_object' } }, 'done'],
  [{ response_format: { type: 'json_object' }, ignore_eos: true }, 'REQ-212 ignore_eos'],
  [{ response_format: { type: 'grammar' } }, 'REQ-212 response_format.type'],
  [{ response_format: { type: 'json_schema' } }, 'REQ-210 response_format.json_schema'],
  [
    { response_format: { type: 'json_schema', json_schema: { name: 'x' } } },
    'REQ-210 response_format.json_schema.schema',
  ],
  [{ guided_choice: ['a', ''] }, 'REQ-210 guided_choice'],
  [{ guided_regex: 'a', guided_choice: ['a'] }, 'REQ-210 guided_choice'],
  [{ guided_regex: 'a', structured_outputs: { json: {} } }, 'REQ-210 structured_outputs.json'],
  [{ structured_outputs: { structural_tag: 'x' } }, 'REQ-212 structured_outputs.structural_tag'],
  [{ structured_outputs: { foo: 1 } }, 'REQ-210 structured_outputs'],
  [{ guided_json: 'not json' }, 'REQ-210 guided_json'],
  [{ guided_json: '3' }, 'REQ-210 guided_json'],
  [{ guided_grammar: 'a'.repeat(200_000) }, 'REQ-210 guided_grammar'],
  [{ response_format: { type: 'text' } }, 'done'],
])('%j is %s', (fields, outcome) => {
  let found = 'done';
  try {
    chat(fields);
  } catch (error) {
    if (!(error instanceof StowageError)) throw error;
    found = `${error.code} ${error.location}`;
  }
  expect(found).toBe(outcome);
});

it('a completion has no tools', () => {
  expect(() => completion({ tools: [tool] })).toThrow('only chats have tools');
});
