/**
 * Streams of OpenAI's completions with the time of every piece: what an interactive user waits for. One connection per
 * request. A piece is an event with a choice in it; several events that arrive together have the same time.
 */
import http from 'node:http';
import type { CompletionServer } from '../engine/completion-client.js';

export interface TimedAnswer {
  /** Milliseconds from the request to the first piece. */
  readonly firstMs: number;
  /** `performance.now()` of each piece. */
  readonly pieceTimes: readonly number[];
  readonly newTokens: number;
  /** Prompt tokens that were not computed, as the server tells. */
  readonly cachedTokens: number;
}

interface Usage {
  readonly completion_tokens?: number;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number };
}

/** A request may take this long, milliseconds. */
const requestMsMax = 10 * 60_000;

/** Throws when the answer has not exactly `newTokens` tokens. */
export async function timeAnswer(
  server: CompletionServer,
  prompt: readonly number[],
  newTokens: number,
): Promise<TimedAnswer> {
  const body = JSON.stringify({
    prompt,
    max_tokens: newTokens,
    temperature: 0,
    ignore_eos: true,
    stream: true,
    stream_options: { include_usage: true },
    ...server.fields,
  });
  const startedAt = performance.now();
  const { times, last } = await stream(server, body);
  const usage = (JSON.parse(last) as { usage?: Usage }).usage;
  if (usage?.completion_tokens !== newTokens || times.length === 0) {
    throw new Error(
      `an answer has ${usage?.completion_tokens} tokens, not ${newTokens}: ${last.slice(0, 500)}`,
    );
  }
  return {
    firstMs: times[0]! - startedAt,
    pieceTimes: times,
    newTokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
  };
}

function stream(server: CompletionServer, body: string): Promise<{ times: number[]; last: string }> {
  return new Promise((resolve, reject) => {
    const times: number[] = [];
    let rest = '';
    let last = '{}';
    const take = (event: string, at: number) => {
      if (!event.startsWith('data: {')) return;
      last = event.slice('data: '.length);
      if (last.includes('"choices":[{')) times.push(at);
    };
    const request = http.request({
      host: '127.0.0.1',
      port: server.port,
      path: '/v1/completions',
      method: 'POST',
      agent: false,
      timeout: requestMsMax,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...server.headers,
      },
    });
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('a server does not answer')));
    request.on('response', (response) => {
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        const at = performance.now();
        const events = (rest + text).split('\n\n');
        rest = events.pop()!;
        for (const event of events) take(event, at);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ times, last });
        else reject(new Error(`status ${response.statusCode}: ${rest.slice(0, 500)}`));
      });
    });
    request.end(body);
  });
}
