/**
 * What instances and components have reserved and take, as far as it is measured: reservations from the records,
 * memory from what workers and hosts report. Nothing here is guessed: processors and accelerators have no measured
 * utilization, so there are no such metrics.
 */
import type { FleetSnapshot } from '../../contracts/fleet.js';
import { CopyState } from '../../domain/copy.js';
import { InstanceState } from '../../domain/instance.js';
import { parseComponentKey, WorkloadKind } from '../../domain/component.js';
import {
  addDistributions,
  constantValue,
  type Distribution,
  type MetricPoint,
  Namespace,
} from '../../domain/metric.js';
import type { StateView } from '../state-view.js';
import type { Subject, Subjects } from './metric-names.js';

type Values = Map<Subject, Map<string, Distribution>>;

/** Points of the stretch from `at`: one value for each instance or copy there is. Percent, but for the count of models. */
export function hardwarePoints(
  state: StateView,
  snapshot: FleetSnapshot,
  subjects: Subjects,
  at: number,
): readonly MetricPoint[] {
  const values: Values = new Map();
  addInstances(values, state, snapshot, subjects);
  addCopies(values, state, snapshot, subjects);
  return [...values].flatMap(([subject, byName]) =>
    [...byName].map(([key, distribution]): MetricPoint => {
      const [namespace = '', name = ''] = key.split('|');
      const unit = name === 'LoadedModelCount' ? 'Count' : 'Percent';
      return { metric: subject.metric(namespace, name), at, unit, values: distribution };
    }),
  );
}

function add(values: Values, subject: Subject, namespace: string, name: string, value: number): void {
  const byName = values.get(subject) ?? new Map<string, Distribution>();
  values.set(subject, byName);
  const key = `${namespace}|${name}`;
  const before = byName.get(key);
  const one = constantValue(value);
  byName.set(key, before === undefined ? one : addDistributions(before, one));
}

/** What copies reserve of each instance that takes copies, and how many of them are loaded. */
function addInstances(values: Values, state: StateView, snapshot: FleetSnapshot, subjects: Subjects): void {
  const hosts = new Map(snapshot.hosts.map((host) => [host.id, host]));
  const residents = new Map<string, Reserved>();
  for (const { value: copy } of state.copies()) {
    const sum = residents.get(copy.instance) ?? { cpus: 0, memoryBytes: 0, accelerators: 0, models: 0 };
    sum.cpus += copy.resources.cpus;
    sum.memoryBytes += copy.resources.memoryBytesMin;
    sum.accelerators += copy.accelerators.reduce((shares, { share }) => shares + share, 0);
    if (copy.wish === 'run' && copy.state === CopyState.Ready) sum.models++;
    residents.set(copy.instance, sum);
  }
  for (const { value: instance } of state.instances()) {
    if (instance.state !== InstanceState.Ready) continue;
    const { scope, endpoint, variant, capacity, id, host } = instance;
    const subject = subjects.variant(scope, endpoint, variant);
    const { cpus, memoryBytes, accelerators, models } = residents.get(id) ?? nothingReserved;
    const put = (name: string, part: number, whole: number) => {
      if (whole > 0) add(values, subject, Namespace.Endpoints, name, (100 * part) / whole);
    };
    put('CPUReservation', cpus, capacity.cpus);
    put('MemoryReservation', memoryBytes, capacity.memoryBytes);
    put('GPUReservation', accelerators, capacity.accelerators);
    add(values, subject, Namespace.Endpoints, 'LoadedModelCount', models);
    const measured = hosts.get(host);
    if (measured === undefined) continue;
    const { memoryBytesTotal: total, memoryBytesAvailable: available } = measured;
    put('MemoryUtilization', total - available, total);
    const gpuTotal = measured.accelerators.reduce((sum, one) => sum + one.memoryBytesTotal, 0);
    const gpuFree = measured.accelerators.reduce((sum, one) => sum + one.memoryBytesAvailable, 0);
    put('GPUMemoryUtilizationNormalized', gpuTotal - gpuFree, gpuTotal);
  }
}

interface Reserved {
  cpus: number;
  memoryBytes: number;
  accelerators: number;
  models: number;
}

const nothingReserved: Readonly<Reserved> = { cpus: 0, memoryBytes: 0, accelerators: 0, models: 0 };

/** Resident memory of each copy of a component, of what it reserved. */
function addCopies(values: Values, state: StateView, snapshot: FleetSnapshot, subjects: Subjects): void {
  for (const { component, copy, report, state: copyState } of snapshot.copies) {
    const { scope, name, kind } = parseComponentKey(component);
    if (report === null || copyState !== CopyState.Ready || kind !== WorkloadKind.Component) continue;
    const record = state.get(`copy:${copy.id}#${copy.incarnation}`)?.value;
    const reserved = record?.kind === 'copy' ? record.resources.memoryBytesMin : 0;
    if (reserved <= 0) continue;
    const subject = subjects.component(scope, name);
    const percent = (100 * report.memoryBytes) / reserved;
    add(values, subject, Namespace.Components, 'MemoryUtilizationNormalized', percent);
  }
}
