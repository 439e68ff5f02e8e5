/**
 * What a request begins with, as numbers: one key of its first characters for PREFIX_AWARE, and a chain of blocks for
 * FASTEST_FIRST_TOKEN. Only text is looked at: how a model's template turns it into tokens, serving does not know, but
 * texts that begin alike become tokens that begin alike.
 */
import type { InferenceRequest, PromptInput } from '../../domain/inference.js';

/** Characters of a block: about as many tokens as a worker's block has. A token id counts as 4 characters. */
export const blockCharacters = 128;
/** A longer prompt is known by its first so many blocks: 65,536 characters, the longest prefix SageMaker routes by. */
export const blocksMax = 512;
const charactersPerToken = 4;

/** The beginning of a request, taken apart once. */
export interface RequestPrefix {
  /** 53 bits for each whole block, each made with the one before it. */
  readonly blocks: readonly number[];
  /** Of the whole prompt, beyond the blocks too. */
  readonly characters: number;
}

/**
 * 32 bits of the first `length` characters: of the messages' text, of a prompt or text, of a body in bytes; the whole
 * where it is shorter. `Prefix-Aware-Id` is part of it, so that the same text under two ids is two prefixes.
 */
export function prefixKeyOf(request: InferenceRequest, length: number): number {
  let hash = 0x811c9dc5;
  let left = length;
  const { prefixId } = request;
  if (prefixId !== undefined) {
    for (let index = 0; index < prefixId.length; index++) hash = step(hash, prefixId.charCodeAt(index));
    hash = step(hash, 0x1_0000);
  }
  const addText = (text: string): void => {
    const end = Math.min(left, text.length);
    for (let index = 0; index < end; index++) hash = step(hash, text.charCodeAt(index));
    left -= end;
  };
  const addToken = (token: number): void => {
    if (left <= 0) return;
    hash = step(hash, token);
    left -= charactersPerToken;
  };
  if (request.kind === 'computation' && request.computation.kind === 'invoke') {
    left = Math.ceil((length * 4) / 3); // base64
  }
  readPrompt(request, false, () => left > 0, addText, addToken);
  return hash >>> 0;
}

/** A model's own bodies have no blocks: nothing of them is kept by anybody we know of. */
export function prefixOf(request: InferenceRequest): RequestPrefix {
  const hasBlocks = request.kind === 'generation';
  const chain = new BlockChain(hasBlocks ? (request.adapter ?? '') : '');
  if (hasBlocks) {
    readPrompt(
      request,
      true,
      () => !chain.isFull,
      (text) => chain.addText(text),
      (token) => chain.addToken(token),
    );
  }
  return { blocks: chain.blocks, characters: charactersOf(request) };
}

function step(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193);
}

/** Two FNV-1a walks (public domain) with different factors, begun with the block before. */
class BlockChain {
  readonly blocks: number[] = [];
  private low: number;
  private high = 0x9e3779b9;
  private count = 0;

  constructor(seed: string) {
    this.low = 0x811c9dc5;
    for (let index = 0; index < seed.length; index++) this.low = step(this.low, seed.charCodeAt(index) + 1);
  }

  get isFull(): boolean {
    return this.blocks.length >= blocksMax;
  }

  /** Local variables, not members: this is the one loop over a prompt's characters that a request costs. */
  addText(text: string): void {
    let { low, high, count } = this;
    const end = Math.min(text.length, (blocksMax - this.blocks.length) * blockCharacters - count);
    for (let index = 0; index < end; index++) {
      const value = text.charCodeAt(index);
      low = Math.imul(low ^ value, 0x01000193);
      low ^= low >>> 15;
      high = Math.imul(high ^ value, 0x85ebca6b);
      high ^= high >>> 13;
      if (++count < blockCharacters) continue;
      count = 0;
      this.blocks.push(blockOf(high, low));
    }
    this.low = low;
    this.high = high;
    this.count = count;
  }

  addToken(token: number): void {
    this.low = step(this.low, token);
    this.low ^= this.low >>> 15;
    this.high = Math.imul(this.high ^ token, 0x85ebca6b);
    this.high ^= this.high >>> 13;
    this.count += charactersPerToken;
    if (this.count < blockCharacters) return;
    this.count = 0;
    this.blocks.push(blockOf(this.high, this.low));
  }
}

/** 53 bits. */
function blockOf(high: number, low: number): number {
  return (high & 0x1fffff) * 4294967296 + (low >>> 0);
}

/** Reads a request's text in order while `wantsMore`; `isWhole`: roles, tools and calls too, which templates write out. */
function readPrompt(
  request: InferenceRequest,
  isWhole: boolean,
  wantsMore: () => boolean,
  text: (text: string) => void,
  token: (token: number) => void,
): void {
  if (request.kind === 'generation') {
    readInput(request.input, isWhole, wantsMore, text, token);
    return;
  }
  const { computation } = request;
  switch (computation.kind) {
    case 'embed':
      for (const input of computation.inputs) readInput(input, isWhole, wantsMore, text, token);
      return;
    case 'rerank':
      text(computation.query);
      for (const document of computation.documents) if (wantsMore()) text(document);
      return;
    case 'invoke':
      text(computation.body);
      return;
    default:
      computation satisfies never;
  }
}

function readInput(
  input: PromptInput,
  isWhole: boolean,
  wantsMore: () => boolean,
  text: (text: string) => void,
  token: (token: number) => void,
): void {
  switch (input.kind) {
    case 'text':
      // Templates of models that fill in write the suffix first or last; the same suffix is the safer thing to ask for.
      if (isWhole && input.suffix !== null) text(input.suffix);
      text(input.prompt);
      return;
    case 'tokens':
      for (const id of input.tokens) {
        if (!wantsMore()) return;
        token(id);
      }
      return;
    case 'chat':
      if (isWhole) for (const { name, parameters } of input.tools ?? []) text(name + parameters);
      for (const { role, content, toolCalls } of input.messages) {
        if (!wantsMore()) return;
        if (isWhole) text(role);
        text(content);
        if (isWhole) for (const call of toolCalls ?? []) text(call.name + call.arguments);
      }
      return;
    default:
      input satisfies never;
  }
}

function charactersOf(request: InferenceRequest): number {
  let characters = 0;
  readPrompt(
    request,
    true,
    () => true,
    (text) => (characters += text.length),
    () => (characters += charactersPerToken),
  );
  return characters;
}
