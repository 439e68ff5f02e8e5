/**
 * A client of the control API as good clients are: it repeats what can be repeated until it knows what became of it.
 * Whoever is killed while a call runs answers nothing; then the client looks whether it was done by doing it again.
 */

import type { ControlOperation } from '../../../src/control/facade.js';
import type { InputOf, OutputOf } from '../../../src/control/commands/execute.js';
import { StowageError } from '../../../src/domain/errors.js';
import type { Scope } from '../../../src/domain/scope.js';
import { Killed } from './crash-points.js';
import type { World } from './world.js';

/** What became of a call: done, or refused and nothing changed. */
export type CallResult<Output> =
  | { readonly isDone: true; readonly output: Output | null }
  | { readonly isDone: false; readonly error: StowageError };

/** Between two attempts, milliseconds. */
const retryMs = 300;

export interface CallPatience {
  /** It is in the middle of another change (STATE-700): wait so long, milliseconds. */
  readonly busyMsMax: number;
}

export class Client {
  constructor(
    private readonly world: World,
    readonly scope: Scope,
    /** Accounts whose things must not be seen here. */
    private readonly strangers: readonly string[],
  ) {}

  async call<O extends ControlOperation>(
    operation: O,
    input: InputOf<O>,
    { busyMsMax }: CallPatience = { busyMsMax: 0 },
  ): Promise<CallResult<OutputOf<O>>> {
    const { clock } = this.world;
    const giveUpAt = clock.now() + busyMsMax;
    /** An earlier attempt may have been carried out. */
    let isUncertain = false;
    for (;;) {
      const attempt = this.attempt(operation, input);
      if (attempt === 'unanswered') isUncertain = true;
      else if (attempt !== 'not reached') {
        if (attempt.isDone) return attempt;
        const { code, row } = attempt.error;
        if (isUncertain && (code === 'NAME-411' || (code === 'NAME-410' && operation.startsWith('Delete')))) {
          return { isDone: true, output: null };
        }
        if (!row.retryable) return attempt;
        if (code === 'STATE-700' && !isUncertain && clock.now() >= giveUpAt) return attempt;
      }
      await new Promise<void>((resolve) => clock.after(retryMs, resolve));
    }
  }

  private attempt<O extends ControlOperation>(
    operation: O,
    input: InputOf<O>,
  ): CallResult<OutputOf<O>> | 'unanswered' | 'not reached' {
    const { world, scope } = this;
    const { control } = world;
    if (control === null) return 'not reached';
    try {
      const output = control.execute(operation, scope, input) as OutputOf<O>;
      this.checkOutput(operation, output);
      return { isDone: true, output };
    } catch (error) {
      if (error instanceof Killed) return 'unanswered';
      if (!(error instanceof StowageError)) {
        world.complain(`${operation} threw ${error instanceof Error ? error.stack : String(error)}`);
        return 'not reached';
      }
      if (error.code === 'INT-500') world.complain(`${operation} met a defect: ${error.message}`);
      this.checkText(operation, error.message);
      return { isDone: false, error };
    }
  }

  private checkOutput(operation: ControlOperation, output: object): void {
    this.checkText(operation, JSON.stringify(output));
  }

  /** Nothing of another account, whatever is asked. */
  private checkText(operation: ControlOperation, text: string): void {
    for (const stranger of this.strangers) {
      if (text.includes(stranger))
        this.world.complain(`${operation} tells ${this.scope.account} of ${stranger}`);
    }
  }
}
