/** Why each copy is as it is, put together from what the fleet shows, what control remembers and what it held. */
import type { CopyObservation } from '../contracts/fleet.js';
import type { HeldSlot } from '../decide/reconcile/observed.js';
import { slotsOf } from '../decide/reconcile/slots.js';
import type { InferenceComponent } from '../domain/component.js';
import { componentKey } from '../domain/component.js';
import { CopyState } from '../domain/copy.js';
import type { ComponentExplanation, CopyExplanation } from './facade.js';
import type { Ledger } from './ledger.js';

/** Components in the order wanted, then those that are going. */
export function explainCopies(
  desired: readonly InferenceComponent[],
  seen: readonly CopyObservation[],
  held: readonly HeldSlot[],
  ledger: Ledger,
): readonly ComponentExplanation[] {
  const slots = slotsOf(desired);
  const generations = new Map(desired.map((one) => [componentKey(one), one.generation]));
  const keys = new Set([...generations.keys(), ...seen.map((copy) => copy.component)]);
  return [...keys].map((key) => {
    const running = seen.filter((copy) => copy.component === key).map((copy) => explainCopy(copy, ledger));
    const waiting = held
      .filter((slot) => slot.component === key)
      .map((slot) => explainHeld(slot, generations.get(key) ?? 0));
    return {
      component: key,
      copiesWanted: slots.filter((slot) => componentKey(slot.component) === key).length,
      copiesReady: running.filter((copy) => copy.state === CopyState.Ready).length,
      copies: [...running, ...waiting].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)),
    };
  });
}

function explainCopy(seen: CopyObservation, ledger: Ledger): CopyExplanation {
  const entry = ledger.of(seen.copy);
  return {
    id: seen.copy.id,
    incarnation: seen.copy.incarnation,
    generation: seen.generation,
    state: seen.state,
    since: seen.since,
    reason: entry?.reason ?? 'it was not started by this server',
    nextAt: null,
    error: seen.exit,
    loading: seen.loading,
    threads: entry?.threads ?? null,
    pid: seen.pid,
  };
}

function explainHeld(slot: HeldSlot, generation: number): CopyExplanation {
  return {
    id: slot.id,
    incarnation: null,
    generation,
    state: 'waiting',
    since: null,
    reason: slot.reason,
    nextAt: slot.until,
    error: slot.error,
    loading: null,
    threads: null,
    pid: null,
  };
}
