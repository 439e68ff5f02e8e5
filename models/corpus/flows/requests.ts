/** Requests as whole texts: what starts a flow, and its steps, in the orders in which users say them. */
import type { Condition } from '../conditions.js';
import { capitalized, phrase } from '../phrase.js';
import { numberWords } from '../numbers.js';
import type { Random } from '../random.js';
import { drawContext, drawThanks } from './context.js';
import { drawStart } from './events.js';
import { mergedStart } from './merging.js';
import { afterStart } from './notes.js';
import type { Plan, Said, Start } from './plan.js';
import { saidSequence, type Sequence } from './sequence.js';
import { askedForFlow, thenStep, wished } from './wishes.js';

const contextShare = 0.16;
const thanksShare = 0.03;

export interface Worded {
  readonly prompt: string;
  /** In the order in which they are said. */
  readonly conditions: readonly Condition[];
}

/** The whole of a request; there is at least one thing to do. */
export function wordRequest(plan: Plan, conditions: readonly Condition[], saids: readonly Said[]): Worded {
  const merged = plan.draw.random.chance(0.3) ? mergedStart(plan, conditions, saids[0]!) : null;
  if (merged !== null) {
    return {
      prompt: around(
        plan.draw.random,
        merged.said + followed(plan.draw.random, saids.slice(1), merged.kind === 'statement'),
      ),
      conditions: merged.conditions,
    };
  }
  const start = drawStart(plan, conditions);
  return { prompt: around(plan.draw.random, request(plan, start, saids)), conditions: start.conditions };
}

/** Sometimes with words before or after it that mean nothing. */
function around(random: Random, text: string): string {
  const before = random.chance(contextShare) ? drawContext(random) : '';
  const isLowered = /[:,] $/.test(before) && random.chance(0.7);
  const after = !text.includes('\n') && random.chance(thanksShare) ? `. ${drawThanks(random)}` : '';
  const body = before === '' || isLowered ? text : capitalized(text);
  return before + (after === '' ? body : body.replace(/\.$/, '')) + after;
}

/** What comes after a first step that is said already. */
function followed(random: Random, saids: readonly Said[], isStatement: boolean): string {
  const texts = saids.map(({ imperative, isLong }, at) => {
    const isLast = at === saids.length - 1;
    if (isStatement && at === 0) return `. ${random.pick(['Then ', 'After that, ', 'Also '])}${imperative}`;
    const link = random.pick([
      ', then ',
      '. Then ',
      ' and then ',
      '. After that ',
      '; then ',
      ', after that ',
    ]);
    if (isLong) return random.pick(['. Then ', '. After that, ', '; then ']) + imperative;
    return (
      (isLast && random.chance(0.35) ? random.pick([' and ', ', and finally ', '. Finally, ']) : link) +
      imperative
    );
  });
  return texts.join('');
}

function request(plan: Plan, start: Start, saids: readonly Said[]): string {
  const { random } = plan.draw;
  const canFollow =
    start.kind === 'clause' && !plan.isScheduled && saids.length <= 2 && saids.every((said) => !said.isLong);
  if (canFollow && random.chance(0.15)) {
    return `${saids.map((said) => said.imperative).join(' and ')} ${start.said}`;
  }
  const asWish = !plan.isScheduled && random.chance(0.12) ? wished(random, start, saids) : null;
  if (asWish !== null) return asWish;
  const asQuestion = canFollow && random.chance(0.08) ? askedForFlow(random, start, saids) : null;
  if (asQuestion !== null) return asQuestion;
  const delayed = delayedStart(random, start, saids);
  if (delayed !== null && random.chance(0.5)) {
    return delayed + saidSequence(plan.draw, saids.slice(1), true).text;
  }
  const sequence = saidSequence(plan.draw, saids, start.kind === 'command');
  const isPlainCommand = sequence.text.startsWith(saids[0]!.imperative) && !saids[0]!.isLong;
  if (start.kind === 'question' || start.kind === 'statement') {
    return start.said + afterStart(start.kind, thenStep(random, sequence.text));
  }
  return preface(plan, start) + start.said + joint(plan, start, sequence, isPlainCommand) + sequence.text;
}

/** `3 days after a case is created`; null = no wait comes first, or it cannot be said so. */
function delayedStart(random: Random, start: Start, saids: readonly Said[]): string | null {
  const first = saids[0]!;
  const opening = /^(when|once|after|whenever|as soon as|every time|each time) (?=an? )/.exec(start.said);
  if (first.later === null || saids.length < 2 || start.kind !== 'clause' || opening === null) return null;
  const wait = first.steps[0]!;
  if (wait.type !== 'wait') return null;
  const [count, unit] = 'days' in wait ? [wait.days, 'day'] : [wait.hours, 'hour'];
  const words = count <= 12 && random.chance(0.3) ? numberWords[count]! : String(count);
  const span = `${words} ${unit}${count === 1 ? '' : 's'} after ${start.said.slice(opening[0].length)}`;
  return random.chance(0.65) || / and (if )?/.test(span)
    ? `${span}, `
    : phrase(random, `wait ${span}{, then|, and then|, and| and then|. Then}`) + ' ';
}

function preface(plan: Plan, start: Start): string {
  if (start.kind === 'title' || plan.draw.random.chance(0.88)) return '';
  return `${phrase(plan.draw.random, '{flow:|new flow:|build a flow:|i need a flow:|create a flow:|we need a flow:|automation:|automate this:|set up a flow:|make a flow:|here is what should happen:|the flow:|process:|we want this:|this should happen:}')} `;
}

function joint(plan: Plan, start: Start, { text, isList }: Sequence, isPlainCommand: boolean): string {
  const { random } = plan.draw;
  if (text.startsWith('\n')) return random.pick([':', ':', ',', '']);
  if (start.kind === 'title') return random.pick([': ', ': ', ': ', ' - ', ' -> ', ' => ']);
  if (isList) return random.pick([': ', ': ', ': ', ', ', ' - ']);
  if (start.kind === 'command')
    return random.pick(
      isPlainCommand ? [' and ', ' and ', ', ', ' and then ', ': ', ', then '] : [' and ', ', ', ': '],
    );
  if (!isPlainCommand) return random.pick([', ', ', ', ', ', ': ', ', ']);
  return phraseOfWish(random);
}

/** Between `when …` and a command. */
function phraseOfWish(random: Random): string {
  return random.weighted([
    [10, ', '],
    [1.5, ': '],
    [1, ', then '],
    [1, ' '],
    [1, ', please '],
    [0.5, ' then '],
    [0.4, ', we want to '],
    [0.4, ', i want to '],
    [0.3, ', i would like to '],
    [0.3, ', we need to '],
    [0.3, ', the system should '],
    [0.3, ', it should '],
    [0.3, ', the flow should '],
    [0.3, ', make sure to '],
    [0.2, ', automatically '],
    [0.2, ', always '],
    [0.2, ', first '],
  ]);
}
