/**
 * Which waiting calls of a model of tensors are computed together, and when. Only calls of one kind (tensors alike in
 * everything but their rows) go together; the calls of a kind go in the order of their arrival.
 *
 * A kind's calls are ready when they fill a batch, when their rows are a preferred number, or when the oldest has
 * waited for the whole window. Of several ready kinds the one with the oldest call goes first, so that none starves.
 */

export interface WaitingCall {
  /** Milliseconds of the clock that `now` is of. */
  readonly arrivedAt: number;
  /** Rows of its tensors, ≥ 0. */
  readonly rows: number;
  /** Calls with the same key can be put together; null = it is computed alone. */
  readonly batchKey: string | null;
}

export interface BatchRules {
  /** Rows of a batch, 1..64. A call that has more by itself is computed alone. */
  readonly rowsMax: number;
  /** Milliseconds that a call waits for others; 0 = none. */
  readonly windowMs: number;
  /** Rows with which a batch goes at once. */
  readonly preferredRows: readonly number[];
}

export type BatchDecision<Call> =
  | { readonly kind: 'run'; readonly calls: readonly Call[] }
  /** Ask again then, or when a call comes. */
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'idle' };

/** `waiting` is in the order of arrival. */
export function chooseBatch<Call extends WaitingCall>(
  waiting: readonly Call[],
  now: number,
  rules: BatchRules,
): BatchDecision<Call> {
  let until = Infinity;
  const seen = new Set<string>();
  for (const [index, oldest] of waiting.entries()) {
    const { batchKey, arrivedAt } = oldest;
    if (batchKey === null) return { kind: 'run', calls: [oldest] };
    if (seen.has(batchKey)) continue;
    seen.add(batchKey);
    const ready = readyCalls(callsOf(waiting, index, batchKey), now, rules);
    if (ready !== null) return { kind: 'run', calls: ready };
    until = Math.min(until, arrivedAt + rules.windowMs);
  }
  return until === Infinity ? { kind: 'idle' } : { kind: 'wait', until };
}

/** The calls of one kind, from a place of the queue on. */
function callsOf<Call extends WaitingCall>(
  waiting: readonly Call[],
  from: number,
  batchKey: string,
): readonly Call[] {
  return waiting.slice(from).filter((call) => call.batchKey === batchKey);
}

/** Those that are computed now, none but the first ones; null = it is better to wait. */
function readyCalls<Call extends WaitingCall>(
  calls: readonly Call[],
  now: number,
  { rowsMax, windowMs, preferredRows }: BatchRules,
): readonly Call[] | null {
  let rows = 0;
  let count = 0;
  let preferredCount = 0;
  for (const call of calls) {
    if (count > 0 && rows + call.rows > rowsMax) break;
    rows += call.rows;
    count += 1;
    if (preferredRows.includes(rows)) preferredCount = count;
  }
  const isFull = rows >= rowsMax || count < calls.length;
  if (isFull) return calls.slice(0, count);
  if (preferredCount > 0) return calls.slice(0, preferredCount);
  const oldest = calls[0];
  return oldest !== undefined && now >= oldest.arrivedAt + windowMs ? calls.slice(0, count) : null;
}

/** The rules of an option's text, such as `4,8`: ascending, without those above the limit. */
export function preferredRowsOf(text: string | null, rowsMax: number): readonly number[] {
  const numbers = (text ?? '').split(',').map(Number);
  return [...new Set(numbers)].filter((rows) => rows >= 1 && rows <= rowsMax).sort((a, b) => a - b);
}
