/** Kinds of classes that components, flows, pages and other systems call. */
import { free } from '../../apex.js';
import type { FileKind } from '../../file-kind.js';
import type { Member } from '../../part.js';
import { computingAction, creatingAction, lookingUpAction, writingAction } from './invocable.js';
import { cacheableGetters, creatingController, savingController } from './lightning.js';
import { pageController, pagedController, tickedWrappers } from './pages.js';
import { restEnvelope, restResource } from './rest.js';

const lightningSuffixes = [
  'Controller',
  'Ctrl',
  'LwcController',
  'PanelController',
  'FormController',
  'Apex',
];
const actionSuffixes = ['Action', 'FlowAction', 'Invocable', 'InvocableAction', 'Flow'];
const pageSuffixes = ['Controller', 'PageController', 'Extension', 'Ctrl', 'Page'];
const restSuffixes = ['Rest', 'RestService', 'Resource', 'Api', 'Endpoint'];

function kindOf(kind: string, suffixes: readonly string[], first: Member): FileKind {
  return { kind, weight: 1, suffixes, first, members: [], least: 0, most: 0, writtenMax: 1 };
}

function restKind(kind: string, first: Member): FileKind {
  return {
    ...kindOf(kind, restSuffixes, first),
    access: 'global',
    annotation: ({ thing }) => `@RestResource(urlMapping=${free(`'/${thing.many}/*'`)})`,
  };
}

/** Controllers, actions of flows, resources and pages; each kind is one whole class. */
export const controllerKinds: readonly FileKind[] = [
  kindOf('cacheable getters', lightningSuffixes, cacheableGetters),
  kindOf('saving controller', lightningSuffixes, savingController),
  kindOf('creating controller', lightningSuffixes, creatingController),
  kindOf('computing action', actionSuffixes, computingAction),
  kindOf('lookup action', actionSuffixes, lookingUpAction),
  kindOf('writing action', actionSuffixes, writingAction),
  kindOf('creating action', actionSuffixes, creatingAction),
  restKind('rest resource', restResource),
  restKind('rest envelope', restEnvelope),
  kindOf('page controller', pageSuffixes, pageController),
  kindOf('paged controller', pageSuffixes, pagedController),
  kindOf('ticked wrappers', pageSuffixes, tickedWrappers),
];
