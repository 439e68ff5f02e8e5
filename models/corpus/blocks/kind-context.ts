/** What people say around a request and mean nothing by: who asks, why, for what; it changes no answer. */
import { capitalized, phrase } from '../phrase.js';
import type { Random } from '../random.js';

const contextShare = 0.06;

/** Sentences before a request; they name no record, field or value. */
const before =
  '{{Sales ops|Finance|Support|Ops|HR|Marketing|Admin|Service desk} here.|{Hi|Hello|Hey} {team|all|there}.|Quick {one|question}:|For {a|the} {demo|demo org|report|dashboard|audit|migration|cleanup|workshop|monthly report|quarterly review|board meeting|training}:|For the {weekly|monthly|yearly} {report|cleanup|review}:|We are {cleaning up|preparing an audit|migrating|short on storage}.|It\u2019s for {the|a} {report|audit|dashboard|demo}.|{Small|Next} {task|request|ticket|one}:|{Ticket|Task|Todo|TO\u0044O|Story|Request|Requirement}:|As discussed:|As agreed yesterday:|Management asked for this.|{Data cleanup|Housekeeping|Spring cleaning|Cleanup}:|New requirement:|We decided this in the last meeting.|I am new to {Apex|this|Salesforce}.|I can\u2019t get this right.|This is urgent.|Before the go-live:|Sorry for the late request.|One more thing:|We {need|want} this for the audit:}';
/** Sentences behind it. */
const after =
  '{It\u2019s for {the|a|our} {report|audit|dashboard|demo|board meeting|monthly report}|It is for {the|a} {report|audit|dashboard|migration}|This is for {the|a} {demo|audit|cleanup|report}|{Thanks|Thank you|Thx|Cheers}|Thanks in advance|This is urgent|No rush|That\u2019s all|Nothing else|I hope that makes sense|Keep it simple}';

/** The request, at times with a sentence around it. */
export function inContext(random: Random, prompt: string): string {
  if (!random.chance(contextShare) || prompt.includes('\n')) return prompt;
  if (random.chance(0.72)) {
    const sentence = phrase(random, before).replaceAll('\u2019', "'");
    const isNew = sentence.endsWith('.');
    return `${sentence} ${isNew && /^[a-z]+\b(?!_)/.test(prompt) ? capitalized(prompt) : prompt}`;
  }
  if (/['"]$/.test(prompt)) return prompt;
  const sentence = phrase(random, after).replaceAll('\u2019', "'");
  return `${prompt.replace(/\.$/, '')}${prompt.endsWith('?') ? '' : '.'} ${sentence}`;
}

const reasonShare = 0.05;
const reasons =
  '{we discontinued {all of it|them|it}|they are {obsolete|a mess|not needed anymore|wrong|out of date|cluttering the reports}|nobody {uses|needs} {these|them} {anymore|any more}|we are cleaning up|the {audit|migration} is {coming up|next week}|the process has changed|the business asked for it|the {team|project} was restructured|{management|the business} decided so|we changed {our|the} {policy|process|rules}|this was done wrong before|the import went wrong|we need {more space|a clean org}|the reports are off|the campaign is over|our partner asked for it}';

/** A command with its reason, which means nothing: `we changed our policy, so please close …`. */
export function withReason(random: Random, command: string): string {
  if (!random.chance(reasonShare)) return command;
  const because = random.chance(0.2);
  const why = because
    ? `{since|because|as} ${reasons},{ please|}`
    : `${reasons}{, so please|, so|, so please|, therefore| - please|: please}`;
  return `${capitalized(phrase(random, why))} ${command}`;
}
