/** What a program's own failures become: its words go on to the caller, without this machine's paths. */
import { StowageError } from '../../../domain/errors.js';

const wordsLengthMax = 1_000;

/** With the program's status: REQ-216 for one from 400 to 499 that blames the request, else RUN-308. */
export function refusalOf(status: number, body: string): StowageError {
  const problem = wordsOf(body);
  // Too busy, timed out and not allowed are not the request's fault: only we call it.
  const isOfCaller = status >= 400 && status <= 499 && ![401, 403, 404, 408, 429].includes(status);
  if (isOfCaller) return StowageError.of('REQ-216', { status, problem }, { programStatus: status });
  const reason = `it answered ${status}: ${problem}`;
  return StowageError.of('RUN-308', { reason }, { programStatus: status });
}

/** The message of OpenAI's errors and of FastAPI's, else the beginning of the text. */
function wordsOf(body: string): string {
  let words = body;
  try {
    const parsed = JSON.parse(body) as {
      error?: { message?: unknown } | string;
      message?: unknown;
      detail?: unknown;
    };
    const { error } = parsed;
    const said =
      typeof error === 'string' ? error : (error?.message ?? parsed.message ?? parsed.detail ?? body);
    words = typeof said === 'string' ? said : JSON.stringify(said);
  } catch {
    // It is no JSON.
  }
  const plain = words.replace(/(^|[\s'"(=])\/(?:[\w.@-]+\/)+[\w.@-]*/g, '$1PATH').trim();
  return plain === '' ? 'it says no more' : plain.slice(0, wordsLengthMax);
}
