/**
 * OpenAI's addresses: `/v1/…`, and the same per endpoint and per component where SageMaker has them,
 * `/endpoints/{endpoint}[/inference-components/{component}]/openai/v1/…`. Rankings are at `/rerank` and `/v2/rerank` too.
 */
import { StowageError } from '../../domain/errors.js';
import { pathParts } from '../http/path.js';

export const Operation = {
  Completions: 'completions',
  ChatCompletions: 'chat-completions',
  Embeddings: 'embeddings',
  Rerank: 'rerank',
  ListModels: 'list-models',
  RetrieveModel: 'retrieve-model',
} as const;
export type Operation = (typeof Operation)[keyof typeof Operation];

/** What an address names; null where it leaves the choice to the body. */
export interface Address {
  readonly operation: Operation;
  readonly endpoint: string | null;
  readonly component: string | null;
  /** For `RetrieveModel`. */
  readonly model: string | null;
}

/**
 * The address of a path (not decoded, no query); undefined when it is not one of this dialect's.
 * Throws NAME-406 for unknown addresses below ours, and REQ-215 for the wrong method.
 */
export function parseAddress(method: string, path: string): Address | undefined {
  const parts = pathParts(path);
  if (parts === undefined) return undefined;
  if (rerankPaths.has(parts.join('/'))) return within(method, path, null, null, ['rerank']);
  if (parts[0] === 'v1') return within(method, path, null, null, parts.slice(1));
  if (parts[0] !== 'endpoints') return undefined;
  const endpoint = parts[1] ?? null;
  if (parts[2] === 'openai' && parts[3] === 'v1') return within(method, path, endpoint, null, parts.slice(4));
  if (parts[2] === 'inference-components' && parts[4] === 'openai' && parts[5] === 'v1') {
    return within(method, path, endpoint, parts[3] ?? null, parts.slice(6));
  }
  return undefined;
}

function within(
  method: string,
  path: string,
  endpoint: string | null,
  component: string | null,
  rest: readonly string[],
): Address {
  const model = rest.length > 1 && rest[0] === 'models' ? rest.slice(1).join('/') : null;
  const operation = model === null ? operations.get(rest.join('/')) : Operation.RetrieveModel;
  if (operation === undefined) throw StowageError.of('NAME-406', { path: path.slice(0, 200) });
  const allowed = methods[operation];
  if (method !== allowed) throw StowageError.of('REQ-215', { method, allowed });
  return { operation, endpoint, component, model };
}

/** Where clients of Cohere's and Jina's look for it as well. */
const rerankPaths: ReadonlySet<string> = new Set(['rerank', 'v2/rerank']);

const operations: ReadonlyMap<string, Operation> = new Map([
  ['completions', Operation.Completions],
  ['chat/completions', Operation.ChatCompletions],
  ['embeddings', Operation.Embeddings],
  ['rerank', Operation.Rerank],
  ['models', Operation.ListModels],
]);

const methods: Readonly<Record<Operation, 'GET' | 'POST'>> = {
  [Operation.Completions]: 'POST',
  [Operation.ChatCompletions]: 'POST',
  [Operation.Embeddings]: 'POST',
  [Operation.Rerank]: 'POST',
  [Operation.ListModels]: 'GET',
  [Operation.RetrieveModel]: 'GET',
};
