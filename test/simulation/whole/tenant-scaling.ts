/** What an owner does about scaling: bounds and policies of its components, set, changed and taken away at random. */
import type { SeededRandom } from '../seeded-random.js';
import type { CallResult, Client } from './client.js';

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const copiesMax = 4;
const policyName = 'keeps-pace';

export class TenantScaling {
  /** Bounds that were promised, by component. */
  readonly bounds = new Map<string, Bounds>();
  private readonly policies = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly random: SeededRandom,
    private readonly expectDone: (operation: string, result: CallResult<object>) => void,
  ) {}

  /** Deleting a component deletes what scales it. */
  forget(component: string): void {
    this.bounds.delete(component);
    this.policies.delete(component);
  }

  async change(component: string): Promise<void> {
    const { random } = this;
    if (this.bounds.has(component) && random.happens(0.2)) return this.deregister(component);
    await this.register(component);
    if (random.happens(0.6)) await this.putPolicy(component);
    else if (this.policies.has(component) && random.happens(0.3)) await this.deletePolicy(component);
  }

  private async register(component: string): Promise<void> {
    const min = this.random.below(2);
    const max = Math.max(1, min + this.random.below(copiesMax));
    const input = { ...targetOf(component), minCapacity: min, maxCapacity: max };
    this.expectDone('RegisterScalableTarget', await this.client.call('RegisterScalableTarget', input));
    this.bounds.set(component, { min, max });
  }

  private async deregister(component: string): Promise<void> {
    this.forget(component);
    const input = targetOf(component);
    this.expectDone('DeregisterScalableTarget', await this.client.call('DeregisterScalableTarget', input));
  }

  private async putPolicy(component: string): Promise<void> {
    const metric = {
      namespace: 'Stowage',
      metricName: 'TimeToFirstToken',
      dimensions: [{ name: 'InferenceComponentName', value: component }],
    };
    const objective = {
      targetValue: 200 + this.random.below(2_000),
      customizedMetricSpecification: { metrics: [{ id: 'm', metricStat: { metric, stat: 'p95' } }] },
    };
    const concurrency = 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution';
    const tracking = {
      targetValue: 1 + this.random.below(4),
      predefinedMetricSpecification: { predefinedMetricType: concurrency },
    };
    const result = await this.client.call('PutScalingPolicy', {
      ...targetOf(component),
      policyName,
      policyType: 'TargetTrackingScaling',
      targetTrackingScalingPolicyConfiguration: this.random.happens(0.6) ? objective : tracking,
    });
    this.expectDone('PutScalingPolicy', result);
    this.policies.add(component);
  }

  private async deletePolicy(component: string): Promise<void> {
    this.policies.delete(component);
    const input = { ...targetOf(component), policyName };
    this.expectDone('DeleteScalingPolicy', await this.client.call('DeleteScalingPolicy', input));
  }
}

function targetOf(component: string) {
  return {
    serviceNamespace: 'sagemaker',
    resourceId: `inference-component/${component}`,
    scalableDimension: 'sagemaker:inference-component:DesiredCopyCount',
  } as const;
}
