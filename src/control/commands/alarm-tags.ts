/** CloudWatch's TagResource, UntagResource and ListTagsForResource: tags of alarms, by ARN. */
import type { AlarmRecord } from '../../domain/alarm.js';
import type { Tag } from '../../domain/model.js';
import { parseArn, ResourceKind, sameScope, type Scope } from '../../domain/scope.js';
import type { StateView, StoredOf } from '../state-view.js';
import { answer, type Call, type CommandResult, type Empty, update } from './call.js';
import { found, invalid, notFound } from './refusals.js';
import { withTags } from './tagging.js';

export interface TagResourceInput {
  readonly resourceARN: string;
  readonly tags: readonly Tag[];
}

export interface UntagResourceInput {
  readonly resourceARN: string;
  readonly tagKeys: readonly string[];
}

export interface ListTagsForResourceInput {
  readonly resourceARN: string;
}

export function tagResource({ view, scope, input }: Call<TagResourceInput>): CommandResult<Empty> {
  const stored = alarmOf(input.resourceARN, view, scope);
  const tags = withTags(stored.value.tags, input.tags);
  const reason = `asked for by TagResource: ${input.tags.map(({ key }) => key).join(', ')}`;
  return { changes: [update(stored, { ...stored.value, tags }, 'tags-added', reason)], output: {} };
}

/** Keys that the alarm does not have are passed over. */
export function untagResource({ view, scope, input }: Call<UntagResourceInput>): CommandResult<Empty> {
  const stored = alarmOf(input.resourceARN, view, scope);
  const tags = stored.value.tags.filter(({ key }) => !input.tagKeys.includes(key));
  if (tags.length === stored.value.tags.length) return answer({});
  const reason = `asked for by UntagResource: ${input.tagKeys.join(', ')}`;
  return { changes: [update(stored, { ...stored.value, tags }, 'tags-deleted', reason)], output: {} };
}

export function listTagsForResource({
  view,
  scope,
  input,
}: Call<ListTagsForResourceInput>): CommandResult<{ tags: readonly Tag[] }> {
  return answer({ tags: alarmOf(input.resourceARN, view, scope).value.tags });
}

/** Throws REQ-210 for what is no alarm's ARN, NAME-410 for what the caller does not have. */
function alarmOf(arn: string, view: StateView, scope: Scope): StoredOf<AlarmRecord> {
  const parsed = parseArn(arn);
  if (parsed?.kind !== ResourceKind.Alarm)
    throw invalid('resourceARN', `"${arn}" is not the ARN of an alarm.`);
  if (!sameScope(parsed.scope, scope)) throw notFound(parsed.scope, parsed.kind, parsed.name);
  return found(view.alarm(scope, parsed.name), scope, ResourceKind.Alarm, parsed.name);
}
