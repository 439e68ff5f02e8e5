/** Everything that is wrong with one configuration, at once: each problem with its place in the file. */
import type { StowageError } from '../../domain/errors.js';

/** Problems kept of one file; a reader fixes the first ones and asks again. */
export const configurationErrorsMax = 100;

export class ConfigurationErrors extends Error {
  override readonly name = 'ConfigurationErrors';
  /** In the order of the file, at most `configurationErrorsMax`; never empty. */
  readonly errors: readonly [StowageError, ...StowageError[]];
  /** How many more there are. */
  readonly omitted: number;

  /** `uncounted`: problems found beyond those given. */
  constructor(errors: readonly [StowageError, ...StowageError[]], uncounted = 0) {
    super(errors[0].message, { cause: errors[0] });
    const [first, ...others] = errors;
    this.errors = [first, ...others.slice(0, configurationErrorsMax - 1)];
    this.omitted = errors.length - this.errors.length + uncounted;
  }
}
