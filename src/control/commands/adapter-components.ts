/**
 * Adapter inference components: a LoRA adapter on a base component, without copies of its own. Created by a
 * specification that names its base and its file and nothing else; updated by one with another file.
 */
import { adaptersOfOptions } from '../../domain/adapter.js';
import { EngineKind } from '../../domain/component.js';
import { readEnvironment } from '../../domain/container-environment.js';
import { StowageError } from '../../domain/errors.js';
import {
  baseOf,
  type ComponentGeneration,
  type ComponentRecord,
  type ComponentSpecification,
  ComponentStatus,
} from '../../domain/inference-component.js';
import { ResourceKind, type Scope } from '../../domain/scope.js';
import { adaptersOn } from '../adapters.js';
import type { StateView } from '../state-view.js';
import type { SpecificationInput } from './component-specifications.js';
import { accountLimits, refuseAbove, refuseOneMore } from './limits.js';
import { found, invalid, refuseUnless, stillUsed } from './refusals.js';

const kind = ResourceKind.InferenceComponent;
const namedAdaptersMax = 5;
/** Members of a specification that an adapter takes from its base. */
const basesOwn = ['instanceType', 'modelName', 'computeResourceRequirements', 'schedulingConfig'] as const;

/** The base that a call names; null = what it describes has copies of its own. Throws REQ-210. */
export function baseNameIn({ specification, specifications }: SpecificationInput): string | null {
  if (specifications?.some(({ baseInferenceComponentName: base }) => base !== undefined) === true) {
    throw invalid('specifications', 'An adapter has one file for all instance types: give Specification.');
  }
  return specification?.baseInferenceComponentName ?? null;
}

/** The component that an adapter is to be on. Throws NAME-410, REQ-210, REQ-212 and STATE-700. */
export function baseFor(
  view: StateView,
  scope: Scope,
  name: string,
  place: {
    /** The adapter's. */
    readonly name: string;
    readonly endpointName: string;
    readonly variantName: string | undefined;
  },
): ComponentRecord {
  const field = 'specification.baseInferenceComponentName';
  const { value: base } = found(view.component(scope, name), scope, kind, name);
  if (baseOf(base) !== null) throw invalid(field, `"${name}" is an adapter itself and can have none.`);
  if (base.endpointName !== place.endpointName) {
    throw invalid(
      field,
      `The base "${name}" is on the endpoint "${base.endpointName}", not on "${place.endpointName}".`,
    );
  }
  if (place.variantName !== undefined && place.variantName !== base.variantName) {
    throw invalid(
      'variantName',
      `The base "${name}" is on the variant "${base.variantName}", not on "${place.variantName}".`,
    );
  }
  const possible = Object.values(ComponentStatus).filter((status) => status !== ComponentStatus.Deleting);
  refuseUnless(possible, 'create an adapter on', kind, base);
  const containers = base.generations.flatMap((generation) => generation.containers);
  for (const engine of enginesOf(containers)) {
    if (engine === EngineKind.LlamaCpp) continue;
    throw invalid(field, `The engine ${engine} of the base "${name}" takes no adapters while it runs.`);
  }
  const named = optionAdaptersOf(containers);
  if (named.has(place.name)) {
    throw invalid(
      'inferenceComponentName',
      `The options of "${name}" have an adapter "${place.name}" already.`,
    );
  }
  refuseOneMore(accountLimits.adapters, adaptersOn(view, base).length + named.size);
  return base;
}

/**
 * What a component is to run, beside the adapters on it. Throws REQ-210 for an adapter in its options that has the name
 * of one of them or its own, REQ-212 for an engine that takes none while it runs, and LIMIT errors.
 */
export function checkBesideAdapters(
  view: StateView,
  component: Pick<ComponentRecord, 'scope' | 'endpointName' | 'name'>,
  { containers }: ComponentGeneration,
): void {
  const on = adaptersOn(view, component).filter(({ status }) => status !== ComponentStatus.Deleting);
  const named = optionAdaptersOf(containers);
  const field = 'specification.container.environment';
  for (const name of [component.name, ...on.map((adapter) => adapter.name)]) {
    if (!named.has(name)) continue;
    throw invalid(field, `The options name an adapter "${name}", and an inference component has that name.`);
  }
  if (on.length === 0) return;
  const names = shownNames(on);
  for (const engine of enginesOf(containers)) {
    if (engine === EngineKind.LlamaCpp) continue;
    const problem = `${engine} takes no adapters while it runs, and ${names} are on "${component.name}"`;
    throw StowageError.of('REQ-212', { field, problem }, { location: field });
  }
  refuseAbove(accountLimits.adapters, on.length + named.size);
}

function enginesOf(containers: ComponentGeneration['containers']): readonly EngineKind[] {
  return containers.map(({ environment }) => readEnvironment(environment ?? {}, 'Environment').engine);
}

/** Names of the adapters in the options; of several containers the most there are. */
function optionAdaptersOf(containers: ComponentGeneration['containers']): ReadonlySet<string> {
  return new Set(
    containers.flatMap(({ environment }) => {
      const { options } = readEnvironment(environment ?? {}, 'Environment');
      return adaptersOfOptions(options.loraModules).map(({ name }) => name);
    }),
  );
}

/**
 * An id that no generation of an adapter of this name ever had, also of one that was deleted or rolled back: copies keep
 * what they loaded under it for a while. It is the time, epoch milliseconds, and rises.
 */
export function adapterGenerationId(component: ComponentRecord | null, now: number): number {
  const ids = component?.generations.map(({ id }) => id) ?? [];
  return Math.max(now, component === null ? 0 : component.modifiedAt + 1, ...ids.map((id) => id + 1));
}

/** A generation of an adapter on `base`. Throws REQ-210. */
export function adapterGeneration(
  { specification = {} }: SpecificationInput,
  id: number,
  base: string,
): ComponentGeneration {
  for (const member of basesOwn) {
    if (specification[member] === undefined) continue;
    const field = `specification.${member}`;
    throw invalid(
      field,
      `'${field}' is the base component's: an adapter has only its Container.ArtifactUrl.`,
    );
  }
  const { artifactUrl, environment, image } = specification.container ?? {};
  if (artifactUrl === undefined) {
    const field = 'specification.container.artifactUrl';
    throw invalid(field, `'${field}' is missing: it is the adapter's file.`);
  }
  if (image !== undefined || Object.keys(environment ?? {}).length > 0) {
    const field = 'specification.container';
    throw invalid(field, `'${field}' has Image or Environment: an adapter runs in its base's container.`);
  }
  const whole: ComponentSpecification = { ...specification, baseInferenceComponentName: base };
  return { id, specifications: [whole], containers: [{ modelDataUrl: artifactUrl }] };
}

/** A new file beside the one that serves; one that never served gives way to it. */
export function withNewAdapter(
  component: ComponentRecord,
  next: ComponentGeneration,
  now: number,
): ComponentRecord {
  const [serving] = component.generations;
  const isServing = component.status === ComponentStatus.InService && serving !== undefined;
  return {
    ...component,
    modifiedAt: now,
    status: ComponentStatus.Updating,
    failureReason: null,
    generations: isServing ? [serving, next] : [next],
  };
}

/** STATE-703 while adapters are on the component. */
export function refuseWithAdapters(view: StateView, component: ComponentRecord): void {
  const on = adaptersOn(view, component).filter(({ status }) => status !== ComponentStatus.Deleting);
  if (on.length === 0) return;
  const users = `the adapter inference components ${shownNames(on)} are on it`;
  throw stillUsed(component.scope, kind, component.name, users);
}

function shownNames(adapters: readonly ComponentRecord[]): string {
  const names = adapters.map(({ name }) => name);
  const rest = names.length - namedAdaptersMax;
  return `${names.slice(0, namedAdaptersMax).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
