/**
 * Whoever has one endpoint: creates it, changes it at random as its owner would, and deletes it. It knows what it was
 * promised: a call that was answered holds.
 */
import type { Client } from './client.js';
import { type CallResult } from './client.js';
import { Killed } from './crash-points.js';
import { Conduct } from './worker.js';
import {
  drawConduct,
  drawConfig,
  drawDeployment,
  drawModel,
  drawRolling,
  drawSpecifications,
  hasRoomForComponents,
  ownVariants,
  Shape,
} from './drawn-inputs.js';
import { sameScope } from '../../../src/domain/scope.js';
import type { Callable } from './requests.js';
import type { SeededRandom } from '../seeded-random.js';
import { TenantScaling } from './tenant-scaling.js';
import type { World } from './world.js';

/** Components of an endpoint, at most. */
const componentsMax = 4;
const copiesMax = 4;
/** Waits for a change to end before the next, milliseconds. */
const patience = { busyMsMax: 10_000 };
/** Between two changes, milliseconds. */
const pauseMsMax = 12_000;

export class Tenant {
  /** Copies that were promised, by component. */
  readonly components = new Map<string, number>();
  /** The configuration that the endpoint was asked to have last; null = there is no endpoint. */
  configName: string | null = null;
  /** It was resized after that, as it was then: the reason why it may be of an earlier configuration is gone. */
  wasResized = false;
  readonly alarm: string;
  readonly scaling: TenantScaling;
  /** Components that scaled by themselves and do no longer: they stay as they were then. */
  readonly scaled = new Set<string>();
  private readonly models = new Set<string>();
  private readonly configs = new Set<string>();
  private hasAlarm = false;
  private made = 0;

  constructor(
    private readonly world: World,
    readonly client: Client,
    private readonly random: SeededRandom,
    readonly endpoint: string,
    private readonly shape: Shape,
  ) {
    this.alarm = `${endpoint}-alarm`;
    this.scaling = new TenantScaling(client, random, (operation, result) =>
      this.expectDone(operation, result),
    );
  }

  get scope() {
    return this.client.scope;
  }

  /** What its callers name. */
  callables(): readonly Callable[] {
    const { scope, endpoint } = this;
    if (this.configName === null) return [];
    const components = [...this.components.keys()].map((component) => ({ scope, endpoint, component }));
    return ownVariants(this.shape).length === 0
      ? components
      : [...components, { scope, endpoint, component: null }];
  }

  async live(ms: number): Promise<void> {
    const { clock } = this.world;
    const until = clock.now() + ms;
    await this.create();
    while (clock.now() < until) {
      await this.pause(this.random.below(pauseMsMax));
      if (clock.now() < until) await this.change();
    }
  }

  /** Deletes all that is its own. */
  async leave(): Promise<void> {
    await this.deleteEndpoint();
    for (const endpointConfigName of this.configs) {
      this.expectDone(
        'DeleteEndpointConfig',
        await this.client.call('DeleteEndpointConfig', { endpointConfigName }),
      );
    }
    for (const modelName of this.models) {
      this.expectDone('DeleteModel', await this.client.call('DeleteModel', { modelName }));
    }
    if (!this.hasAlarm) return;
    this.expectDone('DeleteAlarms', await this.client.call('DeleteAlarms', { alarmNames: [this.alarm] }));
  }

  private async create(): Promise<void> {
    const name = await this.newConfig();
    const input = { endpointName: this.endpoint, endpointConfigName: name };
    this.expectDone('CreateEndpoint', await this.client.call('CreateEndpoint', input));
    this.configName = name;
    this.wasResized = false;
    if (!hasRoomForComponents(this.shape)) return;
    const count = 1 + this.random.below(3);
    for (let index = 0; index < count; index++) await this.createComponent();
  }

  private async change(): Promise<void> {
    const changes = hasRoomForComponents(this.shape)
      ? [
          this.createComponent,
          this.deleteComponent,
          this.scale,
          this.scaleByItself,
          this.respecify,
          this.respecify,
        ]
      : [];
    const all = [
      ...changes,
      this.updateEndpoint,
      this.updateEndpoint,
      this.resize,
      this.describe,
      this.setAlarm,
    ];
    if (this.random.happens(0.05)) {
      await this.deleteEndpoint();
      return this.create();
    }
    await all[this.random.below(all.length)]!.call(this);
  }

  private async createComponent(): Promise<void> {
    const name = ['inline', 'block', 'flow', 'chat'].find(
      (one) => !this.components.has(this.componentName(one)),
    );
    if (name === undefined || this.components.size >= componentsMax) return;
    const inferenceComponentName = this.componentName(name);
    const copyCount = this.random.below(copiesMax);
    const conduct = drawConduct(this.random);
    const result = await this.client.call('CreateInferenceComponent', {
      inferenceComponentName,
      endpointName: this.endpoint,
      variantName: 'all',
      ...drawSpecifications(this.random, conduct),
      runtimeConfig: { copyCount },
    });
    if (result.isDone) this.components.set(inferenceComponentName, copyCount);
    else this.expectRefusal('CreateInferenceComponent', result, ['STATE-700', 'NAME-411']);
  }

  private async deleteComponent(): Promise<void> {
    const name = this.someComponent();
    if (name !== null) await this.deleteOne(name);
  }

  private async deleteOne(inferenceComponentName: string): Promise<void> {
    this.components.delete(inferenceComponentName);
    this.scaling.forget(inferenceComponentName);
    this.scaled.delete(inferenceComponentName);
    const input = { inferenceComponentName };
    this.expectDone('DeleteInferenceComponent', await this.client.call('DeleteInferenceComponent', input));
    for (;;) {
      const seen = await this.client.call('DescribeInferenceComponent', input);
      if (!seen.isDone) return this.expectRefusal('DescribeInferenceComponent', seen, ['NAME-410']);
      if (seen.output?.inferenceComponentStatus !== 'Deleting') {
        return this.world.complain(
          `${inferenceComponentName} was deleted and is ${seen.output?.inferenceComponentStatus}`,
        );
      }
      await this.pause(1_000);
    }
  }

  private async scale(): Promise<void> {
    const inferenceComponentName = this.someComponent();
    if (inferenceComponentName === null) return;
    const copyCount = this.random.below(copiesMax + 1);
    const input = { inferenceComponentName, desiredRuntimeConfig: { copyCount } };
    const result = await this.client.call('UpdateInferenceComponentRuntimeConfig', input, patience);
    if (result.isDone && !this.scaling.bounds.has(inferenceComponentName))
      this.scaled.delete(inferenceComponentName);
    if (result.isDone) this.components.set(inferenceComponentName, copyCount);
    else this.expectRefusal('UpdateInferenceComponentRuntimeConfig', result, ['STATE-700']);
  }

  private async scaleByItself(): Promise<void> {
    const name = this.someComponent();
    if (name === null) return;
    this.scaled.add(name);
    await this.scaling.change(name);
  }

  private async respecify(): Promise<void> {
    const inferenceComponentName = this.someComponent();
    if (inferenceComponentName === null) return;
    const { random } = this;
    const hasPolicy = random.happens(0.6);
    const alarms = hasPolicy && random.happens(0.3) ? [{ alarmName: await this.readyAlarm() }] : [];
    const policy = {
      rollingUpdatePolicy: drawRolling(random, 'COPY_COUNT'),
      ...(alarms.length > 0 ? { autoRollbackConfiguration: { alarms } } : {}),
    };
    const copies = random.happens(0.2) ? { runtimeConfig: { copyCount: 1 + random.below(copiesMax) } } : {};
    const result = await this.client.call(
      'UpdateInferenceComponent',
      {
        inferenceComponentName,
        ...drawSpecifications(random, drawConduct(random)),
        ...copies,
        ...(hasPolicy ? { deploymentConfig: policy } : {}),
      },
      patience,
    );
    if (!result.isDone) return this.expectRefusal('UpdateInferenceComponent', result, ['STATE-700']);
    if (copies.runtimeConfig !== undefined)
      this.components.set(inferenceComponentName, copies.runtimeConfig.copyCount);
  }

  private async updateEndpoint(): Promise<void> {
    const { random, shape } = this;
    const endpointConfigName = await this.newConfig();
    const alarm = random.happens(0.3) ? await this.readyAlarm() : null;
    const canRoll = shape === Shape.Shared || shape === Shape.Shadowed;
    const deploymentConfig = drawDeployment(random, canRoll, alarm);
    const result = await this.client.call(
      'UpdateEndpoint',
      {
        endpointName: this.endpoint,
        endpointConfigName,
        ...(deploymentConfig === null ? {} : { deploymentConfig }),
        ...(random.happens(0.2) ? { retainAllVariantProperties: true } : {}),
      },
      patience,
    );
    if (!result.isDone) return this.expectRefusal('UpdateEndpoint', result, ['STATE-700']);
    this.configName = endpointConfigName;
    this.wasResized = false;
  }

  private async resize(): Promise<void> {
    const { random } = this;
    const names = hasRoomForComponents(this.shape) ? ['all'] : ownVariants(this.shape);
    const variantName = names[random.below(names.length)]!;
    const desired = {
      variantName,
      desiredWeight: random.below(4) + 1,
      desiredInstanceCount: 1 + random.below(3),
    };
    const input = { endpointName: this.endpoint, desiredWeightsAndCapacities: [desired] };
    const result = await this.client.call('UpdateEndpointWeightsAndCapacities', input, patience);
    if (result.isDone) this.wasResized = true;
    else this.expectRefusal('UpdateEndpointWeightsAndCapacities', result, ['STATE-700']);
  }

  /** What is told of things must be what is written of them, and nothing of others. */
  private async describe(): Promise<void> {
    const { endpoint: endpointName, client } = this;
    const described = await client.call('DescribeEndpoint', { endpointName });
    this.expectDone('DescribeEndpoint', described);
    const written = this.world.records
      .of('endpoint')
      .find(({ name, scope }) => name === endpointName && sameScope(scope, this.scope));
    const told = described.isDone ? described.output?.endpointStatus : undefined;
    if (told !== written?.status) {
      this.world.complain(`${endpointName} is told to be ${told}, written is ${written?.status}`);
    }
    await client.call('ListEndpoints', {});
    await client.call('ListEndpointConfigs', {});
    await client.call('ListModels', {});
    await client.call('ListInferenceComponents', {});
    await client.call('DescribeAlarms', {});
    const listed = await client.call('ListInferenceComponents', { endpointNameEquals: endpointName });
    const names = listed.isDone ? (listed.output?.inferenceComponents ?? []) : [];
    for (const name of this.components.keys()) {
      if (names.some((one) => one.inferenceComponentName === name)) continue;
      this.world.complain(`${name} was created and is not listed`);
    }
    const { control } = this.world;
    if (control === null) return;
    try {
      control.explainEndpoint(this.scope, endpointName);
      control.explain(this.scope);
    } catch (error) {
      if (error instanceof Killed) return;
      this.world.complain(`explaining ${endpointName} threw ${String(error)}`);
    }
  }

  private async setAlarm(): Promise<void> {
    const alarmName = await this.readyAlarm();
    const stateValue = this.random.happens(0.5) ? 'ALARM' : 'OK';
    const input = { alarmName, stateValue, stateReason: 'somebody tries it' } as const;
    this.expectDone('SetAlarmState', await this.client.call('SetAlarmState', input));
  }

  private async readyAlarm(): Promise<string> {
    if (this.hasAlarm) return this.alarm;
    const metricName = this.random.happens(0.5) ? 'Invocation5XXErrors' : 'SomebodyElses';
    const result = await this.client.call('PutMetricAlarm', {
      alarmName: this.alarm,
      namespace: 'AWS/SageMaker',
      metricName,
      dimensions: [
        { name: 'EndpointName', value: this.endpoint },
        { name: 'VariantName', value: 'all' },
      ],
      statistic: 'Sum',
      period: 10,
      evaluationPeriods: 1,
      threshold: 1,
      comparisonOperator: 'GreaterThanThreshold',
      treatMissingData: 'notBreaching',
    });
    this.expectDone('PutMetricAlarm', result);
    this.hasAlarm = true;
    return this.alarm;
  }

  private async deleteEndpoint(): Promise<void> {
    for (const name of [...this.components.keys()]) await this.deleteOne(name);
    const input = { endpointName: this.endpoint };
    this.configName = null;
    this.expectDone('DeleteEndpoint', await this.client.call('DeleteEndpoint', input));
    for (;;) {
      const seen = await this.client.call('DescribeEndpoint', input);
      if (!seen.isDone) return this.expectRefusal('DescribeEndpoint', seen, ['NAME-410']);
      await this.pause(1_000);
    }
  }

  private async newConfig(): Promise<string> {
    const number = ++this.made;
    const models = new Map<string, string>();
    for (const variant of ownVariants(this.shape)) {
      const name = `${this.endpoint}-${variant}-${number}`;
      const conduct = number === 1 ? Conduct.Good : drawConduct(this.random);
      const input = drawModel(name, this.random, conduct);
      this.expectDone('CreateModel', await this.client.call('CreateModel', input));
      this.models.add(name);
      models.set(variant, name);
    }
    const name = `${this.endpoint}-config-${number}`;
    const input = drawConfig(name, this.shape, (variant) => models.get(variant)!, this.random);
    this.expectDone('CreateEndpointConfig', await this.client.call('CreateEndpointConfig', input));
    this.configs.add(name);
    return name;
  }

  /** Names of components are unique over the endpoints of an account. */
  private componentName(name: string): string {
    return `${this.endpoint}-${name}`;
  }

  private someComponent(): string | null {
    const names = [...this.components.keys()];
    return names[this.random.below(Math.max(1, names.length))] ?? null;
  }

  private async pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => this.world.clock.after(ms, resolve));
  }

  private expectDone(operation: string, result: CallResult<object>): void {
    this.world.note(
      `${this.scope.account} ${operation} ${this.endpoint}: ${result.isDone ? 'done' : result.error.message}`,
    );
    if (!result.isDone) this.world.complain(`${operation} is refused: ${result.error.message}`);
  }

  private expectRefusal(operation: string, result: CallResult<object>, codes: readonly string[]): void {
    if (result.isDone) return;
    this.world.note(`${this.scope.account} ${operation} ${this.endpoint}: ${result.error.message}`);
    if (codes.includes(result.error.code)) return;
    this.world.complain(`${operation} is refused: ${result.error.code} ${result.error.message}`);
  }
}
