/**
 * Adapter inference components: a LoRA adapter on a base component, without copies of its own. Created by a
 * specification that names its base and its file and nothing else; updated by one with another file.
 */
import { EngineKind } from '../../domain/component.js';
import { readEnvironment } from '../../domain/container-environment.js';
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
import { accountLimits, refuseOneMore } from './limits.js';
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
  place: { readonly endpointName: string; readonly variantName: string | undefined },
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
  for (const container of base.generations.at(-1)?.containers ?? []) {
    const { engine } = readEnvironment(container.environment ?? {}, 'Environment');
    if (engine === EngineKind.LlamaCpp) continue;
    throw invalid(field, `The engine ${engine} of the base "${name}" takes no adapters while it runs.`);
  }
  refuseOneMore(accountLimits.adapters, adaptersOn(view, base).length);
  return base;
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
  const names = adaptersOn(view, component)
    .filter(({ status }) => status !== ComponentStatus.Deleting)
    .map(({ name }) => name);
  if (names.length === 0) return;
  const rest = names.length - namedAdaptersMax;
  const shown = `${names.slice(0, namedAdaptersMax).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const users = `the adapter inference components ${shown} are on it`;
  throw stillUsed(component.scope, kind, component.name, users);
}
