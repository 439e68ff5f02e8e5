/**
 * Events of a streamed completion or chat, as parts of an answer. Programs differ in what they add to OpenAI's shape;
 * whatever of it is there is read.
 *
 * Tokens are counted honestly: by their numbers where the program says them, else one for each event with text, and
 * what the program's own count has more comes with the end.
 */
import { type OutsideEnd, type OutsidePart, unknownToken } from '../../../contracts/outside-engine.js';
import { StowageError } from '../../../domain/errors.js';
import { FinishReason, type TokenLogprob } from '../../../domain/inference.js';

/** More tokens than this without one event that shows them are not believed. */
const uncountedMax = 1_000_000;

interface Choice {
  readonly text?: string | null;
  readonly delta?: { readonly content?: string | null } | null;
  readonly token_ids?: readonly number[] | null;
  readonly finish_reason?: string | null;
  readonly stop_reason?: string | number | null;
  readonly logprobs?: ContentLogprobs | ListedLogprobs | null;
}

interface ContentLogprobs {
  readonly content?: readonly ContentLogprob[] | null;
}

interface ContentLogprob {
  readonly id?: number;
  readonly token: string;
  readonly bytes?: readonly number[] | null;
  readonly logprob: number;
  readonly top_logprobs?: readonly Omit<ContentLogprob, 'top_logprobs'>[] | null;
}

interface ListedLogprobs {
  readonly tokens?: readonly string[];
  readonly token_logprobs?: readonly (number | null)[];
  readonly top_logprobs?: readonly (Readonly<Record<string, number>> | null)[] | null;
}

interface CompletionEvent {
  readonly choices?: readonly Choice[] | null;
  readonly usage?: {
    readonly prompt_tokens?: number;
    readonly completion_tokens?: number;
    readonly prompt_tokens_details?: { readonly cached_tokens?: number } | null;
  } | null;
  /** llama-server's own view of the same step. */
  readonly __verbose?: {
    readonly tokens?: readonly number[];
    readonly stop?: boolean;
    readonly stopping_word?: string;
  };
  readonly error?: { readonly message?: string } | string | null;
}

export class GenerationEvents {
  private reason: FinishReason | null = null;
  private stop: string | null = null;
  private promptTokens: number | null = null;
  private completionTokens: number | null = null;
  private cachedTokens = 0;
  private counted = 0;

  /** `alternatives`: how many beside each token were asked for; null = no log-probabilities. */
  constructor(private readonly alternatives: number | null) {}

  /** What an event adds; null when nothing. Throws RUN-308 for an event that tells of a failure. */
  read(data: string): OutsidePart | null {
    const event = parseEvent(data);
    if (event.error !== undefined && event.error !== null) throw failed(event.error);
    this.readUsage(event);
    const choice = event.choices?.[0];
    if (choice === undefined) return null;
    this.readEnd(choice, event);
    const text = choice.text ?? choice.delta?.content ?? '';
    const logprobs = this.alternatives === null ? [] : this.readLogprobs(choice);
    const tokens = tokensOf(choice, event, text, logprobs);
    this.counted += tokens.length;
    if (tokens.length === 0 && text === '') return null;
    if (logprobs.length !== tokens.length || logprobs.length === 0) return { text, tokens };
    return {
      text,
      tokens,
      logprobs: logprobs.map((one, at) => ({ ...one, token: tokens[at] ?? one.token })),
    };
  }

  /** The end, and tokens that the program counted and no event showed. Throws RUN-308 when no end came. */
  finish(): { readonly end: OutsideEnd; readonly uncounted: number } {
    const { reason, stop, promptTokens, cachedTokens, completionTokens, counted } = this;
    if (reason === null) throw StowageError.of('RUN-308', { reason: 'its stream broke off' });
    const missing = (completionTokens ?? counted) - counted;
    const uncounted = Number.isInteger(missing) ? Math.min(Math.max(0, missing), uncountedMax) : 0;
    return { end: { reason, stop, promptTokens, cachedTokens, completionTokens }, uncounted };
  }

  private readUsage({ usage }: CompletionEvent): void {
    if (usage === undefined || usage === null) return;
    this.promptTokens = usage.prompt_tokens ?? this.promptTokens;
    this.completionTokens = usage.completion_tokens ?? this.completionTokens;
    this.cachedTokens = usage.prompt_tokens_details?.cached_tokens ?? this.cachedTokens;
  }

  private readEnd({ finish_reason: reason, stop_reason: stop }: Choice, event: CompletionEvent): void {
    if (reason === undefined || reason === null) return;
    if (reason === 'abort' || reason === 'error') {
      throw StowageError.of('RUN-308', { reason: `it ended the answer with \`${reason}\`` });
    }
    this.reason = reason === 'length' ? FinishReason.Length : FinishReason.Stop;
    const word = event.__verbose?.stopping_word ?? '';
    this.stop = typeof stop === 'string' ? stop : word === '' ? null : word;
  }

  private readLogprobs({ logprobs }: Choice): readonly TokenLogprob[] {
    if (logprobs === undefined || logprobs === null) return [];
    const kept = this.alternatives ?? 0;
    if ('content' in logprobs) {
      return (logprobs.content ?? []).map((one) => ({
        ...entryOf(one),
        top: (one.top_logprobs ?? []).slice(0, kept).map(entryOf),
      }));
    }
    const { tokens = [], token_logprobs: values = [], top_logprobs: tops } = logprobs as ListedLogprobs;
    return tokens.map((token, at) => ({
      ...entryOf({ token, logprob: values[at] ?? 0 }),
      top: Object.entries(tops?.[at] ?? {})
        .slice(0, kept)
        .map(([other, logprob]) => entryOf({ token: other, logprob })),
    }));
  }
}

function entryOf({ id, token, bytes, logprob }: Omit<ContentLogprob, 'top_logprobs'>) {
  const known = bytes ?? [...Buffer.from(token, 'utf8')];
  return { token: id ?? unknownToken, text: token, bytes: known, logprob };
}

/** The numbers of an event's tokens. The last event of llama-server lists nothing new. */
function tokensOf(
  choice: Choice,
  event: CompletionEvent,
  text: string,
  logprobs: readonly TokenLogprob[],
): readonly number[] {
  const { __verbose: verbose } = event;
  if (choice.token_ids !== undefined && choice.token_ids !== null) return choice.token_ids;
  if (verbose?.tokens !== undefined && verbose.stop !== true) return verbose.tokens;
  if (logprobs.length > 0) return logprobs.map(({ token }) => token);
  return text === '' ? [] : [unknownToken];
}

function parseEvent(data: string): CompletionEvent {
  try {
    const event: unknown = JSON.parse(data);
    if (typeof event === 'object' && event !== null) return event;
  } catch {
    // Said below.
  }
  throw StowageError.of('RUN-308', { reason: 'its stream has an event that is not JSON' });
}

function failed(error: { readonly message?: string } | string): StowageError {
  const said = typeof error === 'string' ? error : (error.message ?? 'it does not say why');
  return StowageError.of('RUN-308', { reason: said.slice(0, 500) });
}
