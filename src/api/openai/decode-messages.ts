/** `messages` of a chat call → role and plain text each, calls of functions and their results. Only text is taken. */
import type { ChatMessage, ToolCall } from '../../domain/inference.js';
import { badField, isObject, unsupportedField } from '../json-body/fields.js';

const messageCountMax = 4096;
const partCountMax = 4096;
const callCountMax = 128;

/** Role as callers write it → as templates know it. */
const roles: ReadonlyMap<unknown, string> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['tool', 'tool'],
]);

/** Throws REQ-210 for what is malformed and REQ-212 for what is not text. */
export function decodeMessages(value: unknown): readonly ChatMessage[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw badField('messages', 'must be a list of at least one message');
  }
  if (value.length > messageCountMax)
    throw badField('messages', `must have at most ${messageCountMax} entries`);
  return value.map(decodeMessage);
}

function decodeMessage(value: unknown, index: number): ChatMessage {
  const at = `messages[${index}]`;
  if (!isObject(value)) throw badField(at, 'must be an object');
  if (value['role'] === 'function') throw unsupportedField(`${at}.role`, 'the role is called `tool` now');
  const role = roles.get(value['role']);
  if (role === undefined) throw badField(`${at}.role`, 'must be system, developer, user, assistant or tool');
  for (const field of ['function_call', 'audio']) {
    if (value[field] !== undefined && value[field] !== null) {
      throw unsupportedField(`${at}.${field}`, 'messages are text and `tool_calls` here');
    }
  }
  const toolCalls = toolCallsOf(value['tool_calls'], role, at);
  const isSilent = toolCalls.length > 0 && (value['content'] ?? null) === null;
  const content = isSilent ? '' : contentOf(value['content'], at);
  if (role === 'tool') return { role, content, toolCallId: toolCallIdOf(value['tool_call_id'], at) };
  return toolCalls.length === 0 ? { role, content } : { role, content, toolCalls };
}

function toolCallIdOf(id: unknown, at: string): string {
  if (typeof id === 'string') return id;
  throw badField(`${at}.tool_call_id`, 'must be the id of a call');
}

function toolCallsOf(value: unknown, role: string, at: string): readonly ToolCall[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badField(`${at}.tool_calls`, 'must be a list');
  if (value.length > 0 && role !== 'assistant')
    throw badField(`${at}.tool_calls`, 'is for the assistant only');
  if (value.length > callCountMax)
    throw badField(`${at}.tool_calls`, `must have at most ${callCountMax} entries`);
  return value.map((entry, index) => toolCallOf(entry, `${at}.tool_calls[${index}]`));
}

function toolCallOf(value: unknown, at: string): ToolCall {
  if (!isObject(value)) throw badField(at, 'must be an object');
  const called = value['function'];
  if (value['type'] !== 'function' || !isObject(called)) {
    throw unsupportedField(`${at}.type`, 'only functions are called here');
  }
  const { name, arguments: given } = called;
  if (typeof value['id'] !== 'string') throw badField(`${at}.id`, 'must be a string');
  if (typeof name !== 'string') throw badField(`${at}.function.name`, 'must be a string');
  if (typeof given !== 'string') throw badField(`${at}.function.arguments`, 'must be JSON text');
  return { id: value['id'], name, arguments: given };
}

function contentOf(content: unknown, at: string): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw badField(`${at}.content`, 'must be a string or a list of text parts');
  if (content.length > partCountMax) {
    throw badField(`${at}.content`, `must have at most ${partCountMax} parts`);
  }
  return content.map((part, index) => textOfPart(part, `${at}.content[${index}]`)).join('\n');
}

function textOfPart(part: unknown, at: string): string {
  if (typeof part === 'string') return part;
  if (!isObject(part)) throw badField(at, 'must be an object');
  if (part['type'] !== 'text') throw unsupportedField(`${at}.type`, 'only text parts are taken');
  const text = part['text'];
  if (typeof text !== 'string') throw badField(`${at}.text`, 'must be a string');
  return text;
}
