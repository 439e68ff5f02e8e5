/** Conditions as they stand in notes: `mileage over 100,000`, `not yet paid`, `w/o a serial number`. */
import type { Condition } from '../conditions.js';
import type { WordedCondition } from '../conditions-wording.js';
import type { Random } from '../random.js';

const state = /^it (?:is|has been) ((?:not |not yet |already |)[a-z]+)$/;
const prepositions = /^(with|without|from|in) /;
/** What of `is …` may stand without its verb. */
const droppable =
  / is (?=(?:not |either |over |above |under |below |more than |less than |at least |at most |between |exactly |greater than |lower than |longer than |before |after |older than |in the |today|empty|missing|blank|[A-Z'"\d]))/;

/** One condition without a verb, where it can be said so; null = it has a comma, which would end it. */
export function fragmentOf(random: Random, condition: Condition): string | null {
  const [, adjective] = state.exec(condition.clause) ?? [];
  if (adjective !== undefined && random.chance(0.6)) return adjective;
  const bare = (condition as Partial<WordedCondition>).bare ?? null;
  const text = bare === null ? condition.clause : bare.replace(droppable, random.chance(0.8) ? ' ' : ' is ');
  return /, |[()]/.test(text.replace(/'[^']*'|"[^"]*"/g, '')) ? null : text;
}

/** Each of `conditions` without a verb; null = one of them cannot be said so. */
export function fragmentsOf(random: Random, conditions: readonly Condition[]): readonly string[] | null {
  const fragments = conditions.map((condition) => fragmentOf(random, condition));
  return fragments.every((fragment) => fragment !== null) ? fragments : null;
}

/** `without` as people type it: `w/o`. */
export function abbreviated(random: Random, text: string): string {
  if (!prepositions.test(text) || !random.chance(0.25)) return text;
  return text.replace(/^without /, 'w/o ').replace(/^with /, 'w/ ');
}

/** Conditions after a verb that the noun stands before: `a contact is created without an email`. */
export function canStandLate({ after }: Condition): boolean {
  return prepositions.test(after);
}

/** Before the noun: those that a change just happened to. */
export const newsOf: Readonly<Record<'create' | 'update' | 'delete', string>> = {
  create: '{new|new|new|newly created|newly created|incoming|freshly created|newly added}',
  update: '{updated|changed|edited|modified|just updated}',
  delete: '{deleted|removed}',
};
