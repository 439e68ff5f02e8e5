/** What must be called to make one component as it is wanted. */
import type { Tag } from '../../domain/model.js';
import { changedComponentValues } from './changed-values.js';
import { TagKey } from './desired.js';
import type { DesiredComponent, DesiredEndpoint } from './desired.js';
import type { ObservedComponent } from './observed.js';
import type { ChangedValue, PlannedChange, Step } from './step.js';

export interface ComponentComparison {
  readonly change: PlannedChange | null;
  readonly steps: readonly Step[];
}

/** `apply` made it, from this file or another. */
export function isOurs({ tags }: { readonly tags: readonly Tag[] }): boolean {
  return tags.some(({ key }) => key === TagKey.File);
}

export function compareComponent(
  { name: endpoint, tags: endpointTags }: DesiredEndpoint,
  wanted: DesiredComponent,
  seen: ObservedComponent | null,
): ComponentComparison {
  const { name, copies } = wanted;
  const tags = [...endpointTags, { key: TagKey.Hash, value: wanted.hash }];
  const base = { kind: 'component', name, details: [], confirmation: null } as const;
  const create: Step = { do: 'create-component', endpoint, component: wanted, tags };
  const isGoing = seen?.status === 'Deleting';
  if (seen === null || isGoing) {
    const meaning = `starts ${copiesText(copies)}${isGoing ? ', once the old one is gone' : ''}`;
    return { change: { ...base, change: 'create', meaning }, steps: [create] };
  }
  if (seen.variant !== wanted.variant) {
    const change: PlannedChange = {
      ...base,
      change: 'replace',
      meaning: `${copiesText(seen.copies)} on ${seen.variant} go, ${copiesText(copies)} start on ${wanted.variant}`,
      details: [{ path: 'variant', from: seen.variant, to: wanted.variant }],
      confirmation: seen.copies === 0 ? null : 'it cannot be served while it moves',
    };
    return { change, steps: [{ do: 'delete-component', name }, create] };
  }
  return compareInPlace(wanted, seen, tags);
}

function compareInPlace(
  wanted: DesiredComponent,
  seen: ObservedComponent,
  tags: readonly Tag[],
): ComponentComparison {
  const { name, copies } = wanted;
  const isSameHash = seen.tags.some(({ key, value }) => key === TagKey.Hash && value === wanted.hash);
  const values = changedComponentValues(wanted, seen, isSameHash);
  const isRescaled = seen.copiesWanted !== copies;
  const tag: Step = { do: 'tag', kind: 'inference-component', name, tags };
  const isUpdated = values.length > 0 || seen.status === 'Failed';
  if (!isUpdated && !isRescaled) {
    const isTagged = !isOurs(seen) || tags.every((one) => hasTag(seen.tags, one));
    return { change: null, steps: isTagged ? [] : [tag] };
  }
  const details: readonly ChangedValue[] = isRescaled
    ? [...values, { path: 'copies', from: String(seen.copiesWanted), to: String(copies) }]
    : values;
  const foreign = isOurs(seen) ? null : 'it was not made by `stowage apply`';
  const change: PlannedChange = {
    change: 'update',
    kind: 'component',
    name,
    meaning: isUpdated ? updateText(wanted, seen) : scaleText(seen.copiesWanted, copies),
    details,
    confirmation: shrinkingOf(seen, copies) ?? foreign,
  };
  const step: Step = isUpdated
    ? { do: 'update-component', component: wanted, copies: isRescaled ? copies : null }
    : { do: 'scale-component', name, copies };
  return { change, steps: [step, tag] };
}

function updateText(wanted: DesiredComponent, seen: ObservedComponent): string {
  const why = seen.status === 'Failed' ? 'it is Failed; tries again' : null;
  if (seen.copies === 0) return why ?? 'no copy runs; the next one starts so';
  const policy = wanted.rollout?.rollingUpdatePolicy.maximumBatchSize;
  const batch =
    policy === undefined
      ? ''
      : policy.type === 'CAPACITY_PERCENT'
        ? `, ${policy.value}% at a time`
        : `, ${policy.value} at a time`;
  const replaced = `replaces ${copiesText(seen.copies)}${batch}, each with a cold start`;
  return why === null ? replaced : `${why}; ${replaced}`;
}

function scaleText(from: number, to: number): string {
  return to > from ? `starts ${to - from} more, the others go on` : `ends ${from - to}, the others go on`;
}

function shrinkingOf(seen: ObservedComponent, copies: number): string | null {
  const fewer = Math.min(seen.copies, seen.copiesWanted) - copies;
  return fewer > 0 ? `ends ${fewer} of ${copiesText(seen.copies)}` : null;
}

function copiesText(count: number): string {
  return count === 1 ? '1 copy' : `${count} copies`;
}

function hasTag(tags: readonly Tag[], wanted: Tag): boolean {
  return tags.some(({ key, value }) => key === wanted.key && value === wanted.value);
}
