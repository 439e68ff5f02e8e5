/** Things that are not there, with the name that was probably meant. Pure. */
import { nearest } from '../../domain/nearest.js';
import { StowageError } from '../../domain/errors.js';

/** Whether a server, or a command, says that there is no such thing. */
export function isMissing(thrown: unknown): thrown is StowageError {
  return thrown instanceof StowageError && thrown.code === 'NAME-410';
}

/** The same error with the nearest of `names` as its mend, if one is near enough. `kind`: as in `kind/NAME`. */
export function withNearest(
  error: StowageError,
  kind: string,
  name: string,
  names: readonly string[],
): StowageError {
  const meant = nearest(name, names);
  if (meant === null) return error;
  return StowageError.fromData({ ...error.toData(), mend: `did you mean \`${kind}/${meant}\`?` });
}
