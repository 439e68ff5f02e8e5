/** Adapter components: which a base's copies should have loaded, what callers find of them, and how they are. */
import { adapterStep, type AdapterReport } from '../decide/reconcile/adapters.js';
import type { AdapterRef, AdapterSource } from '../domain/adapter.js';
import { adapterSourceOf } from '../domain/adapter.js';
import { componentKey, parseComponentKey, WorkloadKind } from '../domain/component.js';
import { CopyState } from '../domain/copy.js';
import {
  adapterId,
  baseOf,
  type ComponentRecord,
  ComponentStatus,
  servedAdapter,
} from '../domain/inference-component.js';
import { keyOfComponent } from './agenda.js';
import type { Desk, Turn } from './desk.js';
import type { StateView } from './state-view.js';

/** An adapter that is not as it was asked for is looked at again after so long, milliseconds. */
const restlessLookMs = 500;
/** One in service is looked at again after so long, milliseconds: copies come and go. */
const restingLookMs = 5_000;

/** The adapter components on a component, by name. */
export function adaptersOn(
  view: Pick<StateView, 'componentsOf'>,
  base: Pick<ComponentRecord, 'scope' | 'endpointName' | 'name'>,
): readonly ComponentRecord[] {
  return view
    .componentsOf(base.scope, base.endpointName)
    .map(({ value }) => value)
    .filter((component) => baseOf(component) === base.name);
}

/** What copies of a workload should have loaded. */
export function wantedAdapters(desk: Desk, workload: string): readonly AdapterSource[] {
  return recordsOn(desk, workload)
    .filter(({ status }) => status !== ComponentStatus.Deleting)
    .flatMap((component) =>
      component.generations.map((generation) => ({
        id: adapterId(component.name, generation),
        source: adapterSourceOf(generation.containers[0]?.modelDataUrl ?? ''),
      })),
    );
}

/** What callers find of a workload's adapter components. */
export function servedAdapters(desk: Desk, workload: string): readonly AdapterRef[] {
  return recordsOn(desk, workload).flatMap((component) => {
    const generation = servedAdapter(component);
    if (generation === null) return [];
    return [{ name: component.name, id: adapterId(component.name, generation), isComponent: true }];
  });
}

function recordsOn(desk: Desk, workload: string): readonly ComponentRecord[] {
  const { scope, endpoint, name, kind } = parseComponentKey(workload);
  if (kind === WorkloadKind.Variant) return [];
  return adaptersOn(desk.state, { scope, endpointName: endpoint, name });
}

/** Tells the copies of these workloads which adapters they should have. Safe to repeat. */
export function tellAdapters(desk: Desk, turn: Turn, workloads: Iterable<string>): void {
  for (const workload of workloads) {
    const copies = desk.state.copiesOf(workload);
    if (copies.length === 0) continue;
    const wanted = wantedAdapters(desk, workload);
    for (const { key, value } of copies) {
      const seen = turn.seen.get(key);
      if (seen === undefined || value.wish !== 'run') continue;
      if (wanted.length + seen.adapters.length > 0) desk.fleet.setAdapters(value.copy, wanted);
    }
  }
}

/** Says how an adapter component is. */
export function stepAdapterStatus(desk: Desk, turn: Turn, adapter: ComponentRecord): void {
  const key = keyOfComponent(adapter);
  const isResting = adapter.status === ComponentStatus.InService;
  desk.agenda.workloads.markAt(key, turn.now + (isResting ? restingLookMs : restlessLookMs));
  const { scope, endpointName: endpoint } = adapter;
  const baseKey = componentKey({
    scope,
    endpoint,
    name: baseOf(adapter) ?? '',
    kind: WorkloadKind.Component,
  });
  const base = desk.state.componentByKey(baseKey);
  const step = adapterStep(adapter, {
    baseStatus: base?.status ?? null,
    copiesWanted: base?.copyCount ?? 0,
    copies: reportsOf(desk, turn, adapter, baseKey),
  });
  if (step === null) return;
  const { status, failureReason, generations, isGone, reason } = step;
  desk.log.info(
    { component: key, status, failureReason },
    `${key} is ${isGone ? 'gone' : status}: ${reason}`,
  );
  if (isGone) {
    desk.telemetry.componentGone(key);
    return desk.state.drop(adapter, 'component-gone', reason);
  }
  const event = status === ComponentStatus.Failed ? 'component-failed' : 'component-in-service';
  const changed = { ...adapter, status, failureReason, generations, modifiedAt: turn.wall };
  desk.state.put(changed, event, reason);
}

/** What each copy of the base that takes requests says of the adapter's generations. */
function reportsOf(
  desk: Desk,
  turn: Turn,
  adapter: ComponentRecord,
  baseKey: string,
): readonly AdapterReport[] {
  return desk.state.copiesOf(baseKey).flatMap(({ key, value }) => {
    const seen = turn.seen.get(key);
    if (value.wish !== 'run' || seen?.state !== CopyState.Ready) return [];
    const errors = new Map(seen.adapters.map(({ id, error }) => [id, error]));
    return [
      new Map(
        adapter.generations.flatMap((generation) => {
          const error = errors.get(adapterId(adapter.name, generation));
          return error === undefined ? [] : [[generation.id, error] as const];
        }),
      ),
    ];
  });
}
