/** Kinds that work on a list that is there already: group, collect, keep, sum, count, index, find; and guards. */
import type { Kind } from './kind.js';
import { guardKinds } from './lists-guards.js';
import { gatherKinds } from './lists-gathering.js';
import { siftKinds } from './lists-sifting.js';

export const listKinds: readonly Kind[] = [...gatherKinds, ...siftKinds, ...guardKinds];
