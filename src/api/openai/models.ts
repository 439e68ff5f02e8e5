/** `/v1/models`: the components that are served, as OpenAI lists models. */
import type { ComponentRef } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import type { Serving } from '../../serving/facade.js';

/** The list, of one endpoint or (null) of all. Throws NAME-405. */
export function encodeModelList(serving: Serving, endpoint: string | null, created: number): string {
  const all = serving.components();
  const listed = endpoint === null ? all : all.filter((component) => component.endpoint === endpoint);
  if (endpoint !== null && listed.length === 0) {
    const suggestion = 'see the list at /v1/models';
    throw StowageError.of('NAME-405', { name: endpoint, suggestion });
  }
  const data = listed.map((component) => {
    const isUnique = listed.filter(({ name }) => name === component.name).length === 1;
    return model(component, isUnique ? component.name : `${component.endpoint}/${component.name}`, created);
  });
  return JSON.stringify({ object: 'list', data });
}

/** One model under the name that the caller used. */
export function encodeModel(component: ComponentRef, id: string, created: number): string {
  return JSON.stringify(model(component, id, created));
}

function model(component: ComponentRef, id: string, created: number): object {
  return { id, object: 'model', created, owned_by: component.endpoint };
}
