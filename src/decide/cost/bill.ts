/**
 * Whose the time of accelerators was. An instance's time is its accelerators times the seconds it was there (one that has
 * none counts as one); all of it is given to somebody, so that the lines add up to the fleet's time.
 *
 * Each copy on an instance gets the part it reserves there: the largest of its parts of cores, memory and accelerators;
 * where those add up to more than the instance, in proportion. What nobody reserves is `(unassigned)`. A copy's time is
 * busy while it has requests, and then divided over keys by the time that copies had requests of each; time in which a
 * copy has none belongs to no key.
 */
import type { Resources } from '../../domain/component.js';
import type { InstanceCapacity } from '../../domain/instance.js';
import type { AcceleratorShare } from '../../domain/record.js';

export const BillState = {
  /** A copy had requests. */
  Busy: 'Busy',
  /** A copy was ready and had none, or nothing was placed there. */
  Idle: 'Idle',
  /** A copy was starting, loading, or coming back. */
  Waking: 'Waking',
  /** A copy finished what it had and took nothing new. */
  Draining: 'Draining',
} as const;
export type BillState = (typeof BillState)[keyof typeof BillState];

/** The part of instances that no copy reserves, and time of copies that is no key's. */
export const unassigned = '(unassigned)';
/** Who kept a copy busy where nobody said so: calls of our own, or reports that were lost. */
export const unknownKey = '(unknown)';

export interface BilledCopy {
  /** What it is a copy of. */
  readonly component: string;
  /** Its part of the instance, > 0. */
  readonly part: number;
  readonly state: BillState;
}

export interface BilledInstance {
  readonly accelerators: number;
  /** US dollars an hour. */
  readonly pricePerHour: number;
  /** How long it was there. */
  readonly seconds: number;
  readonly copies: readonly BilledCopy[];
}

/** What one key took of a component's busy time; only the proportions count. */
export interface KeyTime {
  readonly key: string;
  readonly ms: number;
}

export interface BillLine {
  /** Or `(unassigned)`. */
  readonly component: string;
  /** Or `(unassigned)`, or `(unknown)`. */
  readonly key: string;
  readonly state: BillState;
  readonly acceleratorSeconds: number;
  readonly dollars: number;
}

/** An instance's time in accelerator-seconds. */
export function acceleratorSecondsOf(accelerators: number, seconds: number): number {
  return Math.max(1, accelerators) * seconds;
}

/** Of one instance. `keysOf`: whose requests a component's copies had meanwhile. */
export function billOf(
  instance: BilledInstance,
  keysOf: (component: string) => readonly KeyTime[],
): readonly BillLine[] {
  const { accelerators, pricePerHour, seconds, copies } = instance;
  const whole = acceleratorSecondsOf(accelerators, seconds);
  const price = (pricePerHour * seconds) / 3600;
  const reserved = copies.reduce((sum, { part }) => sum + part, 0);
  const scale = 1 / Math.max(1, reserved);
  const lines: BillLine[] = [];
  const add = (component: string, key: string, state: BillState, part: number) => {
    if (part <= 0) return;
    lines.push({ component, key, state, acceleratorSeconds: whole * part, dollars: price * part });
  };
  for (const { component, part, state } of copies) {
    if (state === BillState.Busy) {
      for (const { key, share } of sharesOf(keysOf(component)))
        add(component, key, state, part * scale * share);
    } else add(component, unassigned, state, part * scale);
  }
  add(unassigned, unassigned, BillState.Idle, Math.max(0, 1 - reserved * scale));
  return lines;
}

function sharesOf(times: readonly KeyTime[]): readonly { readonly key: string; readonly share: number }[] {
  const total = times.reduce((sum, { ms }) => sum + ms, 0);
  if (total <= 0) return [{ key: unknownKey, share: 1 }];
  return times.map(({ key, ms }) => ({ key: key === '' ? unknownKey : key, share: ms / total }));
}

/**
 * The part of an instance that a copy reserves: the largest of its parts of cores, memory and accelerators (dominant
 * share, Ghodsi and others, 2011). A variant's own model, which has its instance for itself, reserves all of it.
 */
export function reservedPart(
  resources: Resources,
  shares: readonly AcceleratorShare[],
  { cpus, memoryBytes, accelerators }: InstanceCapacity,
): number {
  const used = shares.length > 0 ? shares.reduce((sum, { share }) => sum + share, 0) : resources.accelerators;
  const parts = [
    partOf(resources.cpus, cpus),
    partOf(resources.memoryBytesMin, memoryBytes),
    partOf(used, accelerators),
  ];
  return Math.min(1, Math.max(...parts));
}

function partOf(reserved: number, capacity: number): number {
  return capacity > 0 ? reserved / capacity : 0;
}
