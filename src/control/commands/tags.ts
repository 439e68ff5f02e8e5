/** AddTags, ListTags and DeleteTags: of models, endpoint configurations, endpoints and inference components, by ARN. */
import type { EndpointConfigRecord, EndpointRecord } from '../../domain/endpoint.js';
import type { ComponentRecord } from '../../domain/inference-component.js';
import type { ModelRecord, Tag } from '../../domain/model.js';
import { parseArn, ResourceKind, sameScope, type Scope } from '../../domain/scope.js';
import type { StateView, StoredOf } from '../state-view.js';
import { answer, type Call, type CommandResult, type Empty, update } from './call.js';
import { foreignToken } from './listing.js';
import { found, invalid, notFound } from './refusals.js';
import { withTags } from './tagging.js';

export interface AddTagsInput {
  readonly resourceArn: string;
  readonly tags: readonly Tag[];
}

export interface DeleteTagsInput {
  readonly resourceArn: string;
  readonly tagKeys: readonly string[];
}

export interface ListTagsInput {
  readonly resourceArn: string;
  readonly nextToken?: string;
  /** At least 50 by the service model, so one page has all tags. */
  readonly maxResults?: number;
}

interface Tags {
  readonly tags: readonly Tag[];
}

type TaggedRecord = ModelRecord | EndpointConfigRecord | EndpointRecord | ComponentRecord;

export function addTags({ view, scope, input }: Call<AddTagsInput>): CommandResult<Tags> {
  const stored = resourceOf(input.resourceArn, view, scope);
  const tags = withTags(stored.value.tags, input.tags);
  const reason = `asked for by AddTags: ${input.tags.map(({ key }) => key).join(', ')}`;
  return { changes: [update(stored, { ...stored.value, tags }, 'tags-added', reason)], output: { tags } };
}

export function listTags({ view, scope, input }: Call<ListTagsInput>): CommandResult<Tags> {
  if (input.nextToken !== undefined) throw foreignToken();
  return answer({ tags: resourceOf(input.resourceArn, view, scope).value.tags });
}

/** Keys that the resource does not have are passed over. */
export function deleteTags({ view, scope, input }: Call<DeleteTagsInput>): CommandResult<Empty> {
  const stored = resourceOf(input.resourceArn, view, scope);
  const tags = stored.value.tags.filter(({ key }) => !input.tagKeys.includes(key));
  if (tags.length === stored.value.tags.length) return answer({});
  const reason = `asked for by DeleteTags: ${input.tagKeys.join(', ')}`;
  return { changes: [update(stored, { ...stored.value, tags }, 'tags-deleted', reason)], output: {} };
}

/** Throws REQ-210 for what is no such ARN, NAME-410 for what the caller does not have. */
function resourceOf(arn: string, view: StateView, scope: Scope): StoredOf<TaggedRecord> {
  const parsed = parseArn(arn);
  if (parsed === null || parsed.kind === ResourceKind.Alarm) {
    throw invalid(
      'resourceArn',
      `"${arn}" is not the ARN of a model, an endpoint configuration, an endpoint or an inference component.`,
    );
  }
  if (!sameScope(parsed.scope, scope)) throw notFound(parsed.scope, parsed.kind, parsed.name);
  return found(taggedRecord(view, scope, parsed.kind, parsed.name), scope, parsed.kind, parsed.name);
}

function taggedRecord(
  view: StateView,
  scope: Scope,
  kind: Exclude<ResourceKind, 'alarm'>,
  name: string,
): StoredOf<TaggedRecord> | undefined {
  switch (kind) {
    case ResourceKind.Model:
      return view.model(scope, name);
    case ResourceKind.EndpointConfig:
      return view.endpointConfig(scope, name);
    case ResourceKind.Endpoint:
      return view.endpoint(scope, name);
    case ResourceKind.InferenceComponent:
      return view.component(scope, name);
    default:
      return kind satisfies never;
  }
}
