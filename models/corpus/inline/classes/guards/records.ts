/** Records that are checked: comparisons of fields, limits, required fields, conditions all of which must hold. */
import type { Field } from '../../../nouns.js';
import { capitalized, listed } from '../../../phrase.js';
import { apex, free, indented, seen } from '../../apex.js';
import { constantName } from '../../constant-names.js';
import { joinedMembers, lines } from '../../bulk/base.js';
import type { Member, Part } from '../../part.js';
import { areDistinct, declaredInOrder, told, type Constant } from '../../scope/words.js';

/** A rule about one record: the words of the comment, what is wrong, and the message. */
interface Rule {
  readonly said: string;
  readonly test: string;
  readonly message: string;
  /** The field that is blamed. */
  readonly api: string;
}

/** Where a failure goes. */
interface Manner {
  readonly isField: boolean;
  readonly isShort: boolean;
  /** The list of messages, or '' for addError. */
  readonly errors: string;
}

function drawManner(part: Part, errors: string): Manner {
  return { isField: part.random.chance(0.5), isShort: part.random.chance(0.2), errors };
}

function ruleCode(one: string, { isField, isShort, errors }: Manner, { test, message, api }: Rule): string {
  const target = isField ? `${one}.${api}` : one;
  const code = errors === '' ? `${target}.addError(${message});` : `${errors}.add(${message});`;
  return isShort ? `if (${test}) ${code}` : `if (${test}) {\n${indented(code)}\n}`;
}

/** The first rule shows how a failure is told; where the rest of the message comes from, the comment says. */
function ruleLines(one: string, manner: Manner, rules: readonly Rule[]): readonly string[] {
  return rules.map((rule, index) =>
    index === 0
      ? `${free('')}${ruleCode(one, manner, { ...rule, message: free(rule.message) })}`
      : ruleCode(one, manner, rule),
  );
}

interface Wrong {
  readonly words: string;
  readonly sign: string;
}

const dayWrongs: readonly Wrong[] = [
  { words: 'must not be before', sign: '<' },
  { words: 'must not be after', sign: '>' },
  { words: 'must be after', sign: '<=' },
  { words: 'cannot be earlier than', sign: '<' },
  { words: 'cannot be later than', sign: '>' },
];
const numberWrongs: readonly Wrong[] = [
  { words: 'must not be below', sign: '<' },
  { words: 'must not be above', sign: '>' },
  { words: 'must not exceed', sign: '>' },
  { words: 'cannot be greater than', sign: '>' },
  { words: 'cannot be less than', sign: '<' },
];

/** Neighbours among fields of one type, each compared with the one before. */
function comparisonsOf(part: Part, one: string): readonly Rule[] {
  const days = part.settable(part.random.integer(2, 3), ['date']);
  const numbers = part.settable(part.random.integer(2, 3), [part.pick('currency', 'integer')]);
  const hasNulls = part.random.chance(0.75);
  const article = part.random.chance(0.3) ? 'The ' : '';
  const stop = part.random.chance(0.3) ? '.' : '';
  const dayWrong = part.pick(...dayWrongs);
  const numberWrong = part.pick(...numberWrongs);
  const isOwnFirst = part.random.chance(0.35);
  const isTurned = part.random.chance(0.3);
  const turned: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=' };
  const pairs = (fields: readonly Field[], wrong: Wrong): readonly Rule[] =>
    fields.slice(1).map((field, index) => {
      const base = fields[index]!;
      const [a, b] = [`${one}.${field.api}`, `${one}.${base.api}`];
      const the = article === '' ? '' : 'the ';
      const subject = article === '' ? capitalized(field.label) : `${article}${field.label}`;
      return {
        said: `${article === '' ? '' : 'the '}${field.label} ${wrong.words} ${the}${base.label}`,
        test: `${hasNulls ? `${isOwnFirst ? a : b} != null && ${isOwnFirst ? b : a} != null && ` : ''}${isTurned ? `${b} ${turned[wrong.sign]!} ${a}` : `${a} ${wrong.sign} ${b}`}`,
        message: `'${subject} ${wrong.words} ${the}${base.label}${stop}'`,
        api: field.api,
      };
    });
  const all = [...pairs(days, dayWrong), ...pairs(numbers, numberWrong)];
  return part.random.chance(0.3) ? part.random.shuffled(all) : all;
}

/** The comment that names every rule: a sentence or a list. */
function rulesComment(part: Part, rules: readonly Rule[]): string {
  const said = rules.map((rule) => rule.said);
  if (rules.length > 1 && part.random.chance(0.45)) {
    const head = part.pick(
      'What is checked:',
      'Rules:',
      'A record is refused unless:',
      'Checks of each record:',
    );
    return free(['/**', ` * ${head}`, ...said.map((line) => ` * - ${line}`), ' */'].join('\n'));
  }
  return told(part, said.join('; '));
}

const loopNames = ['rec', 'record', 'row', 'item', 'r'] as const;

/** How the rules are put round: a loop over new records, one record with a list of messages, or a method that the loop calls. */
function framed(part: Part, one: string, rules: readonly Rule[], constants: readonly Constant[]): string {
  const { thing } = part;
  const many = part.pick(part.names.many, 'records', 'newRecords', 'scope', thing.many);
  const shape = part.pick('loop', 'loop', 'list', 'helper');
  const errors = part.pick('errors', 'messages', 'problems', 'issues');
  const manner = drawManner(part, shape === 'list' ? errors : '');
  const comment = rulesComment(part, rules);
  const declared = constants.length === 0 ? '' : declaredInOrder(part, constants);
  const code = ruleLines(one, manner, rules);
  const name = part.pick('validate', 'check', 'checkAll', `validate${thing.className}s`, 'verify');
  if (shape === 'list')
    return joinedMembers(
      declared,
      apex`
        ${comment}
        ${free(`public static List<String> ${name}`)}(${thing.api} ${seen(one)}) {
            List<String> ${seen(errors)} = new List<String>();
            ${code}
            return ${errors};
        }
      `,
    );
  if (shape === 'helper') {
    const helper = part.pick('checkOne', 'validateRecord', 'checkRecord');
    return joinedMembers(
      declared,
      apex`
        ${free(`public static void ${name}`)}(List<${thing.api}> ${seen(many)}) {
            for (${thing.api} ${seen(one)} : ${many}) {
                ${helper}(${one});
            }
        }
      `,
      apex`
        ${comment}
        ${free('private static void')} ${seen(helper)}(${thing.api} ${seen(one)}) {
            ${code}
        }
      `,
    );
  }
  return joinedMembers(
    declared,
    apex`
      ${comment}
      ${free(`public static void ${name}`)}(List<${thing.api}> ${seen(many)}) {
          for (${thing.api} ${seen(one)} : ${many}) {
              ${code}
          }
      }
    `,
  );
}

function drawOne(part: Part): string {
  return part.random.chance(0.5) ? part.names.one : part.pick(...loopNames);
}

/** Fields compared with each other. */
export const comparedFields: Member = (part) => {
  const one = drawOne(part);
  const rules = comparisonsOf(part, one).slice(0, 3);
  return rules.length < 2 ? null : framed(part, one, rules, []);
};

/** Numbers and texts against constants. */
export const limitedFields: Member = (part) => {
  const one = drawOne(part);
  const fields = part.settable(part.random.integer(2, 3), ['currency', 'integer', 'text']);
  if (fields.length < 2) return null;
  const isJoined = part.random.chance(0.6);
  const built = fields.map((field) => {
    const isText = field.type === 'text';
    const isMost = isText || part.random.chance(0.7);
    const constant = constantName(isMost ? 'max' : 'min', field.label, isText ? 'length' : '');
    const value = part.pick(
      ...(isText ? ['40', '80', '120', '255'] : isMost ? ['100', '500', '10000'] : ['1', '5', '10']),
    );
    const path = `${one}.${field.api}`;
    const words = isText
      ? 'must not be longer than'
      : isMost
        ? 'must not be more than'
        : 'must not be less than';
    const unit = isText ? ' characters' : '';
    const rule: Rule = {
      said: `the ${field.label} ${words} ${constant}${unit}`,
      test: `${path} != null && ${isText ? `${path}.length()` : path} ${isMost ? '>' : '<'} ${constant}`,
      message: isJoined
        ? `'${capitalized(field.label)} ${words} ' + ${constant}${unit === '' ? '' : ` + '${unit}'`}`
        : `'${capitalized(field.label)} is too ${isText ? 'long' : isMost ? 'high' : 'low'}'`,
      api: field.api,
    };
    return { rule, constant: [constant, isText ? 'Integer' : 'Decimal', value] as Constant };
  });
  if (!areDistinct(built.map(({ constant }) => constant[0]))) return null;
  return framed(
    part,
    one,
    built.map(({ rule }) => rule),
    built.map(({ constant }) => constant),
  );
};

function emptyOf(path: string, { type }: Field): string {
  return /^(text|email|phone|picklist)$/.test(type) ? `String.isBlank(${path})` : `${path} == null`;
}

function filledOf(path: string, { type }: Field): string {
  return /^(text|email|phone|picklist)$/.test(type) ? `String.isNotBlank(${path})` : `${path} != null`;
}

/** Fields that have to be filled, each named in the comment. */
export const requiredFields: Member = (part) => {
  const one = drawOne(part);
  const fields = part.settable(part.random.integer(2, 4), ['currency', 'date', 'text', 'email', 'phone']);
  if (fields.length < 2) return null;
  const template = part.pick(
    '$ is required',
    '$ is missing',
    'Please fill in the #',
    '$ must not be empty',
    'Enter the #',
  );
  const head = part.pick('is required', 'has to be filled', 'must be there');
  const rules = fields.map<Rule>((field) => ({
    said: `the ${field.label} ${head}`,
    test: emptyOf(`${one}.${field.api}`, field),
    message: `'${template.replace('$', capitalized(field.label)).replace('#', field.label)}'`,
    api: field.api,
  }));
  return framed(part, one, rules, []);
};

/** Names of fields in a list, and which of them a record lacks. */
export const missingFields: Member = (part) => {
  const { thing } = part;
  const fields = part.settable(part.random.integer(2, 4), ['currency', 'date', 'text', 'email', 'picklist']);
  if (fields.length < 2) return null;
  const [required, missing, name, one] = [
    part.pick('REQUIRED_FIELDS', 'REQUIRED', 'MANDATORY_FIELDS'),
    part.pick('missing', 'missingFields', 'lacking'),
    part.pick('field', 'fieldName', 'apiName'),
    drawOne(part),
  ];
  const how = part.pick('names', 'boolean', 'error');
  const test = `${one}.get(${name}) == null`;
  const constant = `private static final List<String> ${seen(required)} = new List<String>{ ${fields.map(({ api }) => free(`'${api}'`)).join(', ')} };`;
  const loop = (body: string): string =>
    `for (String ${seen(name)} : ${required}) {\n${indented(`if (${test}) {\n${indented(body)}\n}`)}\n}`;
  if (how === 'names')
    return joinedMembers(
      constant,
      apex`
        ${told(part, `the names of the ${required} that are empty in the record`, [one])}
        ${free(`public static List<String> ${part.pick('missingIn', 'findMissing', 'emptyFields')}`)}(${thing.api} ${seen(one)}) {
            List<String> ${seen(missing)} = new List<String>();
            ${loop(`${missing}.add(${name});`)}
            return ${missing};
        }
      `,
    );
  if (how === 'boolean')
    return joinedMembers(
      constant,
      apex`
        ${told(part, `are all of the ${required} filled?`, [one])}
        ${free(`public static Boolean ${part.pick('isComplete', 'hasAll', 'isFilled')}`)}(${thing.api} ${seen(one)}) {
            ${loop('return false;')}
            return true;
        }
      `,
    );
  return joinedMembers(
    constant,
    apex`
      ${told(part, `an error on the record for each of the ${required} that is empty`)}
      ${free(`public static void ${part.pick('require', 'demand', 'checkRequired')}`)}(List<${thing.api}> ${seen('records')}) {
          for (${thing.api} ${seen(one)} : records) {
              ${loop(`${one}.addError(${free("'Missing: '")} + ${name});`)}
          }
      }
    `,
  );
};

/** A question all of whose conditions stand in the comment. */
export const isValid: Member = (part) => {
  const { thing } = part;
  const one = drawOne(part);
  const filled = part.fields(part.random.integer(1, 3), ['text', 'email', 'phone', 'date']);
  const positive = part.fields(1, ['currency', 'integer']).slice(0, part.random.integer(0, 1));
  const on = part.fields(1, ['checkbox']).slice(0, part.random.integer(0, 1));
  const words = [
    ...(filled.length === 0
      ? []
      : [`the ${listed(filled.map(({ label }) => label))} ${filled.length > 1 ? 'are' : 'is'} filled`]),
    ...positive.map(({ label }) => `the ${label} is above zero`),
    ...on.map(({ label }) => `${label} is ticked`),
  ];
  const tests = [
    ...filled.map((field) => filledOf(`${one}.${field.api}`, field)),
    ...positive.map(({ api }) => `${one}.${api} > 0`),
    ...on.map(({ api }) => `${one}.${api} == true`),
  ];
  if (tests.length < 2) return null;
  const name = part.pick('isValid', 'isComplete', 'isReady', 'canBeSent');
  const shape = part.pick('line', 'tall', 'early');
  const early = [
    ...filled.map((field) => emptyOf(`${one}.${field.api}`, field)),
    ...positive.map(({ api }) => `${one}.${api} == null || ${one}.${api} <= 0`),
    ...on.map(({ api }) => `${one}.${api} != true`),
  ];
  const isShort = part.random.chance(0.5);
  const body =
    shape === 'early'
      ? lines(
          ...early.map(
            (test, at) =>
              `${at === 0 ? free('') : ''}${isShort ? `if (${test}) return false;` : `if (${test}) {\n    return false;\n}`}`,
          ),
          'return true;',
        )
      : `${part.random.chance(0.5) ? free('') : ''}return ${tests.join(shape === 'line' && tests.length < 4 ? ' && ' : '\n    && ')};`;
  const kept = part.pick('valid', 'complete', 'ready', 'accepted');
  const many = part.pick('records', part.names.many, 'scope');
  const filter =
    part.random.chance(0.4) && many !== one
      ? apex`
        ${told(part, `those of the ${thing.plural} for which ${name} holds`, [many])}
        ${free(`public static List<${thing.api}> ${part.pick('onlyValid', 'filter', 'select')}${thing.className}s`)}(List<${thing.api}> ${seen(many)}) {
            List<${thing.api}> ${seen(kept)} = new List<${thing.api}>();
            for (${thing.api} ${seen(one)} : ${many}) {
                if (${name}(${one})) {
                    ${kept}.add(${one});
                }
            }
            return ${kept};
        }
      `
      : '';
  const question = apex`
    ${told(part, `true when ${listed(words)}`, [one])}
    ${free('public static Boolean')} ${seen(name)}(${thing.api} ${seen(one)}) {
        ${body}
    }
  `;
  return part.random.chance(0.5) ? joinedMembers(question, filter) : joinedMembers(filter, question);
};
