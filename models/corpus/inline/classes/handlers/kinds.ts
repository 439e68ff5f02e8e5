/** Kinds of classes that triggers hand their records to. */
import type { FileKind } from '../../file-kind.js';
import type { Member } from '../../part.js';
import {
  dispatchingHandler,
  flaggedHandler,
  frameworkHandler,
  handledOnce,
  staticEntries,
} from './frames.js';
import { childrenHandler, refusingHandler } from './refusals.js';
import { changeHandler, copyingHandler, defaultingHandler } from './rules.js';

const suffixes = ['TriggerHandler', 'Handler', 'TriggerHelper', 'Triggers', 'Events', 'TriggerActions'];

function kindOf(kind: string, first: Member, superclass?: string): FileKind {
  const base = { kind, weight: 1, suffixes, first, members: [], least: 0, most: 0, writtenMax: 1 };
  return superclass === undefined ? base : { ...base, superclass };
}

/** Handlers with overrides, dispatchers, static entries, guards and rules; each kind is one whole class. */
export const classHandlerKinds: readonly FileKind[] = [
  kindOf('framework handler', frameworkHandler, 'TriggerHandler'),
  kindOf('handler on a base', frameworkHandler, 'TriggerBase'),
  kindOf('static entries', staticEntries),
  kindOf('dispatching handler', dispatchingHandler),
  kindOf('handled once', handledOnce),
  kindOf('flagged handler', flaggedHandler),
  kindOf('copying handler', copyingHandler),
  kindOf('change handler', changeHandler),
  kindOf('refusing handler', refusingHandler),
  kindOf('children handler', childrenHandler),
  kindOf('defaulting handler', defaultingHandler),
];
