/** Inference components: created on an endpoint's variant, listed, changed and deleted. */
import { beginComponentDeployment } from '../../decide/rollout/component.js';
import { componentKey, WorkloadKind } from '../../domain/component.js';
import type { ComponentDeploymentConfig } from '../../domain/deployment.js';
import { type EndpointRecord, EndpointStatus } from '../../domain/endpoint.js';
import { baseOf, type ComponentRecord, ComponentStatus } from '../../domain/inference-component.js';
import type { Tag } from '../../domain/model.js';
import { arnOf, ResourceKind, type Scope } from '../../domain/scope.js';
import type { StateView } from '../state-view.js';
import {
  adapterGeneration,
  adapterGenerationId,
  baseFor,
  baseNameIn,
  checkBesideAdapters,
  refuseWithAdapters,
  withNewAdapter,
} from './adapter-components.js';
import { answer, type Call, type CommandResult, creation, type Empty, update } from './call.js';
import { componentGeneration, type SpecificationInput } from './component-specifications.js';
import { checkComponentDeployment } from './deployment-policies.js';
import { newestGeneration, variantOf } from './generations.js';
import { accountLimits, refuseAbove, refuseOneMore } from './limits.js';
import { type ListInput, listPage } from './listing.js';
import { found, invalid, refuseDuplicate, refuseUnless } from './refusals.js';
import { removeScalingOfComponent } from './scaling/removal.js';
import { checkTags } from './tagging.js';

const kind = ResourceKind.InferenceComponent;

interface RuntimeConfig {
  readonly copyCount: number;
}

export interface CreateInferenceComponentInput extends SpecificationInput {
  readonly inferenceComponentName: string;
  readonly endpointName: string;
  /** May be left out where the endpoint has one variant for components. */
  readonly variantName?: string;
  readonly runtimeConfig?: RuntimeConfig;
  readonly tags?: readonly Tag[];
}

export interface UpdateInferenceComponentInput extends SpecificationInput {
  readonly inferenceComponentName: string;
  readonly runtimeConfig?: RuntimeConfig;
  readonly deploymentConfig?: ComponentDeploymentConfig;
}

export interface UpdateRuntimeConfigInput {
  readonly inferenceComponentName: string;
  readonly desiredRuntimeConfig: RuntimeConfig;
}

export interface ComponentName {
  readonly inferenceComponentName: string;
}

export interface ComponentArn {
  readonly inferenceComponentArn: string;
}

export interface ListInferenceComponentsInput extends ListInput {
  readonly endpointNameEquals?: string;
  readonly variantNameEquals?: string;
}

interface ListInferenceComponentsOutput {
  readonly inferenceComponents: readonly {
    readonly inferenceComponentName: string;
    readonly inferenceComponentArn: string;
    readonly endpointName: string;
    readonly endpointArn: string;
    readonly variantName: string;
    readonly inferenceComponentStatus: ComponentStatus;
    readonly creationTime: number;
    readonly lastModifiedTime: number;
  }[];
  readonly nextToken?: string;
}

export function createInferenceComponent(
  call: Call<CreateInferenceComponentInput>,
): CommandResult<ComponentArn> {
  const { view, scope, input, now } = call;
  const { inferenceComponentName: name, endpointName, runtimeConfig, tags } = input;
  refuseDuplicate(view.component(scope, name), scope, kind, name);
  const endpoint = found(view.endpoint(scope, endpointName), scope, ResourceKind.Endpoint, endpointName);
  refuseGoing(endpoint.value);
  const baseName = baseNameIn(input);
  if (baseName !== null) return createAdapter(call, baseName);
  const variantName = componentVariant(endpoint.value, input.variantName);
  const generation = componentGeneration(input, 1, call);
  if (generation === null) {
    throw invalid('specification', 'The inference component has no Specification and no Specifications.');
  }
  checkBesideAdapters(view, { scope, name, endpointName }, generation);
  if (runtimeConfig === undefined) {
    throw invalid('runtimeConfig', 'RuntimeConfig is missing: its CopyCount says how many copies to run.');
  }
  refuseAbove(accountLimits.copies, runtimeConfig.copyCount);
  refuseOneMore(accountLimits.components, view.components(scope).length);
  const record: ComponentRecord = {
    kind: 'inference-component',
    scope,
    name,
    endpointName,
    variantName,
    createdAt: now,
    modifiedAt: now,
    tags: checkTags(tags),
    status: ComponentStatus.Creating,
    failureReason: null,
    copyCount: runtimeConfig.copyCount,
    generations: [generation],
    deployment: null,
    deploymentConfig: null,
    failures: null,
  };
  const reason = `asked for by CreateInferenceComponent, ${runtimeConfig.copyCount} copies`;
  return {
    changes: [creation(record, 'component-created', reason)],
    output: { inferenceComponentArn: arnOf(scope, kind, name) },
  };
}

/** RuntimeConfig is taken and says nothing: an adapter is wherever its base's copies are. */
function createAdapter(
  { view, scope, input, now }: Call<CreateInferenceComponentInput>,
  baseName: string,
): CommandResult<ComponentArn> {
  const { inferenceComponentName: name, endpointName, variantName } = input;
  const base = baseFor(view, scope, baseName, { name, endpointName, variantName });
  refuseOneMore(accountLimits.components, view.components(scope).length);
  const record: ComponentRecord = {
    ...base,
    name,
    createdAt: now,
    modifiedAt: now,
    tags: checkTags(input.tags),
    status: ComponentStatus.Creating,
    failureReason: null,
    copyCount: 0,
    generations: [adapterGeneration(input, adapterGenerationId(null, now), baseName)],
    deployment: null,
    deploymentConfig: null,
    failures: null,
  };
  const reason = `asked for by CreateInferenceComponent, an adapter on ${baseName}`;
  return {
    changes: [creation(record, 'component-created', reason)],
    output: { inferenceComponentArn: arnOf(scope, kind, name) },
  };
}

function updateAdapter(
  { view, scope, input, now }: Call<UpdateInferenceComponentInput>,
  baseName: string,
): CommandResult<ComponentArn> {
  const { inferenceComponentName: name, specification, deploymentConfig } = input;
  const stored = found(view.component(scope, name), scope, kind, name);
  if (specification === undefined) {
    throw invalid('specification', 'There is nothing to update: give Specification with the new file.');
  }
  if (deploymentConfig !== undefined) {
    throw invalid('deploymentConfig', 'DeploymentConfig is for copies; an adapter has none of its own.');
  }
  const named = baseNameIn(input);
  if (named !== null && named !== baseName) {
    const field = 'specification.baseInferenceComponentName';
    throw invalid(field, `The adapter "${name}" is on "${baseName}" and stays there.`);
  }
  const next = adapterGeneration(input, adapterGenerationId(stored.value, now), baseName);
  const updated = withNewAdapter(stored.value, next, now);
  const reason = 'asked for by UpdateInferenceComponent, to another file';
  return {
    changes: [update(stored, updated, 'component-updated', reason)],
    output: { inferenceComponentArn: arnOf(scope, kind, name) },
  };
}

/**
 * A new specification is deployed; a new number of copies holds at once. Refused (STATE-700) in the middle of another
 * change; a component that failed may be updated, which begins anew.
 */
export function updateInferenceComponent(
  call: Call<UpdateInferenceComponentInput>,
): CommandResult<ComponentArn> {
  const { view, scope, input, now } = call;
  const { inferenceComponentName: name, runtimeConfig, deploymentConfig } = input;
  const stored = found(view.component(scope, name), scope, kind, name);
  refuseUnless([ComponentStatus.InService, ComponentStatus.Failed], 'update', kind, stored.value);
  const baseName = baseOf(stored.value);
  if (baseName !== null) return updateAdapter(call, baseName);
  if (baseNameIn(input) !== null) {
    const field = 'specification.baseInferenceComponentName';
    throw invalid(field, `"${name}" has copies of its own and cannot become an adapter.`);
  }
  const next = componentGeneration(input, nextGenerationId(stored.value, view), call);
  if (next !== null) checkBesideAdapters(view, stored.value, next);
  if (next === null && runtimeConfig === undefined) {
    throw invalid('specification', 'There is nothing to update: give Specification(s) or RuntimeConfig.');
  }
  if (next === null && deploymentConfig !== undefined) {
    throw invalid('deploymentConfig', 'DeploymentConfig is for a new Specification; there is none.');
  }
  const copyCount = runtimeConfig?.copyCount ?? stored.value.copyCount;
  if (deploymentConfig !== undefined) checkComponentDeployment(deploymentConfig, copyCount, view, scope);
  refuseAbove(accountLimits.copies, copyCount);
  const resized = { ...stored.value, copyCount };
  const updated =
    next === null
      ? withCopyCount(resized, copyCount, now)
      : beginComponentDeployment(resized, next, deploymentConfig ?? null, now);
  const what = next === null ? `${copyCount} copies` : `to specification ${next.id}, ${copyCount} copies`;
  const reason = `asked for by UpdateInferenceComponent, ${what}`;
  return {
    changes: [update(stored, updated, next === null ? 'component-resized' : 'component-updated', reason)],
    output: { inferenceComponentArn: arnOf(scope, kind, name) },
  };
}

/** What scaling calls. Refused (STATE-700) in the middle of another change. */
export function updateInferenceComponentRuntimeConfig({
  view,
  scope,
  input,
  now,
}: Call<UpdateRuntimeConfigInput>): CommandResult<ComponentArn> {
  const { inferenceComponentName: name, desiredRuntimeConfig } = input;
  const stored = found(view.component(scope, name), scope, kind, name);
  refuseUnless([ComponentStatus.InService, ComponentStatus.Failed], 'update', kind, stored.value);
  const baseName = baseOf(stored.value);
  if (baseName !== null) {
    const field = 'desiredRuntimeConfig';
    throw invalid(
      field,
      `"${name}" is an adapter: it is in every copy of "${baseName}", set the copies of that.`,
    );
  }
  const updated = withCopyCount(stored.value, desiredRuntimeConfig.copyCount, now);
  const reason = `asked for by UpdateInferenceComponentRuntimeConfig, ${updated.copyCount} copies`;
  return {
    changes: [update(stored, updated, 'component-resized', reason)],
    output: { inferenceComponentArn: arnOf(scope, kind, name) },
  };
}

export function listInferenceComponents({
  view,
  scope,
  input,
}: Call<ListInferenceComponentsInput>): CommandResult<ListInferenceComponentsOutput> {
  const { endpointNameEquals: endpoint, variantNameEquals: variant } = input;
  const all = endpoint === undefined ? view.components(scope) : view.componentsOf(scope, endpoint);
  const chosen = variant === undefined ? all : all.filter(({ value }) => value.variantName === variant);
  const { records, ...rest } = listPage('ListInferenceComponents', scope, chosen, input);
  const inferenceComponents = records.map((record) => ({
    inferenceComponentName: record.name,
    inferenceComponentArn: arnOf(scope, kind, record.name),
    endpointName: record.endpointName,
    endpointArn: arnOf(scope, ResourceKind.Endpoint, record.endpointName),
    variantName: record.variantName,
    inferenceComponentStatus: record.status,
    creationTime: record.createdAt,
    lastModifiedTime: record.modifiedAt,
  }));
  return answer({ inferenceComponents, ...rest });
}

/** Possible in every state, but not while adapters are on it (STATE-703); deleting what is being deleted changes nothing. */
export function deleteInferenceComponent({
  view,
  scope,
  input,
  now,
}: Call<ComponentName>): CommandResult<Empty> {
  const name = input.inferenceComponentName;
  const stored = found(view.component(scope, name), scope, kind, name);
  if (stored.value.status === ComponentStatus.Deleting) return answer({});
  refuseWithAdapters(view, stored.value);
  const deleted: ComponentRecord = {
    ...stored.value,
    modifiedAt: now,
    status: ComponentStatus.Deleting,
    deployment: null,
    failures: null,
  };
  return {
    changes: [
      update(stored, deleted, 'component-deleted', 'asked for by DeleteInferenceComponent'),
      ...removeScalingOfComponent(view, scope, name),
    ],
    output: {},
  };
}

/** The same component with another number of copies, on its way there; what failed before is forgotten. */
function withCopyCount(component: ComponentRecord, copyCount: number, now: number): ComponentRecord {
  refuseAbove(accountLimits.copies, copyCount);
  return {
    ...component,
    copyCount,
    modifiedAt: now,
    status: ComponentStatus.Updating,
    failureReason: null,
    failures: null,
  };
}

/** Components may be put on an endpoint that is not up yet, not on one that failed or goes. */
function refuseGoing(endpoint: EndpointRecord): void {
  const possible = Object.values(EndpointStatus).filter(
    (status) => status !== EndpointStatus.Deleting && status !== EndpointStatus.Failed,
  );
  refuseUnless(possible, 'create an inference component on', ResourceKind.Endpoint, endpoint);
}

/** The variant that is named, or the only one there can be. Throws NAME-412 and REQ-210. */
function componentVariant(endpoint: EndpointRecord, name: string | undefined): string {
  const field = 'variantName';
  if (name !== undefined) {
    const { modelName } = variantOf(endpoint, name);
    if (modelName === undefined) return name;
    throw invalid(
      field,
      `The variant "${name}" runs its own model "${modelName}" and takes no inference components.`,
    );
  }
  const variants = newestGeneration(endpoint)?.config.productionVariants ?? [];
  const free = variants.filter(({ modelName }) => modelName === undefined);
  const [only] = free;
  if (only !== undefined && free.length === 1) return only.variantName;
  const problem =
    only === undefined
      ? `The endpoint "${endpoint.name}" has no variant for inference components: each has its own model.`
      : `VariantName is missing: the endpoint "${endpoint.name}" has several variants for inference ` +
        `components, ${free.map(({ variantName }) => variantName).join(', ')}.`;
  throw invalid(field, problem);
}

/** An id that none of the component's generations has, nor a copy that is left of an earlier one. */
function nextGenerationId(component: ComponentRecord, view: StateView): number {
  const copies = view.copiesOf(workloadKey(component));
  return (
    1 +
    Math.max(0, ...component.generations.map(({ id }) => id), ...copies.map(({ value }) => value.generation))
  );
}

/** The `componentKey` of a component's copies. */
export function workloadKey(component: {
  readonly scope: Scope;
  readonly endpointName: string;
  readonly name: string;
}): string {
  const { scope, endpointName: endpoint, name } = component;
  return componentKey({ scope, endpoint, name, kind: WorkloadKind.Component });
}
