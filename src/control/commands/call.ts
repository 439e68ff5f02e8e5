/**
 * What a command is: a function of the state, the caller's input and the time, that gives the changes to write and the
 * answer. It does nothing by itself; what it refuses it throws as a row of the error table, and then nothing changes.
 *
 * Inputs and outputs are the service model's shapes with members in camel case and timestamps as wall-clock
 * milliseconds. Inputs were validated against the model: commands check only what a model cannot say.
 */
import type { Change, LedgerEntry, LedgerQuery } from '../../contracts/store.js';
import type { MetricStore } from '../../contracts/metric-store.js';
import type { InstanceType } from '../../domain/instance.js';
import type { MetricPoint } from '../../domain/metric.js';
import type { StowageRecord } from '../../domain/record.js';
import { recordKey } from '../../domain/record.js';
import type { Scope } from '../../domain/scope.js';
import type { StateView, StoredOf } from '../state-view.js';

export interface CommandContext {
  /** Wall clock, milliseconds. */
  readonly now: number;
  /** Instance types, by name. */
  readonly catalogue: ReadonlyMap<string, InstanceType>;
  /** What was measured, to read. */
  readonly metrics: Pick<MetricStore, 'read' | 'list' | 'find' | 'room'>;
  /** What changed, to read. */
  readonly ledger: (query: LedgerQuery) => readonly LedgerEntry[];
}

export interface Call<Input> extends CommandContext {
  readonly view: StateView;
  /** The caller's: a command sees and changes nothing of another scope. */
  readonly scope: Scope;
  readonly input: Input;
}

export interface CommandResult<Output extends object = object> {
  readonly changes: readonly Change[];
  /** Values to put down as metrics; absent = none. */
  readonly points?: readonly MetricPoint[];
  readonly output: Output;
}

export type Command<Input, Output extends object> = (call: Call<Input>) => CommandResult<Output>;

/** The store's bound on reasons, characters. */
const reasonLengthMax = 2_000;

/** The answer of a command that has nothing to say. */
export type Empty = Record<never, never>;

export function answer<Output extends object>(output: Output): CommandResult<Output> {
  return { changes: [], output };
}

export function creation(value: StowageRecord, event: string, reason: string): Change {
  return { key: recordKey(value), expectedRevision: 0, value, event, reason: cut(reason) };
}

export function update<R extends StowageRecord>(
  stored: StoredOf<R>,
  value: R,
  event: string,
  reason: string,
): Change {
  return { key: stored.key, expectedRevision: stored.revision, value, event, reason: cut(reason) };
}

export function deletion(stored: StoredOf<StowageRecord>, event: string, reason: string): Change {
  return { key: stored.key, expectedRevision: stored.revision, value: null, event, reason: cut(reason) };
}

function cut(reason: string): string {
  return reason.slice(0, reasonLengthMax);
}
