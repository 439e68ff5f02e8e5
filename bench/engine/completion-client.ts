/**
 * The client that all servers are measured with: streams of OpenAI's completions, one connection per request
 * (llama-server closes its connection after a streamed answer). It only keeps what arrives; reading comes after.
 */
import http from 'node:http';

export interface CompletionServer {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Added to every body: the model's name, and what only this server knows. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How many tokens each request has and asks for. */
export interface RequestSize {
  readonly promptTokens: number;
  readonly newTokens: number;
}

/** A request may take this long, milliseconds. */
const requestMsMax = 10 * 60_000;

/**
 * Generated tokens per second of one round: all prompts are sent at once, and the round ends with the last answer.
 * Throws when an answer has not exactly the tokens that were asked for.
 */
export async function measureRound(
  server: CompletionServer,
  prompts: readonly (readonly number[])[],
  size: RequestSize,
): Promise<number> {
  const bodies = prompts.map((prompt) => bodyOf(server, prompt, size.newTokens));
  const startedAt = performance.now();
  const answers = await Promise.all(bodies.map((body) => stream(server, body)));
  const seconds = (performance.now() - startedAt) / 1000;
  for (const answer of answers) checkUsage(answer, size);
  return (prompts.length * size.newTokens) / seconds;
}

function bodyOf(server: CompletionServer, prompt: readonly number[], newTokens: number): string {
  return JSON.stringify({
    prompt,
    max_tokens: newTokens,
    temperature: 0,
    ignore_eos: true,
    stream: true,
    stream_options: { include_usage: true },
    ...server.fields,
  });
}

/** The whole text of an event stream. */
function stream(server: CompletionServer, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
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
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`status ${response.statusCode}: ${text.slice(0, 500)}`));
      });
    });
    request.end(body);
  });
}

/** Both servers tell the counts in the stream's last event before `[DONE]`. */
function checkUsage(answer: string, size: RequestSize): void {
  const events = answer.split('\n\n').filter((event) => event.startsWith('data: {'));
  const last = events.at(-1)?.slice('data: '.length) ?? 'null';
  const usage = (JSON.parse(last) as { usage?: Record<string, number> } | null)?.usage;
  const [prompt, completion] = [usage?.['prompt_tokens'], usage?.['completion_tokens']];
  if (prompt === size.promptTokens && completion === size.newTokens) return;
  const wanted = `${size.promptTokens} + ${size.newTokens}`;
  throw new Error(
    `an answer has ${prompt} + ${completion} tokens instead of ${wanted}: ${last.slice(0, 500)}`,
  );
}

/** Prompts of token ids that no two calls share, the same in every run. */
export function makePrompts(count: number, tokens: number, vocabulary: number, round: number): number[][] {
  let state = 2_654_435_761 ^ (round + 1);
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: tokens }, () => 256 + Math.floor(next() * (vocabulary - 512))),
  );
}
