/**
 * Answers of a given shape and calls of functions, from the shipped model through real programs and real clients. The
 * model knows nothing of any of this, so whatever is right about an answer's shape is the grammar's doing.
 */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { generateObject, generateText, type JSONSchema7, jsonSchema, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import { modelFile } from './apex-prompts.js';
import { credentialsOf, region } from './control-client.js';
import { signal } from './process-table.js';
import { startStowage, type StowageProcess } from './stowage-process.js';

const yaml = `
endpoint: apexguru
components:
  a: { model: ${modelFile('apex-blockgen-Q8_0.gguf')}, copies: 2, options: { max_rolling_batch_size: 8 } }
`;
const model = 'a';
const prompt = 'public class A {';

const trip = {
  type: 'object',
  properties: {
    city: { type: 'string', enum: ['Wien', 'Graz'] },
    days: { type: 'integer', minimum: 1, maximum: 14 },
    note: { type: 'string', maxLength: 24 },
    stops: { type: 'array', items: { type: 'string', pattern: '^[A-Z]{3}$' }, maxItems: 3 },
  },
  required: ['city', 'days', 'stops'],
  additionalProperties: false,
} satisfies JSONSchema7;

interface Trip {
  readonly city: string;
  readonly days: number;
  readonly note?: string;
  readonly stops: readonly string[];
}

function expectTrip(text: string): void {
  const { city, days, note = '', stops } = JSON.parse(text) as Trip;
  expect(['Wien', 'Graz']).toContain(city);
  expect(Number.isInteger(days) && days >= 1 && days <= 14).toBe(true);
  expect([...note].length).toBeLessThanOrEqual(24);
  expect(stops.length <= 3 && stops.every((stop) => /^[A-Z]{3}$/.test(stop))).toBe(true);
}

const tools: OpenAI.ChatCompletionFunctionTool[] = [
  { type: 'function', function: { name: 'plan_trip', description: 'Plans a trip', parameters: trip } },
  { type: 'function', function: { name: 'stop_all', parameters: { type: 'object', properties: {} } } },
];

const user = { role: 'user', content: prompt } as const;

let server: StowageProcess;
let client: OpenAI;

beforeAll(async () => {
  server = await startStowage({ yaml });
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: server.key, maxRetries: 0 });
});

describe('the `openai` client', () => {
  it('gets instances of a schema, greedy and sampled, whole and streamed, beside others', async () => {
    const response_format = {
      type: 'json_schema',
      json_schema: { name: 'trip', strict: true, schema: trip },
    } as const;
    const texts = await Promise.all(
      Array.from({ length: 24 }, async (_, seed) => {
        const ask = { model, messages: [user], seed, max_tokens: 300 };
        const call = { ...ask, response_format, temperature: seed % 3 };
        if (seed % 2 === 0) {
          const { choices } = await client.chat.completions.create(call);
          expect(choices[0]?.finish_reason).toBe('stop');
          return choices[0]?.message.content ?? '';
        }
        let text = '';
        for await (const { choices } of await client.chat.completions.create({ ...call, stream: true })) {
          text += choices[0]?.delta.content ?? '';
        }
        return text;
      }),
    );
    for (const text of texts) expectTrip(text);
    expect(new Set(texts).size).toBeGreaterThan(8);
  });

  it.each([
    [{ guided_regex: '[A-Z][a-z]{2,8} [0-9]{4}' }, /^[A-Z][a-z]{2,8} [0-9]{4}$/],
    [{ guided_choice: ['insert', 'update', 'upsert'] }, /^(?:insert|update|upsert)$/],
    [
      { guided_grammar: 'root ::= "[" n ("," n){0,9} "]"\nn ::= [1-9] [0-9]?' },
      /^\[[1-9]\d?(?:,[1-9]\d?){0,9}\]$/,
    ],
    [{ structured_outputs: { regex: '\\d{3}' } }, /^\d{3}$/],
  ])('gets answers of %j', async (shape, pattern) => {
    const call = { model, prompt, max_tokens: 200, temperature: 1.5, n: 4, seed: 1, ...shape };
    const { choices } = await client.completions.create(call);
    expect(choices).toHaveLength(4);
    for (const { text, finish_reason } of choices) {
      expect(finish_reason).toBe('stop');
      expect(text).toMatch(pattern);
    }
  });

  it('gets calls of functions with ids, whole and streamed, and may answer them', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'go' }];
    const ask = { model, messages, tools, tool_choice: 'required', parallel_tool_calls: false } as const;
    const { choices } = await client.chat.completions.create({ ...ask, max_tokens: 300 });
    const message = choices[0]!.message;
    expect(choices[0]!.finish_reason).toBe('tool_calls');
    expect(message.content).toBeNull();
    expect(message.tool_calls).toHaveLength(1);
    const [called] = message.tool_calls as OpenAI.ChatCompletionMessageFunctionToolCall[];
    expect(called!.id).toMatch(/^[a-z0-9]{9}$/);
    if (called!.function.name === 'plan_trip') expectTrip(called!.function.arguments);
    else expect(JSON.parse(called!.function.arguments)).toEqual({});

    const named = { type: 'function', function: { name: 'plan_trip' } } as const;
    const run = client.chat.completions.stream({
      model,
      messages,
      tools,
      tool_choice: named,
      max_tokens: 300,
    });
    const streamed = (await run.finalChatCompletion()).choices[0]!;
    expect(streamed.finish_reason).toBe('tool_calls');
    expectTrip(
      (streamed.message.tool_calls![0] as OpenAI.ChatCompletionMessageFunctionToolCall).function.arguments,
    );

    const result = { role: 'tool', tool_call_id: called!.id, content: 'sunny' } as const;
    const next = await client.chat.completions.create({
      model,
      messages: [...messages, message, result],
      tools,
      tool_choice: 'none',
      max_tokens: 5,
    });
    expect(next.choices[0]!.message.tool_calls).toBeUndefined();
    expect(next.usage!.prompt_tokens).toBeGreaterThan(20);
  });

  it('is told what is wrong with a schema, by the name of its field', async () => {
    const bad = client.completions.create({ model, prompt, ...{ guided_json: { not: {} } } });
    await expect(bad).rejects.toMatchObject({
      status: 400,
      code: 'REQ-210',
      message: expect.stringContaining(
        '`guided_json` has the keyword `not`, which is not done here',
      ) as string,
    });
  });
});

it('an answer goes on in its shape when its worker is killed', async () => {
  const shape = {
    guided_json: { type: 'array', items: { enum: ['alpha', 'beta'] }, minItems: 60, maxItems: 60 },
  };
  const stream = await client.completions.create({ model, prompt, max_tokens: 900, stream: true, ...shape });
  let text = '';
  let isKilled = false;
  for await (const { choices } of stream) {
    text += choices[0]?.text ?? '';
    if (isKilled || text.length < 100) continue;
    isKilled = true;
    for (const pid of server.workersOf('a').slice(0, 1)) signal(pid, 'SIGKILL');
  }
  expect(isKilled).toBe(true);
  const items = JSON.parse(text) as string[];
  expect(items).toHaveLength(60);
  expect(items.every((item) => ['alpha', 'beta'].includes(item))).toBe(true);
});

describe('the AI SDK', () => {
  it('generates objects, and calls tools whose results the model is given', async () => {
    const provider = createOpenAICompatible({
      name: 'stowage',
      baseURL: `${server.url}/v1`,
      apiKey: server.key,
      supportsStructuredOutputs: true,
    });
    const chat = provider.chatModel(model);
    const { object } = await generateObject({
      model: chat,
      prompt,
      schema: jsonSchema(trip),
      maxOutputTokens: 300,
    });
    expectTrip(JSON.stringify(object));

    const asked: string[] = [];
    const plan = tool({
      inputSchema: jsonSchema<Trip>(trip),
      execute: (input) => {
        asked.push(JSON.stringify(input));
        return { ok: true };
      },
    });
    const providerOptions = { stowage: { parallel_tool_calls: false } };
    const call = { model: chat, prompt, maxOutputTokens: 300, providerOptions };
    const ask = { ...call, tools: { plan }, toolChoice: 'required' } as const;
    const whole = await generateText(ask);
    expect(whole.finishReason).toBe('tool-calls');
    expect(whole.toolResults.length).toBeGreaterThan(0);
    const streamed = streamText(ask);
    expect((await streamed.toolResults).length).toBeGreaterThan(0);
    for (const input of asked) expectTrip(input);
  });
});

it('a large-model container’s body asks for shapes in its parameters', async () => {
  const sagemaker = new SageMakerRuntimeClient({
    endpoint: server.url,
    region,
    credentials: credentialsOf(server.dataFolder),
  });
  const body = {
    inputs: prompt,
    parameters: { guided_json: trip, max_new_tokens: 300, do_sample: true, seed: 3 },
  };
  const answer = await sagemaker.send(
    new InvokeEndpointCommand({
      EndpointName: 'apexguru',
      InferenceComponentName: 'a',
      ContentType: 'application/json',
      Body: Buffer.from(JSON.stringify(body)),
    }),
  );
  const { generated_text } = JSON.parse(answer.Body.transformToString()) as { generated_text: string };
  expectTrip(generated_text);
});
