/** Tags of scalable targets, by the target's ARN. Application Auto Scaling has them as a map. */
import type { Tag } from '../../../domain/model.js';
import { StowageError } from '../../../domain/errors.js';
import type { ScalableTargetRecord } from '../../../domain/scaling.js';
import type { Scope } from '../../../domain/scope.js';
import type { StateView, StoredOf } from '../../state-view.js';
import { answer, type Call, type CommandResult, type Empty, update } from '../call.js';
import { checkTags, withTags } from '../tagging.js';
import { targetArn } from './targets-of-calls.js';

export interface TagScalableTargetInput {
  readonly resourceARN: string;
  readonly tags: TagMap;
}

export interface UntagScalableTargetInput {
  readonly resourceARN: string;
  readonly tagKeys: readonly string[];
}

export interface ListTagsOfScalableTargetInput {
  readonly resourceARN: string;
}

type TagMap = Readonly<Record<string, string>>;

/** The tags that a target is made with. Throws REQ-210. */
export function checkTargetTags(tags: TagMap): readonly Tag[] {
  return checkTags(listOf(tags));
}

export function tagScalableTarget({
  view,
  scope,
  input,
}: Call<TagScalableTargetInput>): CommandResult<Empty> {
  const stored = targetByArn(input.resourceARN, view, scope);
  const tags = withTags(stored.value.tags, listOf(input.tags));
  const reason = `asked for by TagResource: ${Object.keys(input.tags).join(', ')}`;
  return { changes: [update(stored, { ...stored.value, tags }, 'tags-added', reason)], output: {} };
}

/** Keys that the target does not have are passed over. */
export function untagScalableTarget({
  view,
  scope,
  input,
}: Call<UntagScalableTargetInput>): CommandResult<Empty> {
  const stored = targetByArn(input.resourceARN, view, scope);
  const tags = stored.value.tags.filter(({ key }) => !input.tagKeys.includes(key));
  if (tags.length === stored.value.tags.length) return answer({});
  const reason = `asked for by UntagResource: ${input.tagKeys.join(', ')}`;
  return { changes: [update(stored, { ...stored.value, tags }, 'tags-deleted', reason)], output: {} };
}

export function listTagsOfScalableTarget({
  view,
  scope,
  input,
}: Call<ListTagsOfScalableTargetInput>): CommandResult<{ readonly tags: TagMap }> {
  const { tags } = targetByArn(input.resourceARN, view, scope).value;
  return answer({ tags: Object.fromEntries(tags.map(({ key, value }) => [key, value])) });
}

function listOf(tags: TagMap): readonly Tag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** Throws NAME-413. */
function targetByArn(arn: string, view: StateView, scope: Scope): StoredOf<ScalableTargetRecord> {
  const target = view.scalableTargets(scope).find(({ value }) => targetArn(value) === arn);
  if (target !== undefined) return target;
  throw StowageError.of('NAME-413', { arn });
}
