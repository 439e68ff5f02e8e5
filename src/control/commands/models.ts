/** Models: created once, never changed, and free to delete: endpoints keep what they took over from them. */
import {
  type ContainerDefinition,
  type ModelRecord,
  type ModelSpecification,
  type Tag,
} from '../../domain/model.js';
import { arnOf, ResourceKind } from '../../domain/scope.js';
import { answer, type Call, type CommandResult, creation, deletion, type Empty } from './call.js';
import { checkContainer } from './containers.js';
import { accountLimits, refuseOneMore } from './limits.js';
import { type ListInput, listPage } from './listing.js';
import { found, invalid, refuseDuplicate } from './refusals.js';
import { checkTags } from './tagging.js';

const kind = ResourceKind.Model;

export interface CreateModelInput extends ModelSpecification {
  readonly modelName: string;
  readonly tags?: readonly Tag[];
}

interface ModelName {
  readonly modelName: string;
}

interface DescribeModelOutput extends ModelSpecification {
  readonly modelName: string;
  readonly modelArn: string;
  readonly creationTime: number;
}

interface ListModelsOutput {
  readonly models: readonly {
    readonly modelName: string;
    readonly modelArn: string;
    readonly creationTime: number;
  }[];
  readonly nextToken?: string;
}

export function createModel({
  view,
  scope,
  input,
  now,
}: Call<CreateModelInput>): CommandResult<{ modelArn: string }> {
  const { modelName: name, tags, ...specification } = input;
  refuseDuplicate(view.model(scope, name), scope, kind, name);
  const [where, container] = placedContainer(specification);
  checkContainer(container, where);
  const record: ModelRecord = {
    kind: 'model',
    scope,
    name,
    createdAt: now,
    tags: checkTags(tags),
    specification,
  };
  refuseOneMore(accountLimits.models, view.models(scope).length);
  return {
    changes: [creation(record, 'model-created', 'asked for by CreateModel')],
    output: { modelArn: arnOf(scope, kind, name) },
  };
}

export function describeModel({ view, scope, input }: Call<ModelName>): CommandResult<DescribeModelOutput> {
  const { value } = found(view.model(scope, input.modelName), scope, kind, input.modelName);
  return answer({
    ...value.specification,
    modelName: value.name,
    modelArn: arnOf(scope, kind, value.name),
    creationTime: value.createdAt,
    enableNetworkIsolation: value.specification.enableNetworkIsolation ?? false,
  });
}

export function listModels({ view, scope, input }: Call<ListInput>): CommandResult<ListModelsOutput> {
  const { records, ...rest } = listPage('ListModels', scope, view.models(scope), input);
  const models = records.map(({ name, createdAt }) => ({
    modelName: name,
    modelArn: arnOf(scope, kind, name),
    creationTime: createdAt,
  }));
  return answer({ models, ...rest });
}

export function deleteModel({ view, scope, input }: Call<ModelName>): CommandResult<Empty> {
  const stored = found(view.model(scope, input.modelName), scope, kind, input.modelName);
  return { changes: [deletion(stored, 'model-deleted', 'asked for by DeleteModel')], output: {} };
}

/** The container of a model with its place in the call. Of a list the first is taken: the wire lets no more through. */
function placedContainer(specification: ModelSpecification): [string, ContainerDefinition] {
  const { primaryContainer, containers } = specification;
  if (primaryContainer !== undefined && containers !== undefined) {
    throw invalid('containers', 'Both PrimaryContainer and Containers are given; give one of them.');
  }
  if (primaryContainer !== undefined) return ['primaryContainer', primaryContainer];
  const [first] = containers ?? [];
  if (first === undefined) throw invalid('primaryContainer', 'The model has no PrimaryContainer.');
  return ['containers.1.member', first];
}
