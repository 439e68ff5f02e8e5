/** New records, records by external id, records of a list that is there, and records back from the recycle bin. */
import type { Assignment } from '../assignments.js';
import type { Draw } from '../draw.js';
import type { Thing } from '../nouns.js';
import { saidNumber } from '../numbers.js';
import { listed, phrase, withArticle } from '../phrase.js';
import { caught, drawEnding, handledWordings, plainEnding } from './changes-ending.js';
import { assigningLoop, drawAssignments } from './changes-job.js';
import { drawTarget } from './changes-target.js';
import type { Made } from './kind.js';
import { indented, soql } from './soql.js';
import { naturalName, naturalText } from '../words/sentences.js';
import { madeUp, partlyUnknown } from '../words/values.js';

const names = [
  'Acme', 'Globex', 'Initech', 'Umbrella', 'Northwind', 'Contoso', 'Blue Harbor', 'Silver Peak', 'Alpha', 'Apollo', 'Orion', 'Phoenix', 'Kickoff',
  'Spring Sale', 'Website Relaunch', 'Main Street', 'Premium', 'Starter Kit', 'Demo', 'Test', 'Riverside', 'Sunrise', 'Green Valley', 'Titan',
  'Big Deal', 'Q3 Review', 'Pilot', 'Delta', 'Lighthouse', 'Redwood', 'Falcon', 'Nimbus', 'Harvest', 'Summit', 'Atlas', 'Vertex', 'Sample',
] as const; // prettier-ignore
const subjects = [
  'Call back', 'Follow up', 'Send quote', 'Check in', 'Login broken', 'Review contract', 'Prepare demo', 'Cannot log in', 'Kickoff call', 'Send invoice',
  'Renewal due', 'Weekly sync', 'Order missing', 'Verify address', 'Collect feedback', 'Update details', 'Schedule meeting', 'Payment failed',
] as const; // prettier-ignore
const counts = [2, 3, 4, 5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 250, 500] as const;

/** Field that a record is called by when somebody makes one; null = the platform numbers them. */
export function nameable(thing: Thing): 'Name' | 'Subject' | 'LastName' | null {
  if (thing.api === 'Contact' || thing.api === 'Lead') return 'LastName';
  if (thing.api === 'Case' || thing.nameField === 'Subject') return 'Subject';
  return thing.nameField === 'Name' && thing.api !== 'User' ? 'Name' : null;
}

export function drawName(draw: Draw, nameField: string): string {
  const lastNames = [
    'Smith',
    'Miller',
    'Garcia',
    'Schmidt',
    'Rossi',
    'Tanaka',
    'Novak',
    'Larsen',
    'Khan',
    'Silva',
  ];
  const known = draw.random.pick(
    nameField === 'Subject' ? subjects : nameField === 'LastName' ? lastNames : names,
  );
  if (nameField === 'Subject' && draw.random.chance(0.4)) return draw.keep(naturalText(draw.random));
  if (nameField !== 'LastName' && draw.random.chance(0.25)) return draw.keep(naturalName(draw.random));
  return draw.keep(partlyUnknown(draw.random, known));
}

/** `new Task(Subject = 'Call back', Priority = 'High')`: one line up to three fields. */
export function construction(thing: Thing, members: readonly string[]): string {
  return members.length > 3
    ? `new ${thing.api}(\n${indented(members.join(',\n'))}\n)`
    : `new ${thing.api}(${members.join(', ')})`;
}

export function members(assignments: readonly Assignment[]): readonly string[] {
  return assignments.map(({ field, value }) => `${field.api} = ${value}`);
}

const firstNames = [
  'John',
  'Jane',
  'Maria',
  'Peter',
  'Anna',
  'Tom',
  'Lena',
  'Ahmed',
  'Priya',
  'Luca',
  'Emma',
  'Noah',
  'Mia',
  'Sven',
  'Olga',
  'Kofi',
] as const;

/** A person by first and last name: `named John Smith`. */
function drawPerson(draw: Draw): { english: string; members: readonly string[] } {
  const { random } = draw;
  const last = drawName(draw, 'LastName');
  if (random.chance(0.35))
    return { english: nameWording('LastName', last), members: [`LastName = '${last}'`] };
  const first = random.pick(firstNames);
  return {
    english: `{named ${draw.keep(`${first} ${last}`)}|called ${first} ${last}|${first} ${last}|named '${first} ${last}'|called "${first} ${last}"}`,
    members: [`FirstName = '${first}'`, `LastName = '${last}'`],
  };
}

const create =
  '{create|create|create|create|insert|insert|add|add|make|set up|open|log|save|generate|build|register|enter|spin up|record}';

/** "create a task 'Call back' with priority High". */
export function insertOne(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const nameField = nameable(thing);
  const isNamed = nameField !== null && random.chance(0.55);
  const count = random.weighted([
    [isNamed ? 15 : 0, 0],
    [40, 1],
    [35, 2],
    [15, 3],
  ]);
  const assignments = drawAssignments(
    draw,
    thing,
    'one',
    count,
    nameField === null ? [] : ['Name', 'FirstName', 'LastName', nameField],
  );
  if (!isNamed && assignments.length === 0) return null;
  const naming = isNamed ? drawNaming(draw, nameField) : { english: '', members: [] };
  const ending = random.chance(0.12)
    ? {
        english: handledWordings,
        isCaught: true,
      }
    : { english: '', isCaught: false };
  const given = [...naming.members, ...members(assignments)];
  const insert = [`insert ${thing.one};`];
  return {
    prompt: phrase(random, `${newRecordWording(draw, thing, naming.english, assignments)}${ending.english}`),
    answer: [
      `${thing.api} ${thing.one} = ${construction(thing, given)};`,
      ...(ending.isCaught ? caught(insert) : insert),
    ].join('\n'),
  };
}

function drawNaming(draw: Draw, nameField: string): { english: string; members: readonly string[] } {
  if (nameField === 'LastName') return drawPerson(draw);
  const name = drawName(draw, nameField);
  return { english: nameWording(nameField, name), members: [`${nameField} = '${name}'`] };
}

function nameWording(nameField: string, name: string): string {
  if (nameField === 'Subject')
    return `{'${name}'|with subject '${name}'|with the subject '${name}'|"${name}"|'${name}'}`;
  if (nameField === 'LastName')
    return `{with last name ${name}|with the last name ${name}|with last name '${name}'}`;
  return `{named ${name}|called ${name}|named '${name}'|called "${name}"|'${name}'|named "${name}"}`;
}

/** Name first; the fields as "with …" or as sentences of their own. */
function newRecordWording(
  draw: Draw,
  thing: Thing,
  name: string,
  assignments: readonly Assignment[],
): string {
  const { random } = draw;
  const label = withArticle(thing.label);
  const head = random.weighted([
    [8, `${create} {${label}|${label}|a new ${thing.label}|one ${thing.label}} ${name}`],
    [1, `{I|we} {need|want} {${label}|a new ${thing.label}} ${name}`],
    [1.2, `new ${thing.label} ${name}`],
  ]);
  if (assignments.length === 0) return head;
  const nouns = listed(assignments.map(({ noun }) => noun));
  const isWithSaid = /^\{?with /.test(name);
  return random.weighted([
    [8, `${head} ${isWithSaid ? 'and' : '{with|with|with|having}'} ${nouns}`],
    [isWithSaid ? 0 : 2.5, `${head}, ${nouns}`],
    [isWithSaid ? 0 : 1.2, `${head}, ${assignments.map(({ noun }) => noun).join(', ')}`],
    [isWithSaid ? 0 : 0.6, `${head} (${nouns})`],
    [isWithSaid ? 0 : 0.6, `${head} - ${assignments.map(({ noun }) => noun).join(', ')}`],
    [1.2, `${head}: ${nouns}`],
    [0.8, `${head}. {Set|Use|Give it} ${nouns}`],
    [0.8, `${head}, ${listed(assignments.map(({ imperative }) => imperative))}`],
    [2, `${head} and ${listed(assignments.map(({ imperative }) => imperative))}`],
    [1, `${head}. It {should have|needs|gets|has} ${nouns}`],
  ]);
}

/** "create 50 invoices with status Draft": a loop and one insert. */
export function insertMany(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const nameField = nameable(thing);
  const isNamed = nameField !== null && nameField !== 'LastName' && random.chance(0.4);
  const count = random.pick(counts);
  const base = isNamed ? drawName(draw, nameField) : '';
  const assignments = drawAssignments(
    draw,
    thing,
    'many',
    random.weighted([
      [isNamed ? 3 : 0, 0],
      [6, 1],
      [3, 2],
    ]),
    nameField === null ? [] : ['Name', nameField],
  );
  if (!isNamed && assignments.length === 0) return null;
  const naming = `{named|called} {'${base} 1', '${base} 2' and so on|${base} 1 to ${base} ${count}|${base} 1, ${base} 2, ...|'${base}' plus a {running |}number}`;
  const nouns = listed(assignments.map(({ noun }) => noun));
  const withNouns = assignments.length === 0 ? '' : `{with|with|, each with|, all with|that have} ${nouns}`;
  const parts = [isNamed ? naming : '', withNouns];
  const ending = drawEnding(draw, false);
  const head = `{create|insert|add|make|generate|bulk insert|bulk create|I need|mass create} ${saidNumber(random, count)} {|new|{test|sample|dummy}|} ${thing.plural}`;
  const given = [...(isNamed ? [`${nameField} = '${base} ' + i`] : []), ...members(assignments)];
  return {
    prompt: phrase(random, `${head} ${parts.join(' ')}${ending.english}`),
    answer: [
      `List<${thing.api}> ${thing.many} = new List<${thing.api}>();`,
      `for (Integer i = 1; i <= ${count}; i++) {`,
      indented(`${thing.many}.add(${construction(thing, given)});`),
      '}',
      ...ending.lines('insert', thing.many),
    ].join('\n'),
  };
}

const systems = [
  'External',
  'ERP',
  'SAP',
  'Legacy',
  'Source',
  'Billing',
  'Shop',
  'Import',
  'Webshop',
  'Migration',
  'Netsuite',
  'Warehouse',
  'Partner',
  'Stripe',
] as const;
const keys = ['Id', 'Id', 'Key', 'Number', 'Code', 'Reference'] as const;

function drawKey(draw: Draw, thing: Thing): { api: string; english: string } {
  const system = draw.random.chance(0.4) ? madeUp(draw.random) : draw.random.pick(systems);
  const api = `${system}_${draw.random.pick(keys)}__c`;
  draw.noteField(thing.api, api);
  const label = api.replace('__c', '').replace('_', ' ');
  return {
    api,
    english: draw.random.pick([
      api,
      label.toLowerCase(),
      label,
      label.toLowerCase().replace(/^(erp|sap)\b/, (name) => name.toUpperCase()),
    ]),
  };
}

const thoseOfList = (thing: Thing): string =>
  `{the|the|these|the given|the list of|a list of|my} ${thing.plural}`;

/** "upsert the accounts by external id". */
export function upsertByKey(draw: Draw, thing: Thing): Made | null {
  const key = drawKey(draw, thing);
  const ending = drawEnding(draw);
  const list = thoseOfList(thing);
  const english =
    `{upsert ${list} {by|on|using|with|matching on|keyed on|based on} {the |}${key.english}|insert or update ${list} {by|on|matching on|based on} {the |}${key.english}` +
    `|${list}: upsert {by|on} ${key.english}|{sync|save} ${list}, {update|updating} {the ones|those} that {already |}exist by ${key.english}{ and insert the {rest|others}|, insert the rest}` +
    `|{create|insert} ${list} or update {them|the existing ones} {if|when} the ${key.english} {exists|already exists|matches}}`;
  return {
    prompt: `${phrase(draw.random, english)}${ending.english}`,
    answer: ending.lines('upsert', thing.many, `${thing.api}.${key.api}`).join('\n'),
    given: `List<${thing.api}> ${thing.many} = new List<${thing.api}>();`,
  };
}

/** "upsert an account with ERP id 'A-100' and rating Hot by ERP id". */
export function upsertGiven(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const key = drawKey(draw, thing);
  const assignments = drawAssignments(draw, thing, 'one', random.integer(1, 2));
  if (assignments.length === 0) return null;
  const value = `${random.pick(['A', 'B', 'C', 'X', 'ORD', 'CUST', 'INV', 'K'])}-${random.integer(1, 9999)}`;
  const nouns = listed(assignments.map(({ noun }) => noun));
  const label = withArticle(thing.label);
  const english =
    `{upsert ${label} with ${key.english} '${value}' and ${nouns}{ by ${key.english}|, matching on ${key.english}|, key is ${key.english}}` +
    `|insert or update the ${thing.label} {whose ${key.english} is|with ${key.english}} '${value}' with ${nouns}` +
    `|upsert the ${thing.label} {whose ${key.english} is|with ${key.english}} {'${value}'|${value}}: ${nouns}}`;
  return {
    prompt: phrase(random, english),
    answer: `${thing.api} ${thing.one} = ${construction(thing, [`${key.api} = '${value}'`, ...members(assignments)])};\nupsert ${thing.one} ${key.api};`,
  };
}

/** Records that are at hand already. */
export function writeGiven(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const ending = drawEnding(draw);
  const given = `List<${thing.api}> ${thing.many} = new List<${thing.api}>();`;
  const list = `{the|these|the given|the list of|my} ${thing.plural}`;
  const operation = random.weighted([
    [3, 'set'],
    [2, 'update'],
    [2, 'insert'],
    [2, 'delete'],
  ] as const);
  if (operation !== 'set') {
    const verbs = {
      update: '{update|save|save changes to}',
      insert: '{insert|save as new|insert}',
      delete: '{delete|remove}',
    }[operation];
    if (ending === plainEnding) return null;
    return {
      prompt: `${phrase(random, `${verbs} ${list}`)}${ending.english}`,
      answer: ending.lines(operation, thing.many).join('\n'),
      given,
    };
  }
  const assignments = drawAssignments(
    draw,
    thing,
    'many',
    random.weighted([
      [3, 1],
      [1, 2],
    ]),
  );
  if (assignments.length === 0) return null;
  const imperatives = listed(assignments.map(({ imperative }) => imperative));
  const nouns = listed(assignments.map(({ noun }) => noun));
  const english =
    `{for {each of |}{the|these|the given} ${thing.plural} in the list, ${imperatives} and {update|save} them|{loop|iterate|go} over {the list of|the given|these} ${thing.plural}, ${imperatives}{ and {update|save} them| and {update|save} them|, then {update|save}}` +
    `|{update|change} {the given|these|the list of} ${thing.plural}{: ${imperatives}| to ${nouns}}|give {each of these|each of the given|all the given} ${thing.plural} ${nouns} and update them}`;
  return {
    prompt: `${phrase(random, english)}${ending.english}`,
    answer: [assigningLoop(thing, assignments), ...ending.lines('update', thing.many)].join('\n'),
    given,
  };
}

/** "restore the deleted leads created this week". */
export function undelete(draw: Draw, thing: Thing): Made | null {
  const target = drawTarget(draw, thing, { canBeAll: true });
  if (
    target === null ||
    target.number === 'one' ||
    target.limit !== null ||
    target.tail !== '' ||
    thing.api === 'User'
  )
    return null;
  const { random } = draw;
  const said = target.english.replace(/^(all of the|all the|all|any|the)\b ?/, '');
  const conditions = ['IsDeleted = true', ...target.conditions.map(({ soql: text }) => text)];
  const query = soql({ select: ['Id'], from: thing.api, conditions });
  const all = query.endsWith('\n]')
    ? query.replace(/\]$/, '    ALL ROWS\n]')
    : query.replace(/\]$/, ' ALL ROWS]');
  const ending = drawEnding(draw);
  const english = `{undelete|undelete|restore|recover|bring back|get back} {{all|the||all the} deleted ${said}|${said} from the recycle bin|{the |all the |}${said} that were deleted|all ${said} {in|from} the recycle bin}`;
  return {
    prompt: `${phrase(random, english)}${ending.english}`,
    answer: [`List<${thing.api}> ${thing.many} = ${all};`, ...ending.lines('undelete', thing.many)].join(
      '\n',
    ),
  };
}
