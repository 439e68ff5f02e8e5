/** How a command ended, as shells and pipelines read it. */
import { asStowageError, Fault } from '../../domain/errors.js';
import { ConfigurationErrors } from '../../api/configuration/configuration-errors.js';

export const ExitCode = {
  Ok: 0,
  Failed: 1,
  /** `plan --detailed-exitcode`: something would change. */
  ChangesFound: 2,
  /** The caller is not known or may not do this. */
  NotAllowed: 4,
  /** No room or no ready copy at the moment; the same command may work later. */
  NoCapacity: 5,
  /** What was asked for goes on; nobody waited for its end. */
  Pending: 8,
  WrongUsage: 64,
  /** Ended by Ctrl-C. */
  Interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The exit code that a thrown thing deserves. */
export function exitCodeOf(thrown: unknown): ExitCode {
  if (thrown instanceof ConfigurationErrors) return ExitCode.Failed;
  const error = asStowageError(thrown);
  if (error.code === 'USE-640') return ExitCode.WrongUsage;
  switch (error.row.fault) {
    case Fault.Access:
      return ExitCode.NotAllowed;
    case Fault.Capacity:
      return ExitCode.NoCapacity;
    case Fault.Caller:
    case Fault.Missing:
    case Fault.Model:
    case Fault.Host:
    case Fault.Stowage:
      return ExitCode.Failed;
    default:
      return error.row.fault satisfies never;
  }
}
