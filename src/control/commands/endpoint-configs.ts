/**
 * Endpoint configurations: created once, never changed, and free to delete: an endpoint keeps its own copy.
 *
 * `ExecutionRoleArn`, which SageMaker asks for when a variant has no model, may be missing: there are no roles here.
 */
import type {
  EndpointConfigRecord,
  EndpointConfigSpecification,
  ProductionVariant,
} from '../../domain/endpoint.js';
import type { Tag } from '../../domain/model.js';
import { arnOf, ResourceKind } from '../../domain/scope.js';
import { answer, type Call, type CommandResult, creation, deletion, type Empty } from './call.js';
import { accountLimits, refuseOneMore } from './limits.js';
import { type ListInput, listPage } from './listing.js';
import { found, refuseDuplicate } from './refusals.js';
import { checkTags } from './tagging.js';
import { allVariants, checkVariants } from './variants.js';

const kind = ResourceKind.EndpointConfig;

export interface CreateEndpointConfigInput extends EndpointConfigSpecification {
  readonly endpointConfigName: string;
  readonly tags?: readonly Tag[];
}

interface EndpointConfigName {
  readonly endpointConfigName: string;
}

interface DescribeEndpointConfigOutput extends EndpointConfigSpecification {
  readonly endpointConfigName: string;
  readonly endpointConfigArn: string;
  readonly creationTime: number;
}

interface ListEndpointConfigsOutput {
  readonly endpointConfigs: readonly {
    readonly endpointConfigName: string;
    readonly endpointConfigArn: string;
    readonly creationTime: number;
  }[];
  readonly nextToken?: string;
}

export function createEndpointConfig({
  view,
  scope,
  input,
  now,
  catalogue,
}: Call<CreateEndpointConfigInput>): CommandResult<{ endpointConfigArn: string }> {
  const { endpointConfigName: name, tags, ...specification } = input;
  refuseDuplicate(view.endpointConfig(scope, name), scope, kind, name);
  checkVariants(specification, catalogue);
  for (const { modelName } of allVariants(specification)) {
    if (modelName !== undefined) found(view.model(scope, modelName), scope, ResourceKind.Model, modelName);
  }
  const record: EndpointConfigRecord = {
    kind: 'endpoint-config',
    scope,
    name,
    createdAt: now,
    tags: checkTags(tags),
    specification,
  };
  refuseOneMore(accountLimits.endpointConfigs, view.endpointConfigs(scope).length);
  return {
    changes: [creation(record, 'endpoint-config-created', 'asked for by CreateEndpointConfig')],
    output: { endpointConfigArn: arnOf(scope, kind, name) },
  };
}

export function describeEndpointConfig({
  view,
  scope,
  input,
}: Call<EndpointConfigName>): CommandResult<DescribeEndpointConfigOutput> {
  const name = input.endpointConfigName;
  const { value } = found(view.endpointConfig(scope, name), scope, kind, name);
  const { productionVariants, shadowProductionVariants, ...rest } = value.specification;
  return answer({
    ...rest,
    productionVariants: productionVariants.map(withWeight),
    ...(shadowProductionVariants === undefined
      ? {}
      : { shadowProductionVariants: shadowProductionVariants.map(withWeight) }),
    endpointConfigName: name,
    endpointConfigArn: arnOf(scope, kind, name),
    creationTime: value.createdAt,
    enableNetworkIsolation: rest.enableNetworkIsolation ?? false,
  });
}

export function listEndpointConfigs({
  view,
  scope,
  input,
}: Call<ListInput>): CommandResult<ListEndpointConfigsOutput> {
  const { records, ...rest } = listPage('ListEndpointConfigs', scope, view.endpointConfigs(scope), input);
  const endpointConfigs = records.map(({ name, createdAt }) => ({
    endpointConfigName: name,
    endpointConfigArn: arnOf(scope, kind, name),
    creationTime: createdAt,
  }));
  return answer({ endpointConfigs, ...rest });
}

export function deleteEndpointConfig({ view, scope, input }: Call<EndpointConfigName>): CommandResult<Empty> {
  const name = input.endpointConfigName;
  const stored = found(view.endpointConfig(scope, name), scope, kind, name);
  const change = deletion(stored, 'endpoint-config-deleted', 'asked for by DeleteEndpointConfig');
  return { changes: [change], output: {} };
}

/** As SageMaker shows it: the default filled in. */
function withWeight(variant: ProductionVariant): ProductionVariant {
  return { ...variant, initialVariantWeight: variant.initialVariantWeight ?? 1 };
}
