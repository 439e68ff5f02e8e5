/** Kinds of triggers, and of handler classes that they call. */
import type { Kind } from './kind.js';
import { createTrigger } from './triggers-create.js';
import { forbidDelete, rejectTrigger, requiredTrigger } from './triggers-errors.js';
import { handlerOnly, triggerWithHandler } from './triggers-handler.js';
import { changedTrigger, defaultTrigger, setTrigger } from './triggers-setting.js';

export const triggerKinds: readonly Kind[] = [
  { kind: 'trigger set', weight: 7, make: setTrigger },
  { kind: 'trigger default', weight: 2.5, make: defaultTrigger },
  { kind: 'trigger changed', weight: 3.5, make: changedTrigger },
  { kind: 'trigger reject', weight: 5, make: rejectTrigger },
  { kind: 'trigger required', weight: 2, make: requiredTrigger },
  { kind: 'trigger create', weight: 4, make: createTrigger },
  { kind: 'trigger forbid delete', weight: 2.5, make: forbidDelete },
  { kind: 'trigger handler', weight: 3, make: triggerWithHandler },
  { kind: 'handler', weight: 2, make: handlerOnly },
];
