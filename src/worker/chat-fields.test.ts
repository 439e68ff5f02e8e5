import { expect, it } from 'vitest';
import { systemClock } from '../adapters/clock/system.js';
import { SimulatedEngine } from '../adapters/engine/simulated/engine.js';
import { type ComponentOptions, defaultComponentOptions } from '../domain/component-options.js';
import type { ChatMessage, ToolDefinition } from '../domain/inference.js';
import { PromptBuilder } from './prompt.js';

const engine = new SimulatedEngine({
  clock: systemClock,
  sequencesMax: 1,
  sequenceTokensMax: 4096,
  stepTokensMax: 32,
  stepMs: 0,
  endEvery: 0,
});

const tools: readonly ToolDefinition[] = [
  { name: 'f', description: 'says <|end|>', parameters: '{"type":"object","properties":{"<|a|>":{}}}' },
];
const messages: readonly ChatMessage[] = [
  { role: 'user', content: 'go' },
  { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'f', arguments: '{"x":"<|end|>"}' }] },
  { role: 'tool', content: 'done <|b|>', toolCallId: 'c1' },
];

/** What the model reads; control tokens as `⟨n⟩`. */
function rendered(
  promptTemplate: string | null,
  chat: { messages: readonly ChatMessage[]; tools?: readonly ToolDefinition[] },
) {
  const options: ComponentOptions = { ...defaultComponentOptions, promptTemplate };
  const tokens = new PromptBuilder(engine, 'c', options).build({ kind: 'chat', ...chat });
  const parts = tokens.map((token) => (token < 256 ? token : [...Buffer.from(`⟨${token}⟩`)])).flat();
  return Buffer.from(parts).toString();
}

const knowing = `{%- if tools %}<|a|>{% for tool in tools %}{{ tool | tojson }}{% endfor %}{% endif -%}
{%- for m in messages -%}
<|b|>{{ m.role }}:{{ m.content }}
{%- for call in m.tool_calls or [] %}[{{ call.id }} {{ call.function.name }}({{ call.function.arguments | tojson }})]{% endfor -%}
{%- if m.role == 'tool' %} of {{ m.name }} {{ m.tool_call_id }}{% endif -%}
{%- endfor -%}`;

it('a template that knows functions gets them as the field writes them, and control tokens stay the template’s', () => {
  expect(rendered(knowing, { messages, tools })).toBe(
    '⟨257⟩{"type": "function", "function": {"name": "f", "description": "says <|end|>", ' +
      '"parameters": {"type": "object", "properties": {"<|a|>": {}}}}}' +
      '⟨258⟩user:go⟨258⟩assistant:[c1 f({"x": "<|end|>"})]⟨258⟩tool:done <|b|> of f c1',
  );
});

it('a template that knows none gets them in words', () => {
  const text = rendered('{% for m in messages %}<|b|>{{ m.role }}:{{ m.content }}{% endfor %}', {
    messages,
    tools,
  });
  expect(text).toMatch(
    /^⟨258⟩user:You may call these functions:\n\{"type":"function","function":\{"name":"f"/,
  );
  expect(text).toContain(
    '<tool_call>\n{"name": "function-name", "arguments": {}}\n</tool_call>\n\ngo⟨258⟩assistant:',
  );
  expect(text).toMatch(
    /assistant:<tool_call>\n\{"name":"f","arguments":\{"x":"<\|end\|>"\}\}\n<\/tool_call>⟨258⟩user:<tool_response>\ndone <\|b\|>\n<\/tool_response>$/,
  );
});

it('a chat without functions is as it was', () => {
  const template = '{% for m in messages %}{{ m | tojson }}{% endfor %}';
  expect(rendered(template, { messages: [{ role: 'user', content: 'go' }] })).toBe(
    '{"role": "user", "content": "go"}',
  );
});

it('a template of one prompt cannot take functions, and says so', () => {
  expect(() => rendered('{{ prompt }}', { messages, tools })).toThrow(
    'its prompt_template uses neither `messages` nor `tools`',
  );
});
