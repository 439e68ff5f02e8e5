/** `messages` of a chat call → role and plain text each. Only text is taken. */
import type { ChatMessage } from '../../domain/inference.js';
import { badField, isObject, unsupportedField } from '../json-body/fields.js';

const messageCountMax = 4096;
const partCountMax = 4096;

/** Role as callers write it → as templates know it. */
const roles: ReadonlyMap<unknown, string> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['assistant', 'assistant'],
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
  if (value['role'] === 'tool' || value['role'] === 'function') {
    throw unsupportedField(`${at}.role`, 'tool calls are not done here');
  }
  const role = roles.get(value['role']);
  if (role === undefined) throw badField(`${at}.role`, 'must be system, developer, user or assistant');
  for (const field of ['tool_calls', 'function_call', 'audio']) {
    const called = value[field];
    if (called !== undefined && called !== null && !(Array.isArray(called) && called.length === 0)) {
      throw unsupportedField(`${at}.${field}`, 'messages are text here');
    }
  }
  return { role, content: contentOf(value['content'], at) };
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
