/** What a request is expected to cost, in tokens, before any model has read it: for its turn and for its budget. */
import type { InferenceRequest, PromptInput } from '../../domain/inference.js';

/** Characters of a token, on average of English text and code; what a request really took is settled at its end. */
const charactersPerToken = 4;
/** Tokens around each message of a chat: its role and its end. */
const tokensPerMessage = 4;
/** Tokens of an answer whose length neither its caller nor its component limits. */
export const answerTokensDefault = 256;

/** `newTokensDefault`: of the component, 0 = as many as fit. At least 1. */
export function expectedTokens(request: InferenceRequest, newTokensDefault: number): number {
  if (request.kind === 'generation') {
    const newTokens = request.newTokensMax ?? (newTokensDefault || answerTokensDefault);
    return Math.max(1, promptTokens(request.input) + newTokens);
  }
  const { computation } = request;
  switch (computation.kind) {
    case 'embed':
      return Math.max(1, sum(computation.inputs, promptTokens));
    case 'rerank': {
      const perDocument = computation.query.length / charactersPerToken;
      const documents = sum(computation.documents, (text) => text.length / charactersPerToken + perDocument);
      return Math.max(1, Math.ceil(documents));
    }
    case 'invoke':
      // The body is the model's own: nobody here knows its tokens.
      return 1;
    default:
      return computation satisfies never;
  }
}

function promptTokens(input: PromptInput): number {
  switch (input.kind) {
    case 'tokens':
      return input.tokens.length;
    case 'text':
      return Math.ceil((input.prompt.length + (input.suffix?.length ?? 0)) / charactersPerToken);
    case 'chat': {
      const characters = sum(input.messages, ({ content }) => content.length);
      return Math.ceil(characters / charactersPerToken) + tokensPerMessage * input.messages.length;
    }
    default:
      return input satisfies never;
  }
}

function sum<Item>(items: readonly Item[], valueOf: (item: Item) => number): number {
  let total = 0;
  for (const item of items) total += valueOf(item);
  return total;
}
