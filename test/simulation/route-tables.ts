/** Components and route tables for tests of serving, said in as few words as they need. */
import {
  type ComponentRoute,
  type CopyRoute,
  emptyRouteTable,
  type EndpointRoute,
  type RouteFeed,
  type RouteTable,
  type VariantRoute,
} from '../../src/contracts/route-feed.js';
import {
  componentKey,
  defaultStartupLimits,
  EngineKind,
  type InferenceComponent,
  RoutingStrategy,
  WorkloadKind,
} from '../../src/domain/component.js';
import { defaultComponentOptions } from '../../src/domain/component-options.js';
import type { Scope } from '../../src/domain/scope.js';

export const scopeA: Scope = { account: '111111111111', region: 'us-east-1' };

/** An inference component of the endpoint `e`, on the variant `blue`. */
export function componentNamed(name: string, changes: Partial<InferenceComponent> = {}): InferenceComponent {
  return {
    scope: scopeA,
    endpoint: 'e',
    variant: 'blue',
    name,
    kind: WorkloadKind.Component,
    generation: 1,
    model: { url: '/none', form: 'object' },
    engine: EngineKind.Simulated,
    resources: {
      cpus: 1,
      memoryBytesMin: 0,
      memoryBytesMax: 0,
      accelerators: 0,
      acceleratorMemoryBytes: 0,
    },
    copies: { min: 1, max: 1 },
    options: defaultComponentOptions,
    startup: defaultStartupLimits,
    ...changes,
  };
}

/** The own model of a variant of the endpoint `e`. */
export function modelOfVariant(
  variant: string,
  changes: Partial<InferenceComponent> = {},
): InferenceComponent {
  return componentNamed(variant, { variant, kind: WorkloadKind.Variant, ...changes });
}

export function componentRoute(
  component: InferenceComponent,
  changes: Partial<ComponentRoute> = {},
): ComponentRoute {
  return { component, shares: [{ group: 1, percent: 100 }], refusal: null, ...changes };
}

/** A variant for inference components, unless its model is given. */
export function variantRoute(
  name: string,
  model: InferenceComponent | null = null,
  changes: Partial<VariantRoute> = {},
): VariantRoute {
  return {
    name,
    weight: 1,
    routing: RoutingStrategy.LeastOutstandingRequests,
    model: model === null ? null : componentKey(model),
    shadow: null,
    ...changes,
  };
}

export function endpointRoute(
  components: readonly (InferenceComponent | ComponentRoute)[],
  changes: Partial<EndpointRoute> = {},
): EndpointRoute {
  const routes = components.map((one) => ('component' in one ? one : componentRoute(one)));
  const variants = [...new Set(routes.map(({ component }) => component.variant))].map((name) =>
    variantRoute(name, routes.find((one) => isModelOf(name, one))?.component ?? null),
  );
  return { scope: scopeA, name: 'e', variants, components: routes, ...changes };
}

function isModelOf(variant: string, { component }: ComponentRoute): boolean {
  return component.kind === WorkloadKind.Variant && component.variant === variant;
}

export function copyRoute(
  component: InferenceComponent,
  id: string,
  changes: Partial<CopyRoute> = {},
): CopyRoute {
  return {
    copy: { id, incarnation: 1 },
    component: componentKey(component),
    generation: component.generation,
    address: `mem:${id}`,
    capacity: 4,
    group: 1,
    ...changes,
  };
}

/** A feed whose tables the test makes. */
export class TestFeed implements RouteFeed {
  private table: RouteTable = emptyRouteTable;
  private listeners: ((table: RouteTable) => void)[] = [];

  current(): RouteTable {
    return this.table;
  }

  onTable(listener: (table: RouteTable) => void): () => void {
    this.listeners.push(listener);
    return () => (this.listeners = this.listeners.filter((known) => known !== listener));
  }

  publish(endpoints: readonly EndpointRoute[], copies: readonly CopyRoute[] = []): void {
    this.table = { revision: this.table.revision + 1, endpoints, copies };
    for (const listener of this.listeners) listener(this.table);
  }
}
