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
  readonly adapters: ServedAdapters;
}

/** Components as they are with one of their adapters, by what the adapter alone is called. */
export interface ServedAdapters {
  /** By the name of the adapter component. */
  readonly components: ReadonlyMap<string, readonly InferenceComponent[]>;
  /** By the name in the options; several components may have one of theirs. */
  readonly options: ReadonlyMap<string, readonly InferenceComponent[]>;
}

/** What callers of one scope can name. */
export interface ServedRegion {
  readonly endpoints: ReadonlyMap<string, ServedEndpoint>;
  /** Inference components by name, over all endpoints. */
  readonly components: ReadonlyMap<string, readonly InferenceComponent[]>;
  readonly adapters: ServedAdapters;
}

const noAdapters: ServedAdapters = { components: new Map(), options: new Map() };
const nothing: ServedRegion = { endpoints: new Map(), components: new Map(), adapters: noAdapters };
/** Most components have none. */
const noneAdapted: ReadonlyMap<string, InferenceComponent> = new Map();

export class RouteIndex {
  private readonly accounts = new Map<string, Map<string, MutableRegion>>();
  /** Of each component with adapters: the same with one of them, by the adapter's name. */
  private readonly adapted = new Map<InferenceComponent, Map<string, InferenceComponent>>();

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

  /** The component with each of its adapters, by the adapter's name. */
  withAdapters(component: InferenceComponent): ReadonlyMap<string, InferenceComponent> {
    return this.adapted.get(component) ?? noneAdapted;
  }

  private add(route: EndpointRoute): void {
    const region = this.regionOf(route.scope);
    const endpoint = servedEndpoint(route);
    region.endpoints.set(route.name, endpoint);
    for (const [name, component] of endpoint.components) {
      append(region.components, name, component);
      this.adapt(component, endpoint.adapters, region.adapters);
    }
    for (const { component } of endpoint.ownModels) {
      this.adapt(component, endpoint.adapters, region.adapters);
    }
  }

  private adapt(component: InferenceComponent, ...places: readonly MutableAdapters[]): void {
    const { adapters = [] } = component;
    if (adapters.length === 0) return;
    const mine = new Map<string, InferenceComponent>();
    for (const adapter of adapters) {
      const adapted = { ...component, adapter };
      mine.set(adapter.name, adapted);
      for (const { components, options } of places) {
        append(adapter.isComponent ? components : options, adapter.name, adapted);
      }
    }
    this.adapted.set(component, mine);
  }

  private regionOf({ account, region }: Scope): MutableRegion {
    let regions = this.accounts.get(account);
    if (regions === undefined) this.accounts.set(account, (regions = new Map()));
    let found = regions.get(region);
    if (found !== undefined) return found;
    found = { endpoints: new Map(), components: new Map(), adapters: emptyAdapters() };
    regions.set(region, found);
    return found;
  }
}

interface MutableAdapters extends ServedAdapters {
  readonly components: Map<string, InferenceComponent[]>;
  readonly options: Map<string, InferenceComponent[]>;
}

interface MutableEndpoint extends ServedEndpoint {
  readonly adapters: MutableAdapters;
}

interface MutableRegion extends ServedRegion {
  readonly endpoints: Map<string, ServedEndpoint>;
  readonly components: Map<string, InferenceComponent[]>;
  readonly adapters: MutableAdapters;
}

function emptyAdapters(): MutableAdapters {
  return { components: new Map(), options: new Map() };
}

function append(map: Map<string, InferenceComponent[]>, name: string, component: InferenceComponent): void {
  const same = map.get(name);
  if (same === undefined) map.set(name, [component]);
  else same.push(component);
}

function servedEndpoint({ name, variants, components }: EndpointRoute): MutableEndpoint {
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
  return {
    name,
    components: named,
    ownModels,
    variants: production.map((variant) => variant.name),
    adapters: emptyAdapters(),
  };
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
