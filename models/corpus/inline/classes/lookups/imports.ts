/** Records found again by a unique text: imports that match what is there, indexes, rows that name their parent. */
import { manyName, oneName, queried, Scope } from '../records.js';
import type { Field } from '../../../nouns.js';
import { camelCase, pascalCase } from '../../../phrase.js';
import { apex, free, seen, when } from '../../apex.js';
import { joinedMembers, lines, loop, relation } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { opened, told } from '../../scope/words.js';

/** Texts that many records share, or that are too long for a key. */
const noKeys =
  /City|Country|State|Title|Step|Location|Summary|Comment|Note|Address|Company|Description|Website|Subject|FirstName|LastName|^Name$|Label/;

/** A field that can tell one record from another, and its names. */
function drawKey(part: Part): { field: Field; word: string; many: string } | null {
  const field = part.settable(9, ['text', 'email']).find(({ api }) => !noKeys.test(api));
  if (field === undefined) return null;
  const name = camelCase(field.label);
  const word = part.pick('key', name, name);
  return { field, word, many: /s$/.test(word) ? `${word}Values` : `${word}s` };
}

/** How a key is made comparable, and how that is told. */
function drawNormal(part: Part): { of: (value: string) => string; said: string } {
  return part.pick(
    { of: (value: string) => value, said: '' },
    { of: (value: string) => value, said: '' },
    { of: (value: string) => `${value}.toLowerCase()`, said: 'upper or lower case does not matter' },
    { of: (value: string) => `${value}.trim()`, said: 'blanks around it do not matter' },
  );
}

/** Incoming records get the ids of those that have the same key; the rest is new. */
export const matchedImport: Member = (part) => {
  const key = drawKey(part);
  if (key === null) return null;
  const { thing } = part;
  const { field, many } = key;
  const scope = new Scope(part);
  const list = scope.own(part.names.many, 'incoming', 'imported', 'records', thing.many);
  const one = oneName(part, scope);
  const keys = scope.pick(many, 'keys', 'wanted');
  const map = scope.pick(
    'existing',
    `existingBy${pascalCase(key.word)}`,
    `by${pascalCase(field.label)}`,
    'known',
  );
  const found = scope.pick('known', 'old', 'match', 'stored', 'present');
  const value = `${one}.${field.api}`;
  const isSplit = part.random.chance(0.5);
  const created = scope.pick('toInsert', 'created', 'additions');
  const changed = scope.pick('toUpdate', 'changed', 'matches');
  const query = queried(part, {
    select: ['Id', field.api],
    from: thing.api,
    where: [`${field.api} IN :${keys}`],
    tail: [],
  });
  const matching = isSplit
    ? `if (${map}.containsKey(${value})) {\n    ${one}.Id = ${map}.get(${value}).Id;\n    ${changed}.add(${one});\n} else {\n    ${created}.add(${one});\n}`
    : part.random.chance(0.5)
      ? when(`${map}.containsKey(${value})`, `${one}.Id = ${map}.get(${value}).Id;`)
      : `${free('')}${thing.api} ${seen(found)} = ${map}.get(${value});\n${when(`${found} != null`, `${one}.Id = ${found}.Id;`)}`;
  const lists = isSplit
    ? [created, changed].map((name) => `List<${thing.api}> ${seen(name)} = new List<${thing.api}>();`)
    : [];
  const stored = scope.pick('present', 'current', 'saved', `old${thing.className}`);
  const said = isSplit
    ? `${thing.plural} whose ${field.label} is there already are updated, the others inserted`
    : `matches ${thing.plural} by ${field.label}, then writes all of them at once`;
  return apex`
    ${told(part, said, [list])}
    ${opened(part, 'void', part.pick('importAll', 'mergeIn', 'load', `save${pascalCase(thing.plural)}`, 'synchronize'))}(List<${thing.api}> ${seen(list)}) {
        Set<String> ${seen(keys)} = new Set<String>();
        ${loop(thing.api, one, list, `${keys}.add(${value});`)}
        Map<String, ${thing.api}> ${seen(map)} = new Map<String, ${thing.api}>();
        for (${thing.api} ${seen(stored)} : ${query}) {
            ${map}.put(${stored}.${field.api}, ${stored});
        }
        ${lists}
        ${loop(thing.api, one, list, matching)}
        ${isSplit ? [`insert ${created};`, `update ${changed};`] : `upsert ${list};`}
    }
  `;
};

/** A class that is an index of records by a text: it is filled in its constructor and asked for one or for all. */
export const recordIndex: Member = (part) => {
  const key = drawKey(part);
  if (key === null) return null;
  const { thing } = part;
  const { field } = key;
  const scope = new Scope(part);
  const map = scope
    .pick(`by${pascalCase(field.label)}`, `${thing.many}By${pascalCase(field.label)}`, 'index', 'records')
    .replace(/^index$/, 'lookup');
  const list = manyName(part, scope);
  const one = oneName(part, scope);
  const given = scope.pick(key.word, 'key', 'asked');
  const { of, said } = drawNormal(part);
  const skipped =
    said !== '' || part.random.chance(0.5)
      ? lines(
          part.comment(
            part.pick(`an empty ${field.label} finds nothing`, `those without ${field.label} are left out`),
          ),
          when(`${one}.${field.api} == null`, 'continue;'),
        )
      : '';
  const note = said === '' ? '' : part.comment(said);
  const constructor = apex`
    ${told(part, `${thing.plural} by ${field.label}`)}
    public ${part.className}(List<${thing.api}> ${seen(list)}) {
        ${note}
        ${loop(thing.api, one, list, skipped, `${map}.put(${of(`${one}.${field.api}`)}, ${one});`)}
    }
  `;
  const finding = apex`
    ${part.random.chance(0.6) ? part.comment('null when there is none') : ''}
    public ${thing.api} ${seen(part.pick('find', 'get', `findBy${pascalCase(field.label)}`))}(String ${given}) {
        ${said === '' ? '' : part.pick('', `if (${given} == null) return null;`).replace(/^(?=.)/, free(''))}
        return ${map}.get(${of(given)});
    }
  `;
  const has = apex`
    public Boolean ${seen(part.pick('has', 'contains', 'knows'))}(String ${given}) {
        return ${map}.containsKey(${of(given)});
    }
  `;
  const sized = `${free('public Integer size')}() {\n    return ${map}.size();\n}`;
  const idOf = apex`
    ${part.comment('the id alone, or null')}
    public Id ${seen('idOf')}(String ${given}) {
        ${thing.api} ${seen(one)} = ${map}.get(${of(given)});
        return ${one} == null ? null : ${one}.Id;
    }
  `;
  const methods = part.random.sample([has, sized, idOf], part.random.integer(0, 2));
  const declared = `private ${part.pick('', 'final ')}Map<String, ${thing.api}> ${seen(map)} = new Map<String, ${thing.api}>();`;
  return joinedMembers(declared, constructor, finding, ...methods);
};

/** Rows of an import that name their parent by a text: the parents are loaded once, unknown ones become errors. */
export const namedParents: Member = (part) => {
  const rel = relation(part);
  const key = rel === null ? null : drawKey(rel.up);
  const [own] = part.settable(9, ['text', 'picklist']).filter(({ api }) => api !== 'Description');
  if (rel === null || key === null || own === undefined) return null;
  const { thing } = part;
  const up = rel.up.thing;
  const type = part.pick('ImportRow', 'Line', 'Incoming', 'InputRow');
  const parentKey = `${rel.noun}${pascalCase(key.field.label)}`;
  const ownName = camelCase(own.label);
  const ownKey =
    ownName === 'name' || !/^(type|level|reason|size|status|stage|region)$/.test(ownName)
      ? `${ownName}Text`
      : `${ownName}Value`;
  const scope = new Scope(part, parentKey, ownKey);
  const rows = scope.pick('rows', 'entries', 'inputs');
  const row = scope.pick('row', 'entry', 'input', 'item');
  const keys = scope.pick('keys', 'wanted', `${key.many}`);
  const map = scope.pick('parents', `${up.many}ByKey`, `${rel.noun}ByKey`, 'known');
  const one = oneName(rel.up, scope);
  const records = scope.pick('records', 'created', 'toInsert', thing.many);
  const unknown = scope.pick('unknown', 'errors', 'missing', 'rejected');
  const query = queried(part, {
    select: ['Id', key.field.api],
    from: up.api,
    where: [`${key.field.api} IN :${keys}`],
    tail: [],
  });
  const inner = `public class ${seen(type)} {\n    public String ${seen(parentKey)};\n    public String ${seen(ownKey)};\n}`;
  const got = `${map}.get(${row}.${parentKey})`;
  const record = `${records}.add(new ${thing.api}(${rel.asked} = ${got}.Id, ${seen(own.api)} = ${row}.${ownKey}));`;
  const isSkipping = part.random.chance(0.5);
  const checked = isSkipping
    ? lines(
        when(`!${map}.containsKey(${row}.${parentKey})`, `${unknown}.add(${row}.${parentKey});`, 'continue;'),
        record,
      )
    : `${free('')}if (${map}.containsKey(${row}.${parentKey})) {\n    ${record}\n} else {\n    ${unknown}.add(${row}.${parentKey});\n}`;
  const main = apex`
    ${told(part, `${own.label} (${own.api}) of each row goes to a new ${thing.label}; returns every ${key.field.label} that no ${up.label} has`, [rows])}
    ${opened(part, 'List<String>', part.pick('importRows', 'create', 'load', 'process'))}(List<${type}> ${seen(rows)}) {
        Set<String> ${seen(keys)} = new Set<String>();
        ${loop(type, row, rows, `${keys}.add(${row}.${parentKey});`)}
        Map<String, ${up.api}> ${seen(map)} = new Map<String, ${up.api}>();
        for (${up.api} ${seen(one)} : ${query}) {
            ${map}.put(${one}.${key.field.api}, ${one});
        }
        List<${thing.api}> ${seen(records)} = new List<${thing.api}>();
        List<String> ${seen(unknown)} = new List<String>();
        ${loop(type, row, rows, checked)}
        insert ${records};
        return ${unknown};
    }
  `;
  return part.random.chance(0.7) ? joinedMembers(inner, main) : joinedMembers(main, inner);
};
