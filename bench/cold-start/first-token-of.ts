/** The time a request's first token takes, as a client sees it. */
import type { StartedServer } from '../engine/servers.js';

const promptTokens = 8;
/** Between two tries while there is no copy, milliseconds. */
const retryMs = 5;
const waitMsMax = 120_000;

/**
 * Milliseconds from now to the first token of a short prompt that no other round has. A refusal because no copy is
 * there yet is tried again at once.
 */
export async function firstTokenMs(server: StartedServer, round: number): Promise<number> {
  const startedAt = performance.now();
  const prompt = Array.from({ length: promptTokens }, (_, index) => 300 + round * promptTokens + index);
  const body = JSON.stringify({
    ...server.fields,
    prompt,
    max_tokens: 2,
    stream: true,
    temperature: 0,
    ignore_eos: true,
  });
  const headers = { ...server.headers, 'content-type': 'application/json' };
  for (;;) {
    const response = await fetch(`http://127.0.0.1:${server.port}/v1/completions`, {
      method: 'POST',
      headers,
      body,
    });
    if (response.ok) return (await firstEventAt(response)) - startedAt;
    const problem = `${response.status} ${await response.text()}`;
    if (performance.now() - startedAt > waitMsMax) throw new Error(`no token came: ${problem}`);
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** When the stream's first event came; the rest is read to its end. */
async function firstEventAt(response: Response): Promise<number> {
  let at: number | null = null;
  for await (const piece of response.body ?? []) {
    if (at === null && Buffer.from(piece as Uint8Array).includes('data: {')) at = performance.now();
  }
  if (at === null) throw new Error('the stream ended without a token');
  return at;
}
