/** The load generator against a server that answers by script: every way an answer can come or fail to. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallRequest, CallTarget } from '../../src/toolkit/benchmark/call-dialect.js';
import { openClient } from '../../src/toolkit/benchmark/inference-client.js';
import type { CallOutcome } from '../../src/toolkit/benchmark/inference-client.js';
import { runLoad } from '../../src/toolkit/benchmark/run-load.js';
import type { LoadOptions } from '../../src/toolkit/benchmark/run-load.js';

type Answer = (response: http.ServerResponse, body: string, count: number) => void;

let answer: Answer = (response) => void response.end();
let count = 0;
let open = 0;
let openMost = 0;
const bodies: string[] = [];

const server = http.createServer((request, response) => {
  const parts: Buffer[] = [];
  open += 1;
  openMost = Math.max(openMost, open);
  response.on('close', () => (open -= 1));
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts).toString('utf8');
    bodies.push(body);
    answer(response, body, count++);
  });
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  [count, openMost] = [0, 0];
  bodies.length = 0;
});

function target(changes: Partial<CallTarget> = {}): CallTarget {
  return {
    url,
    api: 'openai',
    model: 'm',
    endpoint: 'e',
    chat: false,
    credentials: { kind: 'none' },
    ...changes,
  };
}

const request: CallRequest = {
  prompt: 'p',
  suffix: null,
  newTokensMax: 8,
  temperature: 0,
  seed: null,
  endTokensIgnored: false,
  stream: true,
};

async function callOnce(
  script: Answer,
  changes: Partial<CallTarget> = {},
  msMax = 10_000,
  signal?: AbortSignal,
) {
  answer = script;
  const client = openClient(target(changes), msMax);
  let text = '';
  const outcome: CallOutcome = await client.call(request, (piece) => (text += piece), signal);
  client.close();
  return { ...outcome, text };
}

const events = (...data: unknown[]) =>
  data.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');
const token = (text: string) => ({ choices: [{ text, finish_reason: null }] });
const finish = { choices: [{ text: '', finish_reason: 'stop' }] };
const usage = { choices: [], usage: { prompt_tokens: 3, completion_tokens: 5 } };

function stream(response: http.ServerResponse, ...pieces: (string | Uint8Array)[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const next = (index: number) => {
    const piece = pieces[index];
    if (piece === undefined) response.end();
    else response.write(piece, () => setImmediate(() => next(index + 1)));
  };
  next(0);
}

describe('a call of the load generator', () => {
  it('times every piece of a stream and takes the server’s count of tokens', async () => {
    const whole = events(token('a'), token('é'), token('c'), finish, usage, '[DONE]');
    const bytes = [...Buffer.from(whole)].map((byte) => Uint8Array.of(byte));
    const { text, record, finishReason, failure } = await callOnce((response) => stream(response, ...bytes));
    expect([text, finishReason, failure]).toEqual(['aéc', 'stop', null]);
    expect([record.arrivals.length, record.promptTokens, record.outputTokens]).toEqual([3, 3, 5]);
    const times = [record.startedAt, ...record.arrivals, record.endedAt];
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('counts the pieces where the server does not count', async () => {
    const { record } = await callOnce((response) =>
      stream(response, events(token('a'), token('b'), '[DONE]')),
    );
    expect(record.outputTokens).toBe(2);
  });

  it('reads an event stream of AWS with lines that straddle frames', async () => {
    const codec = new EventStreamCodec(
      (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
      (text) => Buffer.from(text),
    );
    const part = (body: string) =>
      codec.encode({
        headers: {
          ':message-type': { type: 'string', value: 'event' },
          ':event-type': { type: 'string', value: 'PayloadPart' },
        },
        body: Buffer.from(body),
      });
    const { text, record, finishReason } = await callOnce(
      (response) => {
        response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
        response.write(part('{"token":{"id":1,"te'));
        response.write(part('xt":"a"}}\n{"token":{"id":2,"text":"b"}}\n'));
        response.end(
          part(
            '{"token":{"id":null,"text":""},"generated_text":"ab","details":{"finish_reason":"length","generated_tokens":2}}\n',
          ),
        );
      },
      { api: 'sagemaker' },
    );
    expect([text, finishReason, record.outputTokens, record.failure]).toEqual(['ab', 'length', 2, null]);
  });

  it('names an exception frame', async () => {
    const codec = new EventStreamCodec(
      (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
      (text) => Buffer.from(text),
    );
    const exception = codec.encode({
      headers: {
        ':message-type': { type: 'string', value: 'exception' },
        ':exception-type': { type: 'string', value: 'ModelStreamError' },
      },
      body: Buffer.from('{"Message":"it broke"}'),
    });
    const { failure } = await callOnce((response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
      response.end(exception);
    });
    expect(failure).toMatchObject({ kind: 'ModelStreamError', message: 'it broke' });
  });

  it.each<[string, Answer, object]>([
    [
      'a refusal of ours by its code',
      (response) => {
        response.writeHead(429, { 'x-stowage-error': 'CAP-101', 'retry-after': '2' });
        response.end('{"error":{"message":"CAP-101: full; mend: wait"}}');
      },
      { kind: 'CAP-101', status: 429, retryAfterSeconds: 2, message: 'CAP-101: full; mend: wait' },
    ],
    [
      'another server’s refusal by its status',
      (response) => response.writeHead(503).end('overloaded'),
      { kind: 'HTTP 503', status: 503, message: 'overloaded' },
    ],
    [
      'an error in the middle of a stream',
      (response) =>
        stream(response, events(token('a'), { error: { message: 'RUN-308: the engine failed', code: 'x' } })),
      { kind: 'RUN-308' },
    ],
    ['a stream without an end', (response) => stream(response, events(token('a'))), { kind: 'truncated' }],
    ['a stream of nonsense', (response) => stream(response, 'data: {nonsense\n\n'), { kind: 'malformed' }],
    [
      'a connection that breaks',
      (response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(events(token('a')), () => response.destroy());
      },
      { kind: 'ECONNRESET' },
    ],
    ['silence', () => undefined, { kind: 'timeout' }],
  ])('reports %s', async (_, script, failure) => {
    const outcome = await callOnce(script, {}, 300);
    expect(outcome.failure).toMatchObject(failure);
    expect(outcome.record.failure).toBe(outcome.failure?.kind);
  });

  it('reports that nobody listens', async () => {
    const { failure } = await callOnce(() => undefined, { url: 'http://127.0.0.1:1' });
    expect(failure?.kind).toBe('ECONNREFUSED');
  });

  it('asks once more when a kept connection was just closed', async () => {
    answer = (response, _, index) => {
      if (index === 1) response.socket?.resetAndDestroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"generated_text":"a"}');
    };
    const client = openClient(target(), 10_000);
    const first = await client.call(request);
    const second = await client.call(request);
    client.close();
    expect([first.failure, second.failure, count]).toEqual([null, null, 3]);
  });

  it('is given up when the signal fires, at once', async () => {
    const interruption = new AbortController();
    const { failure } = await callOnce(() => interruption.abort(), {}, 60_000, interruption.signal);
    expect(failure?.kind).toBe('aborted');
  });
});

describe('a load', () => {
  const common: Omit<LoadOptions, 'target' | 'pattern'> = {
    newTokensMax: 8,
    temperature: 0,
    seed: null,
    endTokensIgnored: false,
  };
  const prompts = ['p0', 'p1', 'p2'].map((prompt) => ({ prompt, suffix: null, newTokensMax: null }));
  const quick: Answer = (response) =>
    stream(response, events(token('a'), token('b'), finish, usage, '[DONE]'));
  const promptOf = (body: string) => (JSON.parse(body) as { prompt: string }).prompt;

  it('of clients sends as many calls as asked, never more at once, prompts in turn', async () => {
    answer = quick;
    const report = await runLoad({
      ...common,
      target: target(),
      warmupRequests: 2,
      pattern: { kind: 'clients', clients: 4, requests: 20, seconds: null, prompts },
    });
    expect(report.requests).toEqual({ completed: 20, failed: 0, failures: {}, skipped: 0 });
    expect([report.outputTokens, report.promptTokens, report.interTokenMs?.count]).toEqual([100, 60, 20]);
    expect([count, openMost <= 4]).toEqual([22, true]);
    const sent = bodies.slice(2).map(promptOf);
    for (const [index, wanted] of [7, 7, 6].entries()) {
      expect(sent.filter((prompt) => prompt === `p${index}`)).toHaveLength(wanted);
    }
  });

  it('counts failures and goes on', async () => {
    answer = (response, body, index) => {
      if (index % 2 === 0) response.writeHead(500).end('no');
      else quick(response, body, index);
    };
    const progress: number[] = [];
    const report = await runLoad({
      ...common,
      target: target(),
      pattern: { kind: 'clients', clients: 1, requests: 6, seconds: null, prompts },
      onProgress: ({ ended, planned }) => progress.push(ended / (planned ?? 1)),
    });
    expect(report.requests).toMatchObject({ completed: 3, failed: 3, failures: { 'HTTP 500': 3 } });
    expect(progress.map((part) => Math.round(part * 6))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('ends when its time is up, and lets open calls finish', async () => {
    answer = quick;
    const report = await runLoad({
      ...common,
      target: target(),
      pattern: { kind: 'clients', clients: 2, requests: null, seconds: 0.2, prompts },
    });
    expect(report.requests.failed).toBe(0);
    expect(report.requests.completed).toBe(count);
    expect(report.seconds).toBeGreaterThanOrEqual(0.15);
  });

  it('of a trace keeps its times, lengths and order', async () => {
    answer = quick;
    const arrivals = [
      { atMs: 0, promptTokens: 3, outputTokens: 2 },
      { atMs: 1000, promptTokens: 5000, outputTokens: 7 },
    ];
    const report = await runLoad({
      ...common,
      newTokensMax: null,
      endTokensIgnored: true,
      target: target(),
      pattern: { kind: 'trace', arrivals, speed: 10, promptTokensMax: 50, openMax: 10 },
    });
    const sent = bodies.map(
      (body) => JSON.parse(body) as { prompt: string; max_tokens: number; ignore_eos: boolean },
    );
    expect(
      sent.map(({ prompt, max_tokens, ignore_eos }) => [prompt.split(' ').length, max_tokens, ignore_eos]),
    ).toEqual([
      [3, 2, true],
      [50, 7, true],
    ]);
    expect(report.seconds).toBeGreaterThanOrEqual(0.099);
  });

  it('of a trace skips what would be too many at once', async () => {
    const interruption = new AbortController();
    answer = () => undefined;
    const arrivals = Array.from({ length: 5 }, () => ({ atMs: 0, promptTokens: 1, outputTokens: 1 }));
    const running = runLoad({
      ...common,
      target: target(),
      pattern: { kind: 'trace', arrivals, speed: 1, promptTokensMax: null, openMax: 2 },
      signal: interruption.signal,
    });
    answer = () => {
      if (count === 2) interruption.abort();
    };
    const report = await running;
    expect(report.requests).toEqual({ completed: 0, failed: 0, failures: {}, skipped: 3 });
  });
});
