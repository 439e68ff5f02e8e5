/** Mends for names that are not there. Bounded: callers choose the names, and others the number of things. */
import { nearest } from '../domain/nearest.js';

/** More names than this are not compared with a wrong one. */
const comparedCountMax = 200;
/** More names than this are counted, not listed. */
const listedCountMax = 10;

/**
 * What to do instead of `name`. `elsewhere` are regions of the same account that have it; `known` are the names of
 * the same kind in the caller's own scope.
 */
export function suggestionFor(
  name: string,
  known: readonly string[],
  elsewhere: readonly (readonly [region: string, ...rest: unknown[]])[],
): string {
  if (elsewhere.length > 0) {
    const regions = elsewhere.map(([region]) => region);
    return `it is in the region ${regions.join(' and ')}: sign the call for that region`;
  }
  const close = nearest(name, comparable(name, known));
  if (close !== null) return `did you mean \`${close}\`?`;
  return known.length === 0 ? 'nothing is configured' : `there are: ${listOf(known)}`;
}

/** The names, as many as fit a message; `none` when there are none. */
export function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const listed = names.slice(0, listedCountMax).join(', ');
  const rest = names.length - listedCountMax;
  return rest > 0 ? `${listed} and ${rest} more` : listed;
}

/** Those that may be near at all; with many, only those that begin alike. */
function comparable(name: string, known: readonly string[]): readonly string[] {
  if (known.length <= comparedCountMax) return known;
  const beginning = name.slice(0, 2).toLowerCase();
  const alike = known.filter((candidate) => candidate.slice(0, 2).toLowerCase() === beginning);
  return alike.slice(0, comparedCountMax);
}
