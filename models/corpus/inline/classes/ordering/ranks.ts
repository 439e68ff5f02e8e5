/** Orders by a text whose values have ranks: a list of them, or a method that says the rank. */
import { camelCase, listed } from '../../../phrase.js';
import { joinedMembers } from '../../bulk/base.js';
import { apex, free, seen } from '../../apex.js';
import type { Member } from '../../part.js';
import { drawPicklist, self, told } from '../../scope/words.js';
import { isReserved } from '../../style.js';
import { chosen, drawChoiceForm } from '../choices/forms.js';

const ranks: readonly (readonly [subject: string, values: readonly string[]])[] = [
  ['priority', ['Critical', 'High', 'Medium', 'Low']],
  ['tier', ['Platinum', 'Gold', 'Silver', 'Bronze']],
  ['size', ['Large', 'Medium', 'Small']],
  ['season', ['Spring', 'Summer', 'Autumn', 'Winter']],
  ['shift', ['Early', 'Late', 'Night']],
  ['severity', ['Blocker', 'Major', 'Minor', 'Trivial']],
  ['day', ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']],
  ['phase', ['Draft', 'Review', 'Approved', 'Archived']],
];

/** A class that is Comparable by the rank of its text; the comment names the order of the values. */
export const rankedOrder: Member = (part) => {
  const type = part.className;
  const own = part.pick(...ranks);
  const picked = part.random.chance(0.3) ? drawPicklist(part, 3) : null;
  const [subject, values] =
    picked === null ? own : [camelCase(picked.field.label), picked.values.slice(0, 4)];
  if (isReserved(subject)) return null;
  const isList = part.random.chance(0.45);
  const [given, that] = part.pick(
    ['o', 'other'],
    ['obj', 'that'],
    ['other', 'that'],
    ['compareTo', 'other'],
  ) as readonly [string, string];
  const at = self(part);
  const list = part.pick('ORDER', 'RANKING', 'IN_ORDER');
  const rank = part.pick('rankOf', 'weightOf', 'positionOf');
  const value = part.pick('value', 'text', 'given');
  const asked = (owner: string): string =>
    isList ? `${list}.indexOf(${owner}${subject})` : `${rank}(${owner}${subject})`;
  const isLastFirst = part.random.chance(0.25);
  const [first, second] = isLastFirst ? [asked(`${that}.`), asked(at)] : [asked(at), asked(`${that}.`)];
  const shown = isLastFirst ? [...values].reverse() : values;
  const words = `${part.pick('in this order', 'the order is', 'sorted as', 'first to last')}: ${listed(shown)}`;
  const parts = part.pick(
    [`return ${first} - ${second};`],
    [
      `Integer ${seen('mine')} = ${asked(at)};`,
      `Integer ${seen('others')} = ${asked(`${that}.`)};`,
      isLastFirst ? 'return others - mine;' : 'return mine - others;',
    ],
  );
  const constant = `private static final List<String> ${seen(list)} = new List<String>{ ${values.map((one) => free(`'${one}'`)).join(', ')} };`;
  const entries = values.map((one, index) => ({ values: [`'${one}'`], result: String(index + 1) }));
  const table = {
    parameter: value,
    type: 'String',
    subject,
    noun: 'rank',
    resultType: 'Integer',
    entries,
    otherwise: '99',
    declaration: '',
  };
  const helper = apex`
    ${told(part, `the rank: ${values.map((one, index) => `${one} is ${index + 1}`).join(', ')}, all others are 99`)}
    ${free('private static Integer')} ${seen(rank)}(String ${seen(value)}) {
        ${free('')}${chosen(drawChoiceForm(part), table, 'found')}
    }
  `;
  const method = apex`
    ${told(part, words, [given])}
    public Integer compareTo(Object ${seen(given)}) {
        ${type} ${seen(that)} = (${type}) ${given};
        ${free('')}${parts}
    }
  `;
  return joinedMembers(
    isList ? constant : '',
    `${free('public String')} ${seen(subject)}${part.pick(';', ' { get; set; }')}`,
    apex`
      public ${type}(String ${subject}) {
          this.${subject} = ${subject};
      }
    `,
    method,
    isList ? '' : helper,
  );
};
