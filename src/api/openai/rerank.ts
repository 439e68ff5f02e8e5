/**
 * `POST /v1/rerank` (and `/rerank`, `/v2/rerank`): documents in the order in which they answer a query, in the shape
 * that Cohere, Jina and vLLM share. A score is what the model's ranking head says, not mapped to 0..1.
 */
import type { ComputationResult } from '../../domain/inference.js';
import { promptCharactersMax } from '../json-body/call-size.js';
import { badField, Fields, isObject, type JsonObject } from '../json-body/fields.js';
import { refuseUnsupported, type UnsupportedFields } from '../json-body/unsupported.js';
import { type AnswerNames, type ComputationCall, textUsage } from './computation.js';
import { textsMax } from './embeddings.js';
import { textTokensMaxOf } from './text-limit.js';

const cutting = 'use `truncate_prompt_tokens`, which counts query and document together';

const unsupported: UnsupportedFields = {
  max_tokens_per_doc: [[], cutting],
  max_chunks_per_doc: [[], 'documents are not cut into pieces'],
  rank_fields: [[], 'documents are texts, or objects with a `text`'],
};

/** Throws REQ-210 or REQ-212. */
export function decodeRerank(object: JsonObject): ComputationCall {
  const body = new Fields(object, '');
  refuseUnsupported(body, unsupported);
  const query = body.text('query');
  if (query === null || query === '') throw body.bad('query', 'must be a string that is not empty');
  const documents = documentsOf(body.get('documents'));
  const characters = documents.reduce(
    (sum, document) => sum + document.length,
    query.length * documents.length,
  );
  if (characters > promptCharactersMax) {
    throw badField('documents', `must have, each with the query, at most ${promptCharactersMax} characters`);
  }
  const countMax = body.integer('top_n', 1, Number.MAX_SAFE_INTEGER) ?? documents.length;
  const returned = body.boolean('return_documents') === true ? documents : null;
  return {
    model: body.text('model') || null,
    computation: { kind: 'rerank', query, documents, textTokensMax: textTokensMaxOf(body) },
    encode: (result, names) => encodeRanking(result, names, { countMax, returned }),
  };
}

function documentsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value))
    throw badField('documents', 'must be a list of strings or of objects with a `text`');
  const list = value as readonly unknown[];
  if (list.length === 0) throw badField('documents', 'must not be an empty list');
  if (list.length > textsMax) throw badField('documents', `must have at most ${textsMax} entries`);
  return list.map((entry, index) => {
    const text = isObject(entry) ? entry['text'] : entry;
    if (typeof text === 'string' && text !== '') return text;
    throw badField(
      `documents[${index}]`,
      'must be a string that is not empty, or an object with one as `text`',
    );
  });
}

interface RankingShape {
  readonly countMax: number;
  /** The documents, where the answer repeats them. */
  readonly returned: readonly string[] | null;
}

function encodeRanking(
  result: ComputationResult,
  { id, model }: AnswerNames,
  { countMax, returned }: RankingShape,
): string {
  const { scores, promptTokens } = result as Extract<ComputationResult, { kind: 'rerank' }>;
  const results = scores
    .map((relevance_score, index) => ({
      index,
      relevance_score,
      ...(returned === null ? {} : { document: { text: returned[index] } }),
    }))
    .sort((a, b) => b.relevance_score - a.relevance_score || a.index - b.index)
    .slice(0, countMax);
  return JSON.stringify({ id: `rerank-${id}`, model, results, usage: textUsage(promptTokens) });
}
