/** A client of `/v1/completions` that keeps everything a stream said, piece by piece with its time. */
import type { StowageProcess } from './stowage-process.js';

/** What one event added. */
export interface Piece {
  readonly tokens: readonly number[];
  readonly text: string;
  /** When it came, milliseconds of `performance.now()`. */
  readonly at: number;
}

export interface StreamedCompletion {
  readonly status: number;
  /** The body of a refusal, or the error event of a stream that broke. */
  readonly error: string | null;
  readonly pieces: readonly Piece[];
  readonly tokens: readonly number[];
  readonly text: string;
  readonly finishReason: string | null;
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  /** `[DONE]` came. */
  readonly isComplete: boolean;
}

interface CompletionEvent {
  readonly choices?: readonly {
    readonly text: string;
    readonly token_ids?: readonly number[];
    readonly finish_reason: string | null;
  }[];
  readonly usage?: StreamedCompletion['usage'];
  readonly error?: unknown;
}

/** Streams one completion with its token ids to its end; a refusal or a broken stream is a result, too. */
export async function streamCompletion(
  server: Pick<StowageProcess, 'url' | 'key'>,
  body: Readonly<Record<string, unknown>>,
  onPiece: (piece: Piece) => void = () => undefined,
): Promise<StreamedCompletion> {
  const result = {
    status: 0,
    error: null as string | null,
    pieces: [] as Piece[],
    tokens: [] as number[],
    text: '',
    finishReason: null as string | null,
    usage: null as StreamedCompletion['usage'],
    isComplete: false,
  };
  try {
    const response = await fetch(`${server.url}/v1/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        stream: true,
        stream_options: { include_usage: true },
        return_token_ids: true,
        ...body,
      }),
    });
    result.status = response.status;
    if (!response.ok || response.body === null) {
      result.error = await response.text();
      return result;
    }
    for await (const data of eventsOf(response.body)) {
      if (data === '[DONE]') {
        result.isComplete = true;
        continue;
      }
      const event = JSON.parse(data) as CompletionEvent;
      if (event.error !== undefined) result.error = JSON.stringify(event.error);
      result.usage = event.usage ?? result.usage;
      const choice = event.choices?.[0];
      if (choice === undefined) continue;
      result.finishReason = choice.finish_reason ?? result.finishReason;
      const piece = { tokens: choice.token_ids ?? [], text: choice.text, at: performance.now() };
      if (piece.tokens.length === 0 && piece.text === '') continue;
      result.pieces.push(piece);
      result.tokens.push(...piece.tokens);
      result.text += piece.text;
      onPiece(piece);
    }
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    result.error = `${String(error)}${cause === undefined ? '' : ` (${String(cause as string)})`}`;
  }
  return result;
}

/** The `data` of each server-sent event. */
async function* eventsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) if (event.startsWith('data: ')) yield event.slice('data: '.length);
  }
}
