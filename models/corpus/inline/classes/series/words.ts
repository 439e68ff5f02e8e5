/** What makers of series share: kinds, bound words, and the heads of methods that follow one another. */
import { capitalized } from '../../../phrase.js';
import { unknownWord } from '../../../words/invented.js';
import { free } from '../../apex.js';
import type { Part } from '../../part.js';
import { isReserved } from '../../style.js';

/** Methods one after another: nobody knows how the first is headed; the others follow it. */
export function followed<T>(
  items: readonly T[],
  method: (item: T, head: (text: string) => string) => string,
): string {
  return items.map((item, at) => method(item, (text) => (at === 0 ? free(text) : text))).join('\n\n');
}

const nouns =
  'orders,visits,steps,notes,errors,warnings,labels,codes,keys,tickets,crates,parcels,seats,rooms,votes,points,lanes,boxes,badges,routes,meals,tools,pages,lines,drafts,invites,guests,teams,ports,bikes'.split(
    ',',
  );

/** Different plural nouns, now and then words that nobody knows. */
export function drawNouns(part: Part, count: number): readonly string[] {
  const drawn = part.random
    .sample(nouns, count)
    .map((noun) => (part.random.chance(0.2) ? `${unknownWord(part.random)}s` : noun));
  return new Set(drawn).size === count && drawn.every((noun) => !isReserved(noun))
    ? drawn
    : nouns.slice(0, count);
}

/** `crates` → `crate`. */
export function single(plural: string): string {
  return plural.replace(/(ox)es$/, '$1').replace(/s$/, '');
}

/** Different words with a capital, for states and values. */
export function drawWords(part: Part, pool: readonly string[], count: number): readonly string[] {
  const words = part.random
    .sample(pool, count)
    .map((word) => (part.random.chance(0.15) ? capitalized(unknownWord(part.random)) : word));
  return new Set(words).size === count ? words : part.random.sample(pool, count);
}

/** What a class keeps is private mostly. */
export function kept(part: Part): string {
  return part.pick('private', 'private', 'private final', 'public');
}
