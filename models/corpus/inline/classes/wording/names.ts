/** A box of tools for texts: names, masks, cuts, comparisons, counts in words. */
import { seen } from '../../apex.js';
import type { Member, Part } from '../../part.js';
import { guard, hasShortGuards, toolsOf, type Told, type ToldMaker } from '../methods.js';

function text(part: Part): string {
  return part.pick('text', 'value', 'input', 'raw', 'source');
}

function tool(name: string, said: string, given: readonly string[], ...lines: readonly string[]): Told {
  return { type: 'String', name, said, given: given.map((one) => ['String', one] as const), lines };
}

function personOf(part: Part): readonly [first: string, last: string] {
  return part.pick<readonly [string, string]>(
    ['firstName', 'lastName'],
    ['givenName', 'familyName'],
    ['first', 'last'],
    ['forename', 'surname'],
  );
}

const nameTools: readonly ToldMaker[] = [
  (part) => {
    const [first, last] = personOf(part);
    const parts = part.pick('parts', 'names', 'pieces');
    const add = (name: string): string =>
      guard(hasShortGuards(part), `String.isNotBlank(${name})`, `${parts}.add(${name});`);
    return tool(
      'fullName',
      `${first} and ${last} with a blank between; what is blank is left out`,
      [first, last],
      `List<String> ${seen(parts)} = new List<String>();`,
      add(first),
      add(last),
      `return String.join(${parts}, ' ');`,
    );
  },
  (part) => {
    const [first, last] = personOf(part);
    return tool(
      'directoryName',
      `${last}, a comma, ${first}; ${last} alone where there is no ${first}`,
      [first, last],
      guard(part.random.chance(0.5), `String.isBlank(${first})`, `return ${last};`),
      `return ${last} + ', ' + ${first};`,
    );
  },
  (part) => {
    const name = part.pick('fullName', 'name', 'person');
    const [result, word] = part.pick(['initials', 'word'], ['letters', 'part'], ['result', 'piece']) as [
      string,
      string,
    ];
    return tool(
      'initialsOf',
      `first letter of every word of the ${name}, in capitals`,
      [name],
      `String ${seen(result)} = '';`,
      `for (String ${seen(word)} : ${name}.split(' ')) {\n    ${result} += ${word}.left(1).toUpperCase();\n}`,
      `return ${result};`,
    );
  },
  (part) => {
    const [first, last] = personOf(part);
    return tool(
      'initials',
      `first letters of ${first} and ${last}, a dot after each`,
      [first, last],
      `return ${first}.left(1) + '.' + ${last}.left(1) + '.';`,
    );
  },
  (part) => {
    const number = part.pick('cardNumber', 'iban', 'accountNumber', 'phone');
    const count = part.pick('2', '3', '4');
    return tool(
      'masked',
      `stars for all but the last ${count} characters of the ${number}`,
      [number],
      `Integer ${seen('hidden')} = ${number}.length() - ${count};`,
      `return '*'.repeat(hidden) + ${number}.right(${count});`,
    );
  },
  (part) => {
    const mail = part.pick('email', 'address', 'mail');
    const name = part.pick('domain', 'host');
    return tool(
      `${name}Of`,
      `what stands behind the @ of the ${mail}, in lower case`,
      [mail],
      `return ${mail}.substringAfter('@').toLowerCase();`,
    );
  },
  (part) => {
    const mail = part.pick('email', 'address', 'mail');
    return tool(
      'maskedMail',
      `first letter, three stars, and the ${mail} from its @ on`,
      [mail],
      `return ${mail}.left(1) + '***' + ${mail}.substring(${mail}.indexOf('@'));`,
    );
  },
  (part) => {
    const t = text(part);
    return {
      ...tool('shortened', `at most maxLength characters of ${t}, the end as three dots`, []),
      given: [
        ['String', t],
        ['Integer', 'maxLength'],
      ],
      lines: [
        guard(part.random.chance(0.5), `${t} == null || ${t}.length() <= maxLength`, `return ${t};`),
        `return ${t}.left(maxLength - 3) + '...';`,
      ],
    };
  },
  (part) => {
    const t = text(part);
    return {
      ...tool('cutTo', `${t} abbreviated to size characters, null-safe`, []),
      given: [
        ['String', t],
        ['Integer', 'size'],
      ],
      lines: [`return ${t} == null ? null : ${t}.abbreviate(size);`],
    };
  },
  (part) => {
    const t = text(part);
    const [list, piece] = part.pick(
      ['tokens', 'token'],
      ['parts', 'part'],
      ['words', 'word'],
      ['entries', 'entry'],
    ) as [string, string];
    const sign = part.pick(',', ';', '/');
    return {
      ...tool('splitList', `the pieces between "${sign}", trimmed, without the blank ones`, [t]),
      type: 'List<String>',
      lines: [
        `List<String> ${seen(list)} = new List<String>();`,
        `for (String ${seen(piece)} : ${t}.split('${sign}')) {\n    if (String.isNotBlank(${piece})) {\n        ${list}.add(${piece}.trim());\n    }\n}`,
        `return ${list};`,
      ],
    };
  },
  (part) => {
    const count = part.pick('count', 'size', 'amount', 'howMany');
    const [one, many] = part.pick(
      ['seat', 'seats'],
      ['item', 'items'],
      ['day', 'days'],
      ['guest', 'guests'],
      ['error', 'errors'],
      ['reply', 'replies'],
    ) as [string, string];
    return {
      ...tool(`${many}Text`, `"1 ${one}", but "0 ${many}" and "2 ${many}"`, []),
      given: [['Integer', count]],
      lines: [`return ${count} + ' ' + (${count} == 1 ? '${one}' : '${many}');`],
    };
  },
  (part) => {
    const count = part.pick('count', 'size', 'amount');
    return {
      ...tool('counted', `the ${count} and the noun; singular where it is 1, otherwise plural`, []),
      given: [
        ['Integer', count],
        ['String', 'singular'],
        ['String', 'plural'],
      ],
      lines: [
        // By the coin of the guards: all on one line, or not.
        hasShortGuards(part)
          ? `return ${count} + ' ' + (${count} == 1 ? singular : plural);`
          : `String ${seen('noun')} = ${count} == 1 ? singular : plural;\nreturn ${count} + ' ' + noun;`,
      ],
    };
  },
  (part) => {
    const [a, b] = part.pick(
      ['left', 'right'],
      ['first', 'second'],
      ['one', 'other'],
      ['before', 'after'],
    ) as [string, string];
    return {
      ...tool('isSameText', `are ${a} and ${b} equal, whatever their case? two nulls are`, [a, b]),
      type: 'Boolean',
      lines: [
        guard(part.random.chance(0.5), `${a} == null || ${b} == null`, `return ${a} == ${b};`),
        `return ${a}.equalsIgnoreCase(${b});`,
      ],
    };
  },
  (part) => {
    const [t, term] = [text(part), part.pick('term', 'needle', 'word')];
    return {
      ...tool('mentions', `does ${t} contain the ${term}, whatever the case?`, [t, term]),
      type: 'Boolean',
      lines: [`return ${t} != null && ${t}.containsIgnoreCase(${term});`],
    };
  },
  (part) => {
    const size = part.pick('4', '5', '6', '8');
    const number = part.pick('counter', 'sequence', 'index', 'serial');
    return {
      ...tool('paddedNumber', `${number} with zeros on the left, ${size} digits`, []),
      given: [['Integer', number]],
      lines: [`return String.valueOf(${number}).leftPad(${size}, '0');`],
    };
  },
  (part) => {
    const [prefix, number] = part.pick(['prefix', 'serial'], ['series', 'counter'], ['code', 'index']) as [
      string,
      string,
    ];
    const size = part.pick('4', '5', '6');
    return {
      ...tool('documentNumber', `${prefix}, a hyphen, and the ${number} with zeros up to ${size} digits`, []),
      given: [
        ['String', prefix],
        ['Integer', number],
      ],
      lines: [`return ${prefix} + '-' + String.valueOf(${number}).leftPad(${size}, '0');`],
    };
  },
  (part) => {
    const t = text(part);
    return tool(
      'titleCase',
      `${t} in lower case, its first letter in upper case; blank stays as it is`,
      [t],
      guard(part.random.chance(0.5), `String.isBlank(${t})`, `return ${t};`),
      `return ${t}.toLowerCase().capitalize();`,
    );
  },
  (part) => {
    const t = text(part);
    return tool(
      'slug',
      `${t} trimmed, in lower case, with hyphens for blanks`,
      [t],
      `return ${t}.trim().toLowerCase().replace(' ', '-');`,
    );
  },
  (part) => {
    const t = text(part);
    return tool(
      'orDash',
      `${t}, or a dash where it is blank`,
      [t],
      `return String.isBlank(${t}) ? '-' : ${t};`,
    );
  },
  (part) => {
    const [a, b] = part.pick(
      ['preferred', 'otherwise'],
      ['nickname', 'officialName'],
      ['label', 'fallback'],
    ) as [string, string];
    return tool(
      'firstFilled',
      `${a}, and ${b} where that is blank`,
      [a, b],
      `return String.isNotBlank(${a}) ? ${a} : ${b};`,
    );
  },
  (part) => {
    const [street, zip, city] = part.pick(
      ['street', 'postalCode', 'city'],
      ['road', 'zip', 'town'],
      ['line1', 'postcode', 'place'],
    ) as [string, string, string];
    return tool(
      'oneLineAddress',
      `${street}, a comma, ${zip} and ${city} with a blank between`,
      [street, zip, city],
      `return ${street} + ', ' + ${zip} + ' ' + ${city};`,
    );
  },
  (part) => {
    const items = part.pick('items', 'names', 'values');
    return {
      ...tool('enumerated', `${items} joined with commas, or "none" when there are none`, []),
      given: [['List<String>', items]],
      lines: [
        guard(part.random.chance(0.5), `${items}.isEmpty()`, `return 'none';`),
        `return String.join(${items}, ', ');`,
      ],
    };
  },
];

/** Several of them in a class. */
export const textTools: Member = (part) => toolsOf(part, nameTools, 2, 4);

/** One or two, beside something else. */
export const textTool: Member = (part) => toolsOf(part, nameTools, 1, 2);
