/** `tools`, `tool_choice` and `parallel_tool_calls` of a chat call. */
import type { Constraint, ToolDefinition } from '../../domain/inference.js';
import { badField, type Fields, isObject, unsupportedField } from '../json-body/fields.js';

const toolsMax = 128;
/** Characters of all functions together. */
const charactersMax = 512 * 1024;
const namePattern = /^[a-zA-Z0-9_.-]{1,64}$/;

export interface DecodedTools {
  /** What the model is told of; none when it shall not call. */
  readonly tools: readonly ToolDefinition[];
  /** That it must call, and what; null = it may. */
  readonly constraint: Constraint | null;
  /** Calls that an answer may have; the rest is not passed on. */
  readonly callsMax: number;
}

const noTools: DecodedTools = { tools: [], constraint: null, callsMax: 0 };

/** Throws REQ-210 or REQ-212. */
export function decodeTools(body: Fields): DecodedTools {
  const tools = toolsOf(body.get('tools'));
  const choice = body.get('tool_choice') ?? 'auto';
  const isParallel = body.boolean('parallel_tool_calls') ?? true;
  const callsMax = isParallel ? Infinity : 1;
  if (choice === 'none') return noTools;
  if (choice === 'auto') return tools.length === 0 ? noTools : { tools, constraint: null, callsMax };
  if (tools.length === 0) throw badField('tool_choice', 'needs `tools`');
  if (choice === 'required') return { tools, constraint: mustCall(tools, isParallel), callsMax };
  const name = namedBy(choice);
  const named = tools.find((tool) => tool.name === name);
  if (named === undefined)
    throw badField('tool_choice.function.name', 'must be one of the functions in `tools`');
  return { tools, constraint: mustCall([named], false), callsMax };
}

function mustCall(tools: readonly ToolDefinition[], isParallel: boolean): Constraint {
  return { kind: 'tool-calls', tools, isParallel, field: 'tools' };
}

function namedBy(choice: unknown): string {
  if (isObject(choice) && choice['type'] === 'function') {
    const named = choice['function'];
    if (isObject(named) && typeof named['name'] === 'string') return named['name'];
  }
  throw badField('tool_choice', 'must be none, auto, required or a function by its name');
}

function toolsOf(value: unknown): readonly ToolDefinition[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw badField('tools', 'must be a list');
  if (value.length > toolsMax) throw badField('tools', `must have at most ${toolsMax} entries`);
  const tools = value.map((entry, index) => toolOf(entry, `tools[${index}]`));
  const characters = tools.reduce((sum, tool) => sum + tool.description.length + tool.parameters.length, 0);
  if (characters > charactersMax)
    throw badField('tools', `must have at most ${charactersMax} characters together`);
  if (new Set(tools.map(({ name }) => name)).size < tools.length) {
    throw badField('tools', 'must have each name once');
  }
  return tools;
}

function toolOf(value: unknown, at: string): ToolDefinition {
  if (!isObject(value)) throw badField(at, 'must be an object');
  if (value['type'] !== 'function') throw unsupportedField(`${at}.type`, 'only functions are tools here');
  const described = value['function'];
  if (!isObject(described)) throw badField(`${at}.function`, 'must be an object');
  const { name, description, parameters } = described;
  if (typeof name !== 'string' || !namePattern.test(name)) {
    throw badField(`${at}.function.name`, 'must be 1 to 64 letters, digits, `_`, `.` or `-`');
  }
  if (description !== undefined && description !== null && typeof description !== 'string') {
    throw badField(`${at}.function.description`, 'must be a string');
  }
  if (parameters !== undefined && parameters !== null && !isObject(parameters)) {
    throw badField(`${at}.function.parameters`, 'must be a JSON Schema of an object');
  }
  return {
    name,
    description: description ?? '',
    parameters: JSON.stringify(parameters ?? { type: 'object', properties: {} }),
  };
}
