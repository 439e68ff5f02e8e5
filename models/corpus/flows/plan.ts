/** What a flow is made of while it is drawn: steps with their JSON, and the ways to say them. */
import type { Condition } from '../conditions.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import type { Who } from './people.js';

export type Value = string | number | boolean;

export type Event = 'create' | 'update' | 'delete' | 'daily' | 'weekly' | 'monthly';

/** Members in the order of the schema. */
export type StepJson =
  | { name: string; type: 'set'; field: string; value: Value }
  | { name: string; type: 'task'; subject: string; to: Who; due?: number }
  | { name: string; type: 'email'; to: Who; subject: string }
  | { name: string; type: 'wait'; days: number }
  | { name: string; type: 'wait'; hours: number }
  | { name: string; type: 'assign'; queue: string }
  | { name: string; type: 'post'; channel: string }
  | { name: string; type: 'approve'; by: Who }
  | { name: string; type: 'call'; action: string }
  | { name: string; type: 'create'; object: string; set: Record<string, Value> }
  | { name: string; type: 'decision'; if: string; yes: string; no: string };

export function isScheduled(on: Event): boolean {
  return on === 'daily' || on === 'weekly' || on === 'monthly';
}

/** One thing that is said, and the steps that it means. */
export interface Said {
  readonly steps: readonly StepJson[];
  /** `email the owner 'Hello'`. */
  readonly imperative: string;
  /** `the owner gets an email 'Hello'`; null = no such wording. */
  readonly sentence: string | null;
  /** `email to the owner: Hello`, as in notes. */
  readonly note: string;
  /** After "I'd like": `an email 'Hello' sent to the owner`; none = cannot be said so. */
  readonly wish?: string;
  /** Of the records, after "should": `go to the Support queue`; none = cannot be said so. */
  readonly must?: string;
  /** Of a wait: `3 days later`, before what comes next. */
  readonly later: string | null;
  /** Holds words that need an end before more is said: a condition, an alternative. */
  readonly isLong: boolean;
}

/** What starts a flow, as it is said. */
export interface Start {
  readonly said: string;
  /** Conditions in the order in which they are said. */
  readonly conditions: readonly Condition[];
  /**
   * `clause` may stand before or after the steps; `command` wants an `and` and imperatives; `title` wants a colon;
   * `statement` a full stop and `question` its mark.
   */
  readonly kind: 'clause' | 'command' | 'title' | 'statement' | 'question';
}

/** Names of steps; a second one of a name gets `_2`. */
class StepNames {
  private readonly counts = new Map<string, number>();

  take(name: string): string {
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    return count === 1 ? name : `${name}_${String(count)}`;
  }
}

/** The flow that is being drawn. */
export class Plan {
  readonly names = new StepNames();
  /** API names of fields that were spoken of. */
  readonly fields = new Set<string>();
  /** What holds for the records when the flow starts. */
  conditions: readonly Condition[] = [];

  constructor(
    readonly draw: Draw,
    readonly thing: Thing,
    readonly on: Event,
    /** Speaks of many records at once. */
    readonly isMany: boolean,
    /** One of its steps is a decision: no other `if` should stand beside it. */
    readonly hasDecision: boolean,
  ) {}

  get isScheduled(): boolean {
    return isScheduled(this.on);
  }

  /** What stands for the records in a step. */
  get pronoun(): 'it' | 'them' {
    return this.isMany ? 'them' : 'it';
  }
}
