/** Changes that are no plain assignment: numbers raised or lowered, fields cleared, owners changed. */
import type { Draw } from '../draw.js';
import { drawField, said, type Thing } from '../nouns.js';
import { saidNumber } from '../numbers.js';
import { phrase } from '../phrase.js';
import { drawEnding } from './changes-ending.js';
import { tidied } from './changes-job.js';
import { drawTarget, targetQuery } from './changes-target.js';
import type { Made } from './kind.js';

/** "raise the price of all active products by 10 percent": a number or an amount is changed by another. */
export function bumpWhere(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawField(draw, thing, ['currency', 'integer']);
  const target = field === null ? null : drawTarget(draw, thing, { without: [field.api] });
  if (field === null || target === null) return null;
  const isMore = random.chance(0.6);
  const isPercent = field.type === 'currency' && random.chance(0.6);
  const by = isPercent
    ? random.pick([1, 2, 3, 5, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50])
    : random.pick([1, 2, 3, 5, 10, 15, 20, 25, 50, 100, 250, 500, 1000]);
  const amount = isPercent ? phrase(random, `${by}{%|%| percent}`) : saidNumber(random, by);
  const verb = isMore ? '{increase|raise|bump|bump up|up|lift}' : '{decrease|reduce|lower|cut|drop}';
  const factor = (100 + (isMore ? by : -by)) / 100;
  const change = isPercent ? `*= ${factor}` : `${isMore ? '+=' : '-='} ${by}`;
  const name = said(draw, field);
  const wordings = [
    `${verb} the ${name} {of|on|for} ${target.english} by ${amount}`,
    `${verb} the ${name} by ${amount} {for|on} ${target.english}`,
    `for ${target.english}, ${verb} the ${name} by ${amount}`,
    ...(isPercent
      ? []
      : [
          isMore
            ? `add ${amount} to the ${name} of ${target.english}`
            : `subtract ${amount} from the ${name} of ${target.english}`,
        ]),
  ];
  const ending = drawEnding(draw);
  return {
    prompt: tidied(`${phrase(random, random.pick(wordings))}${target.tail}${ending.english}`),
    answer: changed(
      thing,
      targetQuery(thing, target, [field.api]),
      `${field.api} ${change}`,
      ending.lines('update', thing.many),
    ),
  };
}

/** "clear the description of all closed cases". */
export function clearWhere(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const field = drawField(
    draw,
    thing,
    ['text', 'date', 'currency', 'integer', 'email', 'phone', 'picklist'],
    [thing.nameField],
  );
  const target = field === null ? null : drawTarget(draw, thing, { without: [field.api] });
  if (field === null || target === null) return null;
  const name = said(draw, field);
  const wordings = [
    `{clear|clear|clear|clear out|blank out|empty|empty out|blank|reset|null out|wipe|delete|remove} the ${name} {of|on|on|for} ${target.english}`,
    `{clear|blank out|empty|null out} ${name} {on|for|of} ${target.english}`,
    `${target.english}: {clear|empty|blank out} the ${name}`,
    `{set|put} ${name} to {null|blank|empty} {on|for} ${target.english}`,
    `the ${name} {of|on} ${target.english} should be {cleared|emptied|blanked out|empty|blank}`,
    `${target.english} should have no ${name}`,
    `set the ${name} of ${target.english} to {null|empty|blank|nothing}`,
    `{remove|erase|delete} the ${name} {from|of} ${target.english}`,
    `for ${target.english}, {clear|blank out|empty|remove} the ${name}`,
  ];
  const ending = drawEnding(draw);
  return {
    prompt: tidied(`${phrase(random, random.pick(wordings))}${target.tail}${ending.english}`),
    answer: changed(
      thing,
      targetQuery(thing, target, [field.api]),
      `${field.api} = null`,
      ending.lines('update', thing.many),
    ),
  };
}

const people = [
  'Jane Doe', 'John Smith', 'Maria Garcia', 'Anna Schmidt', 'Tom Baker', 'Lena Fischer', 'Peter Jones', 'Sara Lee', 'Ahmed Khan', 'Mia Wong',
  'Paul Martin', 'Olga Ivanova', 'Luca Rossi', 'Emma Brown', 'Noah Davis', 'Ines Lopez', 'Kofi Mensah', 'Yuki Tanaka', 'Priya Patel', 'Sven Larsen',
] as const; // prettier-ignore

/** Records go to me, to a user by name, or to the owner whose id is at hand. */
export function transferOwner(draw: Draw, thing: Thing): Made | null {
  const { random } = draw;
  const target = drawTarget(draw, thing, { without: ['OwnerId'] });
  if (target === null || target.conditions.some(({ soql }) => soql.includes('OwnerId'))) return null;
  const person = random.pick(people);
  const to = random.weighted([
    [
      4,
      {
        english: '{me|me|myself|the current user|the running user}',
        value: 'UserInfo.getUserId()',
        before: '',
        given: '',
      },
    ],
    [
      4,
      {
        english: `{${person}|${person}|the user ${person}|user ${person}}`,
        value: 'newOwner.Id',
        before: `User newOwner = [SELECT Id FROM User WHERE Name = '${person}' LIMIT 1];`,
        given: '',
      },
    ],
    [
      2,
      {
        english: '{newOwnerId|the user with id newOwnerId|the user in newOwnerId}',
        value: 'newOwnerId',
        before: '',
        given: 'Id newOwnerId = UserInfo.getUserId();',
      },
    ],
  ]);
  const wordings = [
    `{assign|reassign|transfer|hand over|move|give|reassign} ${target.english} to ${to.english}`,
    `{change|set|switch} the owner of ${target.english} to ${to.english}`,
    `make ${to.english} the owner of ${target.english}`,
    `${target.english} should {be owned by|belong to|go to|be assigned to} ${to.english}`,
    `{transfer|change} {the |}ownership of ${target.english} to ${to.english}`,
  ];
  const ending = drawEnding(draw);
  const lines = changed(
    thing,
    targetQuery(thing, target, ['OwnerId']),
    `OwnerId = ${to.value}`,
    ending.lines('update', thing.many),
  );
  return {
    prompt: tidied(`${phrase(random, random.pick(wordings))}${target.tail}${ending.english}`),
    answer: to.before === '' ? lines : `${to.before}\n${lines}`,
    given: to.given,
  };
}

function changed(thing: Thing, query: string, assignment: string, write: readonly string[]): string {
  return [
    `List<${thing.api}> ${thing.many} = ${query};`,
    `for (${thing.api} ${thing.one} : ${thing.many}) {`,
    `    ${thing.one}.${assignment};`,
    '}',
    ...write,
  ].join('\n');
}
