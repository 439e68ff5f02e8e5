/** What people say around a request, which means nothing for the flow: greetings, whose wish it is, what went wrong. */
import { capitalized, phrase } from '../phrase.js';
import type { Random } from '../random.js';

const areas =
  '{Sales|Support|Finance|Marketing|HR|Operations|Logistics|Fleet|Legal|Billing|Facilities|IT|Procurement|Customer Success|Service|Compliance|Accounting|Purchasing|Recruiting|Field service|The back office|Quality|Training|Renewals|Warehouse}';
const people =
  '{reps|agents|planners|technicians|managers|dispatchers|teachers|nurses|coaches|drivers|colleagues|consultants|accountants|sellers|coordinators|vets|volunteers|trainers|buyers|interns}';
const chores =
  '{the follow-up|these|them|the paperwork|the second step|the handover|half of it|the last step|the checks|this part|to react|to tell anybody|to do this by hand|to look at these}';
const troubles =
  '{a nasty surprise|some trouble|a few complaints|an audit finding|an embarrassing mistake|a bad experience|two incidents|a mess|a long discussion|some confusion|a hiccup}';
const times =
  '{last quarter|last week|last month|again yesterday|this spring|recently|in the last audit|over the summer|twice this year}';
const topics =
  '{New hire process|Intake|Housekeeping|Renewals|Escalations|Clean-up|Quality check|Follow-ups|Handover process|Big deals|Small fix|Approvals|Reminders|Data quality|Aftercare|Lifecycle automation|Pipeline hygiene|Back office stuff|Service process|Night job|Audit trail}';
const roles =
  '{sales manager|support agent|service manager|sales rep|finance user|team lead|planner|system admin|compliance officer|project manager|dispatcher|product owner|business user}';

const greetings =
  '{{Hi|Hi|Hey|Hello|Good morning|Morning|Dear} {team|all|everyone|folks|there|admins|guys|colleagues},|{Hi|Hey|Hello},|{Hi|Hey|Hello} {Anna|Tom|Priya|Marco|Lena|Sam|Jonas},}';
const wishes = `{${areas} asked for this|${areas} wants this|request from ${areas}|${areas} would like the following|this one is for ${areas}|wish from ${areas}|${areas} needs this|${areas} asked for an automation|from the ${areas} team|for ${areas}}:`;
const stories = `{as a ${roles}, I want {this|the following}:|user story:|story:|requirement:|acceptance criteria:|rule:|business rule:|spec:|use case:|requirement {1|2|3|4|5}:|AC {1|2|3}:}`;
const tickets =
  '{{CRM|SF|ADM|OPS|REQ}-{12|47|108|233|391|1045}:|ticket {12|4711|882|1290}:|request #{3|17|88|204}:|[{CRM|SF|ADM|OPS}-{15|62|340|777}]|story {12|31|55}:}';
const asides =
  '{quick one:|small request:|one more thing:|next one:|todo:|TO\u0044O:|idea:|as discussed:|as discussed {yesterday|in the standup|in the meeting|with the board|on the phone}:|following up on our call:|here is what we need:|here is how it should work:|the process is simple:|this is what I have in mind:|so here goes:|next automation:|could you build this:|can you set this up:|can we get this:|would it be possible to have this:|please set this up:|pls build this:|what we need:|to be automated:|not sure if this is possible, but:|low prio:|high prio:}';
const stories2 = `{our ${people} keep forgetting ${chores}{.|, so:|. So:}|the ${people} {tend to forget|often forget} ${chores}{.|, so:}|we had ${troubles} ${times}{, so:|.}|there was ${troubles} ${times}{, so:|.}|we keep losing track of these{.|, so:}|too many of these {slip through|get forgotten|fall through the cracks}{.|, so:}|nobody notices these in time{.|, so:}|right now {we do this by hand|this is done by hand|this happens in a spreadsheet}{.|, and we want it automated:}|this is done manually today{.|:}|management wants better control here{.|:}|the auditors insist on this{.|:}|we are cleaning up our processes{.|:}|this came up in the retro{.|:}|I was told you can automate this{.|:}|we want to be faster here{.|:}}`;
const labelled = `{${topics}{.|:| -}|${topics}{.|:}|${areas}:|${areas}:|${topics}!|${areas} process:}`;

/** A sentence or a label before a request, with a blank at its end. */
export function drawContext(random: Random): string {
  const first = phrase(
    random,
    random.weighted([
      [2.5, greetings],
      [2, wishes],
      [1.5, stories],
      [1.2, tickets],
      [2.5, asides],
      [3, stories2],
      [3, labelled],
    ]),
  );
  const second =
    /[,.]$/.test(first) && random.chance(0.2) ? phrase(random, random.chance(0.5) ? asides : stories2) : '';
  const cased = random.chance(0.8) ? capitalized(first) : first;
  return second === '' ? `${cased} ` : `${cased} ${first.endsWith('.') ? capitalized(second) : second} `;
}

/** A sentence after a request. */
export function drawThanks(random: Random): string {
  return phrase(
    random,
    '{Thanks|Thank you|Thx|Many thanks|Thanks a lot|No rush|That is all|That would be great|Let me know if anything is unclear|Nothing else for now|Ask me if something is unclear|Much appreciated|Cheers}',
  );
}
