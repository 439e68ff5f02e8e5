/** Kinds of classes that components, flows, pages and other systems call. */
import { classKind } from '../class-kind.js';
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

function restKind(kind: string, first: Member): FileKind {
  return {
    ...classKind(kind, restSuffixes, first),
    access: 'global',
    annotation: ({ thing }) => `@RestResource(urlMapping=${free(`'/${thing.many}/*'`)})`,
  };
}

/** Controllers, actions of flows, resources and pages; each kind is one whole class. */
export const controllerKinds: readonly FileKind[] = [
  classKind('cacheable getters', lightningSuffixes, cacheableGetters),
  classKind('saving controller', lightningSuffixes, savingController),
  classKind('creating controller', lightningSuffixes, creatingController),
  classKind('computing action', actionSuffixes, computingAction),
  classKind('lookup action', actionSuffixes, lookingUpAction),
  classKind('writing action', actionSuffixes, writingAction),
  classKind('creating action', actionSuffixes, creatingAction),
  restKind('rest resource', restResource),
  restKind('rest envelope', restEnvelope),
  classKind('page controller', pageSuffixes, pageController),
  classKind('paged controller', pageSuffixes, pagedController),
  classKind('ticked wrappers', pageSuffixes, tickedWrappers),
];
