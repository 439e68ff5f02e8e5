/**
 * How much one call may ask for at once. Choices, and prompts of a list, are separate requests; each carries
 * its whole prompt (and the call's one suffix) to a worker, so a small body could make gigabytes.
 */
import type { PromptInput } from '../../domain/inference.js';

/** Requests that one call may become. */
export const choicesMax = 64;
/** Characters of all prompts of all requests of one call. */
export const promptCharactersMax = 32 * 1024 * 1024;
/** What a token id counts as: its digits and a comma. */
const charactersPerToken = 8;

/** True when `choicesPerInput` requests for each of the inputs carry more than `promptCharactersMax`. */
export function isTooLarge(inputs: readonly PromptInput[], choicesPerInput: number): boolean {
  let characters = 0;
  for (const input of inputs) characters += charactersOf(input);
  return characters * choicesPerInput > promptCharactersMax;
}

function charactersOf(input: PromptInput): number {
  switch (input.kind) {
    case 'text':
      return input.prompt.length + (input.suffix?.length ?? 0);
    case 'chat':
      return chatCharacters(input);
    case 'tokens':
      return input.tokens.length * charactersPerToken;
    default:
      return input satisfies never;
  }
}

function chatCharacters({ messages, tools }: PromptInput & { kind: 'chat' }): number {
  let characters = 0;
  for (const { content, toolCalls } of messages) {
    characters += content.length;
    for (const { name, arguments: given } of toolCalls ?? []) characters += name.length + given.length;
  }
  for (const { description, parameters } of tools ?? []) characters += description.length + parameters.length;
  return characters;
}
