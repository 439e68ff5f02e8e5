/** How changing and deleting the records that a query finds is said: as a command, and as a whole sentence. */
import type { Assignment } from '../assignments.js';
import type { Draw } from '../draw.js';
import { said, type Field, type Thing } from '../nouns.js';
import { capitalized, listed, phrase } from '../phrase.js';
import type { Target } from './changes-target.js';

export interface Wordings {
  /** Begins with a verb, as `close all open cases`: fits after "please" and after "to". */
  readonly command: string;
  /** Other wordings stand as whole sentences, as `Unpaid invoices should be marked as late`; null = none fits. */
  readonly sentence: string | null;
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

/** What setting fields of `target` is called. */
export function updateWordings(
  draw: Draw,
  thing: Thing,
  target: Target,
  assignments: readonly Assignment[],
): Wordings {
  const { random } = draw;
  const direct = assignments.length === 1 ? directCommand(draw, target, assignments[0]!) : null;
  const imperatives =
    sharedVerb(draw, assignments) ??
    listed(
      assignments.map(({ imperative }) => imperative),
      random.chance(0.8) ? 'and' : 'then',
    );
  const nouns = listed(assignments.map(({ noun }) => noun));
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
    [3, `${target.english}: ${imperatives}`],
    [1.5, `{for|on} ${target.english}: ${imperatives}`],
    [0.7, `${target.english} {->|=>} ${nouns}`],
    [0.7, `${target.english} {->|=>} ${imperatives}`],
    [0.7, `${target.english} - ${imperatives}`],
    [1, `{can|could} ${target.english} {please |}{have|get} ${nouns}?`],
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
  const clauses = listed(target.conditions.map(({ clause }) => clause));
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
  return `update ${thing.plural} set ${listed(settings.filter((setting) => setting !== null))} where ${where}`;
}

/** How often settings to values share one verb. */
const sharedVerbShare = 0.5;

/** "put the status to On Hold and the reason to Waiting"; null = one of them is said otherwise. */
function sharedVerb(draw: Draw, assignments: readonly Assignment[]): string | null {
  const { random } = draw;
  if (!random.chance(assignments.length > 1 ? sharedVerbShare : 0.08)) return null;
  const the = random.pick(['the ', 'the ', '']);
  const sign = random.pick([' to ', ' to ', ' to ', ' = ']);
  const settings = assignments.map((assignment) => {
    const value = valueSaid(assignment.imperative);
    return value === null || assignment.field.type === 'checkbox'
      ? null
      : `${the}${said(draw, assignment.field)}${sign}${value}`;
  });
  const all = settings.filter((setting) => setting !== null);
  if (all.length < settings.length) return null;
  const verb = sign === ' = ' ? 'set' : '{set|set|set|put|change|update|switch}';
  return phrase(random, `${verb} ${random.chance(0.85) ? listed(all) : all.join(', ')}`);
}

/** Conditions after "where"; null = some cannot be said so, or none are there, or more than conditions is said. */
function whereWording(target: Target): string | null {
  const clauses = target.conditions.map(({ clause }) => clause);
  if (
    target.limit !== null ||
    target.tail !== '' ||
    clauses.length === 0 ||
    !clauses.every((clause) => /^(its|the) /.test(clause))
  )
    return null;
  return listed(clauses.map((clause) => clause.replace(/^its /, 'the ')));
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
  const isMoved = /^(Status|Status__c|StageName|Stage__c|Phase__c)$/.test(field.api);
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
    [
      isMoved ? 4 : isState ? 1 : 0,
      `{move|move|set|switch|put|push|flip|change} ${target.english} {to|to|over to} ${value}`,
    ],
    [isMoved ? 1 : 0, `{move|put} ${target.english} {into|in} {the |}${name} ${value}`],
    [1, `{put|flip|bring|adjust|fix|correct} the ${name} {of|on|for} ${target.english} to ${value}`],
    [1, `{give|assign} ${target.english} the ${name} ${value}`],
  ]);
}

/** `Late` of "set the status to Late"; null = the value stands elsewhere. */
function valueSaid(imperative: string): string | null {
  return /^(?:set|change|update|switch|put) (?:(?! to ).)+ to (.+)$/.exec(imperative)?.[1] ?? null;
}

/** The verb that says the assignment by itself; null = none does. */
export function verbOf(field: Field, value: string): { command: string; participle: string } | null {
  if (field.api === 'IsActive') {
    return value === 'true'
      ? { command: '{activate|activate|reactivate}', participle: 'activated' }
      : { command: '{deactivate|deactivate|disable|bulk deactivate}', participle: '{deactivated|disabled}' };
  }
  if (field.label !== 'status') return null;
  return statusVerbs[value.replaceAll("'", '')] ?? null;
}

/** `wording`, or half the time with another sentence where one assignment has a verb: "… should be marked as late". */
export function passiveWordings(
  draw: Draw,
  target: Target,
  assignments: readonly Assignment[],
  wording: Wordings,
): Wordings {
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

const deleteVerbs =
  '{delete|delete|delete|delete|delete|remove|remove|remove|get rid of|get rid of|purge|purge|clean up|clear out|erase|drop|wipe|wipe out|bulk delete|mass delete|throw away|throw out|clean out|permanently remove|permanently delete|kill|trash|nuke|ditch|bin|dump|take out|scrap}';

/** What deleting `target` is called. */
export function deleteWordings(draw: Draw, thing: Thing, target: Target): Wordings {
  const { random } = draw;
  const must =
    target.number === 'one'
      ? 'should be|must be|needs to be|has to be|can be'
      : 'should be|must be|need to be|have to be|can be';
  const pronoun = target.number === 'one' ? 'it' : 'them';
  const bare = target.english.replace(/^(all of the|all the|all|any|the)\b ?/, '');
  const where = whereWording(target);
  const clauses = listed(target.conditions.map(({ clause }) => clause));
  const command = random.weighted([
    [8, `${deleteVerbs} ${target.english}`],
    [2, `${findVerbs} ${target.english} and {delete|remove} ${pronoun}`],
    [0.5, `{delete|remove|purge} ${target.english} from {the|our} {org|database|system|sandbox}`],
    [0.6, `{do a cleanup of|do a bulk delete of|do a mass delete of} ${target.english}`],
  ]);
  const sentence = random.weighted([
    [3, `${target.english} {${must}} {deleted|removed|purged|cleaned up}`],
    [1, `{I want|I need|we want|we need|I'd like} ${target.english} {deleted|removed|gone}`],
    [1, `${findVerbs} ${target.english}. {Delete|Then delete|Remove} ${pronoun}`],
    [0.7, `${target.english}: {delete|delete ${pronoun}|remove ${pronoun}}`],
    [
      0.7,
      `${target.english} {should|can|must|${target.number === 'one' ? 'has to|needs to' : 'have to|need to'}} go`,
    ],
    [0.7, `{can|could} ${target.english} be {deleted|removed}{ please|}?`],
    [0.5, `${target.english} - {delete|delete ${pronoun}|remove ${pronoun}}`],
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
  return { command: phrase(random, command), sentence: phrase(random, sentence) };
}
