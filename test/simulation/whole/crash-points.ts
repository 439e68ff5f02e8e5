/**
 * Where the control process can be killed: before and after each write, each look at the fleet and each call to it, and
 * each table it publishes. Between two of them it only computes.
 *
 * Never: an effect of a process that was killed.
 */
import type { CopyAssignment, Fleet, FleetSnapshot } from '../../../src/contracts/fleet.js';
import type { Change, Store, StoredRecord } from '../../../src/contracts/store.js';
import { StowageError } from '../../../src/domain/errors.js';
import type { Life } from './clock.js';

/** The process is gone in the middle of what it did. */
export class Killed extends Error {
  constructor(place: string) {
    super(`killed ${place}`);
  }
}

export class CrashPoints {
  /** Over all control processes. */
  passed = 0;
  private armedAt = Infinity;

  constructor(private readonly onCrash: (place: string) => void) {}

  /** The process is killed at the point that comes `count` points from now, ≥ 1. */
  arm(count: number): void {
    this.armedAt = this.passed + count;
  }

  disarm(): void {
    this.armedAt = Infinity;
  }

  /** Throws Killed when the process is to end here, or has ended. */
  pass(life: Life, place: string): void {
    if (life.isOver) throw new Killed(`${place}, before`);
    if (++this.passed < this.armedAt) return;
    this.disarm();
    this.onCrash(place);
    throw new Killed(place);
  }
}

export interface StoreEvents {
  /** True: the disk is full. */
  readonly isFull: () => boolean;
  /** It is on the disk. */
  readonly onWritten: (changes: readonly Change[], stored: readonly StoredRecord[], at: number) => void;
}

/** The store as one control process has it. What goes in and out cannot be changed by anybody. */
export function fragileStore(disk: Store, life: Life, points: CrashPoints, events: StoreEvents): Store {
  return {
    load: () => disk.load().map(frozen),
    base: () => disk.base(),
    ledger: (query) => disk.ledger(query),
    close: () => disk.close(),
    commit(changes, at) {
      points.pass(life, 'before a write');
      if (events.isFull()) throw StowageError.of('STATE-702', { problem: 'the disk is full' });
      const stored = disk.commit(changes, at).map(frozen);
      for (const change of changes) frozen(change);
      events.onWritten(changes, stored, at);
      points.pass(life, 'after a write');
      return stored;
    },
  };
}

export interface FleetEvents {
  readonly onApply: (wish: CopyAssignment) => void;
  readonly onDrain: (copy: CopyAssignment['copy']) => void;
  readonly onRemove: (copy: CopyAssignment['copy']) => void;
}

/** The fleet as one control process has it. */
export function fragileFleet(fleet: Fleet, life: Life, points: CrashPoints, events: FleetEvents): Fleet {
  const call = <Argument>(
    name: string,
    argument: Argument,
    note: (it: Argument) => void,
    task: () => void,
  ) => {
    points.pass(life, `before ${name}`);
    note(argument);
    task();
    points.pass(life, `after ${name}`);
  };
  return {
    placement: fleet.placement,
    apply: (wish) => call('apply', wish, events.onApply, () => fleet.apply(wish)),
    drain: (copy) => call('drain', copy, events.onDrain, () => fleet.drain(copy)),
    remove: (copy) => call('remove', copy, events.onRemove, () => fleet.remove(copy)),
    sleep: (copy) => {
      points.pass(life, 'before sleep');
      fleet.sleep(copy);
    },
    setThreads: (copy, count) => {
      points.pass(life, 'before setThreads');
      fleet.setThreads(copy, count);
    },
    setAdapters: (copy, adapters) => {
      points.pass(life, 'before setAdapters');
      fleet.setAdapters(copy, adapters);
    },
    observe(): FleetSnapshot {
      points.pass(life, 'before a look');
      return fleet.observe();
    },
    logs: (copyId, linesMax) => fleet.logs(copyId, linesMax),
    onChange: (listener) => fleet.onChange(listener),
  };
}

/** The same thing, with all that is in it, read only. */
export function frozen<Thing>(thing: Thing): Thing {
  if (typeof thing !== 'object' || thing === null || Object.isFrozen(thing)) return thing;
  Object.freeze(thing);
  for (const member of Object.values(thing)) frozen(member);
  return thing;
}
