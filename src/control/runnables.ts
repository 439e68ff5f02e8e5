/** What copies run, read from records once and kept as long as the record's generation is the same object. */
import type { InferenceComponent } from '../domain/component.js';
import { parseComponentKey, WorkloadKind } from '../domain/component.js';
import type { EndpointGeneration, EndpointRecord } from '../domain/endpoint.js';
import type { ErrorData } from '../domain/errors.js';
import { asStowageError } from '../domain/errors.js';
import type { ComponentGeneration, ComponentRecord } from '../domain/inference-component.js';
import type { InstanceCapacity } from '../domain/instance.js';
import type { CopyRecord } from '../domain/record.js';
import { runnableComponent, runnableVariant, specificationFor } from '../decide/reconcile/runnable.js';
import type { State } from './state.js';

interface Kept {
  readonly copyCount: number;
  readonly bySpecification: readonly Runnable[];
}

/** A component to run, or why it cannot be. */
export type Runnable =
  | { readonly component: InferenceComponent; readonly defect: null }
  | { readonly component: null; readonly defect: ErrorData };

export class Runnables {
  private readonly kept = new WeakMap<ComponentGeneration, Kept>();

  constructor(
    private readonly state: State,
    private readonly modelMemoryBytesMin: number,
  ) {}

  /** One for each specification of the generation. */
  ofComponent(component: ComponentRecord, generation: ComponentGeneration): readonly Runnable[] {
    const kept = this.kept.get(generation);
    if (kept?.copyCount === component.copyCount) return kept.bySpecification;
    const bySpecification = generation.specifications.map((_, index) =>
      attempt(() => runnableComponent(component, generation, index)),
    );
    this.kept.set(generation, { copyCount: component.copyCount, bySpecification });
    return bySpecification;
  }

  /** A variant's own model; null when the variant has none in that generation. */
  ofVariant(
    endpoint: EndpointRecord,
    generation: EndpointGeneration,
    variant: string,
    capacity: InstanceCapacity | null,
  ): Runnable | null {
    if (generation.models[variant] === undefined) return null;
    const read = () => runnableVariant(endpoint, generation, variant, capacity, this.modelMemoryBytesMin)!;
    return attempt(read);
  }

  /** What a copy that has a record runs; null when what it was made from is gone or cannot be read. */
  ofCopy(record: CopyRecord): InferenceComponent | null {
    const { scope, endpoint: endpointName, name, kind } = parseComponentKey(record.component);
    const instance = this.state.instance(record.instance);
    if (kind === WorkloadKind.Variant) {
      const endpoint = this.state.endpoint(scope, endpointName)?.value;
      const generation = endpoint?.generations.find(({ id }) => id === record.generation);
      if (endpoint === undefined || generation === undefined) return null;
      return this.ofVariant(endpoint, generation, name, instance?.capacity ?? null)?.component ?? null;
    }
    const component = this.state.componentByKey(record.component);
    const generation = component?.generations.find(({ id }) => id === record.generation);
    if (component === undefined || generation === undefined) return null;
    const index = specificationFor(generation, instance?.type ?? '') ?? 0;
    return this.ofComponent(component, generation)[index]?.component ?? null;
  }
}

function attempt(read: () => InferenceComponent): Runnable {
  try {
    return { component: read(), defect: null };
  } catch (error) {
    return { component: null, defect: asStowageError(error).toData() };
  }
}
