/** The step of a turn that decides which copies start, drain and end, and writes it down. */
import { memoryNeeded } from '../decide/reconcile/host-memory.js';
import { reconcileCopies } from '../decide/reconcile/reconcile.js';
import type { CopyStart, CopyStep, HeldCopies, Workload } from '../decide/reconcile/workload.js';
import { parseComponentKey, WorkloadKind } from '../domain/component.js';
import { CopyState } from '../domain/copy.js';
import type { ErrorData } from '../domain/errors.js';
import type { CopyRecord } from '../domain/record.js';
import { sameScope } from '../domain/scope.js';
import { endpointKeyOf } from './agenda.js';
import type { Desk, Held, Turn } from './desk.js';
import { endpointByKey } from './step-instances.js';
import { memoryOf, promise, roomsOf, workloadOf } from './workloads.js';

/** Copies for which there is no room are looked at again after so long, milliseconds. */
const roomLookMs = 1_000;

export function stepCopies(desk: Desk, turn: Turn, workloads: ReadonlySet<string>): void {
  const byEndpoint = new Map<string, string[]>();
  for (const key of workloads) {
    const endpoint = endpointKeyOf(key);
    const keys = byEndpoint.get(endpoint);
    if (keys === undefined) byEndpoint.set(endpoint, [key]);
    else keys.push(key);
  }
  for (const [key, keys] of byEndpoint) stepEndpoint(desk, turn, key, keys.sort());
}

function stepEndpoint(desk: Desk, turn: Turn, key: string, keys: readonly string[]): void {
  const endpoint = endpointByKey(desk, key);
  const workloads = keys.map((one) => workloadOf(desk, turn, one));
  const decision = reconcileCopies(workloads, {
    rooms: () => (endpoint === undefined ? [] : roomsOf(desk, turn, endpoint)),
    memory: () => memoryOf(desk, turn).values(),
  });
  for (const step of decision.steps) dismiss(desk, step);
  const lastNumbers = new Map<string, number>();
  for (const start of decision.starts) create(desk, turn, start, lastNumbers);
  const held = new Map<string, HeldCopies[]>();
  for (const one of decision.held) held.set(one.workload, [...(held.get(one.workload) ?? []), one]);
  for (const workload of workloads) hold(desk, turn, workload, held.get(workload.key) ?? []);
}

function dismiss(desk: Desk, { kind, copy, reason }: CopyStep): void {
  const { id, incarnation } = copy.copy;
  desk.log.info({ copy: id, incarnation, component: copy.component, reason }, `copy ${id} is to ${kind}`);
  desk.state.put({ ...copy, wish: kind, reason }, kind === 'drain' ? 'copy-retired' : 'copy-stopped', reason);
}

/** `lastNumbers`: of the copies of each workload that are created together. */
function create(desk: Desk, turn: Turn, start: CopyStart, lastNumbers: Map<string, number>): void {
  const { state, log } = desk;
  const { workload, generation, instance, endpointGeneration, resources, accelerators, reason } = start;
  const incarnation = state.nextNumber('incarnations', 'processes are numbered');
  const record: CopyRecord = {
    kind: 'copy',
    copy: { id: freeCopyId(desk, workload, lastNumbers), incarnation },
    component: workload,
    generation,
    instance,
    endpointGeneration,
    resources,
    accelerators,
    state: CopyState.Starting,
    since: turn.wall,
    wish: 'run',
    reason,
  };
  desk.copies.created(record);
  state.put(record, 'copy-created', reason);
  if (turn.memory !== null) promise(turn.memory, start.host, resources, memoryNeeded(resources));
  const { id } = record.copy;
  log.info(
    { copy: id, incarnation, component: workload, generation, instance, reason },
    `copy ${id} is created`,
  );
}

/**
 * `name-1`, `name-2` …: the first that no copy has. Of a variant's own model `endpoint/variant-1`; in other scopes than
 * the home scope with `account/region/` before it.
 */
function freeCopyId(desk: Desk, workload: string, lastNumbers: Map<string, number>): string {
  const base = copyIdBase(desk, workload);
  for (let number = 1 + (lastNumbers.get(workload) ?? 0); ; number++) {
    const id = `${base}-${number}`;
    if (desk.state.isCopyIdTaken(id)) continue;
    lastNumbers.set(workload, number);
    return id;
  }
}

/** What the ids of a workload’s copies begin with. */
export function copyIdBase(desk: Desk, workload: string): string {
  const { scope, endpoint, name, kind } = parseComponentKey(workload);
  const short = kind === WorkloadKind.Variant ? `${endpoint}/${name}` : name;
  if (desk.home !== null && sameScope(desk.home, scope)) return short;
  return `${scope.account}/${scope.region}/${short}`;
}

/** Room and memory are lacking for the same copy in turns: it waits for both since it lacked the first of them. */
function isSameWant(before: ErrorData | null, now: ErrorData | null): boolean {
  const isRoom = (error: ErrorData | null) => error?.code === 'CAP-106' || error?.code === 'CAP-108';
  return before?.code === now?.code || (isRoom(before) && isRoom(now));
}

/** Remembers why copies wait, says it when it is news, and sees to it that they are looked at again. */
function hold(desk: Desk, turn: Turn, workload: Workload, held: readonly HeldCopies[]): void {
  const { key, copies } = workload;
  const before = desk.held.get(key) ?? [];
  const isComingOrGoing = copies.some(
    ({ record }) => record.wish !== 'run' || record.state !== CopyState.Ready,
  );
  const now = held.map((one): Held => {
    const earlier = before.find(
      (other) => other.generation === one.generation && isSameWant(other.error, one.error),
    );
    // Waiting counts from when nothing moves any more.
    return { ...one, since: isComingOrGoing ? turn.now : (earlier?.since ?? turn.now) };
  });
  for (const one of now) {
    const waitMs = one.until === null ? roomLookMs : one.until - turn.wall;
    desk.agenda.workloads.markAt(key, turn.now + Math.max(1, waitMs));
    if (before.some((other) => other.reason === one.reason)) continue;
    const { reason, count, error } = one;
    desk.log.warn({ component: key, code: error?.code, count }, `${count} of ${key} wait: ${reason}`);
  }
  if (now.length > 0) desk.held.set(key, now);
  else desk.held.delete(key);
}
