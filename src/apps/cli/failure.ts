/** Errors of the table as people read them: code, place, cause, mend, and where there is more. */
import { ConfigurationErrors } from '../../api/configuration/configuration-errors.js';
import { asStowageError } from '../../domain/errors.js';
import type { StowageError } from '../../domain/errors.js';
import { Paint } from './paint.js';

interface FailureStyle {
  readonly paint: (paint: Paint, text: string) => string;
  /** Add stack traces. */
  readonly debug: boolean;
}

/** Any thrown thing as text, without a line's end. */
export function formatFailure(thrown: unknown, style: FailureStyle): string {
  if (thrown instanceof ConfigurationErrors) return formatAll(thrown, style);
  const stack = style.debug && thrown instanceof Error ? [stackOf(thrown)] : [];
  return [...linesOf(asStowageError(thrown), style), ...stack].join('\n');
}

function formatAll({ errors, omitted }: ConfigurationErrors, style: FailureStyle): string {
  const blocks = errors.map((error) => linesOf(error, style).join('\n'));
  const count = errors.length + omitted;
  if (count > 1) blocks.push(`${count} problems${omitted > 0 ? `, ${omitted} of them not shown` : ''}`);
  return blocks.join('\n\n');
}

function linesOf(error: StowageError, { paint }: FailureStyle): string[] {
  return [
    `${paint(Paint.Red, `error[${error.code}]`)}: ${error.message}`,
    ...(error.location === undefined ? [] : [`  --> ${error.location}`]),
    ...(error.reason === undefined ? [] : [`${paint(Paint.Bold, 'cause:')} ${error.reason}`]),
    ...(error.mend === '' ? [] : [`${paint(Paint.Bold, 'mend:')}  ${error.mend}`]),
    `${paint(Paint.Bold, 'more:')}  stowage explain ${error.code}`,
  ];
}

function stackOf(error: Error): string {
  const causes: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && causes.length < 10; cause = cause.cause) {
    causes.push(cause.stack ?? cause.message);
  }
  return causes.join('\ncaused by: ');
}
