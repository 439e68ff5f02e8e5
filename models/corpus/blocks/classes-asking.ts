/** How a class that does a job is asked for, and what it is called. */
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { pascalCase, phrase, thirdPerson } from '../phrase.js';
import { tidied, type Job } from './changes-job.js';
import { story } from './triggers-text.js';

/** What a job's class can be called by: `AbandonedCartBatch`, `PurgeOldLeads`. */
const qualities =
  '{Abandoned|Stale|Old|Nightly|Daily|Weekly|Monthly|Expired|Inactive|Overdue|Open|Auto|Smart|Bulk|Mass|Obsolete|Demo|Test|Quarterly}';
const doings = {
  update:
    '{Update|Cleanup|Sync|Refresh|Fix|Closing|Cooling|Escalation|Reminder|Archive|Expiry|Reset|Maintenance|Rollover|Processing|Marking|Conversion}',
  delete: '{Cleanup|Purge|Deletion|Removal|Housekeeping|Retention|Cleaner|Delete}',
} as const;
const verbs = {
  update: '{Update|Refresh|Fix|Close|Reset|Process|Mark|Expire|Sync|Handle}',
  delete: '{Purge|Delete|Remove|CleanUp|Clear|Erase|DropOld}',
} as const;
const endings = {
  Batch: '{Batch|Batch|Batch|BatchJob|Job|}',
  Queueable: '{Queueable|Queueable|Job|Job|Async|Worker|}',
  Schedulable: '{Schedulable|Scheduler|Scheduled|Schedule|Job|}',
} as const;

/** A name that is said with the class, and taken letter by letter. */
function drawnName(draw: Draw, thing: Thing, kind: keyof typeof endings, job: Job): string {
  const { operation } = job;
  const many = pascalCase(thing.plural);
  const word = pascalCase(/\w+$/.exec(thing.label)?.[0] ?? thing.label);
  const name = phrase(
    draw.random,
    `{${qualities}${thing.className}|${qualities}${word}|${thing.className}${doings[operation]}|${word}${doings[operation]}|${qualities}${thing.className}${doings[operation]}|${verbs[operation]}${many}}${endings[kind]}`,
  );
  return draw.keep(name === thing.className ? `${name}Job` : name);
}

/** `delete old leads` → `deletes old leads`; only the first word. */
function inThirdPerson(command: string): string {
  const [verb = '', ...rest] = command.split(' ');
  return [thirdPerson(verb), ...rest].join(' ');
}

/** `delete old leads` → `deleting old leads`. */
function gerund(command: string): string {
  const [verb = '', ...rest] = command.split(' ');
  const isDoubled = /^(set|get|put|drop|ship|run|let|cut|submit|defer|bin|scrap|scrub|trim|zap|rid)$/.test(
    verb,
  );
  const stem = isDoubled ? `${verb}${verb.at(-1)!}` : /[^eoy]e$/.test(verb) ? verb.slice(0, -1) : verb;
  return [`${stem}ing`, ...rest].join(' ');
}

/** "gets … and sets": only a single command may be put into the third person. */
function isSingle(command: string): boolean {
  return (
    !/ (and|then) /.test(command) &&
    !/[:]/.test(command) &&
    !command.includes('clean') &&
    !/^(bulk|mass)/.test(command)
  );
}

/** The request for a class of the `kind`, and its name: `canonical` where the request says none. */
export function askedFor(
  draw: Draw,
  thing: Thing,
  what: string,
  kind: keyof typeof endings,
  job: Job,
): { english: string; className: string } {
  const { random } = draw;
  const canonical = `${thing.className}${kind}`;
  const isNamed = random.chance(0.35);
  const className = !isNamed || random.chance(0.2) ? canonical : drawnName(draw, thing, kind, job);
  const bare = phrase(random, what);
  const own = bare.replace(/^an? /, '');
  const naming = isNamed ? `{called|named|||} ${className}` : '';
  const leads = `{{write |create |give me |make |build |I need |we need |need |}${bare}|${bare}|${own}|${own}} ${naming}`;
  const lead = phrase(random, leads);
  const wording = random.weighted(wordings(lead, bare, job, isNamed ? className : null));
  return { english: tidied(`${phrase(random, wording)}${job.tail}`), className };
}

function wordings(
  lead: string,
  what: string,
  job: Job,
  name: string | null,
): readonly (readonly [number, string])[] {
  const { command, sentence } = job;
  const single = isSingle(command);
  const own = what.replace(/^an? /, '');
  return [
    [4, `${lead} to ${command}`],
    [single ? 6 : 0, `${lead} {that|that|which} ${inThirdPerson(command)}`],
    [2, `${lead}: ${command}`],
    [1.5, `${lead} that {should|must|has to|will} ${command}`],
    [1.5, `${lead}{. It should|, it should|. It must|, it has to} ${command}`],
    [single ? 1 : 0, `${lead}: {it |}${inThirdPerson(command)}`],
    [single ? 1 : 0, `${lead} {that takes care of|responsible for|for} ${gerund(command)}`],
    [single ? 0.7 : 0, `${lead}, ${gerund(command)}`],
    [sentence === null ? 0 : 1.5, `${lead}{:|.} ${sentence ?? ''}`],
    [name === null ? 2 : 0, `${command} {in|with|using} ${what}`],
    [name === null ? 0 : 2, `${name!}{: | (${own}): | - ${own} to }${command}`],
    [name === null || !single ? 0 : 1, `${name!} {is|should be} ${what} that ${inThirdPerson(command)}`],
    [name === null && single ? 0.7 : 0, story(`${what} that ${inThirdPerson(command)}`)],
  ];
}
