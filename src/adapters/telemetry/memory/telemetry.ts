/** Measurements kept in memory, for tests and simulations that ask for them. */
import type { Log, RequestFacts, Telemetry } from '../../../contracts/telemetry.js';
import type { BudgetOwner, Outcome } from '../../../domain/inference.js';

export class MemoryTelemetry implements Telemetry {
  readonly ended: { component: string; outcome: Outcome; facts: RequestFacts }[] = [];
  readonly exits: { component: string; reason: string }[] = [];
  resumed = 0;
  pushedOut = 0;
  readonly overBudget: BudgetOwner[] = [];

  requestEnded(component: string, outcome: Outcome, facts: RequestFacts): void {
    this.ended.push({ component, outcome, facts });
  }

  tokenGap(): void {
    // Nobody asks for gaps yet.
  }

  load(): void {
    // Nobody asks for loads yet.
  }

  copyReport(): void {
    // Nobody asks for reports yet.
  }

  copyEnded(component: string, reason: string): void {
    this.exits.push({ component, reason });
  }

  requestResumed(): void {
    this.resumed++;
  }

  waited(): void {
    // Nobody asks for waits yet.
  }

  requestPushedOut(): void {
    this.pushedOut++;
  }

  budgetRefused(_component: string, owner: BudgetOwner): void {
    this.overBudget.push(owner);
  }

  componentGone(): void {
    // What was measured is kept: tests ask for it afterwards.
  }
}

/** A log that says nothing. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
