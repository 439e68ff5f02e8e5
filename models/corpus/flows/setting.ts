/** More ways to say that a field is given a value than the orders that all tasks share. */
import type { Assignment } from '../assignments.js';
import { phrase } from '../phrase.js';
import type { Plan, Said } from './plan.js';

const order = /^(?:set|change|update) (?:the |its |their )?(.+?) to (.+)$/;

/** The field and the value as they are said; null = said in another way. */
function wordsOf({ field, imperative }: Assignment): { label: string; text: string } | null {
  const [, label, text] = order.exec(imperative) ?? [];
  if (label === undefined || text === undefined || / (field|to|flag)$/.test(label)) return null;
  const isField = [field.label, field.api].some((one) => one.toLowerCase() === label.toLowerCase());
  return isField ? { label, text } : null;
}

function isDate({ json }: Assignment): boolean {
  return typeof json === 'string' && /^TODAY/.test(json);
}

/** Verbs that say a value, of the record itself. */
function verbOf({ field, json }: Assignment): string | null {
  if (field.api === 'IsActive') return json === true ? 'activate' : 'deactivate';
  if (!/^Status(__c)?$/.test(field.api)) return null;
  switch (json) {
    case 'Approved':
      return 'approve';
    case 'Closed':
      return 'close';
    case 'Cancelled':
      return 'cancel';
    case 'Rejected':
      return 'reject';
    default:
      return null;
  }
}

export function assignmentImperative(plan: Plan, assignment: Assignment): string {
  const { random } = plan.draw;
  const verb = verbOf(assignment);
  if (verb !== null && random.chance(assignment.field.api === 'IsActive' ? 0.5 : 0.2))
    return `${verb} ${plan.pronoun}`;
  const words = wordsOf(assignment);
  if (words === null || !random.chance(isDate(assignment) ? 0.4 : 0.06)) return assignment.imperative;
  const { label, text } = words;
  if (!isDate(assignment))
    return phrase(random, `{set ${label} to ${text}|put the ${label} to ${text}|put ${label} = ${text}}`);
  return phrase(
    random,
    `{put the ${label} ${text}|put ${text} in the ${label}|{push|move|shift} the ${label} to ${text}|make the ${label} ${text}|the ${label} should be ${text}|set the ${label} {for|to} ${text}|fill in ${text} as the ${label}|schedule the ${label} for ${text}}`,
  );
}

/** `status = Open`; only where the value can be read so. */
export function assignmentNote(plan: Plan, assignment: Assignment): string {
  const { json, field, imperative } = assignment;
  const { random } = plan.draw;
  const words = wordsOf(assignment);
  if (words !== null && random.chance(0.5)) {
    return phrase(random, `${words.label}{ =| =|:| ->| to} ${words.text}`);
  }
  const isPlain = field.type === 'picklist' && typeof json === 'string';
  if (!isPlain) return imperative;
  return phrase(random, `${field.label}{ =| to| ->|:| =>} ${json}`);
}

/** `the status becomes Open`, and as a wish and a duty of the record. */
export function stateWords(plan: Plan, assignment: Assignment): Pick<Said, 'sentence' | 'wish' | 'must'> {
  const { random } = plan.draw;
  const words = wordsOf(assignment);
  const marked = /^(?:mark|flag) (?:it|them) (.+)$/.exec(assignment.imperative)?.[1];
  if (marked !== undefined) {
    const they = plan.isMany ? 'they' : 'it';
    return {
      sentence: `${they} should be marked ${marked}`,
      wish: `${plan.pronoun} marked ${marked}`,
      must: `be marked ${marked}`,
    };
  }
  if (words === null) return { sentence: null };
  const { label, text } = words;
  const its = plan.isMany ? 'their' : 'its';
  return {
    sentence: phrase(
      random,
      `{the|the|${its}} ${label} {should be|should be set to|must be|must be set to|has to be|is set to|gets set to|should become|goes to|needs to be changed to|must be changed to} ${text}`,
    ),
    wish: phrase(random, `the ${label} {set|changed|updated} to ${text}`),
    must: phrase(random, `{have the ${label} set to ${text}|get the ${label} ${text}|have ${label} ${text}}`),
  };
}
