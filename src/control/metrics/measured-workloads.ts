/** What has metrics of its own: every component with copies of its own, and every variant's own model. */
import { componentKey, WorkloadKind } from '../../domain/component.js';
import { CopyState } from '../../domain/copy.js';
import { servingGeneration } from '../../domain/endpoint.js';
import { baseOf } from '../../domain/inference-component.js';
import { InstanceState } from '../../domain/instance.js';
import type { Scope } from '../../domain/scope.js';
import type { StateView } from '../state-view.js';

export interface MeasuredWorkload {
  /** `componentKey`. */
  readonly key: string;
  readonly scope: Scope;
  readonly endpoint: string;
  readonly variant: string;
  /** Null = the variant's own model. */
  readonly component: string | null;
  /** Copies that are wanted now. */
  readonly wanted: number;
}

export function measuredWorkloads(state: StateView): readonly MeasuredWorkload[] {
  const workloads: MeasuredWorkload[] = [];
  for (const { value: endpoint } of state.allEndpoints()) {
    const { scope, name } = endpoint;
    const generation = servingGeneration(endpoint);
    for (const variant of Object.keys(generation?.models ?? {})) {
      const key = componentKey({ scope, endpoint: name, name: variant, kind: WorkloadKind.Variant });
      const wanted = generation?.variants[variant]?.instanceCount ?? 0;
      workloads.push({ key, scope, endpoint: name, variant, component: null, wanted });
    }
  }
  for (const { value: component } of state.allComponents()) {
    if (baseOf(component) !== null) continue;
    const { scope, endpointName: endpoint, variantName: variant, name, copyCount: wanted } = component;
    const key = componentKey({ scope, endpoint, name, kind: WorkloadKind.Component });
    workloads.push({ key, scope, endpoint, variant, component: name, wanted });
  }
  return workloads;
}

/** Copies of a workload that take requests. */
export function readyCopies(state: StateView, key: string): number {
  let count = 0;
  for (const { value } of state.copiesOf(key)) {
    if (value.wish === 'run' && value.state === CopyState.Ready) count++;
  }
  return count;
}

/** Instances of a variant that take copies. */
export function readyInstances(state: StateView, scope: Scope, endpoint: string, variant: string): number {
  let count = 0;
  for (const { value } of state.instancesOf(scope, endpoint)) {
    if (value.variant === variant && value.state === InstanceState.Ready) count++;
  }
  return count;
}
