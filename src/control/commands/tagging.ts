/** Tags of resources: at most 50 each, keys unique, none in the name of AWS. */
import type { Tag } from '../../domain/model.js';
import { invalid } from './refusals.js';

/** Tags that one resource may have: SageMaker's number. */
const tagCountMax = 50;

/** The tags a resource is created with. Throws REQ-210. */
export function checkTags(tags: readonly Tag[] = []): readonly Tag[] {
  const keys = new Set<string>();
  for (const { key } of tags) {
    if (/^aws:/i.test(key)) {
      throw invalid('tags', `The tag key \`${key}\` begins with \`aws:\`, which is reserved.`);
    }
    if (keys.has(key)) throw invalid('tags', `The tag key \`${key}\` is given twice.`);
    keys.add(key);
  }
  if (tags.length > tagCountMax) throw tooMany(tags.length);
  return tags;
}

/** Tags after others were added: a key that was there gets the new value. Throws REQ-210. */
export function withTags(before: readonly Tag[], added: readonly Tag[]): readonly Tag[] {
  const merged = new Map(before.map((tag) => [tag.key, tag]));
  for (const tag of checkTags(added)) merged.set(tag.key, tag);
  if (merged.size > tagCountMax) throw tooMany(merged.size);
  return [...merged.values()];
}

function tooMany(count: number): Error {
  return invalid('tags', `A resource can have ${tagCountMax} tags, it would have ${count}.`);
}
