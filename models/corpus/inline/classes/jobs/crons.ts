/** Cron expressions, and the sentences that say the same. */
import { free, seen } from '../../apex.js';
import { lines } from '../../bulk/base.js';
import type { Part } from '../../part.js';

const days: readonly (readonly [name: string, short: string])[] = [
  ['Monday', 'MON'],
  ['Tuesday', 'TUE'],
  ['Wednesday', 'WED'],
  ['Thursday', 'THU'],
  ['Friday', 'FRI'],
  ['Saturday', 'SAT'],
  ['Sunday', 'SUN'],
];

/** An expression, and what it says. */
function drawCron(part: Part): { readonly cron: string; readonly said: string } {
  const [hour, minute] = [part.random.integer(0, 23), part.pick(0, 0, 0, 15, 30, 45)];
  const time = `${hour}:${String(minute).padStart(2, '0')}`;
  const start = `0 ${minute} ${hour}`;
  const [day, short] = part.random.pick(days);
  return part.random.weighted([
    [5, { cron: `${start} * * ?`, said: part.pick(`every day at ${time}`, `daily at ${time}`) }],
    [2, { cron: `${start} ? * ${short}`, said: part.pick(`every ${day} at ${time}`, `${day}s at ${time}`) }],
    [
      2,
      {
        cron: `${start} ? * MON-FRI`,
        said: part.pick(`on weekdays at ${time}`, `Monday to Friday at ${time}`),
      },
    ],
    [1, { cron: `${start} 1 * ?`, said: `on the first of each month at ${time}` }],
    [
      1,
      {
        cron: `0 ${minute} * * * ?`,
        said: minute === 0 ? 'every full hour' : `every hour at minute ${minute}`,
      },
    ],
  ]);
}

/** The declaration of a constant with an expression, mostly with a comment that says when that is. */
export function cronConstant(part: Part, name: string): string {
  const { cron, said } = drawCron(part);
  const declaration = `${part.pick('private', 'private', 'public')} static final String ${seen(name)} = `;
  return part.random.chance(0.6)
    ? lines(part.comment(said), `${declaration}'${cron}';`)
    : `${declaration}${free(`'${cron}'`)};`;
}
