/** Embeddings, scores and bodies of their own, as programs of others compute them. */
import { StowageError } from '../../../domain/errors.js';
import type { Computation, ComputationResult } from '../../../domain/inference.js';
import { open, postJson, type ProgramAddress, type ProgramRequest, readWhole } from './http-client.js';
import { refusalOf } from './refusals.js';

type Of<Kind extends Computation['kind']> = Extract<Computation, { kind: Kind }>;

export interface ComputedModel {
  readonly servedName: string;
  /** `Dialect.truncationField`. */
  readonly truncationField: string | null;
}

interface EmbeddingsAnswer {
  readonly data?: readonly { readonly index?: number; readonly embedding?: readonly number[] }[];
  readonly usage?: { readonly prompt_tokens?: number };
}

interface Score {
  readonly index?: number;
  readonly relevance_score?: number;
  readonly score?: number;
}

type RerankAnswer =
  | readonly Score[]
  | {
      readonly results?: readonly Score[];
      readonly usage?: { readonly prompt_tokens?: number; readonly total_tokens?: number };
    };

/** Rejects with REQ-216 or RUN-308. */
export async function embed(
  address: ProgramAddress,
  { servedName, truncationField }: ComputedModel,
  { inputs, dimensions, textTokensMax }: Of<'embed'>,
  signal: AbortSignal,
): Promise<ComputationResult> {
  const input = inputs.map((one) => (one.kind === 'text' ? one.prompt : one.tokens));
  const cut = truncation(truncationField, textTokensMax);
  const body = { model: servedName, input, encoding_format: 'float', ...cut };
  const asked = postJson('/v1/embeddings', body);
  const answer = (await askForJson(address, asked, signal)) as EmbeddingsAnswer;
  const vectors = new Array<string>(inputs.length).fill('');
  for (const [at, { index = at, embedding = [] }] of (answer.data ?? []).entries()) {
    if (index < vectors.length) vectors[index] = toBase64(shortened(embedding, dimensions));
  }
  if (vectors.some((vector) => vector === '')) throw broken('it did not answer with a vector for each input');
  return { kind: 'embed', vectors, promptTokens: answer.usage?.prompt_tokens ?? 0 };
}

/** Rejects with REQ-216 or RUN-308. */
export async function rerank(
  address: ProgramAddress,
  { servedName, truncationField }: ComputedModel,
  { query, documents, textTokensMax }: Of<'rerank'>,
  signal: AbortSignal,
): Promise<ComputationResult> {
  const cut = truncation(truncationField, textTokensMax);
  const asked = postJson('/v1/rerank', { model: servedName, query, documents, ...cut });
  const answer = (await askForJson(address, asked, signal)) as RerankAnswer;
  const results: readonly Score[] = 'length' in answer ? answer : (answer.results ?? []);
  const scores = new Array<number>(documents.length).fill(NaN);
  for (const { index = -1, relevance_score: relevance, score } of results) {
    if (index in scores) scores[index] = relevance ?? score ?? NaN;
  }
  if (scores.some(Number.isNaN)) throw broken('it did not answer with a score for each document');
  const usage = 'length' in answer ? undefined : answer.usage;
  return { kind: 'rerank', scores, promptTokens: usage?.prompt_tokens ?? usage?.total_tokens ?? 0 };
}

/** SageMaker's container protocol. Rejects with REQ-216 or RUN-308 where the container answers no 2xx. */
export async function invoke(
  address: ProgramAddress,
  { contentType, accept, body, customAttributes }: Of<'invoke'>,
  signal: AbortSignal,
): Promise<ComputationResult> {
  const asked: ProgramRequest = {
    method: 'POST',
    path: '/invocations',
    headers: {
      ...(contentType === '' ? {} : { 'content-type': contentType }),
      ...(accept === '' ? {} : { accept }),
      ...(customAttributes === null ? {} : { 'x-amzn-sagemaker-custom-attributes': customAttributes }),
    },
    body: Buffer.from(body, 'base64'),
  };
  const answer = await open(address, asked, signal);
  const bytes = await readWhole(answer);
  const { statusCode = 0, headers } = answer;
  if (statusCode < 200 || statusCode > 299) throw refusalOf(statusCode, bytes.toString('utf8'));
  const attributes = headers['x-amzn-sagemaker-custom-attributes'];
  return {
    kind: 'invoke',
    status: statusCode,
    contentType: headers['content-type'] ?? 'application/octet-stream',
    body: bytes.toString('base64'),
    customAttributes: typeof attributes === 'string' ? attributes : null,
  };
}

/** What an address answers with, parsed. Rejects with REQ-216 or RUN-308. */
export async function askForJson(
  address: ProgramAddress,
  asked: ProgramRequest,
  signal: AbortSignal,
): Promise<unknown> {
  const answer = await open(address, asked, signal);
  const text = (await readWhole(answer)).toString('utf8');
  const { statusCode = 0 } = answer;
  if (statusCode < 200 || statusCode > 299) throw refusalOf(statusCode, text);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw broken('it answered with something that is no JSON object');
}

function truncation(field: string | null, tokensMax: number | null): Record<string, number> {
  if (tokensMax === null) return {};
  if (field !== null) return { [field]: tokensMax };
  const problem = 'its program cannot cut texts';
  throw StowageError.of('REQ-212', { field: 'truncate_prompt_tokens', problem });
}

/** The first so many numbers, of length 1 again. */
function shortened(vector: readonly number[], dimensions: number | null): readonly number[] {
  if (dimensions === null || dimensions >= vector.length) return vector;
  const kept = vector.slice(0, dimensions);
  const length = Math.hypot(...kept);
  return length === 0 ? kept : kept.map((value) => value / length);
}

function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [at, value] of vector.entries()) bytes.writeFloatLE(value, at * 4);
  return bytes.toString('base64');
}

function broken(reason: string): StowageError {
  return StowageError.of('RUN-308', { reason });
}
