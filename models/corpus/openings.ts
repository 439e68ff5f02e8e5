/** What people put around a request: politeness, `I need`, `Apex to`, a comment's slashes. */
import { phrase, thirdPerson } from './phrase.js';
import type { Random } from './random.js';

/** How a request begins when it tells what to do. */
const verbs = new Set(
  (
    'find get list fetch query select show retrieve return pull load look count sum total calculate compute work ' +
    'delete remove erase purge clear drop update set change mark flag assign reassign move close create add insert ' +
    'make generate save upsert write build define implement give bring grab collect gather group index sort filter ' +
    'keep loop iterate go log print throw check validate stop reject block prevent schedule run send email notify ' +
    'post route wait ask call bump raise lower increase reset empty blank copy fill put turn store map extract'
  ).split(' '),
);
/** Verbs of what code or a flow does by itself. */
const doing = new Set(
  (
    'find get list fetch query select show retrieve return count sum calculate delete remove update mark close insert ' +
    'create set assign email notify send post route wait run ask stop reject block prevent change flag'
  ).split(' '),
);
const fetching = new Set('get find list fetch show retrieve query'.split(' '));
/** `code to write a method` is one writing too many. */
const writing = new Set('write build define implement make generate give'.split(' '));
/** `get rid of`, `find out`, `show me`, `list out`: no verb with its object. */
const verbParticle = /^\w+ (rid|me|us|out|how|if|whether|up|into|through|by)\b/i;
const anotherSentence = /[.;:?!\n]|\b(then|and) (?!their|the|an?\b)/;

const askedFor = [
  '{please|pls|plz} {it}',
  '{can|could|would|will} you {|please} {it}',
  'can you {it}{?|?|}',
  'I {need|want|have} to {it}',
  "I'd like to {it}",
  'I would like to {it}',
  'I need you to {it}',
  'we {need|want|have} to {it}',
  'need to {it}',
  'help me {it}',
  "{let's|now|just|simply} {it}",
  '{it}{,|} {please|pls}',
  '{it}, {thanks|thank you}',
  '{hi|hey|hello}, {|can you|please} {it}',
  'how {do|can|would} I {it}{?|}',
] as const;
const codeAskedFor = [
  '{|write|give me|show me|I need|generate} {Apex|apex|apex code|Apex code|code|some Apex|a snippet} to {it}',
  'write {code|apex|Apex|an Apex snippet|something} to {it}',
  'in {Apex|apex}{,|} {it}',
  '{it} {in|with|using} {Apex|apex}',
  'how do I {it} in {Apex|apex|Salesforce}{?|}',
  "{what's|what is} the {code|apex} to {it}{?|}",
] as const;
const labels = {
  block: ['Apex: {it}', 'apex: {it}', 'apex - {it}', 'Apex code: {it}', '{it} (apex)'],
  flow: [
    'Flow: {it}',
    '{Build|Create|I need|We need|Please make} a flow for {this|the following}: {it}',
    '{Flow|Automation} {needed|wanted|request}: {it}',
    '{Please automate|Automate|I want this automated|Can you automate this}: {it}',
    'flow: {it}',
    '{Build|Create|Make|Design|Set up|I need|I want|We need|Please build} {a|a new|the following|this} flow: {it}',
    '{automation|Automation|automate this|Automation rule|New flow|Process|Workflow|Requirement|Business rule}: {it}',
    '{Build|Create|Set up|We need|Need} {an|the following} automation: {it}',
    'flow - {it}',
  ],
} as const;

export function opened(random: Random, english: string, task: 'block' | 'flow'): string {
  const first = /^[A-Za-z]+(?=\s)/.exec(english)?.[0].toLowerCase() ?? '';
  const isCommand = verbs.has(first) && !/^(list|map|set|number|count|total|sum|group) of\b/i.test(english);
  if (!isCommand || random.chance(0.12)) return labelled(random, english, task);
  const bare = loweredStart(english).replace(/\.$/, '');
  if (isOneCommand(bare)) {
    if (doing.has(first) && random.chance(0.25)) return described(random, bare, task);
    if (task === 'block' && !writing.has(first) && random.chance(0.35))
      return around(random, random.pick(codeAskedFor), bare);
    if (fetching.has(first) && random.chance(0.25)) {
      return around(random, '{I need|I want|we need|need|give me|show me} {it}', bare.replace(/^\w+ /, ''));
    }
  }
  return around(random, random.pick(askedFor), bare);
}

/** No second verb that would have to change with the first. */
function isOneCommand(text: string): boolean {
  if (verbParticle.test(text) || anotherSentence.test(text)) return false;
  return !Array.from(text.matchAll(/, (?:and )?(\w+)/g)).some((match) => verbs.has(match[1]!));
}

function described(random: Random, command: string, task: 'block' | 'flow'): string {
  const does = command.replace(/^\w+/, thirdPerson);
  return task === 'block'
    ? around(random, '{write|I need|give me|need|} {code|Apex|apex code|a snippet} that {it}', does)
    : around(
        random,
        '{Build|Create|Make|I need|We need|Design} {a flow|an automation} {that|which} {it}',
        does,
      );
}

function labelled(random: Random, english: string, task: 'block' | 'flow'): string {
  if (/\b(flow|automation|automate|workflow|process|apex)\b/i.test(english.slice(0, 60))) return english;
  return around(random, random.pick(labels[task]), random.chance(0.5) ? loweredStart(english) : english);
}

/** The template's choices are drawn before the text is put in, which may hold braces of its own. */
function around(random: Random, template: string, english: string): string {
  return phrase(random, template.replace('{it}', '\u0001')).replace('\u0001', () => english);
}

/** `Find …` → `find …`; a name (`StageName`, `SLA`, `I`) stays as it is. */
export function loweredStart(text: string): string {
  return /^[A-Z][a-z]*(?=[\s,:.]|$)/.test(text) && !/^I\b/.test(text)
    ? text.slice(0, 1).toLowerCase() + text.slice(1)
    : text;
}
