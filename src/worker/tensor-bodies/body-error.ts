/** Bodies of tensors that are not right. */
import { StowageError } from '../../domain/errors.js';

/** REQ-210: `field` is the tensor or the place in the body, `problem` continues its name. */
export function bodyError(field: string, problem: string): StowageError {
  return StowageError.of('REQ-210', { problem: `\`${field}\` ${problem}`, field });
}
