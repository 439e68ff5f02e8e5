/** Questions about dates: is it over, is it soon, is it this month. */
import { cannotShareScope, recordNames, variableFor } from '../names.js';
import { joinedMembers } from '../../bulk/base.js';
import type { Member } from '../../part.js';
import { declared, type Constant } from '../../scope/words.js';
import { guard, methodOf, todayOf } from '../methods.js';

/** A question about a date: its name, what it means, the condition. */
interface Question {
  readonly name: string;
  readonly said: string;
  readonly test: string;
  readonly constant: string | null;
}

function questionsOf(label: string, at: string, today: string): readonly Question[] {
  return [
    { name: 'isOverdue', said: `is the ${label} before today?`, test: `${at} < ${today}`, constant: null },
    { name: 'isExpired', said: `has the ${label} passed?`, test: `${at} < ${today}`, constant: null },
    {
      name: 'isUpcoming',
      said: `does the ${label} lie in the future?`,
      test: `${at} > ${today}`,
      constant: null,
    },
    { name: 'isToday', said: `is the ${label} today?`, test: `${at} == ${today}`, constant: null },
    {
      name: 'hasStarted',
      said: `is the ${label} today or earlier?`,
      test: `${at} <= ${today}`,
      constant: null,
    },
    {
      name: 'isDueSoon',
      said: `is the ${label} today or within the next SOON_DAYS days?`,
      test: `${at} >= ${today} && ${at} <= ${today}.addDays(SOON_DAYS)`,
      constant: 'SOON_DAYS',
    },
    {
      name: 'isRecent',
      said: `is the ${label} within the last RECENT_DAYS days?`,
      test: `${at} >= ${today}.addDays(-RECENT_DAYS)`,
      constant: 'RECENT_DAYS',
    },
    {
      name: 'isStale',
      said: `is the ${label} more than STALE_DAYS days ago?`,
      test: `${at}.daysBetween(${today}) > STALE_DAYS`,
      constant: 'STALE_DAYS',
    },
    {
      name: 'isLate',
      said: `is the ${label} more than GRACE_DAYS days ago?`,
      test: `${at}.addDays(GRACE_DAYS) < ${today}`,
      constant: 'GRACE_DAYS',
    },
    {
      name: 'isThisYear',
      said: `is the ${label} in the current year?`,
      test: `${at}.year() == ${today}.year()`,
      constant: null,
    },
    {
      name: 'isThisMonth',
      said: `is the ${label} in the current month of the current year?`,
      test: `${at}.toStartOfMonth() == ${today}.toStartOfMonth()`,
      constant: null,
    },
  ];
}

/** Questions about a record's date, or about a date that is given. */
export const dateQuestions: Member = (part) => {
  const date = part.field(['date']);
  if (date === null) return null;
  const { one } = recordNames(part);
  const flag = part.random.chance(0.4) ? part.field(['checkbox']) : null;
  const isRecord = flag !== null || part.random.chance(0.6);
  const given = isRecord ? one : part.pick('day', 'value', variableFor(date.label));
  if (cannotShareScope(given, part.className)) return null;
  const at = isRecord ? `${one}.${date.api}` : given;
  const today = todayOf(part);
  const form = part.pick('and', 'guard', 'plain', 'if');
  const isShort = part.random.chance(0.28);
  const isStatic = part.random.chance(0.85);
  const questions = part.random.sample(questionsOf(date.label, at, today), part.random.integer(2, 4));
  const methods = questions.map(({ name, said, test }) => {
    const full = flag === null ? test : `!${one}.${flag.api} && ${test}`;
    const also = flag === null ? '' : ` and it is not ${flag.label}`;
    const lines: Record<typeof form, readonly string[]> = {
      and: [`return ${at} != null && ${full};`],
      guard: [guard(isShort, `${at} == null`, 'return false;'), `return ${full};`],
      plain: [`return ${full};`],
      if: [
        guard(isShort, `${at} == null`, 'return false;'),
        guard(isShort, full, 'return true;'),
        'return false;',
      ],
    };
    return methodOf(
      part,
      {
        said: `${said.replace('?', '')}${also}${form === 'plain' ? '' : ' (false without one)'}?`,
        type: 'Boolean',
        name,
        given: [[isRecord ? part.thing.api : 'Date', given]],
        lines: lines[form],
      },
      isStatic,
    );
  });
  const constants = questions.flatMap(({ constant }): Constant[] =>
    constant === null ? [] : [[constant, 'Integer', part.pick('3', '5', '7', '14', '30', '90')]],
  );
  return joinedMembers(constants.length === 0 ? '' : declared(part, constants), ...methods);
};
