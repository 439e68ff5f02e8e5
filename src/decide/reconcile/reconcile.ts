/**
 * Desired against observed: which copies to start, drain and remove now, and why. A pure function; asked again
 * after its actions were performed it at most repeats removals, and asked with the same input it answers the same.
 *
 * A slot is one place for a copy, with a name that stays over restarts. Each slot wants one live copy of its
 * component's generation; a copy of an older generation serves on until the new one is ready. Memory is
 * reserved: a copy that does not fit is not started, and the reason is held against its slot.
 *
 * Never: two copies of one slot and generation started; a ready copy of the old generation drained before the
 * new one is ready, unless both do not fit; a draining copy with requests removed before its time.
 */
import type { InferenceComponent } from '../../domain/component.js';
import { componentKey } from '../../domain/component.js';
import { CopyState } from '../../domain/copy.js';
import { StowageError } from '../../domain/errors.js';
import { patienceWith } from './liveness.js';
import type { Action, Decision, HeldSlot, History, ObservedCopy, ReconcileLimits } from './observed.js';
import type { Slot } from './slots.js';
import { slotsOf } from './slots.js';

/** Decides. Times are the observer's clock, milliseconds. */
export function reconcile(
  desired: readonly InferenceComponent[],
  copies: readonly ObservedCopy[],
  history: History,
  now: number,
  limits: ReconcileLimits,
): Decision {
  const turn = new Turn(copies, history, now, limits);
  const living = copies.filter((copy) => turn.keeps(copy));
  const slots = slotsOf(desired);
  const wanted = new Set(slots.map((slot) => slot.id));
  for (const copy of living) {
    if (!wanted.has(copy.copy.id) || !turn.isOfSlot(copy, slots))
      turn.dismiss(copy, 'nothing asks for it any more');
  }
  for (const slot of slots) {
    const component = componentKey(slot.component);
    turn.fill(
      slot,
      living.filter((copy) => copy.copy.id === slot.id && copy.component === component),
    );
  }
  return turn.decision();
}

/** One turn of deciding: gathers actions, and the memory that is spoken for. */
class Turn {
  private readonly actions: Action[] = [];
  private readonly held: HeldSlot[] = [];
  private lookAgainAt: number | null = null;
  private memoryBytesReserved: number;
  /** Components with a copy that comes or goes. */
  private readonly changing: Set<string>;

  constructor(
    copies: readonly ObservedCopy[],
    private readonly history: History,
    private readonly now: number,
    private readonly limits: ReconcileLimits,
  ) {
    this.memoryBytesReserved = copies
      .filter((copy) => copy.state !== CopyState.Exited)
      .reduce((sum, copy) => sum + copy.memoryBytesMax, 0);
    const settled: readonly CopyState[] = [CopyState.Ready, CopyState.Exited];
    this.changing = new Set(
      copies.filter((copy) => !settled.includes(copy.state)).map((copy) => copy.component),
    );
  }

  decision(): Decision {
    return { actions: this.actions, held: this.held, lookAgainAt: this.lookAgainAt };
  }

  /** False for copies that have ended, hang or are ending; those are removed. */
  keeps(copy: ObservedCopy): boolean {
    if (copy.isRemoving || copy.state === CopyState.Exited) {
      const reason = copy.isRemoving ? 'its end is awaited' : 'it has ended';
      this.actions.push({ kind: 'remove', copy: copy.copy, reason, error: null });
      return false;
    }
    const patience = patienceWith(copy, this.history.observedSince, this.limits);
    if (patience.until === null || this.now < patience.until) {
      this.lookAt(patience.until);
      return true;
    }
    const seconds = Math.round(patience.limitMs / 1000);
    const error = StowageError.of('RUN-303', { copy: copy.copy.id, seconds }).toData();
    const reason = `it ${patience.complaint} (limit ${seconds} s)`;
    this.actions.push({ kind: 'remove', copy: copy.copy, reason, error });
    return false;
  }

  isOfSlot(copy: ObservedCopy, slots: readonly Slot[]): boolean {
    return slots.some((slot) => slot.id === copy.copy.id && componentKey(slot.component) === copy.component);
  }

  /** Brings a copy to its end: at once if it has no requests, else by way of draining. */
  dismiss(copy: ObservedCopy, reason: string): void {
    if (copy.state === CopyState.Ready) {
      this.actions.push({ kind: 'drain', copy: copy.copy, reason });
    } else if (copy.state === CopyState.Draining) {
      this.finishDrain(copy);
    } else {
      this.actions.push({ kind: 'remove', copy: copy.copy, reason, error: null });
    }
  }

  /** One slot: `copies` are the living ones of its name and component. */
  fill(slot: Slot, copies: readonly ObservedCopy[]): void {
    const newestFirst = [...copies].sort((a, b) => b.copy.incarnation - a.copy.incarnation);
    const current = newestFirst.find((copy) => isCurrent(copy, slot));
    const others = newestFirst.filter((copy) => copy !== current);
    if (current === undefined) this.start(slot, others);
    const isReplaced = current?.state === CopyState.Ready;
    for (const copy of others) {
      if (copy.state === CopyState.Ready && !isReplaced) continue; // it serves until its successor is ready
      this.dismiss(
        copy,
        isReplaced ? `${copyName(current)} has taken its place` : 'a newer copy takes its place',
      );
    }
  }

  private start(slot: Slot, others: readonly ObservedCopy[]): void {
    const { id, component } = slot;
    const key = componentKey(component);
    const past = this.history.slots.get(id);
    if (past !== undefined && past.generation === component.generation && this.now < past.restartAt) {
      this.lookAt(past.restartAt);
      const reason = `it failed ${past.failures} times in a row: ${past.error.message}`;
      this.held.push({ id, component: key, reason, until: past.restartAt, error: past.error });
      return;
    }
    const neededBytes = component.resources.memoryBytesMax;
    const freeBytes = this.limits.memoryBytesTotal - this.memoryBytesReserved;
    if (this.limits.memoryBytesTotal > 0 && neededBytes > freeBytes) {
      return this.holdForMemory(slot, others, neededBytes, freeBytes);
    }
    this.memoryBytesReserved += neededBytes;
    this.changing.add(key);
    const isReplacing = others.some((copy) => copy.generation !== component.generation);
    const reason = isReplacing
      ? `generation ${component.generation} of ${key} replaces an older one`
      : past === undefined
        ? `${key} wants ${component.copies.min}`
        : `the one before failed: ${past.error.message}`;
    this.actions.push({ kind: 'start', id, component, reason });
  }

  /** Does not fit: if older copies of the same slot are in the way, they make room first. */
  private holdForMemory(
    { id, component }: Slot,
    others: readonly ObservedCopy[],
    neededBytes: number,
    freeBytes: number,
  ): void {
    const key = componentKey(component);
    const parameters = {
      component: key,
      needed: mebibytes(neededBytes),
      free: mebibytes(Math.max(0, freeBytes)),
    };
    const error = StowageError.of('CAP-102', parameters).toData();
    this.held.push({ id, component: key, reason: error.message, until: null, error });
    const ownBytes = others.reduce((sum, copy) => sum + copy.memoryBytesMax, 0);
    // One at a time, so that the other copies of the component serve on.
    if (neededBytes > freeBytes + ownBytes || this.changing.has(key)) return;
    this.changing.add(key);
    for (const copy of others) {
      if (copy.state === CopyState.Ready) this.dismiss(copy, 'its successor does not fit beside it');
    }
  }

  private finishDrain(copy: ObservedCopy): void {
    const deadline = copy.since + copy.drainMsMax;
    const idleFrom = copy.since + this.limits.drainMsMin;
    const isIdle = copy.report !== null && copy.report.running + copy.report.waiting === 0;
    const isHeard = copy.heardAt >= copy.since;
    const reason =
      this.now >= deadline
        ? `its drain lasted ${Math.round(copy.drainMsMax / 1000)} s, the limit`
        : isIdle && isHeard && this.now >= idleFrom
          ? 'it has finished what it had'
          : null;
    if (reason === null) return this.lookAt(this.now < idleFrom ? Math.min(idleFrom, deadline) : deadline);
    this.actions.push({ kind: 'remove', copy: copy.copy, reason, error: null });
  }

  private lookAt(time: number | null): void {
    if (time !== null && (this.lookAgainAt === null || time < this.lookAgainAt)) this.lookAgainAt = time;
  }
}

/** It is, or will be, what the slot wants. */
function isCurrent(copy: ObservedCopy, slot: Slot): boolean {
  return copy.generation === slot.component.generation && copy.state !== CopyState.Draining;
}

function copyName(copy: ObservedCopy): string {
  return `${copy.copy.id}#${copy.copy.incarnation}`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / (1024 * 1024))} MiB of memory`;
}
