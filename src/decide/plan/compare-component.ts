/** What must be called to make one component as it is wanted. */
import type { Tag } from '../../domain/model.js';
import { changedComponentValues } from './changed-values.js';
import { boundsNow, compareScaling, type ScalingComparison, scalingText } from './compare-scaling.js';
import { TagKey } from './desired.js';
import type { DesiredComponent, DesiredEndpoint } from './desired.js';
import type { ObservedComponent } from './observed.js';
import type { PlannedChange, Step } from './step.js';

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
  // A component that is deleted takes its scaling with it.
  const anew: readonly Step[] = [create, ...compareScaling(name, wanted.scaling, null, endpointTags).steps];
  if (seen === null || isGoing) {
    const meaning = `starts ${startText(wanted)}${isGoing ? ', once the old one is gone' : ''}`;
    return { change: { ...base, change: 'create', meaning }, steps: anew };
  }
  if (seen.variant !== wanted.variant) {
    const change: PlannedChange = {
      ...base,
      change: 'replace',
      meaning: `${copiesText(seen.copies)} on ${seen.variant} go, ${copiesText(copies)} start on ${wanted.variant}`,
      details: [{ path: 'variant', from: seen.variant, to: wanted.variant }],
      confirmation: seen.copies === 0 ? null : 'it cannot be served while it moves',
    };
    return { change, steps: [{ do: 'delete-component', name }, ...anew] };
  }
  return compareInPlace(wanted, seen, tags, compareScaling(name, wanted.scaling, seen.scaling, endpointTags));
}

function compareInPlace(
  wanted: DesiredComponent,
  seen: ObservedComponent,
  tags: readonly Tag[],
  scaling: ScalingComparison,
): ComponentComparison {
  const { name } = wanted;
  const isSameHash = seen.tags.some(({ key, value }) => key === TagKey.Hash && value === wanted.hash);
  const values = changedComponentValues(wanted, seen, isSameHash);
  const copies = copiesFrom(wanted, seen);
  const isRescaled = seen.copiesWanted !== copies;
  const tag: Step = { do: 'tag', kind: 'inference-component', name, tags };
  const isUpdated = values.length > 0 || seen.status === 'Failed';
  if (!isUpdated && !isRescaled && scaling.steps.length === 0) {
    const isTagged = !isOurs(seen) || tags.every((one) => hasTag(seen.tags, one));
    return { change: null, steps: isTagged ? [] : [tag] };
  }
  const resized = { path: 'copies', from: String(seen.copiesWanted), to: String(copies) };
  const details = [...values, ...(isRescaled ? [resized] : []), ...scaling.details];
  const foreign = isOurs(seen) ? null : 'it was not made by `stowage apply`';
  const meanings = [
    ...(isUpdated ? [updateText(wanted, seen)] : []),
    ...(isRescaled && !isUpdated ? [scaleText(seen.copiesWanted, copies)] : []),
    ...(scaling.steps.length === 0 ? [] : [scalingChangeText(wanted, seen, copies)]),
  ];
  const change: PlannedChange = {
    change: 'update',
    kind: 'component',
    name,
    meaning: meanings.join('; '),
    details,
    confirmation: shrinkingOf(seen, copies) ?? foreign,
  };
  const steps: readonly Step[] = isUpdated
    ? [{ do: 'update-component', component: wanted, copies: isRescaled ? copies : null }]
    : isRescaled
      ? [{ do: 'scale-component', name, copies }]
      : [];
  return { change, steps: [...steps, ...scaling.steps, tag] };
}

/** Where scaling owns the number it stays as it is, as long as it is within the bounds. */
function copiesFrom({ copies, scaling }: DesiredComponent, seen: ObservedComponent): number {
  if (scaling === null) return copies;
  const { min, max } = boundsNow(scaling, seen.scaling);
  return Math.min(max, Math.max(min, seen.copiesWanted));
}

function startText({ copies, scaling }: DesiredComponent): string {
  return scaling === null ? copiesText(copies) : `${copiesText(copies)}; ${scalingText(scaling, null)}`;
}

function scalingChangeText({ scaling }: DesiredComponent, seen: ObservedComponent, copies: number): string {
  if (scaling === null) return `stays at ${copiesText(copies)}, whatever the load`;
  return scalingText(scaling, seen.scaling);
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
