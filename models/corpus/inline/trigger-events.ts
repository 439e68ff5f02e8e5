/** The events that triggers are for. */
import type { Part } from './part.js';

const triggerEvents = [
  ['before', 'insert'],
  ['before', 'update'],
  ['before', 'delete'],
  ['after', 'insert'],
  ['after', 'update'],
  ['after', 'delete'],
  ['after', 'undelete'],
] as const;

export type TriggerEvent = (typeof triggerEvents)[number];

/** Some of a trigger's events, in the order in which they happen. */
export function drawEvents(part: Part, least: number, most: number): readonly TriggerEvent[] {
  const kept = new Set(part.random.sample(triggerEvents, part.random.integer(least, most)));
  return triggerEvents.filter((event) => kept.has(event));
}
