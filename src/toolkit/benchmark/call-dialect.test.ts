import { describe, expect, it } from 'vitest';
import { encodeCall, readPiece, versionedPath, WireApi } from './call-dialect.js';
import type { CallRequest, CallTarget } from './call-dialect.js';

const target: CallTarget = {
  url: 'http://127.0.0.1:8080',
  api: WireApi.OpenAi,
  model: 'inline',
  endpoint: 'apexguru',
  chat: false,
  credentials: { kind: 'none' },
};
const request: CallRequest = {
  prompt: 'p',
  suffix: null,
  newTokensMax: null,
  temperature: null,
  seed: null,
  endTokensIgnored: false,
  stream: false,
};
const everything: CallRequest = {
  prompt: 'p',
  suffix: 's',
  newTokensMax: 5,
  temperature: 0.5,
  seed: 7,
  endTokensIgnored: true,
  stream: true,
};

function encoded(changes: Partial<CallTarget>, call: CallRequest) {
  const { path, headers, body } = encodeCall({ ...target, ...changes }, call, 0);
  return { path, headers, body: JSON.parse(body) as unknown };
}

describe('a call', () => {
  it('says on OpenAI’s wire only what was asked for', () => {
    expect(encoded({}, request)).toEqual({
      path: '/v1/completions',
      headers: { 'content-type': 'application/json' },
      body: { model: 'inline', prompt: 'p' },
    });
  });

  it('says everything on OpenAI’s wire', () => {
    expect(encoded({ credentials: { kind: 'bearer', key: 'k' } }, everything)).toEqual({
      path: '/v1/completions',
      headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
      body: {
        model: 'inline',
        prompt: 'p',
        suffix: 's',
        max_tokens: 5,
        temperature: 0.5,
        seed: 7,
        ignore_eos: true,
        stream: true,
        stream_options: { include_usage: true },
      },
    });
  });

  it('can be a message', () => {
    expect(encoded({ chat: true, model: null }, request)).toMatchObject({
      path: '/v1/chat/completions',
      body: { messages: [{ role: 'user', content: 'p' }] },
    });
  });

  it('says everything on SageMaker’s wire', () => {
    expect(encoded({ api: WireApi.SageMaker, endpoint: 'my point' }, everything)).toEqual({
      path: '/endpoints/my%20point/invocations-response-stream',
      headers: { 'content-type': 'application/json', 'x-amzn-sagemaker-inference-component': 'inline' },
      body: {
        inputs: 'p',
        suffix: 's',
        parameters: {
          max_new_tokens: 5,
          do_sample: true,
          temperature: 0.5,
          seed: 7,
          ignore_eos: true,
          details: true,
        },
        stream: true,
      },
    });
  });

  it('asks SageMaker’s wire not to sample at temperature 0', () => {
    expect(encoded({ api: WireApi.SageMaker, model: null }, { ...request, temperature: 0 })).toEqual({
      path: '/endpoints/apexguru/invocations',
      headers: { 'content-type': 'application/json' },
      body: { inputs: 'p', parameters: { do_sample: false, details: true } },
    });
  });

  it('is signed over what is sent', () => {
    const key = { accessKeyId: 'A', secretAccessKey: 's', region: 'us-east-1' };
    const signed = { ...target, credentials: { kind: 'signature', key } } as const;
    const authorization = (call: CallRequest) => encodeCall(signed, call, 0).headers['authorization'];
    expect(authorization(request)).toMatch(
      /SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/,
    );
    expect(authorization(request)).not.toBe(authorization({ ...request, prompt: 'q' }));
  });

  it.each([
    ['http://h', '/v1'],
    ['http://h/', '/v1'],
    ['http://h/v1', '/v1'],
    ['http://h/v1/', '/v1'],
    ['http://h/endpoints/e/openai/v1', '/endpoints/e/openai/v1'],
    ['http://h/proxy', '/proxy/v1'],
  ])('to %s goes below %s', (url, path) => {
    expect(versionedPath(url)).toBe(path);
  });
});

describe('a piece of an answer', () => {
  const nothing = { text: '', finishReason: null, promptTokens: null, outputTokens: null, error: null };

  it.each<[string, unknown, object]>([
    ['a completion', { choices: [{ text: 'a', finish_reason: null }] }, { text: 'a' }],
    ['a chat’s delta', { choices: [{ delta: { content: 'a' } }] }, { text: 'a' }],
    ['a chat’s first delta', { choices: [{ delta: { role: 'assistant', content: null } }] }, {}],
    [
      'a whole chat answer',
      {
        choices: [{ message: { content: 'a' }, finish_reason: 'length' }],
        usage: { prompt_tokens: 3, completion_tokens: 4 },
      },
      { text: 'a', finishReason: 'length', promptTokens: 3, outputTokens: 4 },
    ],
    [
      'the usage of a stream',
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
      { promptTokens: 3, outputTokens: 4 },
    ],
    ['a container’s token', { token: { id: 1, text: 'a' } }, { text: 'a' }],
    [
      'a container’s last line, whose whole text was already sent',
      {
        token: { id: null, text: '' },
        generated_text: 'abc',
        details: { finish_reason: 'eos_token', generated_tokens: 3, prompt_tokens: 2 },
      },
      { finishReason: 'eos_token', promptTokens: 2, outputTokens: 3 },
    ],
    ['a container’s whole answer', { generated_text: 'abc' }, { text: 'abc', finishReason: 'stop' }],
    ['a container’s list', [{ generated_text: 'abc' }], { text: 'abc', finishReason: 'stop' }],
    ['OpenAI’s error', { error: { message: 'm', code: 'c' } }, { error: { message: 'm', code: 'c' } }],
    ['a container’s error', { error: 'm', error_type: 't' }, { error: { message: 'm', code: 't' } }],
    ['SageMaker’s error', { Message: 'm' }, { error: { message: 'm', code: null } }],
    ['nothing known', 3, {}],
  ])('is read from %s', (_, value, expected) => {
    expect(readPiece(JSON.stringify(value))).toEqual({ ...nothing, ...expected });
  });
});
