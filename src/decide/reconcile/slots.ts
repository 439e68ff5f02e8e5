/** Slots: the places for copies that the desired components ask for, each with a name that stays. */
import type { InferenceComponent } from '../../domain/component.js';

export interface Slot {
  /** `name-1`, or `endpoint/name-1` where there are several endpoints. */
  readonly id: string;
  readonly component: InferenceComponent;
}

/** The slots of all components, in their order. Names of components are unique within an endpoint. */
export function slotsOf(components: readonly InferenceComponent[]): readonly Slot[] {
  const isOneEndpoint = new Set(components.map((component) => component.endpoint)).size <= 1;
  return components.flatMap((component) => {
    const prefix = isOneEndpoint ? component.name : `${component.endpoint}/${component.name}`;
    const count = Math.max(0, Math.floor(component.copies.min));
    return Array.from({ length: count }, (_, index) => ({ id: `${prefix}-${index + 1}`, component }));
  });
}
