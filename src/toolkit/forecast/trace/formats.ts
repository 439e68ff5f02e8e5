/**
 * The formats of traces: Azure's CSV, Mooncake's JSON lines, and what `stowage serve --request-log` writes. Which one a
 * file has, its first line says.
 */
import { Outcome } from '../../../domain/inference.js';
import { parseRow } from '../../benchmark/trace.js';
import { badRow, countOf, objectOf, type RowReader, unfinished } from './trace-row.js';

export const TraceFormat = {
  /** `TIMESTAMP,ContextTokens,GeneratedTokens`. Source: Azure Public Dataset, LLM inference traces. */
  Azure: 'azure',
  /** `timestamp` in milliseconds, `input_length`, `output_length`, `hash_ids`. Source: kvcache-ai/Mooncake, FAST25 traces. */
  Mooncake: 'mooncake',
  /** Stowage's own: see docs/scaling/forecast.md. */
  RequestLog: 'request-log',
} as const;
export type TraceFormat = (typeof TraceFormat)[keyof typeof TraceFormat];

const mooncakeExample = 'write rows such as {"timestamp": 27482, "input_length": 6955, "output_length": 52}';
const logExample =
  'write rows such as {"at": 1700000000000, "component": "chat", "promptTokens": 120, "generatedTokens": 40}';
/** Blocks of a prompt that are looked at: half a million tokens. */
const blocksMax = 1024;

export function formatOf(firstLine: string): TraceFormat {
  if (!firstLine.trimStart().startsWith('{')) return TraceFormat.Azure;
  return /"input_length"|"hash_ids"/.test(firstLine) ? TraceFormat.Mooncake : TraceFormat.RequestLog;
}

export function readerOf(format: TraceFormat): RowReader {
  switch (format) {
    case TraceFormat.Azure:
      return readAzure;
    case TraceFormat.Mooncake:
      return readMooncake;
    case TraceFormat.RequestLog:
      return readRequestLog;
    default:
      return format satisfies never;
  }
}

const readAzure: RowReader = (line, location) => {
  if (/^\s*timestamp/i.test(line)) return null;
  return { ...parseRow(line, location), component: null, cachedTokens: null, prefixBlocks: null };
};

const readMooncake: RowReader = (line, location) => {
  const row = objectOf(line, location, mooncakeExample);
  const blocks = row['hash_ids'] ?? [];
  if (!Array.isArray(blocks) || !blocks.every((block) => typeof block === 'number'))
    throw badRow(location, '`hash_ids` is no list of numbers', mooncakeExample);
  return {
    at: countOf(row, 'timestamp', location, mooncakeExample),
    component: null,
    promptTokens: countOf(row, 'input_length', location, mooncakeExample),
    outputTokens: countOf(row, 'output_length', location, mooncakeExample),
    cachedTokens: null,
    prefixBlocks: blocks.length === 0 ? null : blocks.slice(0, blocksMax),
  };
};

const readRequestLog: RowReader = (line, location) => {
  const row = objectOf(line, location, logExample);
  const { endpoint, component, outcome = Outcome.Completed } = row;
  if (typeof component !== 'string') throw badRow(location, '`component` is no text', logExample);
  if (endpoint !== undefined && typeof endpoint !== 'string')
    throw badRow(location, '`endpoint` is no text', logExample);
  if (outcome !== Outcome.Completed) return unfinished;
  return {
    at: countOf(row, 'at', location, logExample),
    ...(endpoint === undefined ? {} : { endpoint }),
    component,
    promptTokens: countOf(row, 'promptTokens', location, logExample),
    outputTokens: countOf(row, 'generatedTokens', location, logExample),
    cachedTokens: countOf(row, 'cachedTokens', location, logExample, 0),
    prefixBlocks: null,
  };
};
