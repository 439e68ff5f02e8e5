/**
 * What must hold of every write: each transition is in its table, what cannot change does not, numbers rise, and
 * nothing refers to what was never there. Keeps its own picture of the records, folded from what was written.
 */
import type { Change } from '../../../src/contracts/store.js';
import type { EndpointRecord } from '../../../src/domain/endpoint.js';
import type { ComponentRecord } from '../../../src/domain/inference-component.js';
import type { InstanceRecord } from '../../../src/domain/instance.js';
import { componentKey, WorkloadKind, parseComponentKey } from '../../../src/domain/component.js';
import { copyKey } from '../../../src/domain/copy.js';
import type { CopyRecord, RecordKind, StowageRecord } from '../../../src/domain/record.js';
import { recordKey } from '../../../src/domain/record.js';
import { sameScope } from '../../../src/domain/scope.js';
import {
  componentPhaseTable,
  componentTable,
  copyTable,
  endpointPhaseTable,
  endpointTable,
  instanceTable,
  offence,
  wishTable,
} from './transitions.js';

/** For so long after a copy failed fewer may serve than before, milliseconds. */
const shakenMs = 5_000;

type RecordOf<Kind extends RecordKind> = Extract<StowageRecord, { kind: Kind }>;

export class Records {
  private readonly kinds = new Map<string, Map<string, StowageRecord>>();
  /** By `copyKey`: when a copy ceased to be one that may be given requests. */
  private readonly unservedAt = new Map<string, number>();
  /** Every instance there ever was. */
  private readonly instancesEver = new Map<string, InstanceRecord>();
  /** By `componentKey`: when a copy of it failed last. */
  private readonly failedAt = new Map<string, number>();
  private incarnationMax = 0;
  private lastAt = 0;

  /** `now`: the world's time. `complain` is told what is wrong. */
  constructor(
    private readonly now: () => number,
    private readonly complain: (problem: string) => void,
  ) {}

  take(changes: readonly Change[], at: number): void {
    if (at < this.lastAt) this.complain(`the ledger goes back in time, from ${this.lastAt} to ${at}`);
    this.lastAt = at;
    const before = new Map(changes.map(({ key }) => [key, this.get(key)]));
    for (const { key, value } of changes) {
      if (value === null) this.kindOf(key).delete(key);
      else {
        if (recordKey(value) !== key) this.complain(`${key} holds ${recordKey(value)}`);
        this.kindOf(key).set(key, value);
      }
    }
    for (const { key, value, event } of changes) this.check(key, before.get(key) ?? null, value, event);
    this.checkServingKept(changes, before);
  }

  get(key: string): StowageRecord | undefined {
    return this.kindOf(key).get(key);
  }

  copy(key: string): CopyRecord | undefined {
    return this.get(`copy:${key}`) as CopyRecord | undefined;
  }

  of<Kind extends RecordKind>(kind: Kind): readonly RecordOf<Kind>[] {
    return [...this.kindOf(`${kind}:`).values()] as RecordOf<Kind>[];
  }

  /** As it is, or was last. */
  instanceEver(id: string): InstanceRecord | undefined {
    return this.instancesEver.get(id);
  }

  /** When the copy ceased to be one that may be given requests; null = it may. */
  unservedSince(key: string): number | null {
    const record = this.copy(key);
    if (record !== undefined && record.wish === 'run' && record.state === 'ready') return null;
    return this.unservedAt.get(key) ?? -Infinity;
  }

  everything(): readonly StowageRecord[] {
    return [...this.kinds.values()].flatMap((records) => [...records.values()]);
  }

  private kindOf(key: string): Map<string, StowageRecord> {
    const kind = key.slice(0, key.indexOf(':'));
    let records = this.kinds.get(kind);
    if (records === undefined) this.kinds.set(kind, (records = new Map()));
    return records;
  }

  private check(key: string, before: StowageRecord | null, after: StowageRecord | null, event: string): void {
    const problem = this.problemOf(before, after, event);
    if (problem !== null) this.complain(`${key}, ${event}: ${problem}`);
  }

  private problemOf(before: StowageRecord | null, after: StowageRecord | null, event: string): string | null {
    const kind = (after ?? before)?.kind;
    switch (kind) {
      case 'endpoint':
        return endpointProblem(before as EndpointRecord | null, after as EndpointRecord | null);
      case 'inference-component':
        return componentProblem(before as ComponentRecord | null, after as ComponentRecord | null);
      case 'instance':
        return this.instanceProblem(before as InstanceRecord | null, after as InstanceRecord | null, event);
      case 'copy':
        return this.copyProblem(before as CopyRecord | null, after as CopyRecord | null);
      case 'counter': {
        const [old, now] = [before as RecordOf<'counter'> | null, after as RecordOf<'counter'> | null];
        return now !== null && now.value > (old?.value ?? 0) ? null : 'a counter did not rise';
      }
      case 'model':
      case 'endpoint-config': {
        if (before === null || after === null) return null;
        const [old, now] = [before as RecordOf<'model'>, after as RecordOf<'model'>];
        return same(old.specification, now.specification) ? null : 'what is never to change changed';
      }
      case 'alarm':
      case 'scalable-target':
      case 'scaling-policy':
      case 'scheduled-action':
      case 'scaling-activity':
      case undefined:
        return null;
      default:
        return kind satisfies never;
    }
  }

  private instanceProblem(
    before: InstanceRecord | null,
    after: InstanceRecord | null,
    event: string,
  ): string | null {
    if (after !== null) this.instancesEver.set(after.id, after);
    const wrong = offence(instanceTable, before?.state ?? 'none', after?.state ?? 'none');
    if (wrong !== null) return wrong;
    if (before !== null && after === null && event !== 'instance-lost') {
      const left = this.of('copy').filter(({ instance }) => instance === before.id);
      if (left.length > 0) return `it goes with ${left.length} copies on it`;
    }
    if (before === null || after === null) return null;
    const fixed = (one: InstanceRecord) => [
      one.type,
      one.host,
      one.zone,
      one.generation,
      one.capacity,
      one.scope,
    ];
    return same(fixed(before), fixed(after)) ? null : 'what is never to change changed';
  }

  private copyProblem(before: CopyRecord | null, after: CopyRecord | null): string | null {
    const record = (after ?? before)!;
    this.noteServing(before, after);
    const wrong =
      offence(copyTable, before?.state ?? 'none', after?.state ?? 'none') ??
      offence(wishTable, before?.wish ?? 'none', after?.wish ?? 'none');
    if (wrong !== null) return wrong;
    if (before === null) return this.newCopyProblem(record);
    if (after === null) return null;
    const fixed = (one: CopyRecord) => [
      one.component,
      one.generation,
      one.instance,
      one.resources,
      one.accelerators,
    ];
    return same(fixed(before), fixed(after)) ? null : 'what is never to change changed';
  }

  private newCopyProblem(record: CopyRecord): string | null {
    const { copy, component, instance, endpointGeneration } = record;
    if (copy.incarnation <= this.incarnationMax) return `incarnation ${copy.incarnation} is not new`;
    this.incarnationMax = copy.incarnation;
    const twins = this.of('copy').filter((one) => one.copy.id === copy.id);
    if (twins.length > 1) return `${twins.length} copies have that id`;
    const on = this.get(`instance:${instance}`) as InstanceRecord | undefined;
    if (on === undefined) return `its instance ${instance} is not there`;
    if (on.state !== 'ready') return `its instance is ${on.state}`;
    if (on.generation !== endpointGeneration) return 'its instance is of another generation';
    const { scope, endpoint, name, kind } = parseComponentKey(component);
    if (!sameScope(on.scope, scope) || on.endpoint !== endpoint) return 'its instance is somebody else’s';
    if (kind === WorkloadKind.Variant)
      return on.variant === name ? null : 'its instance is of another variant';
    const owner = this.componentOf(component);
    if (owner === undefined) return 'nothing asks for it';
    return on.variant === owner.variantName ? null : 'its instance is of another variant';
  }

  /** Copies that serve go only when as many others do, unless fewer are wanted or they are in the way. */
  private checkServingKept(
    changes: readonly Change[],
    before: ReadonlyMap<string, StowageRecord | undefined>,
  ): void {
    const drained = new Map<string, CopyRecord[]>();
    for (const { key, value, event } of changes) {
      const was = before.get(key);
      const copy = value ?? was;
      if (copy?.kind !== 'copy') continue;
      if (event === 'copy-failed' || event === 'copy-lost') this.failedAt.set(copy.component, this.now());
      if (!serves(was) || value?.kind !== 'copy' || value.wish === 'run' || event === 'copy-failed') continue;
      drained.set(copy.component, [...(drained.get(copy.component) ?? []), value]);
    }
    for (const [key, copies] of drained) {
      const component = this.componentOf(key);
      if (component === undefined || component.status === 'Deleting') continue;
      const endpoint = this.of('endpoint').find(
        (one) => one.name === component.endpointName && sameScope(one.scope, component.scope),
      );
      if (endpoint === undefined || endpoint.status === 'Deleting') continue;
      // A rollback takes away what was added; the old side is as it was.
      if (endpoint.status === 'RollingBack' || component.deployment?.phase === 'rolling-back') continue;
      const serving = this.of('copy').filter((one) => one.component === key && serves(one));
      const left = serving.length;
      // As many as that side had are there on all sides.
      const isEnough = copies.every((copy) => {
        const had = [...copies, ...serving].filter((one) => isBeside(one, copy)).length;
        return left >= Math.min(component.copyCount, had);
      });
      const isInTheWay = copies.some(({ reason }) => /does not fit beside it|no other has room/.test(reason));
      const isShaken = this.now() - (this.failedAt.get(key) ?? -Infinity) < shakenMs;
      if (isEnough || isInTheWay || isShaken) continue;
      this.complain(
        `${key} is left with ${left} of ${component.copyCount} copies, ${copies.length} go because ${copies[0]!.reason}`,
      );
    }
  }

  private componentOf(key: string): ComponentRecord | undefined {
    return this.of('inference-component').find(
      (one) => componentKey({ ...one, endpoint: one.endpointName, kind: WorkloadKind.Component }) === key,
    );
  }

  private noteServing(before: CopyRecord | null, after: CopyRecord | null): void {
    if (serves(before) && !serves(after)) this.unservedAt.set(copyKey(before!.copy), this.now());
  }
}

/** True of copies of the same generation on instances of the same generation. */
function isBeside(a: CopyRecord, b: CopyRecord): boolean {
  return a.generation === b.generation && a.endpointGeneration === b.endpointGeneration;
}

function serves(record: StowageRecord | null | undefined): boolean {
  return record?.kind === 'copy' && record.wish === 'run' && record.state === 'ready';
}

function endpointProblem(before: EndpointRecord | null, after: EndpointRecord | null): string | null {
  const wrong =
    offence(endpointTable, before?.status ?? 'none', after?.status ?? 'none') ??
    offence(endpointPhaseTable, before?.deployment?.phase ?? 'none', after?.deployment?.phase ?? 'none') ??
    generationProblem(before?.generations ?? [], after?.generations ?? []);
  if (wrong !== null || after === null) return wrong;
  const { status, generations, deployment, failureReason } = after;
  const traffic = generations.reduce((sum, one) => sum + one.traffic, 0);
  if (status !== 'Deleting' && traffic !== 100) return `its traffic is ${traffic} %`;
  if (generations.some((one) => one.traffic < 0)) return 'a generation has less than no traffic';
  if (status === 'RollingBack' && deployment === null) return 'it rolls back without a deployment';
  if (status === 'InService' && deployment !== null) return 'it is in service in the middle of a deployment';
  const isExplained = failureReason !== null && failureReason !== '';
  if ((status === 'Failed' || status === 'UpdateRollbackFailed') && !isExplained)
    return 'it failed without a reason';
  return deploymentProblem(before?.deployment ?? null, deployment, generations);
}

function componentProblem(before: ComponentRecord | null, after: ComponentRecord | null): string | null {
  const wrong =
    offence(componentTable, before?.status ?? 'none', after?.status ?? 'none') ??
    offence(componentPhaseTable, before?.deployment?.phase ?? 'none', after?.deployment?.phase ?? 'none') ??
    generationProblem(before?.generations ?? [], after?.generations ?? []);
  if (wrong !== null || after === null) return wrong;
  const { status, deployment, generations, failureReason } = after;
  if (generations.length > 2) return `it has ${generations.length} generations`;
  if (status === 'Failed' && (failureReason ?? '') === '') return 'it failed without a reason';
  if (deployment !== null && status !== 'Updating') return `it is ${status} in the middle of a deployment`;
  if (deployment === null && generations.length === 2 && status !== 'Deleting')
    return 'two generations, no deployment';
  return deploymentProblem(before?.deployment ?? null, deployment, generations);
}

type Deployment = NonNullable<EndpointRecord['deployment']>;

function deploymentProblem(
  before: Deployment | null,
  after: Deployment | null,
  generations: readonly { readonly id: number }[],
): string | null {
  if (after === null) return null;
  const ids = generations.map(({ id }) => id);
  if (!ids.includes(after.from) || !ids.includes(after.to)) return 'it deploys what it does not have';
  if (before === null) return null;
  if (before.from !== after.from || before.to !== after.to) return 'one deployment became another';
  if (before.startedAt !== after.startedAt) return 'a deployment began again';
  const isTurning = after.phase === 'rolling-back' && before.phase !== 'rolling-back';
  return after.step < before.step && !isTurning ? 'a deployment took a step back' : null;
}

/** Ids rise, and no generation that is gone comes back. */
function generationProblem(
  before: readonly { readonly id: number }[],
  after: readonly { readonly id: number }[],
): string | null {
  const known = before.map(({ id }) => id);
  const highest = Math.max(0, ...known);
  for (const [index, { id }] of after.entries()) {
    if (index > 0 && after[index - 1]!.id >= id) return 'its generations are not in order';
    if (!known.includes(id) && id <= highest) return `generation ${id} comes after ${highest}`;
  }
  return null;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
