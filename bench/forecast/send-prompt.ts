/** One request to a server of the forecast bench: a prompt of so many tokens that no other request has. */
import type { Child } from '../children.js';

export interface ForecastServer {
  readonly child: Child;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Tokens that all models of the bench know. */
const tokenMin = 100;
const tokensKnown = 400;
let sent = 0;

/** The answer's status, once all of it is there. */
export async function sendPrompt(
  { port, headers }: ForecastServer,
  model: string,
  promptTokens: number,
  newTokens: number,
): Promise<number> {
  const round = sent++;
  // The first two say which request it is, so that none is found computed.
  const beginning = [round % tokensKnown, Math.floor(round / tokensKnown)];
  const prompt = Array.from(
    { length: promptTokens },
    (_, index) => tokenMin + ((beginning[index] ?? round * 7 + index * 31) % tokensKnown),
  );
  const fields = { temperature: 0, ignore_eos: true, stream: true };
  const response = await fetch(`http://127.0.0.1:${port}/v1/completions`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ model, prompt, max_tokens: newTokens, ...fields }),
  });
  await response.text();
  return response.status;
}
