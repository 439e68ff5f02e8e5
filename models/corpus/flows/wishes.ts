/** Requests as wishes, as questions for a flow, and with the record as what must do something. */
import { capitalized, listed, phrase, thirdPerson } from '../phrase.js';
import type { Random } from '../random.js';
import type { Said, Start } from './plan.js';

const want =
  "{I'd like|I'd like|I would like|I want|I want|we want|we need|we'd like|I need|we would like|I'd love|there should be|please have}";

/** `once a deal is won I'd like a project created and a post in #wins`; null = cannot be said so. */
export function wished(random: Random, start: Start, saids: readonly Said[]): string | null {
  const wishes = saids.map(({ wish }) => wish);
  if (start.kind !== 'clause' || saids.length > 3 || !wishes.every((wish) => wish !== undefined)) return null;
  const wanted = phrase(random, want);
  const list = listed(wishes, random.pick(['and', 'and', 'and also', 'plus']));
  const isPlain = !/^(I|we) /.test(wanted) && saids.some(({ wish }) => !/^an? /.test(wish!));
  const verb = isPlain ? 'I want' : wanted;
  if (random.chance(0.2) && !start.said.startsWith('on ')) return `${verb} ${list} ${start.said}`;
  return `${start.said}${random.pick([', ', ', ', ' '])}${verb} ${list}`;
}

/** `could we have a flow that emails the owner 'Hi' when a case is created`; null = cannot be said so. */
export function askedForFlow(random: Random, start: Start, saids: readonly Said[]): string | null {
  if (
    start.kind !== 'clause' ||
    saids.length > 2 ||
    saids.some((said) => said.isLong || said.steps.length > 1)
  )
    return null;
  const does = saids.map(({ imperative }) => imperative.replace(/^[a-z-]+/, verbOfFlow)).join(' and ');
  const ask =
    '{{could|can} we {|please} {have|get} {a flow|an automation|something}|I {need|want} {a flow|an automation}|we need {a flow|an automation|something}|please {build|create|make} {a flow|an automation}|is it possible to have {a flow|something}|build me a flow|I am looking for {a flow|an automation}|the flow should be one|can you build {a flow|something}|there should be {a flow|an automation}}';
  return `${phrase(random, ask)} that ${does} ${start.said}`;
}

function verbOfFlow(verb: string): string {
  if (verb === 'have') return 'has';
  if (verb === 'do') return 'does';
  return thirdPerson(verb);
}

/** `every new case should go to the Support queue`; `subject` are the records, one or many. */
export function mustDo(random: Random, subject: string, must: string, isMany: boolean): string {
  const verb = isMany
    ? '{should|should|must|have to|need to|are supposed to|shall|will}'
    : '{should|should|must|has to|needs to|is supposed to|shall|will}';
  return phrase(random, `${subject} ${verb} ${must}`);
}

/** Two sentences: `when a deal is won` as its own, `A deal is won.` with its steps after `Then`. */
export function thenStep(random: Random, text: string): string {
  if (text.startsWith('\n') || /^(if|check|look|in case|only|when|it depends|decide) /i.test(text))
    return text;
  return random.chance(0.2)
    ? `${random.pick(['Then', 'Then please', 'In that case'])} ${text}`
    : capitalized(text);
}
