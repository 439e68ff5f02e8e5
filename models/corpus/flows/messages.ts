/** Steps that reach people: tasks, emails, posts, approvals. */
import { capitalized, phrase } from '../phrase.js';
import type { Random } from '../random.js';
import {
  drawChannel,
  drawDuty,
  drawEmailSubject,
  drawErrand,
  drawTaskSubject,
  quoted,
  stepName,
  titled,
  withArticle,
} from './names.js';
import { drawDecider, drawRecipient, drawWorker, saidPerson, type Who } from './people.js';
import type { Plan, Said, StepJson } from './plan.js';
import { drawDue } from './spans.js';

export function drawTask(plan: Plan): Said {
  const way = plan.draw.random.weighted([
    [8, titledTask],
    [2, dutyTask],
    [0.8, nounTask],
  ] as const);
  return way(plan);
}

function taskStep(plan: Plan, subject: string, to: Who, due: number | null): StepJson {
  const name = plan.names.take(stepName('Task', subject));
  return due === null ? { name, type: 'task', subject, to } : { name, type: 'task', subject, to, due };
}

/** A task with its subject as it is to be written. */
function titledTask(plan: Plan): Said {
  const { random } = plan.draw;
  const subject = plan.draw.keep(drawTaskSubject(random));
  const to = drawWorker(plan.draw);
  const due = random.chance(0.5) ? drawDue(random) : null;
  const title = quoted(random, subject, canBeBare(subject), 0.22);
  const person = saidPerson(plan, to);
  const make = '{create|create|add|open|make|set up|log|put in|schedule}';
  const call = '{|||called |named |with subject |with the subject |titled |: }';
  const until = due === null ? '' : due.said;
  const late = random.chance(0.45) ? comma(until) : ` ${until}`;
  const template = random.pick([
    `${make} a task ${call}${title} for ${person}${late}`,
    `${make} a task ${call}${title} for ${person}${late}`,
    `${make} a task ${call}${title} for ${person}${late}`,
    `${make} a task for ${person} {|||called|named|with subject|titled} ${title}${late}`,
    `${make} a task ${until} for ${person}: ${title}`,
    `${make} ${withArticle(inQuotes(subject))} task for ${person}${late}`,
    `${make} a new task ${title} {assigned to|for} ${person}${late}`,
    `{give|assign} ${person} a task ${call}${title}${late}`,
    `give ${person} the task ${title}${late}`,
    `assign a task ${call}${title} to ${person}${late}`,
    `${make} a task for ${person}: ${title}${late}`,
    `${make} a task ${call}${title} for ${person}${late}`,
    `give ${person} a task: ${title}${late}`,
    `remind ${person} with a task ${title}${late}`,
  ]);
  return {
    steps: [taskStep(plan, subject, to, due?.days ?? null)],
    imperative: phrase(random, template),
    sentence: phrase(
      random,
      `{${person} {gets|gets|receives|should get|should get|is given|must get|needs|has to get|should be given} a task{ ${call}${title} ${until}|: ${title}${comma(until)}}|a task ${title} {is created|should be created|gets created|must be created|has to be created} for ${person} ${until}}`,
    ),
    wish: phrase(
      random,
      `{a task ${call}${title} for ${person} ${until}|a task ${title} {created|set up|opened|added} for ${person}${comma(until)}|a task for ${person} {called|with the subject|titled} ${title}${comma(until)}}`,
    ),
    note: phrase(
      random,
      `{task for ${short(person)}: ${title}${until === '' ? '' : `, ${until}`}|task ${title} for ${person} ${until}|task ${title}, ${short(person)}${until === '' ? '' : `, ${until}`}|task for ${person}: ${title}${comma(until)}|task ${title} for ${short(person)}${comma(until)}}`,
    ),
    later: null,
    isLong: false,
  };
}

/** `a credit check task`: its subject is that with a capital. */
function nounTask(plan: Plan): Said {
  const { random } = plan.draw;
  const noun = plan.draw.keep(drawErrand(random));
  const to = drawWorker(plan.draw);
  const due = random.chance(0.5) ? drawDue(random) : null;
  const person = saidPerson(plan, to);
  const until = due === null ? '' : due.said;
  const make = '{create|create|add|open|set up|log|schedule}';
  return {
    steps: [taskStep(plan, capitalized(noun), to, due?.days ?? null)],
    imperative: phrase(
      random,
      `{${make} ${withArticle(noun)} task for ${person} ${until}|${make} a new ${noun} task for ${person} ${until}|give ${person} ${withArticle(noun)} task ${until}|assign ${withArticle(noun)} task to ${person} ${until}}`,
    ),
    sentence: phrase(random, `${person} {gets|should get|receives} ${withArticle(noun)} task ${until}`),
    note: phrase(random, `${noun} task for ${short(person)}${until === '' ? '' : `, ${until}`}`),
    later: null,
    isLong: false,
  };
}

/** A task that is said by what is to be done: its subject is that with a capital. */
function dutyTask(plan: Plan): Said {
  const { random } = plan.draw;
  const duty = plan.draw.keep(drawDuty(random));
  const to = drawWorker(plan.draw);
  const due = random.chance(0.4) ? drawDue(random) : null;
  const person = saidPerson(plan, to);
  const until = due === null ? '' : due.said;
  const make = '{create|create|add|open|make|set up}';
  const imperative = phrase(
    random,
    `{${make} a task for ${person} to ${duty}${comma(until)}|${make} a task for ${person} to ${duty} ${until}|${make} a task for ${person} to ${duty} ${until}|give ${person} a task to ${duty} ${until}|${make} a task ${until} for ${person} to ${duty}|assign ${person} a task to ${duty} ${until}}`,
  );
  return {
    steps: [taskStep(plan, capitalized(duty), to, due?.days ?? null)],
    imperative,
    sentence: phrase(
      random,
      `${person} {gets|should get|should get|receives|must get|is given} a task to ${duty}{ ${until}|${comma(until)}}`,
    ),
    wish: phrase(random, `a task for ${person} to ${duty}{ ${until}|${comma(until)}}`),
    note: phrase(random, `task for ${person} to ${duty}${until === '' ? '' : `, ${until}`}`),
    later: null,
    isLong: false,
  };
}

export function drawEmail(plan: Plan): Said {
  const { random } = plan.draw;
  const subject = plan.draw.keep(drawEmailSubject(random));
  const title = quoted(random, subject, canBeBare(subject), 0.17);
  const called = '{with subject|with the subject|with the subject line|saying|titled|that says|:|called|||}';
  const to = drawRecipient(plan.draw);
  const person = saidPerson(plan, to);
  const steps = [emailStep(plan, to, subject)];
  let people = person;
  if (random.chance(0.07)) {
    const second = drawRecipient(plan.draw);
    if (second !== to) {
      people = `{|both} ${person} and ${saidPerson(plan, second)}`;
      steps.push(emailStep(plan, second, subject));
    }
  }
  const isOne = steps.length === 1;
  const template = random.pick([
    `{email|email|e-mail|mail} ${people} ${title}`,
    `{email|email|mail} ${people} {with subject|with the subject|with the subject line|saying|:} ${title}`,
    `send ${people} an email ${called} ${title}`,
    `send ${people} an {email|e-mail} ${called} ${title}`,
    `{send|send|send out|write|fire off} an email ${called} ${title} to ${people}`,
    `{send|write} an email to ${people} ${called} ${title}`,
    `{notify|inform|alert|tell} ${people} by {email|email|e-mail|mail} ${called} ${title}`,
    `let ${people} know by email: ${title}`,
    `{notify|inform|alert} ${people} with an email ${called} ${title}`,
    `{shoot|drop|write} ${people} an email ${called} ${title}`,
    `send the email ${title} to ${people}`,
    `send ${withArticle(inQuotes(subject))} email to ${people}`,
    `send ${people} a mail ${called} ${title}`,
    `send ${people} ${withArticle(inQuotes(subject))} email`,
    `{notify|alert|inform} ${people}: ${title}`,
    `let ${people} know: ${title}`,
    `let ${people} know ${title}`,
    `{notify|alert|inform} ${people} {with|with the message|with the text|saying|by saying} ${title}`,
    `tell ${people} by {email|mail}{:|} ${title}`,
    `{email|mail} ${people}{:|} ${title}`,
    `send ${title} to ${people} by {email|mail|e-mail}`,
  ]);
  return {
    steps,
    imperative: phrase(random, template),
    sentence: isOne
      ? phrase(
          random,
          `{${person} {gets|receives|should get|should receive|is sent} an email ${called} ${title}|an email ${title} {goes|is sent|should go} {|out} to ${person}|${person} is {notified|informed} by email ${title}|${person} {must|should|has to|needs to|is to} be {notified|informed|emailed|alerted|told by email} {with|:|with the message|by email:} ${title}|${person} {gets|should get|should receive} the {mail|email} ${title}|${person} {needs|must get|has to get|is to get} an {email|e-mail}{:|} ${title}}`,
        )
      : null,
    ...(isOne
      ? {
          wish: phrase(
            random,
            `{an email ${title} {|sent} to ${person}|an email {sent |}to ${person} {saying|with the subject|that says} ${title}|${person} {notified|informed|emailed}: ${title}}`,
          ),
        }
      : {}),
    note: phrase(
      random,
      `{email ${people} ${title}|mail ${short(people)} ${title}|email to ${people}: ${title}|email ${short(people)}: ${title}|mail to ${people} ${title}|email ${title} to ${short(people)}}`,
    ),
    later: null,
    isLong: false,
  };
}

function emailStep(plan: Plan, to: Who, subject: string): StepJson {
  return { name: plan.names.take(`Email_${capitalized(to)}`), type: 'email', to, subject };
}

export function drawPost(plan: Plan): Said {
  const { random } = plan.draw;
  const { channel, title, place } = drawPlace(random);
  plan.draw.keep(channel);
  const told = random.chance(0.06)
    ? quoted(random, drawEmailSubject(random), false)
    : phrase(random, `{|||${plan.pronoun}|this|a message|a note|an update|a notice}`);
  const simple = `post ${told} {to|to|in} ${place}`;
  const know = random.pick([`let ${place} know`, `tell ${place} about it`]);
  const sentence = `{${place} {is notified|gets a message|gets a post|should be told|must be informed|should get a post|has to be notified}|a {message|post|note} {goes|is posted|should go|must go|has to go|should be posted} to ${place}}`;
  return {
    steps: [{ name: plan.names.take(stepName('Post', titled(channel))), type: 'post', channel }],
    imperative: phrase(
      random,
      place === title && !title.startsWith('#')
        ? `{${simple}|${simple}}`
        : `{${simple}|${simple}|${simple}|post ${told} {into|on} ${place}|announce it {in|on|to} ${place}|${know}|{notify|inform|alert|ping|update} ${place}|{drop|put|leave|write} a {message|note|line} in ${place}|send a {message|note} to ${place}|share it {in|with} ${place}|publish it {in|to} ${place}|write {in|to} ${place}|make a post in ${place}|post about it in ${place}}`,
    ),
    sentence: place === title ? null : phrase(random, sentence),
    wish: phrase(
      random,
      `{a post {in|to|on} ${place}|a message {in|posted to|posted in} ${place}|a post {made|} in ${place}}`,
    ),
    must: `be {posted|announced|shared} in ${place}`,
    note: phrase(random, `{post to ${place}|post in ${place}|message to ${place}|post: ${title}}`),
    later: null,
    isLong: false,
  };
}

/** A channel, what it is called in the request, and with words around it. */
function drawPlace(random: Random): { channel: string; title: string; place: string } {
  const name = drawChannel(random);
  if (random.chance(0.1)) {
    const channel = name.toLowerCase().replaceAll(' ', '-');
    const title = `#${channel}`;
    return {
      channel,
      title,
      place: phrase(random, `{${title}|${title}|the ${title} channel|${title} on Slack}`),
    };
  }
  if (random.chance(0.08)) return { channel: name, title: name, place: name };
  const bare = random.chance(0.15) ? name.toLowerCase() : name;
  const title = random.chance(0.7) ? bare : quoted(random, name, false);
  const place = `{the ${title} channel|the ${title} channel|the ${title} channel|the ${title} channel|the channel ${title}|the ${title} {Slack|Chatter|Teams} channel|channel ${title}|our ${title} channel|the Slack channel ${title}}`;
  return { channel: name, title, place: phrase(random, place) };
}

export function drawApproval(plan: Plan): Said {
  const { random } = plan.draw;
  const by = drawDecider(plan.draw);
  const person = saidPerson(plan, by);
  const it = plan.pronoun;
  const theirs = `${person}'s`;
  return {
    steps: [{ name: plan.names.take(`Approval_${capitalized(by)}`), type: 'approve', by }],
    imperative: phrase(
      random,
      `{ask ${person} {for approval|for approval|to approve|to approve ${it}|for an approval|for a sign-off}|{request|get|obtain|seek} {approval|an approval|approval} {from|by} ${person}|{request|get} ${theirs} approval|submit ${it} {for approval to ${person}|to ${person} for approval}|send ${it} {for approval to ${person}|to ${person} for approval}|have ${person} approve ${it}|{let|make} ${person} approve ${it}|{require|start} {an approval|approval} {by|from} ${person}|put ${it} up for approval by ${person}|get ${it} approved by ${person}|have ${it} approved by ${person}|get {sign-off|the sign-off} from ${person}|route ${it} to ${person} for approval|{kick off|launch} an approval with ${person}|{get|request|require|ask for|obtain} ${by} approval|send ${it} for ${by} approval}`.replace(
        /\{let\|make\}/,
        random.chance(0.5) ? 'let' : 'make',
      ),
    ),
    sentence: phrase(
      random,
      `{${person} {must|has to|needs to|should} approve ${it}|approval {from|by} ${person} is {needed|required|necessary}|${it === 'it' ? 'it {needs|requires}' : 'they {need|require}'} approval {by|from} ${person}|{we need|it takes} {the approval|a sign-off} of ${person}|${it} must be {approved|signed off} by ${person}|${person} gets ${it} for approval|${it === 'it' ? 'it goes' : 'they go'} to ${person} for approval}`,
    ),
    note: phrase(
      random,
      `{approval by ${person}|approval from ${person}|approval: ${short(person)}|${by} approval|sign-off by ${person}|needs approval {by|from} ${person}|{needs|requires} ${by} approval|${person} approves|${person} to approve|${person} must approve}`,
    ),
    wish: phrase(
      random,
      `{approval {from|by} ${person}|${it} approved by ${person}|an approval {by|from} ${person}}`,
    ),
    must: phrase(
      random,
      `{be approved by ${person}|get approval from ${person}|go to ${person} for approval|be signed off by ${person}}`,
    ),
    later: null,
    isLong: false,
  };
}

/** Whether a text without quotes ends where it ends: it holds nothing that goes on in a request. */
function canBeBare(text: string): boolean {
  return (
    /^[A-Z]/.test(text) &&
    !/[^\w\s-]/.test(text) &&
    !/ (for|due|in|by|to|and|or|then|if|when|with|after|within|otherwise|else|of|from|on)( |$)/i.test(text)
  );
}

/** In quotes that the text does not hold itself. */
function inQuotes(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

/** What follows after a comma; nothing of nothing. */
function comma(text: string): string {
  return text === '' ? '' : `, ${text}`;
}

/** As in notes: `the owner` → `owner`. */
function short(person: string): string {
  return person.replace(/^(the|an?) /, '');
}
