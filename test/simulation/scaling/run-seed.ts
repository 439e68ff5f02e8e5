/**
 * One seed of scaling: the real control plane over a machine of made-up copies and requests, some components that scale,
 * and faults: copies that die or never start, a control process that is killed, bounds that change, room that is short.
 * Then it is calm, and every request must have ended and every component be what its policies ask for. All of it is
 * synchronous on virtual time, so that a hundred thousand seeds can be run.
 */
import { createHash } from 'node:crypto';
import { createMemoryMetricStore } from '../../../src/adapters/metrics/memory/metric-store.js';
import { createMemoryStore, type MemoryStore } from '../../../src/adapters/store/memory/store.js';
import { MemoryTelemetry } from '../../../src/adapters/telemetry/memory/telemetry.js';
import { createControl } from '../../../src/control/control.js';
import type { Control, ControlOperation } from '../../../src/control/facade.js';
import { foldLedger } from '../../../src/decide/replay/fold-ledger.js';
import { asStowageError } from '../../../src/domain/errors.js';
import type { InstanceType } from '../../../src/domain/instance.js';
import type { Scope } from '../../../src/domain/scope.js';
import type { SeedResult } from '../seed-orders.js';
import { SeededRandom } from '../seeded-random.js';
import { VirtualClock } from '../virtual-clock.js';
import { ScalingChecker } from './check-scaling.js';
import { LightFleet, LightMachine } from './light-fleet.js';
import { LightServing } from './light-serving.js';
import { drawLife, type ComponentLife, type Life } from './drawn-lives.js';

const scope: Scope = { account: '111122223333', region: 'us-east-1' };
const gibibyte = 1024 ** 3;
const endpoint = 'shop';
const queueMsMax = 60_000;
/** Virtual minutes of faults, unless another number is asked for. */
export const minutesDefault = 1;
/** Once it is calm, everything is at rest within this time, milliseconds: an objective keeps a copy for an hour at most. */
const restMsMax = 90 * 60_000;
const lookMs = 5_000;
const lastWorkMs = 50;
const storyLinesMax = 5_000;

export async function runSeed(seed: number, minutes = minutesDefault): Promise<SeedResult> {
  const run = new Run(seed, drawLife(new SeededRandom(seed), minutes * 60_000));
  try {
    run.go();
  } catch (error) {
    run.complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return run.result();
}

class Run {
  private readonly clock = new VirtualClock();
  private readonly random: SeededRandom;
  private readonly checker: ScalingChecker;
  private readonly serving: LightServing;
  private readonly machine: LightMachine;
  private readonly telemetry = new MemoryTelemetry();
  private readonly metrics = createMemoryMetricStore();
  private readonly story: string[] = [];
  private readonly log;
  private store: MemoryStore = createMemoryStore();
  private fleet: LightFleet | null = null;
  private control: Control | null = null;
  private violation: string | null = null;
  private isCalm = false;
  private controlKills = 0;
  private writes = 0;

  constructor(
    private readonly seed: number,
    private readonly life: Life,
  ) {
    const { clock } = this;
    this.random = new SeededRandom(seed + 1);
    this.checker = new ScalingChecker(
      () => clock.now(),
      (problem) => this.complain(problem),
      (name) => {
        const policy = life.components.find((one) => one.name === name)?.policy ?? null;
        return policy === null ? null : policy.scaleInCooldown * 1000;
      },
    );
    this.machine = new LightMachine(clock, life.hosts, () => this.fate(), {
      onDeath: (copy) => this.serving.lost(copy),
      onKilled: (copy, requests, drainedMs) => this.checkKill(copy.id, requests, drainedMs),
    });
    this.serving = new LightServing({ clock, machine: this.machine, scope, endpoint, queueMsMax });
    const tell = (facts: object, message: string) => this.tell(`${message} ${JSON.stringify(facts)}`);
    const refuse = (facts: object, message: string) => {
      tell(facts, message);
      this.complain(`control logged an error: ${message} ${String((facts as { err?: Error }).err?.stack)}`);
    };
    this.log = { debug: () => undefined, info: tell, warn: tell, error: refuse };
    this.startControl();
  }

  go(): void {
    this.build();
    for (const { at, fault } of this.life.faults) this.clock.after(at, () => this.strike(fault));
    for (const component of this.life.components) {
      for (const { at, workMs } of component.arrivals) {
        this.clock.after(at, () => this.serving.ask(component.name, workMs));
      }
    }
    this.pass(this.life.durationMs);
    this.calm();
  }

  result(): SeedResult {
    const { seed, serving, story } = this;
    const text = JSON.stringify([
      this.store.ledger({ limit: 10_000_000 }).map(({ key, event, at }) => [key, event, at]),
      serving.requests.map(({ outcome, begun }) => [outcome, begun]),
    ]);
    return {
      seed,
      violation: this.violation,
      hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
      requests: serving.requests.length,
      controlKills: this.controlKills,
      servingKills: 0,
      starts: this.machine.starts,
      writes: this.writes,
      virtualSeconds: this.clock.now() / 1000,
      story,
    };
  }

  complain(problem: string): void {
    this.tell(`!!! ${problem}`);
    this.violation ??= problem;
  }

  private tell(line: string): void {
    if (this.story.length < storyLinesMax) this.story.push(`${(this.clock.now() / 1000).toFixed(3)} ${line}`);
  }

  private pass(ms: number): void {
    const until = this.clock.now() + ms;
    while (this.clock.now() < until && this.violation === null) {
      this.clock.advance(Math.min(lookMs, until - this.clock.now()));
    }
  }

  private startControl(): void {
    this.store.onCommit = (changes) => {
      this.writes++;
      for (const { key, event, reason, value } of changes) {
        const count = value?.kind === 'inference-component' ? ` ${value.copyCount} ${value.status}` : '';
        if (value?.kind !== 'counter') this.tell(`${event} ${key}${count}: ${reason}`);
      }
      this.checker.take(changes);
    };
    this.fleet = new LightFleet(this.machine);
    this.control = createControl({
      store: this.store,
      fleet: this.fleet,
      clock: this.clock,
      random: this.random,
      log: this.log,
      telemetry: this.telemetry,
      metrics: this.metrics,
      catalogue: new Map([[this.life.type.name, this.life.type satisfies InstanceType]]),
      loadReports: this.serving,
      home: scope,
    });
    this.control.feed.onTable((table) => this.serving.take(table));
  }

  private killControl(downMs: number): void {
    if (this.control === null) return;
    this.controlKills++;
    this.tell('control is killed');
    this.control.abandon();
    this.fleet?.leave();
    this.control = null;
    this.clock.after(downMs, () => {
      this.store = this.store.reopen();
      this.startControl();
    });
  }

  private build(): void {
    const variant = {
      variantName: 'all',
      instanceType: this.life.type.name,
      initialInstanceCount: this.life.instances,
    };
    this.ask('CreateEndpointConfig', { endpointConfigName: 'config', productionVariants: [variant] });
    this.ask('CreateEndpoint', { endpointName: endpoint, endpointConfigName: 'config' });
    for (const component of this.life.components) this.buildComponent(component);
  }

  private buildComponent({ name, min, max, policy, memoryMiB, copies }: ComponentLife): void {
    const environment = { OPTION_ENGINE: 'simulated', OPTION_MAX_ROLLING_BATCH_SIZE: '2' };
    this.ask('CreateInferenceComponent', {
      inferenceComponentName: name,
      endpointName: endpoint,
      variantName: 'all',
      specification: {
        container: { image: 'engine:1', environment },
        computeResourceRequirements: { minMemoryRequiredInMb: memoryMiB, numberOfCpuCoresRequired: 0.25 },
      },
      runtimeConfig: { copyCount: copies },
    });
    const target = {
      serviceNamespace: 'sagemaker',
      resourceId: `inference-component/${name}`,
      scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
    };
    this.ask('RegisterScalableTarget', { ...target, minCapacity: min, maxCapacity: max });
    if (policy === null) return;
    const configuration = { targetTrackingScalingPolicyConfiguration: policy };
    this.ask('PutScalingPolicy' as ControlOperation, {
      ...target,
      policyName: 'policy',
      policyType: 'TargetTrackingScaling',
      ...configuration,
    });
  }

  private ask(operation: ControlOperation, input: object): void {
    try {
      this.control?.execute(operation, scope, input);
    } catch (error) {
      const { code, message } = asStowageError(error);
      this.tell(`${operation} is refused: ${code} ${message}`);
      if (code === 'INT-500') this.complain(`${operation}: ${(error as Error).stack ?? message}`);
    }
  }

  private strike(fault: Life['faults'][number]['fault']): void {
    if (this.isCalm) return;
    switch (fault.kind) {
      case 'crash':
        return this.machine.crashOne((count) => this.random.below(count));
      case 'kill-control':
        return this.killControl(fault.downMs);
      case 'bounds':
        return this.retarget(fault.component, { minCapacity: fault.min, maxCapacity: fault.max });
      case 'suspend': {
        const state = { dynamicScalingInSuspended: fault.isOn, dynamicScalingOutSuspended: fault.isOn };
        return this.retarget(fault.component, { suspendedState: state });
      }
      case 'by-hand':
        return this.ask('UpdateInferenceComponentRuntimeConfig', {
          inferenceComponentName: fault.component,
          desiredRuntimeConfig: { copyCount: fault.copies },
        });
      default:
        fault satisfies never;
    }
  }

  private retarget(component: string, change: object): void {
    this.ask('RegisterScalableTarget', {
      serviceNamespace: 'sagemaker',
      resourceId: `inference-component/${component}`,
      scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
      ...change,
    });
  }

  private fate() {
    const { isStillborn, startMs, crashMs } = this.life.fate(this.random);
    return this.isCalm ? { startMs, isStillborn: false, crashMs: null } : { startMs, isStillborn, crashMs };
  }

  /** A running request is never killed: a copy ends with requests only at the end of a drain of minutes. */
  private checkKill(copy: string, requests: number, drainedMs: number | null): void {
    if (drainedMs !== null && drainedMs >= 60_000) return;
    this.complain(`copy ${copy} was ended with ${requests} requests, drained for ${drainedMs ?? 0} ms`);
  }

  /** No more faults and no more requests: all must end and come to rest. */
  private calm(): void {
    if (this.violation !== null) return;
    this.isCalm = true;
    this.tell('it is calm');
    // Whoever calls while control is away calls again.
    while (this.control === null && this.violation === null) this.pass(lookMs);
    for (const { name, max } of this.life.components) {
      const suspendedState = { dynamicScalingInSuspended: false, dynamicScalingOutSuspended: false };
      this.retarget(name, { minCapacity: 0, maxCapacity: Math.max(1, max), suspendedState });
    }
    // Serving hears of the new bounds first.
    this.pass(lookMs);
    // Each is asked once more: whoever is at zero has to come back for it.
    const last = this.life.components.map(({ name }) => this.serving.ask(name, lastWorkMs));
    const until = this.clock.now() + restMsMax;
    while (this.clock.now() < until && this.violation === null && this.unrest() !== null) this.pass(lookMs);
    const unrest = this.unrest();
    if (unrest !== null) this.complain(`it does not come to rest: ${unrest}`);
    for (const { component, outcome } of last) {
      const isFailed = this.checker.component(component)?.status === 'Failed';
      if (outcome === 'served' || isFailed || !this.hasRoom()) continue;
      this.complain(`the last request of ${component} was ${outcome ?? 'never answered'}`);
    }
    this.checkLedger();
  }

  private unrest(): string | null {
    const open = this.serving.open;
    if (open.length > 0) return `${open.length} requests are open, the first of ${open[0]!.component}`;
    if (this.control === null) return 'control is away';
    for (const { name, isObjective } of this.life.components) {
      const component = this.checker.component(name);
      const target = this.checker.target(name);
      if (component === undefined || target === undefined) return `${name} is gone`;
      const { copyCount, status } = component;
      if (copyCount > target.maxCapacity)
        return `${name} wants ${copyCount} of at most ${target.maxCapacity}`;
      if (isObjective && copyCount > 0) return `${name} wants ${copyCount} and has nothing to do`;
      const copies = this.checker.copiesOf(name);
      const isFailed = status === 'Failed';
      if (!isFailed && copies.length !== copyCount && this.hasRoom()) {
        return `${name} wants ${copyCount} and has ${copies.length}`;
      }
      if (status === 'Updating' && copies.length === copyCount) return `${name} is ${status}`;
    }
    return null;
  }

  /** With room for all that could be wanted nothing may be missing for want of it. */
  private hasRoom(): boolean {
    const { components, hosts } = this.life;
    const needed = components.reduce((sum, { memoryMiB, max }) => sum + memoryMiB * Math.max(1, max), 0);
    return hosts.every(({ memoryBytes }) => needed * 1024 ** 2 < Math.min(memoryBytes, 8 * gibibyte));
  }

  private checkLedger(): void {
    const folded = foldLedger(this.store.base(), this.store.ledger({ limit: 10_000_000 }));
    const stored = this.store.load();
    if (folded.size !== stored.length) this.complain('the ledger does not fold to the records');
    for (const { key, revision } of stored) {
      if (folded.get(key)?.revision !== revision) this.complain(`${key} is not what the ledger says`);
    }
  }
}
