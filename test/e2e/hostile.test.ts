/**
 * Hostile input against the real program: fuzzed requests over raw sockets, hostile configurations, broken model
 * files. fast-check prints the seed and the path of what fails; both can be given to `fc.assert` to replay it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { sendRaw, statusesOf } from '../wire/raw-http.js';
import { modelFile, promptTemplates } from './apex-prompts.js';
import { streamCompletion } from './completion-stream.js';
import { freshFolder, runStowage, type StowageProcess, startStowage, until } from './stowage-process.js';

const good = modelFile('apex-blockgen-Q8_0.gguf');
/** What a person should never see without asking for it. */
const stackTrace = /^\s+at .+:\d+:\d+\)?$/m;

describe('fuzzed requests', () => {
  let server: StowageProcess;
  let workersBefore: readonly number[];
  beforeAll(async () => {
    server = await startStowage({
      yaml: `
endpoint: apexguru
components:
  plain: { model: ${good}, options: { max_model_len: 256 } }
  blockgen: { model: ${good}, options: { max_model_len: 256, prompt_template: '${promptTemplates.block}' } }
`,
    });
    workersBefore = server.workers();
  });

  /** The server and its workers are the ones from before, and do as they should. */
  async function expectUnharmed(): Promise<void> {
    const body = {
      model: 'blockgen',
      prompt: 'A method which gets the cases',
      max_tokens: 5,
      ignore_eos: true,
    };
    const answer = await streamCompletion(server, body);
    expect(answer).toMatchObject({ status: 200, error: null, usage: { completion_tokens: 5 } });
    expect(server.workers()).toEqual(workersBefore);
    expect(server.stderr()).not.toMatch(/INT-500|"level":50|unhandled/i);
  }

  const extreme = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.double(),
    fc.constantFrom(1e308, -1e308, 2 ** 53, -(2 ** 63), null, '1', [], {}, true),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.constantFrom(
      '',
      '<|endoftext|><|out|>',
      '\u0000',
      '\ud800',
      '{{ prompt }}',
      '\ue000',
      'a'.repeat(5000),
    ),
  );
  /** Sound as a rule, so that requests get past the first field; anything at all now and then. */
  const usually = (sound: fc.Arbitrary<unknown>) =>
    fc.oneof(
      { weight: 40, arbitrary: sound },
      { weight: 1, arbitrary: extreme },
      { weight: 1, arbitrary: fc.jsonValue() },
    );
  const between = (min: number, max: number) => usually(fc.double({ min, max, noNaN: true }));
  const tokens = fc.array(fc.integer({ min: 0, max: 2047 }), { minLength: 1, maxLength: 280 });
  const prompt = fc.oneof(
    { weight: 6, arbitrary: text },
    { weight: 2, arbitrary: tokens },
    { weight: 1, arbitrary: fc.array(text, { minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: -1, max: 2100 }), { maxLength: 300 }) },
  );
  const role = fc.constantFrom('user', 'system', 'assistant');
  const message = usually(fc.record({ role: usually(role), content: usually(text) }));
  const completion = fc.record(
    {
      model: usually(fc.constantFrom('plain', 'blockgen', 'apexguru/plain')),
      prompt,
      messages: usually(fc.array(message, { minLength: 1, maxLength: 4 })),
      inputs: text,
      max_tokens: usually(fc.integer({ min: 1, max: 12 })),
      temperature: between(0, 100),
      top_k: usually(fc.integer({ min: -1, max: 5000 })),
      top_p: between(0, 1),
      min_p: between(0, 1),
      seed: usually(fc.maxSafeInteger()),
      repetition_penalty: between(0.01, 100),
      presence_penalty: between(-2, 2),
      frequency_penalty: between(-2, 2),
      logit_bias: usually(
        fc.dictionary(fc.nat(3000).map(String), fc.integer({ min: -100, max: 100 }), { maxKeys: 5 }),
      ),
      logprobs: usually(fc.constantFrom(null, null, 0, 5)),
      stop: usually(fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 5 }), { maxLength: 4 })),
      n: usually(fc.constantFrom(1, 2)),
      stream: fc.boolean(),
      ignore_eos: fc.boolean(),
      return_token_ids: fc.boolean(),
    },
    { requiredKeys: ['model', 'prompt', 'messages', 'inputs', 'max_tokens', 'stream'] },
  );
  const body = fc.oneof(
    { weight: 8, arbitrary: completion.map((fields) => JSON.stringify(fields)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  );
  const address = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('/v1/completions', '/v1/chat/completions') },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        '/endpoints/apexguru/invocations',
        '/endpoints/apexguru/invocations-response-stream',
        '/endpoints/%00%ff/invocations',
        '/v1/models/..%2f..',
        '/metrics?x=%',
        '/health',
        '//',
        '*',
      ),
    },
    { weight: 1, arbitrary: fc.webPath() },
  );
  const method = fc.oneof(
    { weight: 8, arbitrary: fc.constant('POST') },
    { weight: 2, arbitrary: fc.constantFrom('GET', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE') },
  );
  const headerNames = [
    'content-length',
    'transfer-encoding',
    'expect',
    'connection',
    'upgrade',
    'authorization',
    'host',
    'content-type',
    'x-amzn-sagemaker-inference-component',
    'x-amzn-sagemaker-session-id',
    'x-amz-content-sha256',
    'x-request-id',
  ] as const;
  const headerValue = fc.oneof(
    fc.constantFrom(
      'chunked',
      '100-continue',
      'close',
      '-1',
      '7',
      '99999999999999999999',
      'plain',
      'Bearer x',
      'AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=, Signature=',
      'application/x-amz-json-1.1',
    ),
    fc.string({ unit: 'binary-ascii', maxLength: 60 }).map((value) => value.replace(/[\r\n]/g, ' ')),
  );

  it('no body, method or path with a good key makes a 5xx, and requests are served afterwards', async () => {
    const seen = new Map<number, number>();
    const request = fc.tuple(method, address, body);
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 8 }), async (requests) => {
        const answers = await Promise.all(
          requests.map(([verb, target, content]) => {
            const bytes = Buffer.from(content);
            const head = `${verb} ${target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.key}\r\nconnection: close\r\ncontent-length: ${bytes.length}\r\n\r\n`;
            return sendRaw(server.port, Buffer.concat([Buffer.from(head), bytes]));
          }),
        );
        for (const received of answers) {
          const status = statusesOf(received)[0] ?? 0;
          expect(status).toBeGreaterThanOrEqual(200);
          expect(status).toBeLessThan(500);
          expect(received).not.toMatch(stackTrace);
          seen.set(status, (seen.get(status) ?? 0) + 1);
        }
      }),
      { numRuns: 150 },
    );
    console.log('answers by status:', Object.fromEntries([...seen].sort((a, b) => a[0] - b[0])));
    // The fuzz is worth something only if it gets as far as the workers.
    expect(seen.get(200)).toBeGreaterThan(20);
    await expectUnharmed();
  });

  it('no headers and no bytes make a 5xx, and requests are served afterwards', async () => {
    const header = fc.tuple(fc.constantFrom(...headerNames), headerValue);
    const withHeaders = fc
      .tuple(method, address, fc.array(header, { maxLength: 8 }), fc.string({ maxLength: 80 }))
      .map(([verb, target, headers, content]) => {
        const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        return Buffer.from(`${verb} ${target} HTTP/1.1\r\n${lines}\r\n${content}`, 'latin1');
      });
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 400 }).map((data) => Buffer.from(data));
    const messages = fc.array(
      fc.oneof({ weight: 3, arbitrary: withHeaders }, { weight: 1, arbitrary: bytes }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(messages, async (requests) => {
        const answers = await Promise.all(requests.map((data) => sendRaw(server.port, data, true)));
        for (const status of answers.flatMap(statusesOf)) expect(status).toBeLessThan(500);
      }),
      { numRuns: 100 },
    );
    await expectUnharmed();
  });
});

describe('hostile configurations', () => {
  /** What a person gets: an error of the table with its place and a mend, never our insides. */
  async function expectRefused(yaml: string): Promise<void> {
    const folder = freshFolder();
    const file = path.join(folder, 'stowage.yaml');
    writeFileSync(file, yaml);
    const { code, stderr } = await runStowage(['serve', '-f', file], folder);
    expect([1, 64]).toContain(code);
    expect(stderr).toMatch(/^error\[[A-Z]+-\d+\]: /m);
    expect(stderr).toMatch(/^\s+--> .*stowage\.yaml:\d+:\d+$/m);
    expect(stderr).toMatch(/^mend: {2}/m);
    expect(stderr).not.toMatch(stackTrace);
  }
  const component = (fields: string) => `endpoint: a\ncomponents:\n  x: { ${fields} }\n`;
  const entities = Array.from(
    { length: 9 },
    (_, index) => `  a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}]`,
  );

  it.each([
    ['an unknown key', component('modle: y.gguf')],
    ['a model that is not there', component('model: ./nothing-here.gguf')],
    ['a list where a map belongs', 'endpoint: a\ncomponents: [1, 2]\n'],
    ['broken YAML', 'endpoint: "a\ncomponents: {{{{\n'],
    ['a billion laughs', `endpoint: a\nbomb:\n  a0: &a0 [x]\n${entities.join('\n')}\n`],
    ['a recursive alias', 'endpoint: &e\n  again: *e\n'],
    ['a prototype', 'endpoint: a\n__proto__: { x: 1 }\ncomponents: { constructor: { model: 1 } }\n'],
    ['numbers out of all bounds', component(`model: ${good}, copies: 1e400, resources: { cpus: .nan }`)],
    ['nothing', ''],
    ['control characters', 'endpoint: "\u0007\u001b[31m"\ncomponents:\n  "\\u0000": { model: x }\n'],
  ])('%s is an error with its place', async (_, yaml) => {
    await expectRefused(yaml);
  });

  it('a configuration damaged anywhere is an error with its place', async () => {
    const sound = readFileSync(path.join(path.dirname(modelFile('x')), '..', 'stowage.yaml'), 'utf8')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .join('\n');
    const damage = fc.tuple(fc.nat(sound.length), fc.nat(20), fc.string({ unit: 'binary', maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(damage, async ([at, length, inserted]) => {
        // The models are not beside the copy, so that even harmless damage ends with an error.
        await expectRefused(sound.slice(0, at) + inserted + sound.slice(at + length));
      }),
      { numRuns: 8 },
    );
  });
});

it('components with broken model files say so, while the others serve', async () => {
  const folder = freshFolder();
  const sound = readFileSync(good);
  const absurd = Buffer.from(sound);
  absurd.writeBigUInt64LE(2n ** 60n, 8); // the count of tensors
  const broken = {
    truncated: sound.subarray(0, sound.length / 2),
    empty: Buffer.alloc(0),
    text: Buffer.from('version https://git-lfs.github.com/spec/v1\n'),
    absurd,
    noise: Buffer.concat([sound.subarray(0, 24), Buffer.alloc(4096, 0xa7)]),
  };
  const lines = Object.entries(broken).map(([name, bytes]) => {
    writeFileSync(path.join(folder, `${name}.gguf`), bytes);
    return `  ${name}: { model: ${path.join(folder, name)}.gguf, options: { queue_timeout: 1 } }`;
  });
  const server = await startStowage({
    yaml: `endpoint: apexguru\ncomponents:\n  good: { model: ${good} }\n${lines.join('\n')}\n`,
    listeningIsEnough: true,
  });
  onTestFailed(() => console.log(server.stderr()));
  const said = (name: string) =>
    new RegExp(`^failing {2}apexguru/${name}\\nerror\\[(MODEL-02\\d)\\]`, 'm').exec(server.stderr())?.[1] ??
    null;
  const codes: Record<string, string> = {};
  for (const name of Object.keys(broken))
    codes[name] = await until(() => said(name), `${name} to say what is wrong`);
  console.log('broken files:', codes);
  const body = { prompt: 'List<Account> accounts', max_tokens: 5, ignore_eos: true };
  expect(await streamCompletion(server, { model: 'good', ...body })).toMatchObject({
    status: 200,
    error: null,
    usage: { completion_tokens: 5 },
  });
  const refused = await streamCompletion(server, { model: 'truncated', ...body });
  expect(refused.status).toBe(500);
  expect(refused.error).toMatch(/MODEL-022/);
  expect(server.stderr()).not.toMatch(stackTrace);
});
