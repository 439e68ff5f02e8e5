/** Which known word somebody most likely meant: the edit distance behind every "did you mean". */

/** Words longer than this are compared by their beginning only, so that junk costs nothing. */
const comparedLengthMax = 64;

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`; letters of another
 * case count a quarter.
 */
export function editDistance(a: string, b: string): number {
  const from = a.slice(0, comparedLengthMax);
  const to = b.slice(0, comparedLengthMax);
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + substitutionCost(from[row - 1], to[column - 1]),
      );
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

/** The known word nearest to `word`, or null when none is near enough to be meant. Ties go to the first. */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.min(word.length, comparedLengthMax) * 0.4) + 0.001;
  for (const candidate of known) {
    const near = isAbbreviation(word, candidate) ? 0.9 : editDistance(word, candidate);
    if (near < bestDistance) {
      best = candidate;
      bestDistance = near;
    }
  }
  return best;
}

function substitutionCost(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  return a?.toLowerCase() === b?.toLowerCase() ? 0.25 : 1;
}

/** `mem` for `memory`, `queue_size` for `job_queue_size`: whole parts left out at either end. */
function isAbbreviation(word: string, candidate: string): boolean {
  if (word.length < 3 || candidate.length <= word.length) return false;
  const lower = word.toLowerCase();
  return candidate.toLowerCase().startsWith(lower) || candidate.toLowerCase().endsWith(`_${lower}`);
}
