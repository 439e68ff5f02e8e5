/**
 * Observations into records: what copies have become since the last look, those that hang, and those that are gone.
 * What the fleet shows and no record asks for is a stray: it is removed.
 */
import type { CopyObservation } from '../contracts/fleet.js';
import { withFailure } from '../decide/reconcile/failures.js';
import { type WatchedCopy, whyDrained, whyHung } from '../decide/reconcile/liveness.js';
import {
  defaultStartupLimits,
  parseComponentKey,
  type StartupLimits,
  WorkloadKind,
} from '../domain/component.js';
import { CopyState } from '../domain/copy.js';
import { EndpointStatus } from '../domain/endpoint.js';
import type { ErrorData } from '../domain/errors.js';
import { StowageError } from '../domain/errors.js';
import type { CopyRecord } from '../domain/record.js';
import { failuresOf, putFailures } from './failures-of.js';
import type { CopyNotes } from './copy-memory.js';
import type { Desk, Turn } from './desk.js';

/** Drains of copies whose component cannot be read any more last so long at most, milliseconds. */
const unknownDrainMsMax = 120_000;

export function foldObservations(desk: Desk, turn: Turn): void {
  let found = 0;
  for (const [key, seen] of turn.seen) {
    const record = desk.state.get(key)?.value as CopyRecord | undefined;
    if (record === undefined) turn.strays.push(seen.copy);
    else {
      found++;
      foldCopy(desk, turn, record, seen, key);
    }
  }
  const stored = desk.state.copies();
  if (found === stored.length) return;
  for (const { key, value } of stored) if (!turn.seen.has(key)) foldAbsent(desk, turn, value, key);
}

function foldCopy(desk: Desk, turn: Turn, record: CopyRecord, seen: CopyObservation, key: string): void {
  const notes = desk.copies.see(key, seen);
  const address = seen.state === CopyState.Ready ? seen.address : null;
  if (address !== notes.address) desk.agenda.workloadRoutes.mark(record.component);
  notes.address = address;
  if (seen.report !== notes.report) {
    notes.report = seen.report;
    desk.telemetry.copyReport(record.component, record.copy.id, seen.report);
  }
  if (seen.state === CopyState.Exited) return foldExit(desk, turn, record, seen.exit, notes);
  const isNews = seen.state !== record.state && isFurther(seen.state, record.state);
  const current = isNews ? foldState(desk, turn, record, seen) : record;
  if (current.wish === 'end') return;
  if (current.wish === 'drain') {
    const { state, since, report, heardAt } = seen;
    const draining = { state, since, report, heardAt, drainMsMax: drainMsMaxOf(desk, current) };
    const why = whyDrained(draining, turn.now, desk.limits);
    if (why !== null) {
      desk.telemetry.copyEnded(record.component, 'drained');
      return desk.state.put({ ...current, wish: 'end', reason: why }, 'copy-drained', why);
    }
  }
  const error = whyHung(watchedCopy(desk, current, seen, notes), desk.observedSince, turn.now, desk.limits);
  if (error === null) return;
  if (current.wish === 'run') noteFailure(desk, turn, current, error);
  desk.state.put({ ...current, wish: 'end', reason: error.message }, 'copy-failed', error.message);
}

function watchedCopy(desk: Desk, record: CopyRecord, seen: CopyObservation, notes: CopyNotes): WatchedCopy {
  const { copy, state, since, report, heardAt, progressAt } = seen;
  const { isFetching, phaseSince } = notes;
  const startup = startupOf(desk, record, notes);
  return { id: copy.id, state, since, report, heardAt, progressAt, isFetching, phaseSince, startup };
}

/**
 * Copies only go forward. One that an earlier control process started is found again from its beginning, by a fleet
 * that has yet to reach it; its record stays as it was.
 */
function isFurther(seen: CopyState, recorded: CopyState): boolean {
  const order: readonly CopyState[] = Object.values(CopyState);
  return order.indexOf(seen) > order.indexOf(recorded);
}

function foldState(desk: Desk, turn: Turn, record: CopyRecord, seen: CopyObservation): CopyRecord {
  const reason = reasonOf(seen.state, record);
  // A copy that drains without having been told so is not to be counted on.
  const wish = seen.state === CopyState.Draining && record.wish === 'run' ? 'drain' : record.wish;
  const current = { ...record, state: seen.state, since: turn.wall, wish, reason } as const;
  const { copy, component } = record;
  const facts = {
    copy: copy.id,
    incarnation: copy.incarnation,
    component,
    pid: seen.pid,
    from: record.state,
    reason,
  };
  desk.log.info(facts, `copy ${copy.id} is ${seen.state}`);
  desk.state.put(current, `copy-${seen.state}`, reason);
  return current;
}

function reasonOf(state: CopyState, record: CopyRecord): string {
  if (record.wish !== 'run') return record.reason;
  switch (state) {
    case CopyState.Loading:
      return 'it loads its model';
    case CopyState.Ready:
      return 'it takes requests';
    case CopyState.Draining:
      return 'it takes nothing new';
    case CopyState.Starting:
    case CopyState.Exited:
      return record.reason;
    default:
      return state satisfies never;
  }
}

function foldExit(
  desk: Desk,
  turn: Turn,
  record: CopyRecord,
  exit: ErrorData | null,
  notes: CopyNotes,
): void {
  const { copy } = record;
  const error = exit ?? StowageError.of('RUN-301', { copy: copy.id, reason: 'its process ended' }).toData();
  if (record.wish !== 'run') return forget(desk, record, 'copy-gone', record.reason);
  if (isHostAway(desk, turn, record)) return loseWithHost(desk, record);
  // It ended while nobody was there to see to it: that says nothing of the component.
  if (!notes.isNew && !notes.hasLived) return lose(desk, record);
  noteFailure(desk, turn, record, error);
  forget(desk, record, 'copy-failed', error.message);
}

/** A record without a process. */
function foldAbsent(desk: Desk, turn: Turn, record: CopyRecord, key: string): void {
  const notes = desk.copies.of(key);
  if (record.wish !== 'run') return forget(desk, record, 'copy-gone', record.reason);
  if (notes.isNew && notes.appliedAt === null) return; // it is about to be started
  if (notes.wasSeen && isHostAway(desk, turn, record)) return loseWithHost(desk, record);
  if (notes.wasSeen) {
    const { id } = record.copy;
    const error = StowageError.of('RUN-301', { copy: id, reason: 'its process is gone' }).toData();
    noteFailure(desk, turn, record, error);
    return forget(desk, record, 'copy-failed', error.message);
  }
  // Asked for in this run and not shown yet: the fleet is asked again, which it takes for the same wish.
  const isAwaited = notes.appliedAt !== null && turn.now - notes.appliedAt < desk.limits.answerMsMax;
  if (isAwaited) return;
  lose(desk, record);
}

function lose(desk: Desk, record: CopyRecord): void {
  forget(desk, record, 'copy-lost', 'its process was gone when the control plane looked again');
}

function isHostAway({ state }: Desk, { snapshot }: Turn, record: CopyRecord): boolean {
  const host = state.instance(record.instance)?.host;
  return host !== undefined && !snapshot.hosts.some(({ id }) => id === host);
}

/** What a host takes with it did not fail by itself. */
function loseWithHost(desk: Desk, record: CopyRecord): void {
  desk.telemetry.copyEnded(record.component, 'RUN-301');
  forget(desk, record, 'copy-lost', 'its host is gone');
}

/** Counts a failure of a copy that was to run, once. */
export function noteFailure(desk: Desk, turn: Turn, record: CopyRecord, error: ErrorData): void {
  const { copy, component: key, generation } = record;
  const { incarnation } = copy;
  const incarnationNewest = desk.state.counter('incarnations')?.value.value ?? incarnation;
  const failure = { generation, incarnation, incarnationNewest, error };
  const failures = withFailure(failuresOf(desk, key), failure, turn.wall, desk.random.next(), desk.limits);
  putFailures(desk, key, failures);
  const restartInMs = Math.max(0, failures.restartAt - turn.wall);
  const facts = { copy: copy.id, component: key, code: error.code, failures: failures.count, restartInMs };
  desk.log.warn(facts, error.message);
  desk.telemetry.copyEnded(key, error.code);
}

function forget(desk: Desk, record: CopyRecord, event: string, reason: string): void {
  desk.state.drop(record, event, reason);
  if (!desk.state.isCopyIdTaken(record.copy.id)) {
    desk.telemetry.copyReport(record.component, record.copy.id, null);
  }
  const { kind, scope, endpoint } = parseComponentKey(record.component);
  if (kind !== WorkloadKind.Variant || desk.state.copiesOf(record.component).length > 0) return;
  const status = desk.state.endpoint(scope, endpoint)?.value.status ?? EndpointStatus.Deleting;
  if (status === EndpointStatus.Deleting) desk.telemetry.componentGone(record.component);
}

function drainMsMaxOf(desk: Desk, record: CopyRecord): number {
  if (desk.closingDrainMsMax !== null) return desk.closingDrainMsMax;
  const component = desk.runnables.ofCopy(record);
  return component === null ? unknownDrainMsMax : component.options.predictSecondsMax * 1000;
}

function startupOf(desk: Desk, record: CopyRecord, notes: CopyNotes): StartupLimits {
  if (record.state !== CopyState.Loading || notes.phaseSince < 0) return defaultStartupLimits;
  return desk.runnables.ofCopy(record)?.startup ?? defaultStartupLimits;
}
