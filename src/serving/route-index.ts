/**
 * One route table, indexed: by account and region, then by name. Made anew with each table and never changed, so that
 * whatever was found belongs together.
 */
import type { ComponentRoute, EndpointRoute, RouteTable, VariantRoute } from '../contracts/route-feed.js';
import { componentKey, type InferenceComponent, WorkloadKind } from '../domain/component.js';
import type { Scope } from '../domain/scope.js';

/** A production variant with a model of its own. */
export interface OwnModel {
  readonly weight: number;
  /** `name` and `variant` are the variant's name. */
  readonly component: InferenceComponent;
}

/** What callers of one endpoint can name. Shadow variants are not among it. */
export interface ServedEndpoint {
  readonly name: string;
  readonly components: ReadonlyMap<string, InferenceComponent>;
  readonly ownModels: readonly OwnModel[];
  /** Names of all production variants. */
  readonly variants: readonly string[];
}

/** What callers of one scope can name. */
export interface ServedRegion {
  readonly endpoints: ReadonlyMap<string, ServedEndpoint>;
  /** Inference components by name, over all endpoints. */
  readonly components: ReadonlyMap<string, readonly InferenceComponent[]>;
}

const nothing: ServedRegion = { endpoints: new Map(), components: new Map() };

export class RouteIndex {
  private readonly accounts = new Map<string, Map<string, MutableRegion>>();

  constructor(table: RouteTable) {
    for (const endpoint of table.endpoints) this.add(endpoint);
  }

  region(scope: Scope): ServedRegion {
    return this.accounts.get(scope.account)?.get(scope.region) ?? nothing;
  }

  /** Other regions of the same account. */
  otherRegions(scope: Scope): readonly (readonly [name: string, region: ServedRegion])[] {
    const all = this.accounts.get(scope.account) ?? new Map<string, ServedRegion>();
    return [...all].filter(([name]) => name !== scope.region);
  }

  private add(route: EndpointRoute): void {
    const region = this.regionOf(route.scope);
    const endpoint = servedEndpoint(route);
    region.endpoints.set(route.name, endpoint);
    for (const [name, component] of endpoint.components) {
      const same = region.components.get(name);
      if (same === undefined) region.components.set(name, [component]);
      else same.push(component);
    }
  }

  private regionOf({ account, region }: Scope): MutableRegion {
    let regions = this.accounts.get(account);
    if (regions === undefined) this.accounts.set(account, (regions = new Map()));
    let found = regions.get(region);
    if (found === undefined) regions.set(region, (found = { endpoints: new Map(), components: new Map() }));
    return found;
  }
}

interface MutableRegion extends ServedRegion {
  readonly endpoints: Map<string, ServedEndpoint>;
  readonly components: Map<string, InferenceComponent[]>;
}

function servedEndpoint({ name, variants, components }: EndpointRoute): ServedEndpoint {
  const named = new Map<string, InferenceComponent>();
  const ownModels: OwnModel[] = [];
  for (const { component } of components) {
    if (component.kind === WorkloadKind.Component) named.set(component.name, component);
  }
  const production = variants.filter(({ shadow }) => shadow === null);
  for (const variant of production) {
    const component = modelOf(variant, components);
    if (component !== null) ownModels.push({ weight: variant.weight, component });
  }
  return { name, components: named, ownModels, variants: production.map((variant) => variant.name) };
}

/** The variant's own model; null when it is for inference components, or its model is not in the table. */
export function modelOf(
  variant: VariantRoute,
  components: readonly ComponentRoute[],
): InferenceComponent | null {
  if (variant.model === null) return null;
  for (const { component } of components) {
    const isOwn = component.kind === WorkloadKind.Variant && component.name === variant.name;
    if (isOwn && componentKey(component) === variant.model) return component;
  }
  return null;
}
