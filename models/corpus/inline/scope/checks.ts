/** The same check again for the second thing: of nulls on the way, of parameters, of permissions. */
import { capitalized, pascalCase } from '../../phrase.js';
import { unknownWord } from '../../words/invented.js';
import { apex, free, seen, when } from '../apex.js';
import { constantName } from '../constant-names.js';
import type { Member } from '../part.js';
import {
  declaredInOrder,
  drawException,
  opened,
  recordParameter,
  spaced,
  textConstant,
  told,
} from './words.js';

/** Fields that most parents have; Case, Contract, Task and Event have no Name. */
const parentFields = [
  { api: 'Name', type: 'String', label: 'name' },
  { api: 'CreatedDate', type: 'Datetime', label: 'created date' },
  { api: 'LastModifiedDate', type: 'Datetime', label: 'last modified date' },
];

type NullForm = 'chained' | 'if' | 'ternary';

/** Statements that answer with a field of the parent at `path`, or with null. */
function readSafely(form: NullForm, path: string, api: string): readonly string[] {
  switch (form) {
    case 'chained':
      return [`return ${path}?.${api};`];
    case 'ternary':
      return [`return ${path} == null ? null : ${path}.${api};`];
    case 'if':
      return [when(`${path} == null`, 'return null;'), `return ${path}.${api};`];
  }
}

/** Fields of the record that a lookup points to, read without failing on nulls. */
export const nullSafe: Member = (part) => {
  const { thing, names } = part;
  const lookups = thing.fields.filter(({ type, target }) => type === 'reference' && target !== null);
  if (lookups.length === 0) return null;
  const lookup = part.random.pick(lookups);
  part.draw.noteField(thing.api, lookup.api);
  const relation = lookup.api.endsWith('__c')
    ? lookup.api.replace(/__c$/, '__r')
    : lookup.api.replace(/Id$/, '');
  if (relation === lookup.api) return null;
  const form = part.pick<NullForm>('chained', 'if', 'ternary');
  const path = `${names.one}.${relation}`;
  const chosen = part.random.sample(parentFields, part.random.integer(1, 3));
  return chosen
    .map(
      ({ api, type, label }, index) => apex`
        ${told(part, `the ${label} of the ${thing.label}'s ${lookup.label}, null when it has none`, [names.one])}
        ${opened(part, type, `${part.pick('get', 'find')}${pascalCase(lookup.label)}${pascalCase(api)}`)}(${recordParameter(part, false)}) {
            ${index === 0 ? free('') : ''}${readSafely(form, path, api)}
        }
      `,
    )
    .join('\n\n');
};

/** The condition under which a parameter counts as missing. */
function isMissing(name: string, type: string): string {
  if (type === 'String') return `String.isBlank(${name})`;
  return type.startsWith('List') ? `${name} == null || ${name}.isEmpty()` : `${name} == null`;
}

/** What a method does that finds a parameter missing: it throws, returns false, or lists messages. */
type GuardManner = 'throw' | 'aura' | 'return' | 'list';

const guardTypes: Readonly<Record<GuardManner, string>> = {
  throw: 'void',
  aura: 'void',
  return: 'Boolean',
  list: 'List<String>',
};

/** The same check of one parameter after another. */
export const parameterGuards: Member = (part) => {
  const pool = [
    [`${part.thing.one}Id`, 'Id'],
    ['userId', 'Id'],
    ['reason', 'String'],
    ['comment', 'String'],
    ['startDay', 'Date'],
    ['amount', 'Decimal'],
    ['recipients', 'List<String>'],
    [`${unknownWord(part.random)}Code`, 'String'],
  ] as const;
  const chosen = part.random.sample(pool, part.random.integer(2, 4));
  const exception = drawException(part);
  const manner = part.pick<GuardManner>('throw', 'throw', 'aura', 'return', 'list');
  const errors = part.pick('errors', 'missing', 'problems');
  const wording = part.pick('$ is required', 'Please enter $', 'No $', '$ must not be empty', 'Missing: $');
  const checks = chosen.map(([name, type], index) => {
    const text = `'${capitalized(wording.replace('$', spaced(name)))}'`;
    const message = index === 0 ? free(text) : text;
    const refusal = {
      throw: `throw new ${exception.name}(${message});`,
      aura: `throw new AuraHandledException(${message});`,
      return: 'return false;',
      list: `${errors}.add(${message});`,
    }[manner];
    return when(isMissing(name, type), refusal);
  });
  return apex`
    ${manner === 'throw' ? exception.declaration : ''}
    ${told(part, `every one of ${chosen.map(([name]) => name).join(', ')} has to be there`)}
    ${opened(part, guardTypes[manner], part.pick('check', 'requireAll', 'validateInput', 'assertGiven', 'guard'))}(${chosen.map(([name, type]) => `${type} ${seen(name)}`).join(', ')}) {
        ${manner === 'list' ? `List<String> ${seen(errors)} = new List<String>();` : ''}
        ${checks}
        ${manner === 'list' ? `return ${errors};` : ''}
        ${manner === 'return' ? 'return true;' : ''}
    }
  `;
};

/** Permissions and switches of features as constants, and methods that ask for them. */
export const permissionChecks: Member = (part) => {
  const { thing } = part;
  const verbs = part.random.sample(
    ['approve', 'export', 'merge', 'override', 'delete', 'reopen', 'refund', 'import'],
    part.random.integer(1, 3),
  );
  const isFeature = part.pick('custom', 'custom', 'feature') === 'feature';
  const exception = drawException(part);
  const isThrowing = part.random.chance(0.35);
  const noun = pascalCase(constantName(thing.plural).toLowerCase());
  const nameOf = (verb: string): string =>
    isFeature ? `FEATURE_${constantName(verb)}` : `${constantName(verb)}_PERMISSION`;
  const features = part.pick('features', 'switches', 'enabledFeatures');
  const test = (verb: string): string =>
    isFeature
      ? `${features}.contains(${nameOf(verb)})`
      : `FeatureManagement.checkPermission(${nameOf(verb)})`;
  const refusing = (verb: string): string => apex`
    ${told(part, `refuses to ${verb} ${thing.plural} without ${nameOf(verb)}`)}
    ${opened(part, 'void', `require${capitalized(verb)}`)}() {
        if (!${test(verb)}) {
            throw new ${exception.name}(${free(`'You may not ${verb} ${thing.plural}.'`)});
        }
    }
  `;
  const asking = (verb: string): string => apex`
    ${told(part, part.pick(`may the user ${verb} ${thing.plural}?`, `is ${nameOf(verb)} given?`))}
    ${opened(part, 'Boolean', `can${capitalized(verb)}`)}() {
        return ${test(verb)};
    }
  `;
  const methods = verbs.map((verb) => {
    const refusal = refusing(verb); // draws chance in either case
    return isThrowing ? refusal : asking(verb);
  });
  const constants = verbs.map((verb) => textConstant(nameOf(verb), `${capitalized(verb)}_${noun}`));
  return [
    declaredInOrder(part, constants),
    ...(isFeature ? [`private static Set<String> ${seen(features)} = new Set<String>();`] : []),
    ...(isThrowing && exception.declaration !== '' ? [exception.declaration.trim()] : []),
    ...methods,
  ].join('\n\n');
};
