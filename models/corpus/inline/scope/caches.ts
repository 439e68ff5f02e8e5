/** Variables that keep something from one call to the next: caches, totals, lists to be written, guards. */
import { drawThing, type Thing } from '../../nouns.js';
import { pascalCase } from '../../phrase.js';
import { apex, free, indented, seen, when } from '../apex.js';
import type { Member, Part } from '../part.js';
import { namesOf } from '../style.js';
import { declared, opened, recordParameter, self, told } from './words.js';

/** Children to be counted, or null where their variables would have the names of the part's. */
function drawChildren(part: Part): Thing | null {
  const thing = drawThing(part.draw, { without: part.thing.api });
  const names = namesOf({ ...part.style, ownNoun: null }, thing);
  const mine = Object.values(part.names);
  return [names.one, names.many, names.ids].some((name) => mine.includes(name)) ? null : thing;
}

/** What is looked up: its type, the expression that finds it, and what the comment calls it. */
interface Cached {
  readonly type: string;
  readonly source: string;
  readonly said: string;
}

function cachedRecord({ thing }: Part, key: string): Cached {
  return {
    type: thing.api,
    source: `[SELECT Id, ${seen(thing.nameField)} FROM ${thing.api} WHERE Id = :${key}]`,
    said: `the ${thing.label} with the id`,
  };
}

function cachedQueue(key: string): Cached {
  return {
    type: 'Id',
    source: `[SELECT Id FROM Group WHERE DeveloperName = :${key} AND Type = ${free("'Queue'")}].Id`,
    said: 'the id of the queue',
  };
}

function cachedRecordType({ thing }: Part, key: string): Cached {
  const infos = `${thing.api}.SObjectType.getDescribe().getRecordTypeInfosByDeveloperName()`;
  return { type: 'Id', source: `${infos}.get(${key}).getRecordTypeId()`, said: 'the id of the record type' };
}

function cachedCount({ thing }: Part, children: Thing, key: string): Cached {
  const lookup = children.fields.find(({ target }) => target === thing.api)?.api ?? 'OwnerId';
  return {
    type: 'Integer',
    source: `[SELECT COUNT() FROM ${children.api} WHERE ${free(lookup)} = :${key}]`,
    said: `how many ${children.plural} there are`,
  };
}

type CacheKind = 'record' | 'queue' | 'recordType' | 'count';

/** What belongs to the id or name in the variable `key`; children are given where they are to be counted. */
function cachedOf(part: Part, kind: CacheKind, children: Thing | null, key: string): Cached {
  if (children !== null) return cachedCount(part, children, key);
  if (kind === 'queue') return cachedQueue(key);
  return kind === 'recordType' ? cachedRecordType(part, key) : cachedRecord(part, key);
}

type Reading = 'early' | 'variable' | 'filled';

interface Cache {
  readonly map: string;
  readonly key: string;
  /** A variable for what is found. */
  readonly found: string;
  readonly type: string;
  readonly source: string;
}

/** Statements that ask the map first, and fill it where it has nothing. */
function readThrough(reading: Reading, { map, key, found, type, source }: Cache): readonly string[] {
  switch (reading) {
    case 'early':
      return [
        when(`${map}.containsKey(${key})`, `return ${map}.get(${key});`),
        `${type} ${seen(found)} = ${source};`,
        `${map}.put(${key}, ${found});`,
        `return ${found};`,
      ];
    case 'variable':
      return [
        `${type} ${seen(found)} = ${map}.get(${key});`,
        when(`${found} == null`, `${found} = ${source};`, `${map}.put(${key}, ${found});`),
        `return ${found};`,
      ];
    case 'filled':
      return [
        when(`!${map}.containsKey(${key})`, `${map}.put(${key}, ${source});`),
        `return ${map}.get(${key});`,
      ];
  }
}

/** A static cache: asked first, filled when it has nothing. */
export const cache: Member = (part) => {
  const { thing } = part;
  const kind = part.pick<CacheKind>('record', 'record', 'queue', 'recordType', 'count');
  const children = kind === 'count' ? drawChildren(part) : null;
  if (kind === 'count' && children === null) return null;
  const map = part.pick(
    'cache',
    'CACHE',
    `${thing.one}Cache`,
    'known',
    'loaded',
    `cached${pascalCase(thing.plural)}`,
  );
  const isNamed = kind === 'queue' || kind === 'recordType';
  const keyType = isNamed ? 'String' : 'Id';
  const key = isNamed
    ? part.pick('name', 'developerName', 'key')
    : part.pick('recordId', `${thing.one}Id`, 'key');
  const { type, source, said } = cachedOf(part, kind, children, key);
  const late = part.random.chance(0.3) ? 'variable' : 'filled';
  const found = part.pick('found', 'value', 'cached');
  const isEarly = part.random.chance(0.3);
  const reading = isEarly ? 'early' : late;
  const first = part.random.chance(0.5) ? free('') : '';
  const forgetting = (): string => apex`

    ${told(part, 'forgets what is cached')}
    ${opened(part, 'void', part.pick('reset', 'clearCache', 'forget'))}() {
        ${map}.clear();
    }
  `;
  return apex`
    private static ${part.pick('', 'final ')}Map<${keyType}, ${type}> ${seen(map)} = new Map<${keyType}, ${type}>();

    ${told(part, `${said}; asked for only once`, [key])}
    ${opened(part, type, part.pick(`get${thing.className}`, 'lookUp', 'cachedValue', 'find', kind === 'queue' ? 'queueId' : 'resolve'))}(${keyType} ${seen(key)}) {
        ${first}${readThrough(reading, { map, key, found, type, source })}
    }
    ${part.random.chance(0.25) ? forgetting() : ''}
  `;
};

interface Totals {
  readonly map: string;
  readonly key: string;
  readonly type: string;
}

type Adding = 'start' | 'ternary' | 'ifelse' | 'variable';

/** Statements that add to what a key has; `present` is a variable for that. */
function adding(form: Adding, { map, key, type }: Totals, added: string, present: string): readonly string[] {
  const [has, got] = [`${map}.containsKey(${key})`, `${map}.get(${key})`];
  const put = (value: string): string => `${map}.put(${key}, ${value});`;
  switch (form) {
    case 'start':
      return [when(`!${has}`, put('0')), put(`${got} + ${added}`)];
    case 'ternary':
      return [`${type} ${seen(present)} = ${has} ? ${got} : 0;`, put(`${present} + ${added}`)];
    case 'ifelse':
      return [`${when(has, put(`${got} + ${added}`))} else {\n${indented(put(added))}\n}`];
    case 'variable':
      return [
        `${type} ${seen(present)} = ${got};`,
        put(`${present} == null ? ${added} : ${present} + ${added}`),
      ];
  }
}

type Asking = 'plain' | 'orZero' | 'isOver';

/** What a method that reads the totals returns, and the sentence that says so. */
function asking(form: Asking, { map, key, type }: Totals, bound: string): Cached {
  const [has, got] = [`${map}.containsKey(${key})`, `${map}.get(${key})`];
  switch (form) {
    case 'plain':
      return { type, source: got, said: `what the ${key} has` };
    case 'orZero':
      return { type, source: `${has} ? ${got} : 0`, said: `what the ${key} has, zero when it is not known` };
    case 'isOver':
      return {
        type: 'Boolean',
        source: `${has} && ${got} > ${bound}`,
        said: `is the ${key} known and over the ${bound}?`,
      };
  }
}

/** Running totals or counts by id or text. */
export const runningTotals: Member = (part) => {
  const isText = part.random.chance(0.35);
  const isCount = part.random.chance(0.35);
  const keyType = isText ? 'String' : 'Id';
  const type = isCount ? 'Integer' : part.pick('Decimal', 'Decimal', 'Integer');
  const map = isCount
    ? part.pick('counts', 'counter', 'occurrences', 'tally')
    : part.pick('sums', 'totals', 'balances', 'amounts', 'totalByKey');
  const key = isText
    ? part.pick('name', 'code', 'category', 'key')
    : part.pick('recordId', 'ownerId', 'parentId', `${part.thing.one}Id`, 'key');
  const totals = { map, key, type };
  const amount = part.pick('amount', 'value', 'quantity', 'delta', 'hours');
  const form = part.pick<Adding>('start', 'ternary', 'ifelse', 'variable');
  const present = part.pick('current', 'present', 'before', 'soFar');
  const body = adding(form, totals, isCount ? '1' : amount, present);
  const isStatic = part.random.chance(0.3);
  const question = part.pick<Asking>('plain', 'orZero', 'isOver');
  const bound = part.pick('limitValue', 'bound', 'maximum');
  const asked = asking(question, totals, bound);
  const english = isCount
    ? `counts one more for the ${key}; the first time it is one`
    : `adds the ${amount} to what the ${key} already has; a new one starts at zero`;
  return apex`
    private ${isStatic ? 'static ' : ''}Map<${keyType}, ${type}> ${seen(map)} = new Map<${keyType}, ${type}>();

    ${told(part, english)}
    ${opened(part, 'void', isCount ? part.pick('count', 'register', 'countOne') : part.pick('add', 'book', 'addUp', 'collect'), isStatic)}(${keyType} ${seen(key)}${isCount ? '' : `, ${type} ${seen(amount)}`}) {
        ${free('')}${body}
    }

    ${told(part, asked.said)}
    ${opened(part, asked.type, part.pick('getTotal', 'valueOfKey', 'read', 'ofKey'), isStatic)}(${keyType} ${seen(key)}${question === 'isOver' ? `, ${type} ${seen(bound)}` : ''}) {
        ${question === 'plain' ? '' : free('')}return ${asked.source};
    }
  `;
};

/** Lists of records, the statement that writes each, and the method that adds to it. */
const collected = [
  { list: 'toInsert', verb: 'insert', method: 'registerNew' },
  { list: 'toUpdate', verb: 'update', method: 'registerDirty' },
  { list: 'toDelete', verb: 'delete', method: 'registerDeleted' },
  { list: 'toUpsert', verb: 'upsert', method: 'registerUpsert' },
];

/** Lists that are filled one by one and written at the end. */
export const collector: Member = (part) => {
  const { thing, names } = part;
  const chosen = part.random.sample(collected, part.random.integer(1, 3));
  const at = part.random.chance(0.3) ? self(part) : '';
  const isGuarded = part.random.chance(0.4);
  const isCleared = part.random.chance(0.6);
  const flush = chosen.map(({ list, verb }) => {
    const lines = [`${verb} ${at}${list};`, ...(isCleared ? [`${at}${list}.clear();`] : [])];
    return isGuarded ? when(`!${at}${list}.isEmpty()`, ...lines) : lines.join('\n');
  });
  const size = part.pick('BUFFER_SIZE', 'MAX_BUFFERED', 'FLUSH_AT');
  const isSized = chosen.length === 1 && part.random.chance(0.5);
  const flushName = part.pick('commitWork', 'flush', 'saveAll', 'write', 'persist');
  const methods = chosen.map(
    ({ list, verb, method }) => apex`
      ${told(part, `remembers a ${thing.label} for the ${verb}${isSized ? `; at ${size} they are written` : ''}`, [names.one])}
      ${free(`${part.style.access} void ${method}`)}(${recordParameter(part, false)}) {
          ${at}${list}.add(${names.one});
          ${isSized ? when(`${at}${list}.size() >= ${size}`, `${flushName}();`) : ''}
      }
    `,
  );
  const lists = chosen.map(
    ({ list }) => `private List<${thing.api}> ${seen(list)} = new List<${thing.api}>();`,
  );
  return [
    ...(isSized ? [declared(part, [[size, 'Integer', part.pick('50', '100', '200')]])] : []),
    lists.join('\n'),
    ...methods,
    apex`
      ${told(part, `writes what was remembered${isCleared ? ' and forgets it' : ''}`)}
      ${free(`${part.style.access} void `)}${seen(flushName)}() {
          ${flush}
      }
    `,
  ].join('\n\n');
};

/** A set of ids that tells which records were not handled before. */
function handledIds(part: Part, done: string, kept: string): string {
  const { thing, names } = part;
  const id = `${names.one}.Id`;
  const keep = `${kept}.add(${names.one});`;
  return apex`
    private static Set<Id> ${seen(done)} = new Set<Id>();

    ${told(part, `those ${thing.plural} that were not yet handled in this transaction; they count as handled from now on`, [names.many])}
    ${opened(part, `List<${thing.api}>`, part.pick('filterNew', 'onlyFresh', 'takeUnprocessed'))}(${recordParameter(part, true)}) {
        List<${thing.api}> ${seen(kept)} = new List<${thing.api}>();
        for (${thing.api} ${names.newOne} : ${names.many}) {
            ${free('')}${part.random.chance(0.5) ? when(`${done}.add(${id})`, keep) : when(`!${done}.contains(${id})`, `${done}.add(${id});`, keep)}
        }
        return ${kept};
    }
  `;
}

/** A flag that keeps a method from running inside itself. */
function runningFlag(part: Part, running: string): string {
  const { names } = part;
  const call = `${free(part.pick('process', 'handle', 'apply'))}(${names.many});`;
  const reset = `${running} = false;`;
  const isFinally = part.random.chance(0.6);
  return apex`
    private static Boolean ${seen(running)} = false;

    ${told(part, 'runs only when it is not running already', [names.many])}
    ${opened(part, 'void', part.pick('run', 'runOnce', 'execute', 'start'))}(${recordParameter(part, true)}) {
        ${when(running, 'return;')}
        ${running} = true;
        ${isFinally ? `${free('')}try {\n${indented(call)}\n} finally {\n${indented(reset)}\n}` : [call, reset]}
    }
  `;
}

/** Keeps what was done already from being done again. */
export const guardFlags: Member = (part) => {
  const isSet = part.random.chance(0.6);
  const done = isSet
    ? part.pick('processedIds', 'doneIds', 'handled', 'seenIds', 'PROCESSED')
    : part.pick('isRunning', 'hasRun', 'isActive');
  const kept = part.pick('fresh', 'remaining', 'unprocessed', 'toProcess');
  return isSet ? handledIds(part, done, kept) : runningFlag(part, done);
};
