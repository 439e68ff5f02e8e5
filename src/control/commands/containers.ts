/** What a model or a component may run, checked when it is described instead of when it fails to start. */
import { EngineKind } from '../../domain/component.js';
import { readEnvironment } from '../../domain/container-environment.js';
import type { ContainerDefinition } from '../../domain/model.js';
import { invalid } from './refusals.js';

/** Checks a container of a model; `where` is its place in the call. Throws REQ-210. */
export function checkContainer(container: ContainerDefinition, where: string): void {
  if (container.modelDataUrl !== undefined && container.modelDataSource !== undefined) {
    throw invalid(where, `\`${where}\` has both ModelDataUrl and ModelDataSource; give one of them.`);
  }
  readEnvironment(container.environment ?? {}, `${where}.environment`);
}

/** Checks that a container can be started: its engine has a model to load. Throws REQ-210. */
export function checkRunnable(container: ContainerDefinition, where: string, member: string): void {
  const { engine } = readEnvironment(container.environment ?? {}, `${where}.environment`);
  const hasModel =
    container.modelDataUrl !== undefined || container.modelDataSource?.s3DataSource !== undefined;
  const bringsItsModel = engine === EngineKind.Container && container.image !== undefined;
  if (hasModel || bringsItsModel || engine === EngineKind.Simulated) return;
  const problem = `${where} names no model artifact: the engine ${engine} loads \`${member}\`.`;
  throw invalid(member, problem);
}
