/**
 * `/v1/models`: what is served, as OpenAI lists models. A component has its own name, or `endpoint/name` where another
 * endpoint has one of that name; an endpoint whose variants have models of their own is one model under its name. LoRA
 * adapters follow their model, under `model:adapter` or the adapter component's own name, and name it as `parent`.
 */
import { type InferenceComponent, WorkloadKind } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import type { Scope } from '../../domain/scope.js';
import type { Serving } from '../../serving/facade.js';

/** The list, of one endpoint or (null) of all, in the order of names. Throws NAME-405. */
export function encodeModelList(
  serving: Serving,
  scope: Scope,
  endpoint: string | null,
  created: number,
): string {
  const all = serving.components(scope);
  const listed = endpoint === null ? all : all.filter((component) => component.endpoint === endpoint);
  if (endpoint !== null && listed.length === 0) {
    const suggestion = 'see the list at /v1/models';
    throw StowageError.of('NAME-405', { name: endpoint, suggestion });
  }
  const counts = new Map<string, number>();
  for (const { kind, name } of listed) {
    if (kind === WorkloadKind.Component) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const ids = new Map<string, InferenceComponent>();
  for (const component of listed) ids.set(idOf(component, counts), component);
  const inOrder = [...ids].sort(([a], [b]) => (a < b ? -1 : 1));
  const data = inOrder.flatMap(([id, component]) => [
    model(component, id, created),
    ...(component.adapters ?? []).map((adapter) => {
      const adapterId =
        adapter.isComponent && !counts.has(adapter.name) ? adapter.name : `${id}:${adapter.name}`;
      return model({ ...component, adapter }, adapterId, created, id);
    }),
  ]);
  return JSON.stringify({ object: 'list', data });
}

/** One model under the name that the caller used. */
export function encodeModel(component: InferenceComponent, id: string, created: number): string {
  return JSON.stringify(model(component, id, created));
}

/** The name by which the thing is found again. `counts`: components of each name. */
function idOf({ kind, name, endpoint }: InferenceComponent, counts: ReadonlyMap<string, number>): string {
  switch (kind) {
    case WorkloadKind.Component:
      return counts.get(name) === 1 ? name : `${endpoint}/${name}`;
    case WorkloadKind.Variant:
      return counts.has(endpoint) ? `${endpoint}/${endpoint}` : endpoint;
    default:
      return kind satisfies never;
  }
}

/** `parent`: of an adapter the name of the model that it changes. */
function model(
  component: InferenceComponent,
  id: string,
  created: number,
  parent: string = component.name,
): object {
  const whose = component.adapter === undefined ? {} : { parent };
  return { id, object: 'model', created, owned_by: component.endpoint, ...whose };
}
