/**
 * What was decided and written down, done: processes asked for, told to drain, and removed. Safe to repeat, and
 * repeated each turn until the fleet shows that it is so.
 */
import { CopyState } from '../domain/copy.js';
import type { CopyRecord } from '../domain/record.js';
import { wantedAdapters } from './adapters.js';
import { type Desk, keyOfCopy, type Turn } from './desk.js';
import type { Threads } from './threads.js';

export function act(desk: Desk, turn: Turn, threads: Threads): void {
  const { fleet, state } = desk;
  for (const copy of turn.strays) fleet.remove(copy);
  for (const { key, value: record } of state.copies()) {
    // What was seen before and is so no more has lost its record by now.
    if (record.wish === 'run' && record.state !== CopyState.Starting) continue;
    const seen = turn.seen.get(key);
    switch (record.wish) {
      case 'run':
        if (seen === undefined) start(desk, turn, threads, record);
        break;
      case 'drain':
        if (seen !== undefined && seen.state !== CopyState.Draining) fleet.drain(record.copy);
        break;
      case 'end':
        if (seen !== undefined) fleet.remove(record.copy);
        break;
      default:
        record.wish satisfies never;
    }
  }
}

function start(desk: Desk, turn: Turn, threads: Threads, record: CopyRecord): void {
  const { copy, instance: instanceId, accelerators } = record;
  const component = desk.runnables.ofCopy(record);
  const instance = desk.state.instance(instanceId);
  // What it was made from is gone already: the next turn ends it.
  if (component === null || instance === undefined) return;
  const notes = desk.copies.of(keyOfCopy(copy));
  notes.appliedAt ??= turn.now;
  if (notes.threads === 0) notes.threads = threads.ofNewcomer(turn, record);
  desk.fleet.apply({
    copy,
    component,
    threads: notes.threads,
    instance: instanceId,
    host: instance.host,
    accelerators,
    adapters: wantedAdapters(desk, record.component),
  });
}
