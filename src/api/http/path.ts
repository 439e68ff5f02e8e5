/** Paths as dialects route them: split at slashes first, each part percent-decoded after. */

/** The parts of a path after its first slash; undefined when the percent-encoding is broken. */
export function pathParts(path: string): readonly string[] | undefined {
  const parts = path.split('/');
  parts.shift();
  if (!path.includes('%')) return parts;
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
