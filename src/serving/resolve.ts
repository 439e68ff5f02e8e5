/** What a call means: names → one thing that has copies, perhaps with an adapter, or a refusal that says what there is. */
import { pickWeighted } from '../decide/routing/pick-weighted.js';
import type { InferenceComponent } from '../domain/component.js';
import { StowageError } from '../domain/errors.js';
import type { Scope } from '../domain/scope.js';
import type { RouteIndex, ServedEndpoint, ServedRegion } from './route-index.js';
import { listOf, suggestionFor } from './suggestion.js';

/** Chance in [0, 1), asked for at most once. */
type Chance = () => number;

/** As `Serving.resolve` says. Runs for every request: nothing is allocated on the way to an answer. */
export function resolveCall(
  index: RouteIndex,
  scope: Scope,
  endpoint: string | null,
  name: string | null,
  variant: string | null,
  chance: Chance,
): InferenceComponent {
  const region = index.region(scope);
  if (endpoint !== null) {
    const found = region.endpoints.get(endpoint);
    if (found === undefined) throw noEndpoint(index, scope, endpoint);
    return resolveWithin(index, found, name, variant, chance);
  }
  if (name === null) return resolveOnly(index, region, variant, chance);
  const components = region.components.get(name) ?? region.adapters.components.get(name);
  if (components !== undefined) return onVariant(onlyOne(components), variant);
  const slash = name.indexOf('/');
  if (slash > 0) {
    return resolveCall(index, scope, name.slice(0, slash), name.slice(slash + 1) || null, variant, chance);
  }
  const sameName = region.endpoints.get(name);
  if (sameName !== undefined) return resolveWithin(index, sameName, null, variant, chance);
  const colon = name.indexOf(':');
  if (colon > 0) {
    const base = resolveCall(index, scope, null, name.slice(0, colon), variant, chance);
    return withAdapter(index, base, name.slice(colon + 1));
  }
  const adapted = region.adapters.options.get(name);
  if (adapted !== undefined) return onVariant(onlyOne(adapted), variant);
  throw noName(index, scope, name);
}

/** The component with the adapter of that name. */
function withAdapter(index: RouteIndex, component: InferenceComponent, name: string): InferenceComponent {
  const adapted = index.withAdapters(component);
  const found = adapted.get(name);
  if (found !== undefined) return found;
  const known = [...adapted.keys()];
  const suggestion =
    known.length === 0
      ? `\`${component.name}\` has no adapters`
      : `the adapters of \`${component.name}\` are: ${listOf(known)}`;
  throw StowageError.of('NAME-404', { name: `${component.name}:${name}`.slice(0, 200), suggestion });
}

/** The one of that name in a scope; several endpoints may have one of theirs. */
function onlyOne(components: readonly InferenceComponent[]): InferenceComponent {
  if (components.length === 1) return components[0]!;
  const whole = components.map(
    ({ endpoint, name, adapter }) => `${endpoint}/${name}${adapter === undefined ? '' : `:${adapter.name}`}`,
  );
  throw StowageError.of('NAME-407', { endpoint: '*', components: listOf(whole) });
}

/** No name at all: what the scope's only endpoint means by it. */
function resolveOnly(
  index: RouteIndex,
  region: ServedRegion,
  variant: string | null,
  chance: Chance,
): InferenceComponent {
  const [endpoint] = region.endpoints.values();
  if (endpoint !== undefined && region.endpoints.size === 1) {
    return resolveWithin(index, endpoint, null, variant, chance);
  }
  const components = listOf([...region.endpoints.keys()]);
  throw StowageError.of('NAME-407', { endpoint: '*', components });
}

function resolveWithin(
  index: RouteIndex,
  endpoint: ServedEndpoint,
  name: string | null,
  variant: string | null,
  chance: Chance,
): InferenceComponent {
  if (variant !== null && !endpoint.variants.includes(variant)) {
    const variants = listOf(endpoint.variants);
    throw StowageError.of('NAME-412', { variant, endpoint: endpoint.name, variants });
  }
  if (name === null) return resolveUnnamed(endpoint, variant, chance);
  const found = endpoint.components.get(name) ?? ownModelOf(endpoint, name);
  if (found !== undefined) return onVariant(found, variant);
  if (name === endpoint.name) return resolveUnnamed(endpoint, variant, chance);
  return resolveAdapter(index, endpoint, name, variant, chance);
}

/** By the name of an adapter component, by `component:adapter`, or by that of an adapter that only one component has. */
function resolveAdapter(
  index: RouteIndex,
  endpoint: ServedEndpoint,
  name: string,
  variant: string | null,
  chance: Chance,
): InferenceComponent {
  const component = endpoint.adapters.components.get(name)?.[0];
  if (component !== undefined) return onVariant(component, variant);
  const colon = name.indexOf(':');
  if (colon > 0) {
    const base = resolveWithin(index, endpoint, name.slice(0, colon), variant, chance);
    return withAdapter(index, base, name.slice(colon + 1));
  }
  const adapted = endpoint.adapters.options.get(name);
  if (adapted !== undefined) return onVariant(onlyOne(adapted), variant);
  const known = [
    ...endpoint.components.keys(),
    ...endpoint.ownModels.map(({ component: own }) => own.name),
    ...endpoint.adapters.components.keys(),
    ...endpoint.adapters.options.keys(),
  ];
  throw StowageError.of('NAME-404', { name, suggestion: suggestionFor(name, known, []) });
}

/** The component, when it is on that variant or none was named. */
function onVariant(component: InferenceComponent, variant: string | null): InferenceComponent {
  if (variant === null || component.variant === variant) return component;
  const suggestion = `it is on the variant \`${component.variant}\`, not on \`${variant}\``;
  throw StowageError.of('NAME-404', { name: component.name, suggestion });
}

/** No component was named: a variant's own model by weight, or the only component there is. */
function resolveUnnamed(
  endpoint: ServedEndpoint,
  variant: string | null,
  chance: Chance,
): InferenceComponent {
  if (variant !== null) {
    const own = ownModelOf(endpoint, variant);
    if (own !== undefined) return own;
  } else if (endpoint.ownModels.length > 0) {
    const { ownModels } = endpoint;
    return ownModels[ownModels.length === 1 ? 0 : pickWeighted(ownModels, chance())]!.component;
  }
  const components = [...endpoint.components.values()].filter(
    (component) => variant === null || component.variant === variant,
  );
  if (components.length === 1) return components[0]!;
  const names = components.map((component) => component.name);
  throw StowageError.of('NAME-407', { endpoint: endpoint.name, components: listOf(names) });
}

function ownModelOf(endpoint: ServedEndpoint, variant: string): InferenceComponent | undefined {
  return endpoint.ownModels.find(({ component }) => component.name === variant)?.component;
}

function noEndpoint(index: RouteIndex, scope: Scope, name: string): StowageError {
  const elsewhere = index.otherRegions(scope).filter(([, other]) => other.endpoints.has(name));
  const known = [...index.region(scope).endpoints.keys()];
  return StowageError.of('NAME-405', { name, suggestion: suggestionFor(name, known, elsewhere) });
}

function noName(index: RouteIndex, scope: Scope, name: string): StowageError {
  const region = index.region(scope);
  const elsewhere = index
    .otherRegions(scope)
    .filter(([, other]) => other.components.has(name) || other.endpoints.has(name));
  const { components, options } = region.adapters;
  const known = [
    ...region.components.keys(),
    ...region.endpoints.keys(),
    ...components.keys(),
    ...options.keys(),
  ];
  return StowageError.of('NAME-404', { name, suggestion: suggestionFor(name, known, elsewhere) });
}
