/**
 * What a chat template is given: messages and functions, in the shapes that templates of the field expect (those of the
 * transformers library). For a template that knows no functions they are said in words, as Hermes models know them.
 */
import type { ChatMessage, ToolCall, ToolDefinition } from '../domain/inference.js';

/** What is done to every text of the caller's. */
export type TextGuard = (text: string) => string;

/** The variables `messages` and `tools` of a template that knows functions. */
export function toolFields(
  messages: readonly ChatMessage[],
  tools: readonly ToolDefinition[],
  guard: TextGuard,
): Record<string, unknown> {
  const written = messages.map(({ role, content, toolCalls, toolCallId }) => ({
    role,
    content: guard(content),
    ...(toolCalls === undefined ? {} : { tool_calls: toolCalls.map((call) => callField(call, guard)) }),
    ...(toolCallId === undefined
      ? {}
      : { tool_call_id: word(toolCallId, guard), name: word(nameOf(toolCallId, messages), guard) }),
  }));
  if (tools.length === 0) return { messages: written };
  return { messages: written, tools: tools.map((tool) => toolField(tool, guard)) };
}

/** The variable `messages` of a template that knows no functions: calls and results are text. */
export function plainFields(
  messages: readonly ChatMessage[],
  tools: readonly ToolDefinition[],
  guard: TextGuard,
): Record<string, unknown> {
  const written = messages.map(({ role, content, toolCalls }) => {
    if (role === 'tool') return { role: 'user', content: guard(tagged('tool_response', content)) };
    const calls = (toolCalls ?? []).map((call) => tagged('tool_call', callText(call)));
    return { role, content: guard([...(content === '' ? [] : [content]), ...calls].join('\n') || content) };
  });
  if (tools.length === 0) return { messages: written };
  // Every template shows what users say; some leave out the system's words.
  const told = guard(instructions(tools));
  const at = written.findIndex(({ role }) => role === 'user');
  if (at < 0) return { messages: [{ role: 'user', content: told }, ...written] };
  const first = { role: 'user', content: `${told}\n\n${written[at]!.content}` };
  return { messages: written.with(at, first) };
}

/** True when a message or the call speaks of functions. */
export function speaksOfTools(messages: readonly ChatMessage[], tools: readonly ToolDefinition[]): boolean {
  return (
    tools.length > 0 || messages.some(({ role, toolCalls }) => role === 'tool' || toolCalls !== undefined)
  );
}

function instructions(tools: readonly ToolDefinition[]): string {
  const list = tools.map((tool) => JSON.stringify(toolField(tool, (text) => text))).join('\n');
  const example = tagged('tool_call', '{"name": "function-name", "arguments": {}}');
  return `You may call these functions:\n${list}\nTo call one, answer with its name and its arguments as JSON:\n${example}`;
}

function tagged(tag: string, text: string): string {
  return `<${tag}>\n${text}\n</${tag}>`;
}

function callText({ name, arguments: given }: ToolCall): string {
  return JSON.stringify({ name, arguments: parsed(given) });
}

function toolField({ name, description, parameters }: ToolDefinition, guard: TextGuard): object {
  return {
    type: 'function',
    function: {
      name: word(name, guard),
      description: guard(description),
      parameters: schemaField(parsed(parameters), guard),
    },
  };
}

/** A schema's own words, the names of types among them, stay as they are. */
function schemaField(value: unknown, guard: TextGuard): unknown {
  if (typeof value === 'string') return word(value, guard);
  if (Array.isArray(value)) return value.map((entry) => schemaField(entry, guard));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [word(key, guard), schemaField(entry, guard)]),
  );
}

/** Templates write arguments with a filter of their own, so they get the value and not its text. */
function callField({ id, name, arguments: given }: ToolCall, guard: TextGuard): object {
  const called = { name: word(name, guard), arguments: guarded(parsed(given), guard) };
  return { id: word(id, guard), type: 'function', function: called };
}

/** The function whose result a message is. */
function nameOf(toolCallId: string, messages: readonly ChatMessage[]): string {
  for (const { toolCalls } of messages) {
    const call = toolCalls?.find(({ id }) => id === toolCallId);
    if (call !== undefined) return call.name;
  }
  return '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** No control token is spelled so. */
const harmless = /^[\w$.-]*$/;

/** Names and ids stay as they are where they may: templates look things up by them, and some measure them. */
function word(text: string, guard: TextGuard): string {
  return harmless.test(text) ? text : guard(text);
}

/** The value with every text in it guarded. JSON.parse bounds how deep it is by what it could read. */
function guarded(value: unknown, guard: TextGuard): unknown {
  if (typeof value === 'string') return guard(value);
  if (Array.isArray(value)) return value.map((entry) => guarded(entry, guard));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [word(key, guard), guarded(entry, guard)]),
  );
}
