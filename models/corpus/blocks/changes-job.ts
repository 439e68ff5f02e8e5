/** A change to records that a query finds, said as a command: what a request, a batch or a scheduled job does. */
import { drawAssignment, type Assignment } from '../assignments.js';
import type { Draw } from '../draw.js';
import { said, type Field, type Thing } from '../nouns.js';
import { capitalized, phrase } from '../phrase.js';
import { drawTarget, targetQuery, type Target } from './changes-target.js';
import { indented } from './soql.js';

export interface Job {
  /** Begins with a verb, as `close all open cases`: fits after "please" and after "to". */
  readonly command: string;
  /** Other wordings stand as whole sentences, as `Unpaid invoices should be marked as late`; null = none fits. */
  readonly sentence: string | null;
  readonly tail: string;
  readonly target: Target;
  /** `[SELECT … ]`. */
  readonly query: string;
  /** The loop that assigns; empty for a deletion. */
  readonly loop: string;
  readonly operation: 'update' | 'delete';
}

/** A status that has a verb of its own: "approve the orders" is status Approved. */
const statusVerbs: Readonly<Record<string, { command: string; participle: string }>> = {
  Approved: { command: '{approve|approve|bulk approve|mass approve|bulk-approve}', participle: 'approved' },
  Rejected: { command: '{reject|reject|bulk reject}', participle: 'rejected' },
  Closed: { command: '{close|close|close out|bulk close|mass close}', participle: '{closed|closed out}' },
  Cancelled: { command: '{cancel|cancel|bulk cancel}', participle: 'cancelled' },
  Completed: { command: '{complete|complete|bulk complete|finish}', participle: 'completed' },
  Archived: { command: '{archive|archive|bulk archive}', participle: 'archived' },
  Activated: { command: 'activate', participle: 'activated' },
  Submitted: { command: 'submit', participle: 'submitted' },
  Published: { command: 'publish', participle: 'published' },
  Confirmed: { command: 'confirm', participle: 'confirmed' },
  Resolved: { command: 'resolve', participle: 'resolved' },
  Aborted: { command: 'abort', participle: 'aborted' },
  Deferred: { command: '{defer|postpone}', participle: '{deferred|postponed}' },
  Suspended: { command: 'suspend', participle: 'suspended' },
  Expired: { command: 'expire', participle: 'expired' },
  Paused: { command: 'pause', participle: 'paused' },
  Shipped: { command: 'ship', participle: 'shipped' },
  Verified: { command: 'verify', participle: 'verified' },
};

const findVerbs = '{get|find|fetch|query|select|take|pick|pull|retrieve|look up|load|grab}';

/** What setting fields of `target` is called; a command, or also a sentence. */
function wordings(
  draw: Draw,
  thing: Thing,
  target: Target,
  assignments: readonly Assignment[],
): { command: string; sentence: string | null } {
  const { random } = draw;
  const direct = assignments.length === 1 ? directCommand(draw, target, assignments[0]!) : null;
  const imperatives = joined(
    random.chance(0.8) ? 'and' : 'then',
    assignments.map(({ imperative }) => imperative),
  );
  const nouns = joined(
    'and',
    assignments.map(({ noun }) => noun),
  );
  const isPronounFree = !/\b(it|them)\b/.test(imperatives);
  const commands: (readonly [number, string])[] = [
    [3, `${findVerbs} ${target.english} and ${imperatives}`],
    [2, `{update|change|edit} ${target.english}: ${imperatives}`],
    [1, `{go through|loop over|iterate over|run through|walk through} ${target.english} and ${imperatives}`],
    [
      2,
      `{update|change|edit} ${target.english} {to|so that ${target.number === 'one' ? 'it has' : 'they have'}} ${nouns}`,
    ],
    [1.5, `give ${target.english} ${nouns}`],
    [1, `{update|bulk update|mass update|bulk-update} ${target.english} with ${nouns}`],
    [1, `{bulk update|mass update} ${target.english}: ${imperatives}`],
    [
      0.7,
      `{make sure|ensure} {that |}${target.english} ${target.number === 'one' ? 'has' : 'have'} ${nouns}`,
    ],
    [
      0.7,
      `{make sure|see to it} that ${target.english} ${target.number === 'one' ? 'gets' : 'get'} ${nouns}`,
    ],
    ...(isPronounFree ? [[4, `${imperatives} {for|on|for|on|in} ${target.english}`] as const] : []),
    ...(direct === null ? [] : [[9, direct] as const]),
  ];
  const should = target.number === 'one' ? '{should|must|needs to|has to}' : '{should|must|need to|have to}';
  const gets = target.number === 'one' ? '{gets|gets|must get}' : '{get|get|must get}';
  const bare = target.english.replace(/^(all of the|all the|all|any|the)\b ?/, '');
  const oneByOne = oneByOneWording(thing, target, imperatives);
  const asStatement = statementWording(draw, thing, target, assignments);
  const sentences: (readonly [number, string])[] = [
    [3, `{for|on|in} ${target.english}, ${imperatives}`],
    [1.5, `for ${target.english} ${imperatives}`],
    [2, `${target.english} ${should} have ${nouns}`],
    [1, `{I want|I need|we want|we need} ${target.english} to have ${nouns}`],
    [1.5, `${target.english}: ${imperatives}`],
    [0.7, `${target.english} {->|=>} ${nouns}`],
    [1.5, `${findVerbs} ${target.english}. ${capitalized(imperatives)}{| and save| and update}`],
    [
      target.number === 'many' ? 1 : 0,
      `{there are|we have|I have} {lots of |a bunch of |some |}${bare}{. ${capitalized(imperatives)}|, ${imperatives}| - ${imperatives}}`,
    ],
    [1, `${target.english} ${gets} ${nouns}`],
    [0.7, `${nouns} {for|on} ${target.english}`],
    ...(oneByOne === null ? [] : [[3, oneByOne] as const]),
    ...(asStatement === null ? [] : [[2, asStatement] as const]),
  ];
  return {
    command: phrase(random, random.weighted(commands)),
    sentence: phrase(random, random.weighted(sentences)),
  };
}

/** "for every invoice: if its status is Open and the amount is over 100, …"; null = the target is not said one by one. */
function oneByOneWording(thing: Thing, target: Target, imperatives: string): string | null {
  if (target.number !== 'one' || target.conditions.length === 0) return null;
  const clauses = joined(
    'and',
    target.conditions.map(({ clause }) => clause),
  );
  return `{for {every|each} ${thing.label}{:|,|} if ${clauses}, ${imperatives}|{check|go through} {every|each} ${thing.label}{ and|:|,} if ${clauses}, ${imperatives}|{every|each} ${thing.label}: {when|if} ${clauses}, ${imperatives}}`;
}

/** As one would write SQL: "update invoices set status = Closed where the amount is over 100". */
function statementWording(
  draw: Draw,
  thing: Thing,
  target: Target,
  assignments: readonly Assignment[],
): string | null {
  const where = whereWording(target);
  const settings = assignments.map(({ field, imperative }) => {
    const value = valueSaid(imperative);
    return value === null || /\b(it|them)\b/.test(imperative) || field.type === 'checkbox'
      ? null
      : `${said(draw, field)} {=|to|=} ${value}`;
  });
  if (where === null || settings.includes(null)) return null;
  return `update ${thing.plural} set ${joined(
    'and',
    settings.filter((setting) => setting !== null),
  )} where ${where}`;
}

/** Conditions after "where"; null = some cannot be said so, or none are there, or more than conditions is said. */
function whereWording(target: Target): string | null {
  const clauses = target.conditions.map(({ clause }) => clause);
  if (target.limit !== null || clauses.length === 0 || !clauses.every((clause) => /^(its|the) /.test(clause)))
    return null;
  return joined(
    'and',
    clauses.map((clause) => clause.replace(/^its /, 'the ')),
  );
}

/** One assignment said of the records themselves: "mark all open invoices as late", "approve …", "set the status of … to Late". */
function directCommand(draw: Draw, target: Target, assignment: Assignment): string | null {
  const { random } = draw;
  const { imperative, field } = assignment;
  const verb = verbOf(field, assignment.value);
  if (verb !== null && random.chance(0.55)) return `${verb.command} ${target.english}`;
  if (/\b(it|them)\b/.test(imperative)) return imperative.replace(/\b(it|them)\b/, target.english);
  const value = valueSaid(imperative);
  if (value === null) return null;
  const name = said(draw, field);
  const isState = field.type === 'picklist';
  return random.weighted([
    [
      6,
      `{set|set|change|update|switch|bulk update|mass update|mass-change} the ${name} {of|of|on|for} ${target.english} to ${value}`,
    ],
    [1, `{set|change} the ${name} to ${value} {for|on|of} ${target.english}`],
    [0.7, `have the ${name} of ${target.english} set to ${value}`],
    [2, `{set|change|update} ${name} to ${value} {on|for} ${target.english}`],
    [1, `set ${name} = ${value} {on|for} ${target.english}`],
    [isState ? 3 : 0, `{move|put|switch|change|set|bring} ${target.english} to ${name} ${value}`],
    [isState ? 1.5 : 0, `{move|set|switch} ${target.english} to ${value}`],
  ]);
}

/** `Late` of "set the status to Late"; null = the value stands elsewhere. */
function valueSaid(imperative: string): string | null {
  return /^(?:set|change|update|switch|put) (?:(?! to ).)+ to (.+)$/.exec(imperative)?.[1] ?? null;
}

function verbOf(field: Field, value: string): { command: string; participle: string } | null {
  if (field.api === 'IsActive') {
    return value === 'true'
      ? { command: '{activate|activate|reactivate}', participle: 'activated' }
      : { command: '{deactivate|deactivate|disable|bulk deactivate}', participle: '{deactivated|disabled}' };
  }
  if (field.label !== 'status') return null;
  return statusVerbs[value.replaceAll("'", '')] ?? null;
}

function joined(word: string, parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1)!}`;
}

const verbalTriesMax = 10;

/** An assignment that has a verb of its own; null = none came. */
function drawVerbal(draw: Draw, thing: Thing, number: 'one' | 'many'): Assignment | null {
  const without = thing.fields
    .filter((field) => field.label !== 'status' && field.api !== 'IsActive')
    .map(({ api }) => api);
  for (let turn = 0; turn < verbalTriesMax; turn++) {
    const assignment = drawAssignment(draw, thing, { number, types: ['picklist', 'checkbox'], without });
    if (assignment === null) return null;
    if (verbOf(assignment.field, assignment.value) !== null) return assignment;
  }
  return null;
}

/** Fields of records that a query finds are set; null = nothing could be drawn. */
export function drawUpdateJob(draw: Draw, thing: Thing): Job | null {
  const { random } = draw;
  const target = drawTarget(draw, thing, { canBeAll: true });
  if (target === null) return null;
  const verbal = random.chance(0.12) ? drawVerbal(draw, thing, target.number) : null;
  const assignments =
    verbal === null
      ? drawAssignments(
          draw,
          thing,
          target.number,
          random.weighted([
            [70, 1],
            [25, 2],
            [5, 3],
          ]),
        )
      : [verbal];
  if (assignments.length === 0 || assignments.some((assignment) => isAlready(target, assignment)))
    return null;
  const sentenceAndCommand = wordings(draw, thing, target, assignments);
  return {
    ...passive(draw, target, assignments, sentenceAndCommand),
    tail: target.tail,
    target,
    query: targetQuery(
      thing,
      target,
      assignments.map(({ field }) => field.api),
    ),
    loop: assigningLoop(thing, assignments),
    operation: 'update',
  };
}

/** "…should be approved", "mark … should be marked as late" where one assignment has a verb. */
function passive(
  draw: Draw,
  target: Target,
  assignments: readonly Assignment[],
  wording: { command: string; sentence: string | null },
): { command: string; sentence: string | null } {
  const { random } = draw;
  const [assignment] = assignments;
  if (assignments.length > 1 || assignment === undefined || random.chance(0.5)) return wording;
  const marked = /^(mark|flag|tag) (?:it|them) (.+)$/.exec(assignment.imperative);
  const participle =
    marked === null
      ? verbOf(assignment.field, assignment.value)?.participle
      : `${marked[1] === 'mark' ? 'marked' : `${marked[1]!}ged`} ${marked[2]!}`;
  if (participle === undefined) return wording;
  const verb = target.number === 'one' ? 'needs' : 'need';
  return {
    ...wording,
    sentence: phrase(
      random,
      `${target.english} {should be|must be|${verb} to be|{should|must} get|ought to be} ${participle}`,
    ),
  };
}

/** The record would be set to what the query asks of it. */
function isAlready(target: Target, { field, value }: Assignment): boolean {
  return target.conditions.some(
    (condition) => condition.field.api === field.api && condition.soql === `${field.api} = ${value}`,
  );
}

/** Assignments to different fields; may be fewer. */
export function drawAssignments(
  draw: Draw,
  thing: Thing,
  number: 'one' | 'many',
  count: number,
  without: readonly string[] = [],
): readonly Assignment[] {
  const assignments: Assignment[] = [];
  for (let turn = 0; turn < count; turn++) {
    const taken = [...without, ...assignments.map(({ field }) => field.api)];
    const assignment = drawAssignment(draw, thing, { number, without: taken });
    if (assignment !== null) assignments.push(assignment);
  }
  return assignments;
}

/** `for (…) { invoice.Status__c = 'Late'; }`. */
export function assigningLoop(
  thing: Thing,
  assignments: readonly Assignment[],
  records = thing.many,
): string {
  const lines = assignments.map(({ field, value }) => `${thing.one}.${field.api} = ${value};`);
  return `for (${thing.api} ${thing.one} : ${records}) {\n${indented(lines.join('\n'))}\n}`;
}

const deleteVerbs =
  '{delete|delete|delete|delete|remove|remove|get rid of|purge|clean up|clear out|erase|drop|wipe|bulk delete|mass delete|throw away|clean out|permanently remove}';

/** Records that a query finds are deleted. */
export function drawDeleteJob(draw: Draw, thing: Thing): Job | null {
  const { random } = draw;
  const target = drawTarget(draw, thing, { canBeAll: true });
  if (target === null) return null;
  const must =
    target.number === 'one'
      ? 'should be|must be|needs to be|has to be|can be'
      : 'should be|must be|need to be|have to be|can be';
  const pronoun = target.number === 'one' ? 'it' : 'them';
  const bare = target.english.replace(/^(all of the|all the|all|any|the)\b ?/, '');
  const where = whereWording(target);
  const clauses = joined(
    'and',
    target.conditions.map(({ clause }) => clause),
  );
  const command = random.weighted([
    [8, `${deleteVerbs} ${target.english}`],
    [2, `${findVerbs} ${target.english} and {delete|remove} ${pronoun}`],
    [0.5, `{delete|remove|purge} ${target.english} from {the|our} {org|database|system}`],
  ]);
  const sentence = random.weighted([
    [3, `${target.english} {${must}} {deleted|removed|purged|cleaned up}`],
    [1, `{I want|I need|we want|we need|I'd like} ${target.english} {deleted|removed|gone}`],
    [1, `${findVerbs} ${target.english}. {Delete|Then delete|Remove} ${pronoun}`],
    [0.7, `${target.english}: {delete|delete ${pronoun}|remove ${pronoun}}`],
    [0.7, `${target.english} {should|can|must} go`],
    [0.7, `${target.english} {->|=>} {delete|remove}`],
    [
      target.number === 'many' ? 1 : 0,
      `{we don't need|nobody needs|we no longer need|I don't need} ${target.english}{ anymore| any more|}{, delete them|, remove them|. Delete them|, get rid of them}`,
    ],
    [
      target.number === 'many' ? 1 : 0,
      `${target.english} {are no longer needed|are not needed anymore|are {just |}clutter|are obsolete}{, delete them|. Delete them|, remove them}`,
    ],
    [
      target.number === 'many' ? 0.7 : 0,
      `{there are|we have} {too many|lots of|a bunch of} ${bare}{, delete them|. Delete them|, please remove them}`,
    ],
    ...(where === null
      ? []
      : [[1.5, `{delete from|delete|delete all} ${thing.plural} where ${where}`] as const]),
    ...(where === null || target.number === 'many'
      ? []
      : [[2, `for {every|each} ${thing.label}{:|,} if ${clauses}, {delete|remove} it`] as const]),
  ]);
  return {
    command: phrase(random, command),
    sentence: phrase(random, sentence),
    tail: target.tail,
    target,
    query: targetQuery(thing, target, []),
    loop: '',
    operation: 'delete',
  };
}

/** Without commas that meet another mark or the end. */
export function tidied(english: string): string {
  return english.replace(/,\s*(?=[,.;:]|$)/g, '');
}

/** A command or a sentence, as one asks for it on its own. */
export function requestOf(draw: Draw, job: Job): string {
  const { random } = draw;
  const isCommand = job.sentence === null || random.chance(0.66);
  if (!isCommand) return `${job.sentence!}${job.tail}`;
  const lead = random.weighted([
    [70, ''],
    [3, 'I {need|want} to '],
    [3, 'we {need|want} to '],
    [1, 'I would like to '],
    [1, 'how do I '],
    [1, 'code to '],
    [1, 'apex to '],
    [1, '{write|give me} {code|apex|a snippet} to '],
    [1, "let's "],
  ]);
  return `${phrase(random, lead)}${lead === '' ? '' : ' '}${job.command}${job.tail}`;
}

/** The query, the loop and the write of a job. */
export function jobLines(thing: Thing, job: Job, write: readonly string[]): string {
  return [
    `List<${thing.api}> ${thing.many} = ${job.query};`,
    ...(job.loop === '' ? [] : [job.loop]),
    ...write,
  ].join('\n');
}
