/** Vercel's AI SDK with its OpenAI-compatible provider against a real listener. */
import { inspect } from 'node:util';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, streamText } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/adapters/clock/system.js';
import { systemRandom } from '../../src/adapters/random/system.js';
import { createOpenAiFrontEnd } from '../../src/api/openai/front-end.js';
import { StowageError } from '../../src/domain/errors.js';
import { answerTokens, Script, ScriptedServing, wordsOf } from './scripted-serving.js';
import { bearerKey, startWireListener, type WireListener } from './wire-listener.js';

const serving = new ScriptedServing({ flowgpt: Script.Words, hang: Script.Hang, broken: Script.Break });
let listener: WireListener;
let provider: ReturnType<typeof createOpenAICompatible>;

beforeAll(async () => {
  const frontEnd = createOpenAiFrontEnd({
    serving,
    clock: systemClock,
    random: systemRandom,
    homeRegion: 'us-east-1',
  });
  listener = await startWireListener([frontEnd]);
  provider = createOpenAICompatible({
    name: 'stowage',
    baseURL: `${listener.url}/v1`,
    apiKey: bearerKey,
    includeUsage: true,
  });
});
beforeEach(() => {
  serving.requests.length = 0;
  serving.cancelled.length = 0;
});
afterAll(async () => {
  await listener.close(0);
  expect(listener.log.errors).toEqual([]);
});

describe('generateText', () => {
  it('gets text, usage and finish reason of a chat model', async () => {
    const result = await generateText({
      model: provider.chatModel('flowgpt'),
      system: 'be short',
      prompt: 'hi',
      maxOutputTokens: 5,
      temperature: 0,
      seed: 3,
    });
    expect(result.text).toBe(wordsOf(5));
    expect(result.finishReason).toBe('length');
    expect(result.usage).toMatchObject({ inputTokens: 10, outputTokens: 5, totalTokens: 15 });
    expect(serving.requests[0]).toMatchObject({
      newTokensMax: 5,
      sampling: { temperature: 0, seed: 3 },
      input: {
        kind: 'chat',
        messages: [
          { role: 'system', content: 'be short' },
          { role: 'user', content: 'hi' },
        ],
      },
    });
  });

  it('gets text of a completion model', async () => {
    const result = await generateText({ model: provider.completionModel('flowgpt'), prompt: 'hi' });
    expect(result.text).toBe(wordsOf(answerTokens));
    expect(serving.requests[0]?.input.kind).toBe('text');
  });

  it('tries again after a refusal that says when', async () => {
    serving.refuseNext(
      StowageError.of('COLD-502', { component: 'flowgpt', seconds: 1 }, { retryAfterSeconds: 1 }),
    );
    const result = await generateText({ model: provider.chatModel('flowgpt'), prompt: 'hi', maxRetries: 1 });
    expect(result.text).toBe(wordsOf(answerTokens));
    expect(serving.requests).toHaveLength(2);
  });

  it('fails with our status and message, and without trying again, when the model is not there', async () => {
    const call = generateText({ model: provider.chatModel('nope'), prompt: 'hi', maxRetries: 2 });
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode: 404, isRetryable: false });
    expect(String(error)).toContain('NAME-404');
  });
});

describe('streamText', () => {
  it('yields the text step by step, then usage', async () => {
    const result = streamText({ model: provider.chatModel('flowgpt'), prompt: 'hi' });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces).toHaveLength(answerTokens);
    expect(pieces.join('')).toBe(wordsOf(answerTokens));
    expect(await result.finishReason).toBe('stop');
    expect(await result.usage).toMatchObject({ inputTokens: 2, outputTokens: answerTokens });
  });

  it('cancels at serving when it is aborted in the middle', async () => {
    const abort = new AbortController();
    const result = streamText({
      model: provider.chatModel('hang'),
      prompt: 'hi',
      abortSignal: abort.signal,
      onError: () => undefined,
    });
    const parts: string[] = [];
    for await (const part of result.fullStream) {
      parts.push(part.type);
      if (part.type === 'text-delta') abort.abort();
    }
    expect(parts).toContain('abort');
    await serving.untilCancelled(1);
    expect(serving.cancelled).toEqual([serving.requests[0]?.id]);
  });

  it('reports an error that comes in the middle, after the text before it', async () => {
    const result = streamText({
      model: provider.chatModel('broken'),
      prompt: 'hi',
      onError: () => undefined,
    });
    let text = '';
    const errors: unknown[] = [];
    for await (const part of result.fullStream) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'error') errors.push(part.error);
    }
    expect(text).toBe(wordsOf(2));
    expect(inspect(errors)).toContain('RUN-305');
  });
});
