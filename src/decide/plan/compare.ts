/**
 * What must be called to make an endpoint as it is wanted, and what that means for those who use it. Pure: the same
 * plan and the same state give the same difference, and a state that is as wanted gives none.
 *
 * Only what carries the tag of `apply` is deleted; of what others made, only things the plan names are changed, after
 * somebody said yes.
 */
import type { EndpointConfigSpecification } from '../../domain/endpoint.js';
import type { Tag } from '../../domain/model.js';
import { peakPricePerHour, roomWarnings } from './capacity.js';
import type { Catalogue } from './capacity.js';
import { compareComponent, isOurs } from './compare-component.js';
import { changedConfigValues } from './changed-values.js';
import { TagKey } from './desired.js';
import type { DesiredEndpoint } from './desired.js';
import type { Observed, ObservedComponent, ObservedEndpointState, ObservedPart } from './observed.js';
import type { Difference, PlannedChange, Step } from './step.js';

/** Adapters that a reason names. */
const shownAdaptersMax = 5;

export interface CompareOptions {
  /** Delete components of the endpoint that `apply` made and the plan no longer names. */
  readonly prune: boolean;
  readonly catalogue: Catalogue;
}

export function compare(desired: DesiredEndpoint, observed: Observed, options: CompareOptions): Difference {
  const endpoint = compareEndpoint(desired, observed);
  const conflicts = observed.components.filter((component) => component.endpoint !== desired.name);
  const own = observed.components.filter((component) => component.endpoint === desired.name);
  const startsAnew = endpoint.change?.change === 'replace';
  const compared = desired.components.map((component) =>
    compareComponent(
      desired,
      component,
      startsAnew ? null : (own.find(({ name }) => name === component.name) ?? null),
    ),
  );
  const others = own.filter(({ name }) => !desired.components.some((component) => component.name === name));
  const gone = startsAnew
    ? []
    : others.filter((one) => options.prune && isOurs(one) && adaptersOn(one, own).length === 0);
  const leftAlone = startsAnew ? [] : others.filter((component) => !gone.includes(component));
  const leftOver = options.prune ? leftOverParts(desired, observed, leftAlone) : [];
  const changes = [
    ...(endpoint.change === null ? [] : [endpoint.change]),
    ...compared.flatMap(({ change }) => (change === null ? [] : [change])),
    ...gone.map(deletionOf),
    ...leftOver.map(partDeletionOf),
  ];
  const steps = orderedSteps({
    early: [...gone.flatMap(deletionSteps), ...(startsAnew ? startAnew(desired.name, own) : [])],
    endpoint: endpoint.steps,
    components: compared.flatMap((one) => one.steps),
  });
  return {
    endpoint: desired.name,
    changes,
    unchanged: [
      ...(endpoint.change === null ? [`endpoint/${desired.name}`] : []),
      ...compared.flatMap(({ change }, index) =>
        change === null ? [`component/${desired.components[index]?.name}`] : [],
      ),
    ],
    leftAlone: leftAlone.map((component) => whyLeftAlone(component, adaptersOn(component, own))),
    conflicts: conflicts.map(({ name, endpoint: owner }) => ({ name, endpoint: owner })),
    warnings: roomWarnings(desired, options.catalogue),
    pricePerHour: {
      from: priceOf(observed.endpoint?.config, options.catalogue),
      to: priceOf(desired.config.specification, options.catalogue),
    },
    steps: [
      ...modelSteps(desired, observed, steps),
      ...steps,
      ...leftOver.map((part): Step => ({ do: 'delete-part', part })),
    ],
  };
}

/** What was made for the endpoint and is of no use once the difference is made: old models and configurations. */
function leftOverParts(
  desired: DesiredEndpoint,
  observed: Observed,
  leftAlone: readonly ObservedComponent[],
): readonly ObservedPart[] {
  const keepsConfig = observed.endpoint !== null && configDetails(desired, observed.endpoint).length === 0;
  const { config = null, configName = '' } = keepsConfig ? (observed.endpoint ?? {}) : {};
  const used = new Set([
    desired.config.name,
    configName,
    ...desired.models.map(({ name }) => name),
    ...[...(config?.productionVariants ?? []), ...(config?.shadowProductionVariants ?? [])].map(
      ({ modelName }) => modelName,
    ),
    ...leftAlone.flatMap(({ specifications }) => specifications.map(({ modelName }) => modelName)),
  ]);
  return observed.parts.filter(({ name }) => !used.has(name));
}

function partDeletionOf({ kind, name }: ObservedPart): PlannedChange {
  const meaning = 'nothing uses it any more';
  return { change: 'delete', kind, name, meaning, details: [], confirmation: null };
}

function priceOf(
  config: EndpointConfigSpecification | null | undefined,
  catalogue: Catalogue,
): number | null {
  return config === null || config === undefined ? null : peakPricePerHour(config, catalogue);
}

interface EndpointComparison {
  readonly change: PlannedChange | null;
  readonly steps: readonly Step[];
}

function compareEndpoint(desired: DesiredEndpoint, observed: Observed): EndpointComparison {
  const { name, config, tags } = desired;
  const state = observed.endpoint;
  const makeConfig: readonly Step[] = observed.configs.has(config.name)
    ? []
    : [{ do: 'create-endpoint-config', ...config, tags: partTags(desired) }];
  const create: readonly Step[] = [
    ...makeConfig,
    { do: 'create-endpoint', name, configName: config.name, tags },
  ];
  const changeOf = (
    parts: Pick<PlannedChange, 'change' | 'meaning'> & Partial<PlannedChange>,
  ): PlannedChange => ({
    kind: 'endpoint',
    name,
    details: [],
    confirmation: null,
    ...parts,
  });
  if (state === null || state.status === 'Deleting') {
    const meaning =
      state === null ? instancesText(desired) : `${instancesText(desired)}, once the old one is gone`;
    return { change: changeOf({ change: 'create', meaning }), steps: create };
  }
  const anew = whyAnew(desired, state);
  if (anew !== null) {
    const confirmation = `${anew}; it is deleted with its components and made anew`;
    return {
      change: changeOf({ change: 'replace', meaning: instancesText(desired), confirmation }),
      steps: create,
    };
  }
  const details = configDetails(desired, state);
  if (details.length === 0 && state.status !== 'UpdateRollbackFailed') {
    const missing = tags.filter((tag) => !hasTag(state.tags, tag));
    const isTagged = missing.length === 0 || !state.tags.some(({ key }) => key.startsWith('stowage:'));
    return { change: null, steps: isTagged ? [] : [{ do: 'tag', kind: 'endpoint', name, tags: missing }] };
  }
  const shrinking = shrinkingOf(desired, state);
  const foreign = isOurs(state) ? null : 'it was not made by `stowage apply`';
  return {
    change: changeOf({
      change: 'update',
      meaning: rolloutText(desired),
      details,
      confirmation: shrinking ?? foreign,
    }),
    steps: [
      ...makeConfig,
      { do: 'update-endpoint', name, configName: config.name, rollout: desired.rollout },
      { do: 'tag', kind: 'endpoint', name, tags },
    ],
  };
}

/** Why no update makes it as wanted; null = one does. */
function whyAnew(desired: DesiredEndpoint, state: ObservedEndpointState): string | null {
  if (state.status === 'Failed') return 'it is Failed';
  const namesOf = (config: EndpointConfigSpecification) =>
    config.productionVariants
      .map(({ variantName }) => variantName)
      .sort()
      .join(', ');
  if (state.config === null) return null;
  const [before, after] = [namesOf(state.config), namesOf(desired.config.specification)];
  return before === after ? null : `its variants are ${before}, wanted are ${after}`;
}

function configDetails(desired: DesiredEndpoint, state: ObservedEndpointState): PlannedChange['details'] {
  const { name, specification } = desired.config;
  if (state.configName === name) return [];
  if (state.config === null) return [{ path: 'configuration', from: state.configName, to: name }];
  return changedConfigValues(
    { config: specification, containers: desired.variantContainers },
    { config: state.config, containers: state.variantContainers },
  );
}

/** What live instances go; null when none do. */
function shrinkingOf(desired: DesiredEndpoint, state: ObservedEndpointState): string | null {
  const wanted = desired.config.specification;
  const variants = [...wanted.productionVariants, ...(wanted.shadowProductionVariants ?? [])];
  for (const { name, instances } of state.variants) {
    const variant = variants.find(({ variantName }) => variantName === name);
    const count = variant?.managedInstanceScaling?.maxInstanceCount ?? variant?.initialInstanceCount ?? 0;
    if (variant === undefined && instances > 0)
      return `variant ${name} goes, with ${counted(instances, 'instance')}`;
    if (count < instances) return `${instances - count} of ${counted(instances, 'instance')} of ${name} go`;
  }
  return null;
}

function instancesText({ config }: DesiredEndpoint): string {
  const { productionVariants, shadowProductionVariants = [] } = config.specification;
  return [...productionVariants, ...shadowProductionVariants]
    .map(({ initialInstanceCount = 1, instanceType, instancePools = [], managedInstanceScaling }) => {
      const type = instanceType ?? instancePools.map((pool) => pool.instanceType).join(' or ');
      const { minInstanceCount: min, maxInstanceCount: max } = managedInstanceScaling ?? {};
      const bounds = min === undefined || max === undefined ? '' : `, ${min} to ${max} by need`;
      return `${initialInstanceCount} × ${type}${bounds}`;
    })
    .join(', ');
}

function rolloutText({ rollout }: DesiredEndpoint): string {
  if (rollout?.rollingUpdatePolicy !== undefined) return 'new instances, a batch at a time';
  switch (rollout?.blueGreenUpdatePolicy?.trafficRoutingConfiguration.type) {
    case 'CANARY':
      return 'new instances beside the old ones, a part of the traffic first';
    case 'LINEAR':
      return 'new instances beside the old ones, traffic step by step';
    case 'ALL_AT_ONCE':
    case undefined:
      return 'new instances beside the old ones, then all traffic at once';
  }
}

function deletionOf(component: ObservedComponent): PlannedChange {
  const live = Math.max(component.copies, component.copiesWanted);
  const meaning = `deletes ${counted(live, 'live cop')}`;
  return {
    change: 'delete',
    kind: 'component',
    name: component.name,
    meaning,
    details: [],
    confirmation: live === 0 ? null : meaning,
  };
}

/** Not every server takes a component's scaling away with it. */
function deletionSteps({ name, scaling }: ObservedComponent): readonly Step[] {
  const isOurScaling = scaling !== null && scaling.policy !== null;
  const stop: readonly Step[] = isOurScaling ? [{ do: 'stop-scaling', name }] : [];
  return [...stop, { do: 'delete-component', name }];
}

function whyLeftAlone(
  component: ObservedComponent,
  adapters: readonly string[],
): { name: string; reason: string } {
  const { name } = component;
  if (!isOurs(component)) return { name, reason: 'not made by `stowage apply`' };
  if (adapters.length === 0) return { name, reason: 'not in the file; `--prune` deletes it' };
  const shown = adapters.slice(0, shownAdaptersMax).join(', ');
  return { name, reason: `not in the file; \`--prune\` cannot delete it while adapters are on it: ${shown}` };
}

/** Names of the adapter components on a component: it cannot be deleted before them. */
function adaptersOn(
  { name }: ObservedComponent,
  components: readonly ObservedComponent[],
): readonly string[] {
  return components.filter((one) => baseOf(one) === name).map((one) => one.name);
}

function baseOf({ specifications }: ObservedComponent): string | null {
  return specifications[0]?.baseInferenceComponentName ?? null;
}

/** Nothing can be done with a failed endpoint but to delete it, and it must be empty for that. */
function startAnew(name: string, components: readonly ObservedComponent[]): readonly Step[] {
  const isAdapter = (component: ObservedComponent) => baseOf(component) !== null;
  const ordered = [...components.filter(isAdapter), ...components.filter((one) => !isAdapter(one))];
  return [
    ...ordered.map((component): Step => ({ do: 'delete-component', name: component.name })),
    { do: 'delete-endpoint', name },
  ];
}

/** Room is made before it is taken. */
function orderedSteps(parts: {
  readonly early: readonly Step[];
  readonly endpoint: readonly Step[];
  readonly components: readonly Step[];
}): readonly Step[] {
  const rank: Partial<Record<Step['do'], number>> = {
    'delete-component': 0,
    'stop-scaling': 1,
    'scale-component': 2,
    'update-component': 3,
    'create-component': 4,
    'scale-by-load': 5,
    tag: 6,
  };
  const rankOf = (step: Step) => rank[step.do] ?? 0;
  const components = [...parts.components].sort((a, b) => rankOf(a) - rankOf(b));
  return [...parts.early, ...parts.endpoint, ...components];
}

/** Only models that a later step needs. */
function modelSteps(desired: DesiredEndpoint, observed: Observed, steps: readonly Step[]): readonly Step[] {
  const needed = new Set(
    steps.flatMap((step) => {
      switch (step.do) {
        case 'create-endpoint-config':
          return [
            ...step.specification.productionVariants,
            ...(step.specification.shadowProductionVariants ?? []),
          ].map(({ modelName }) => modelName);
        case 'create-component':
        case 'update-component':
          return step.component.specifications.map(({ modelName }) => modelName);
        default:
          return [];
      }
    }),
  );
  return desired.models
    .filter(({ name }) => needed.has(name) && !observed.models.has(name))
    .map((model) => ({ do: 'create-model', model, tags: partTags(desired) }));
}

function partTags({ name, tags }: DesiredEndpoint): readonly Tag[] {
  return [...tags, { key: TagKey.Endpoint, value: name }];
}

function hasTag(tags: readonly Tag[], wanted: Tag): boolean {
  return tags.some(({ key, value }) => key === wanted.key && value === wanted.value);
}

/** `1 instance`, `2 copies`; a stem that ends with `cop` is completed too. */
function counted(count: number, stem: string): string {
  if (stem.endsWith('cop')) return `${count} ${stem}${count === 1 ? 'y' : 'ies'}`;
  return `${count} ${stem}${count === 1 ? '' : 's'}`;
}
