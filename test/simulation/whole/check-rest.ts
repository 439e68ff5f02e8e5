/**
 * What must be so once nothing is disturbed any more and enough time has passed: everything is as it was asked for, or
 * says why it cannot be, and that is true. Each check gives what is still missing; nothing missing = at rest.
 */
import { memoryNeeded } from '../../../src/decide/reconcile/host-memory.js';
import { runnableComponent, specificationFor, variantsOf } from '../../../src/decide/reconcile/runnable.js';
import { copiesByGeneration } from '../../../src/decide/rollout/endpoint.js';
import { componentKey, type Resources, WorkloadKind } from '../../../src/domain/component.js';
import { copyKey, CopyState } from '../../../src/domain/copy.js';
import type { EndpointRecord } from '../../../src/domain/endpoint.js';
import type { ComponentRecord } from '../../../src/domain/inference-component.js';
import type { InstanceRecord } from '../../../src/domain/instance.js';
import type { ContainerDefinition } from '../../../src/domain/model.js';
import type { CopyRecord } from '../../../src/domain/record.js';
import { sameScope } from '../../../src/domain/scope.js';
import { oversubscription } from './check-room.js';
import type { Tenant } from './tenant.js';
import { Conduct } from './worker.js';
import type { World } from './world.js';

/** Why the world is not at rest, for people. */
export function unrest(world: World, tenants: readonly Tenant[]): readonly string[] {
  if (world.control === null || world.serving === null) return ['a process is away'];
  const rest = new Rest(world);
  for (const tenant of tenants) rest.checkTenant(tenant);
  rest.checkNobodysThings(tenants);
  rest.checkProcesses();
  rest.checkTables();
  return rest.problems;
}

/** What is left of things that were all deleted. */
export function leftovers(world: World): readonly string[] {
  const records = world.records.everything().filter(({ kind }) => kind !== 'counter');
  const { endpoints, copies } = world.traffic.table;
  return [
    ...records.map((record) => `a record of kind ${record.kind}: ${JSON.stringify(record).slice(0, 200)}`),
    ...[...world.machine.processes.keys()].map((key) => `process ${key}`),
    ...endpoints.map(({ name }) => `routes to ${name}`),
    ...copies.map(({ copy }) => `a route to ${copyKey(copy)}`),
  ];
}

class Rest {
  readonly problems: string[] = [];
  private readonly copies: readonly CopyRecord[];
  private readonly instances: readonly InstanceRecord[];

  constructor(private readonly world: World) {
    this.copies = world.records.of('copy');
    this.instances = world.records.of('instance');
  }

  checkTenant(tenant: Tenant): void {
    const { scope, endpoint: name, configName, components, wasResized } = tenant;
    const endpoint = this.world.records
      .of('endpoint')
      .find((one) => one.name === name && sameScope(one.scope, scope));
    if (configName === null) return this.expect(endpoint === undefined, `${name} was deleted and is there`);
    if (endpoint === undefined) return this.expect(false, `${name} was created and is not there`);
    this.checkEndpoint(endpoint, configName, wasResized);
    const mine = this.world.records
      .of('inference-component')
      .filter((one) => one.endpointName === name && sameScope(one.scope, scope));
    for (const component of mine) {
      const count = components.get(component.name);
      if (count === undefined) this.expect(false, `${component.name} was deleted and is there`);
      else this.checkComponent(endpoint, component, this.countOf(tenant, component, count));
    }
    for (const one of components.keys()) {
      this.expect(
        mine.some((component) => component.name === one),
        `${one} was created and is not there`,
      );
    }
  }

  checkNobodysThings(tenants: readonly Tenant[]): void {
    for (const { name, scope } of this.world.records.of('endpoint')) {
      const owner = tenants.find((one) => one.endpoint === name && sameScope(one.scope, scope));
      this.expect(owner !== undefined, `${name} is nobody's`);
    }
    const endpoints = this.world.records.of('endpoint');
    for (const { id, endpoint, scope } of this.instances) {
      const owner = endpoints.find((one) => one.name === endpoint && sameScope(one.scope, scope));
      this.expect(owner !== undefined, `instance ${id} belongs to no endpoint`);
    }
  }

  checkProcesses(): void {
    for (const [key, process] of this.world.machine.processes) {
      const record = this.world.records.copy(key);
      const what = process.exitReason === null ? 'runs' : 'has ended and is not removed';
      this.expect(record !== undefined, `process ${key} ${what}, without a record`);
    }
    for (const { copy } of this.copies) {
      this.expect(this.world.machine.processes.has(copyKey(copy)), `copy ${copyKey(copy)} has no process`);
    }
  }

  checkTables(): void {
    const ready = this.copies.filter(isServing).map(({ copy }) => copyKey(copy));
    const given = this.world.control?.feed.current().copies ?? [];
    const had = this.world.traffic.table.copies;
    for (const [who, copies] of [
      ['control', given],
      ['serving', had],
    ] as const) {
      const named = copies.map(({ copy }) => copyKey(copy));
      this.expect(
        String([...named].sort()) === String([...ready].sort()),
        `the table of ${who} names ${named.join()}, ready are ${ready.join()}`,
      );
    }
  }

  private checkEndpoint(endpoint: EndpointRecord, configName: string, wasResized: boolean): void {
    const { name, status, failureReason, deployment, generations } = endpoint;
    const isSettled = status === 'InService' || status === 'Failed' || status === 'UpdateRollbackFailed';
    if (!isSettled) return this.expect(false, `${name} is ${status}`);
    this.expect(deployment === null, `${name} is in the middle of a deployment`);
    if (status === 'Failed') return;
    const isAsAsked = generations.length === 1 && generations[0]!.configName === configName;
    this.expect(
      isAsAsked || failureReason !== null || wasResized,
      `${name} is not ${configName} and does not say why`,
    );
    for (const generation of generations) {
      for (const { variantName, instanceType, instancePools } of variantsOf(generation)) {
        const wanted = generation.variants[variantName]?.instanceCount ?? 0;
        const mine = this.instancesOf(endpoint, generation.id, variantName);
        this.expect(
          mine.length <= wanted,
          `${name}/${variantName} has ${mine.length} instances of ${wanted}`,
        );
        const types = instancePools?.map((pool) => pool.instanceType) ?? [instanceType ?? ''];
        const isFull = types.every((type) => this.isTypeFull(type));
        const isExcused = failureReason !== null || status !== 'InService';
        this.expect(
          mine.length >= wanted || (isFull && isExcused) || this.wasShort(endpoint, isFull),
          `${name}/${variantName} has ${mine.length} instances of ${wanted} and ${types.join()} can be had`,
        );
        const model = generation.models[variantName];
        if (model !== undefined) this.checkModel(endpoint, variantName, model.container, mine);
      }
    }
  }

  /** An endpoint that was complete once and lost a host has no status for what it lacks now. */
  private wasShort(endpoint: EndpointRecord, isFull: boolean): boolean {
    return isFull && endpoint.status === 'InService';
  }

  private isTypeFull(name: string): boolean {
    const type = this.world.parts.catalogue.find((one) => one.name === name);
    return this.instances.filter((one) => one.type === name).length >= (type?.countMax ?? 0);
  }

  private checkModel(
    endpoint: EndpointRecord,
    variant: string,
    container: ContainerDefinition,
    instances: readonly InstanceRecord[],
  ): void {
    for (const { id, host } of instances) {
      const here = this.copies.filter((one) => one.instance === id);
      if (here.length === 1 && isServing(here[0]!)) continue;
      const isExcused = isBad(container) || this.freeMemory(host) < this.modelMemory();
      this.expect(isExcused, `${endpoint.name}/${variant} has no ready copy on ${id}`);
    }
  }

  /** What was asked for; what scales by itself is within its bounds. */
  private countOf(tenant: Tenant, { name, copyCount, status }: ComponentRecord, asked: number): number {
    const bounds = tenant.scaling.bounds.get(name);
    if (bounds === undefined) return tenant.scaled.has(name) ? copyCount : asked;
    const isInside = copyCount >= bounds.min && copyCount <= bounds.max;
    this.expect(
      isInside || status === 'Failed',
      `${name} wants ${copyCount}, not ${bounds.min} to ${bounds.max}`,
    );
    return copyCount;
  }

  private modelMemory(): number {
    return this.world.parts.limits.modelMemoryBytesMin ?? 512 * 1024 ** 2;
  }

  private checkComponent(endpoint: EndpointRecord, component: ComponentRecord, copyCount: number): void {
    const { name, status, deployment, generations } = component;
    this.expect(
      component.copyCount === copyCount,
      `${name} wants ${component.copyCount}, ${copyCount} were asked for`,
    );
    const isSettled = status === 'InService' || status === 'Failed';
    if (!isSettled) return this.expect(false, `${name} is ${status}`);
    this.expect(deployment === null && generations.length === 1, `${name} is in the middle of a deployment`);
    const { scope, endpointName } = component;
    const key = componentKey({ scope, endpoint: endpointName, name, kind: WorkloadKind.Component });
    const mine = this.copies.filter((one) => one.component === key);
    const wanted = [...copiesByGeneration(endpoint, copyCount).values()].reduce(
      (sum, count) => sum + count,
      0,
    );
    const ready = mine.filter((one) => isServing(one) && one.generation === generations[0]!.id);
    this.expect(ready.length <= wanted, `${name} has ${ready.length} copies of ${wanted}`);
    if (ready.length >= wanted) {
      this.expect(
        mine.length === ready.length,
        `${name} has ${mine.length - ready.length} copies that do not serve`,
      );
      return this.expect(
        status === 'InService',
        `${name} is ${status} with ${ready.length} of ${wanted} copies`,
      );
    }
    if (isBad(generations[0]!.containers[0])) return;
    if (endpoint.status === 'Failed' && this.instancesOf(endpoint, null, component.variantName).length === 0)
      return;
    const room = this.roomFor(endpoint, component);
    this.expect(
      room === null,
      `${name} has ${ready.length} copies of ${wanted}, and there is room on ${room}`,
    );
  }

  /** An instance that would take one more copy; null = there is none. */
  private roomFor(endpoint: EndpointRecord, component: ComponentRecord): string | null {
    const [generation] = component.generations;
    for (const instance of this.instancesOf(endpoint, null, component.variantName)) {
      const index = specificationFor(generation!, instance.type);
      if (index === null) continue;
      const { resources } = runnableComponent(component, generation!, index);
      if (this.fits(instance, resources)) return instance.id;
    }
    return null;
  }

  private fits(instance: InstanceRecord, resources: Resources): boolean {
    const residents = this.copies.filter((one) => one.instance === instance.id);
    const { capacity, host } = instance;
    if (this.freeMemory(host) < memoryNeeded(resources)) return false;
    const needed = resources.accelerators;
    if (needed === 0)
      return oversubscription(capacity, [...residents, { resources, accelerators: [] }]) === null;
    const share = Math.min(1, needed);
    const memoryBytes = resources.acceleratorMemoryBytes || capacity.acceleratorMemoryBytes * share;
    const free = Array.from({ length: capacity.accelerators }, (_, index) => index).filter((index) => {
      const accelerators = [{ index, share, memoryBytes }];
      return oversubscription(capacity, [...residents, { resources, accelerators }]) === null;
    });
    return free.length >= Math.ceil(needed);
  }

  private freeMemory(host: string): number {
    const total = this.world.parts.hosts.find(({ id }) => id === host)?.memoryBytes ?? 0;
    const here = this.copies.filter((one) => this.world.records.instanceEver(one.instance)?.host === host);
    return total - here.reduce((sum, one) => sum + memoryNeeded(one.resources), 0);
  }

  private instancesOf(
    endpoint: EndpointRecord,
    generation: number | null,
    variant: string,
  ): readonly InstanceRecord[] {
    return this.instances.filter(
      (one) =>
        one.endpoint === endpoint.name &&
        sameScope(one.scope, endpoint.scope) &&
        one.variant === variant &&
        (generation === null || one.generation === generation) &&
        one.state === 'ready',
    );
  }

  private expect(isSo: boolean, problem: string): void {
    if (!isSo) this.problems.push(problem);
  }
}

function isServing({ wish, state }: CopyRecord): boolean {
  return wish === 'run' && state === CopyState.Ready;
}

/** Its model does not come up, whatever is done. */
function isBad(container: ContainerDefinition | undefined): boolean {
  return !(container?.modelDataUrl ?? '').endsWith(`/${Conduct.Good}`);
}
