/** Where the failures of a workload are written down: a component's in its own record, a variant's model's in its endpoint's. */
import { parseComponentKey, WorkloadKind } from '../domain/component.js';
import type { EndpointRecord } from '../domain/endpoint.js';
import { EndpointStatus } from '../domain/endpoint.js';
import type { ComponentFailures } from '../domain/inference-component.js';
import type { Desk } from './desk.js';

/** Failures in a row of a `componentKey`; null = none. */
export function failuresOf({ state }: Desk, key: string): ComponentFailures | null {
  const { kind, scope, endpoint, name } = parseComponentKey(key);
  if (kind === WorkloadKind.Component) return state.componentByKey(key)?.failures ?? null;
  return state.endpoint(scope, endpoint)?.value.modelFailures[name] ?? null;
}

/** Writes them down, where there is still somebody to have them. */
export function putFailures({ state }: Desk, key: string, failures: ComponentFailures): void {
  const { kind, scope, endpoint: endpointName, name } = parseComponentKey(key);
  const { message } = failures.error;
  if (kind === WorkloadKind.Component) {
    const component = state.componentByKey(key);
    if (component !== undefined) state.put({ ...component, failures }, 'component-copy-failed', message);
    return;
  }
  const endpoint = state.endpoint(scope, endpointName)?.value;
  if (endpoint === undefined || endpoint.status === EndpointStatus.Deleting) return;
  const modelFailures = { ...endpoint.modelFailures, [name]: failures };
  state.put({ ...endpoint, modelFailures }, 'endpoint-copy-failed', message);
}

/** The endpoint without the failures of some of its variants. */
export function withoutFailures(endpoint: EndpointRecord, variants: readonly string[]): EndpointRecord {
  const left = Object.entries(endpoint.modelFailures).filter(([variant]) => !variants.includes(variant));
  return { ...endpoint, modelFailures: Object.fromEntries(left) };
}
