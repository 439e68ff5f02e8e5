/** Dates that follow from other dates by constants, and numbers of days between two of them. */
import { cannotShareScope, recordNames, variableFor } from '../names.js';
import { apex, free, seen } from '../../apex.js';
import { constantName } from '../../constant-names.js';
import type { Member, Part } from '../../part.js';
import { declaredInOrder, opened, told, type Constant } from '../../scope/words.js';
import { loop, joinedMembers } from '../../bulk/base.js';
import { capitalized } from '../../../phrase.js';
import { guard, methodOf, ownField } from '../methods.js';

/** A date that is so many days or months from another one. */
interface Step {
  readonly to: string;
  readonly by: string;
  readonly isBefore: boolean;
  /** Label of the date that it is counted from. */
  readonly from: string;
}

type Course = readonly (readonly [to: string, by: string, side: 'after' | 'before', from: string])[];

const courses: readonly Course[] = [
  [
    ['due', 'LOAN_DAYS', 'after', 'loaned'],
    ['reminder', 'REMINDER_DAYS', 'before', 'due'],
  ],
  [
    ['due date', 'PAYMENT_DAYS', 'after', 'invoice date'],
    ['reminder date', 'REMINDER_DAYS', 'after', 'due date'],
    ['dunning date', 'DUNNING_DAYS', 'after', 'reminder date'],
  ],
  [
    ['end date', 'TERM_MONTHS', 'after', 'start date'],
    ['notice date', 'NOTICE_DAYS', 'before', 'end date'],
  ],
  [
    ['warranty end', 'WARRANTY_MONTHS', 'after', 'purchase date'],
    ['first service', 'SERVICE_MONTHS', 'after', 'purchase date'],
  ],
  [
    ['balance due', 'BALANCE_DAYS', 'before', 'arrival'],
    ['deposit due', 'DEPOSIT_DAYS', 'before', 'arrival'],
  ],
  [
    ['answer due', 'ANSWER_DAYS', 'after', 'received'],
    ['escalation', 'ESCALATION_DAYS', 'after', 'answer due'],
  ],
  [
    ['probation end', 'PROBATION_MONTHS', 'after', 'hired'],
    ['review date', 'REVIEW_DAYS', 'before', 'probation end'],
  ],
  [
    ['registration end', 'CLOSING_DAYS', 'before', 'event day'],
    ['invitation', 'INVITATION_DAYS', 'before', 'registration end'],
  ],
  [
    ['return deadline', 'RETURN_DAYS', 'after', 'delivered'],
    ['survey date', 'SURVEY_DAYS', 'after', 'delivered'],
  ],
  [
    ['first bill', 'MONTHS_FREE', 'after', 'trial start'],
    ['call date', 'CALL_DAYS', 'before', 'first bill'],
  ],
  [
    ['booster due', 'BOOSTER_MONTHS', 'after', 'vaccinated'],
    ['letter date', 'LETTER_DAYS', 'before', 'booster due'],
  ],
  [['best before', 'SHELF_DAYS', 'after', 'baked']],
  [['hidden until', 'EMBARGO_DAYS', 'after', 'submitted']],
  [['next inspection', 'INSPECTION_MONTHS', 'after', 'last inspection']],
];

/** Steps between date fields of the object itself. */
function ownSteps(part: Part): { steps: readonly Step[]; apis: ReadonlyMap<string, string> } | null {
  const [from, ...others] = part.settable(part.random.integer(2, 3), ['date']);
  if (from === undefined || others.length === 0) return null;
  const unit = part.pick('DAYS', 'DAYS', 'MONTHS');
  const steps = others.map(({ label }, index) => ({
    to: label,
    by: `${constantName(label).replace(/_(?:DATE|DAY)$/, '')}_${index === 0 ? unit : 'DAYS'}`,
    isBefore: part.random.chance(0.35),
    from: index === 0 || part.random.chance(0.3) ? from.label : others[index - 1]!.label,
  }));
  return { steps, apis: new Map([from, ...others].map(({ label, api }) => [label, api])) };
}

function drawSteps(part: Part): { steps: readonly Step[]; apis: ReadonlyMap<string, string> } | null {
  if (part.random.chance(0.45)) return ownSteps(part);
  const steps = part
    .pick(...courses)
    .map(([to, by, side, from]) => ({ to, by, isBefore: side === 'before', from }));
  const labels = new Set(steps.flatMap(({ to, from }) => [from, to]));
  return { steps, apis: new Map([...labels].map((label) => [label, ownField(part, label)])) };
}

/** The rule in words; a step counted from the one before may say "that". */
function ruleOf(part: Part, steps: readonly Step[]): string {
  const form = part.pick('sentence', 'formula', 'short');
  return steps
    .map(({ to, by, isBefore, from }, index) => {
      const side = isBefore ? 'before' : 'after';
      if (form === 'formula') return `${to} = ${from} ${isBefore ? '-' : '+'} ${by}`;
      const base = index > 0 && steps[index - 1]!.to === from ? 'that' : `the ${from}`;
      return form === 'sentence' ? `the ${to} is ${by} ${side} ${base}` : `${to} ${by} ${side} ${base}`;
    })
    .join(form === 'formula' ? '; ' : ', ');
}

/** `x.addDays(-REMINDER_DAYS)`. */
function moved(base: string, { by, isBefore }: Step, isSigned: boolean): string {
  if (/MONTHS/.test(by)) return `${base}.addMonths(${isBefore ? '-' : ''}${by})`;
  return isSigned ? `${base} ${isBefore ? '-' : '+'} ${by}` : `${base}.addDays(${isBefore ? '-' : ''}${by})`;
}

function constantsOf(part: Part, steps: readonly Step[]): readonly Constant[] {
  return steps.map(({ by }) => [
    by,
    'Integer',
    /MONTHS/.test(by) ? part.pick('3', '6', '12', '24') : part.pick('3', '5', '7', '10', '14', '30', '60'),
  ]);
}

/** Straight into the fields, by way of variables, or into new records for an update. */
type Setting = 'fields' | 'locals' | 'built';

interface Setter {
  readonly form: Setting;
  readonly steps: readonly Step[];
  readonly apis: ReadonlyMap<string, string>;
  readonly one: string;
  readonly changed: string;
  readonly isSigned: boolean;
  readonly isEach: boolean;
}

/** The statements that set the dates of one record. */
function setDates(part: Part, setter: Setter): readonly string[] {
  const { form, steps, apis, one, changed, isSigned, isEach } = setter;
  const at = (label: string): string => `${one}.${apis.get(label)!}`;
  const above = ({ to, by, isBefore, from }: Step): string =>
    isEach ? part.comment(`${to}: ${by} ${isBefore ? 'before' : 'after'} the ${from}`) : '';
  if (form === 'fields')
    return steps.flatMap((step) => [
      above(step),
      `${at(step.to)} = ${moved(at(step.from), step, isSigned)};`,
    ]);
  const made = new Set<string>();
  const locals = steps.flatMap((step) => {
    const base = made.has(step.from) ? variableFor(step.from) : at(step.from);
    made.add(step.to);
    return [above(step), `Date ${seen(variableFor(step.to))} = ${moved(base, step, isSigned)};`];
  });
  const values = steps.map(({ to }) => `${apis.get(to)!} = ${variableFor(to)}`);
  if (form === 'locals') return [...locals, ...values.map((value) => `${one}.${value};`)];
  const all = [`Id = ${one}.Id`, ...values].map((value) => `    ${value}`).join(',\n');
  return [...locals, `${changed}.add(new ${part.thing.api}(\n${all}\n));`];
}

/** Date fields that are set by constants, in a list or in one record. */
export const datedFields: Member = (part) => {
  const drawn = drawSteps(part);
  if (drawn === null) return null;
  const { steps, apis } = drawn;
  const { one, many } = recordNames(part);
  const start = steps[0]!.from;
  const isSigned = part.random.chance(0.25);
  const isEach = part.random.chance(0.3);
  const at = (label: string): string => `${one}.${apis.get(label)!}`;
  const rule = ruleOf(part, steps);
  const isMany = part.random.chance(0.7);
  const form = part.pick<Setting>('fields', 'fields', 'locals', isMany ? 'built' : 'locals');
  const changed = part.pick('changed', 'dated', 'toSave', 'rescheduled');
  const locals = form === 'fields' ? [] : steps.map(({ to }) => variableFor(to));
  if (cannotShareScope(one, many, changed, ...locals)) return null;
  const sets = setDates(part, { form, steps, apis, one, changed, isSigned, isEach });
  const leave = isMany ? 'continue;' : 'return;';
  const isShort = part.random.chance(0.28);
  const check = part.random.chance(0.5)
    ? [
        part.comment(
          `without ${/^[aeiou]/.test(start) ? 'an' : 'a'} ${start} there is nothing to count from`,
        ),
        guard(isShort, `${at(start)} == null`, leave),
      ]
    : [];
  const isAbove = part.random.chance(0.35);
  const name = part.pick('setDates', 'fillDates', 'schedule', 'applyTerms', 'plan', 'stampDates');
  const parameter = isMany
    ? `${part.random.chance(0.9) ? `List<${part.thing.api}>` : `${part.thing.api}[]`} ${seen(many)}`
    : `${part.thing.api} ${seen(one)}`;
  const body = [...check, free(''), ...sets].filter((line) => line !== '');
  return joinedMembers(
    `${isAbove ? `${told(part, rule)}\n` : ''}${declaredInOrder(part, constantsOf(part, steps))}`,
    apex`
      ${isAbove ? '' : told(part, rule)}
      ${opened(part, 'void', name, part.random.chance(0.8))}(${parameter}) {
          ${form === 'built' ? `List<${part.thing.api}> ${seen(changed)} = new List<${part.thing.api}>();` : ''}
          ${isMany ? loop(part.thing.api, one, many, joinFree(body)) : joinFree(body)}
          ${form === 'built' ? part.pick(`update ${changed};`, `update ${changed};`, `update as user ${changed};`) : ''}
      }
    `,
  );
};

/** An empty free mark goes in front of the line that follows it. */
function joinFree(pieces: readonly string[]): string {
  return pieces.join('\n').replace(/«»\n/g, '«»');
}

/** One method for each date that follows from another one. */
export const datedMethods: Member = (part) => {
  const drawn = drawSteps(part);
  if (drawn === null) return null;
  const { steps } = drawn;
  const isSigned = part.random.chance(0.25);
  const isGuarded = part.random.chance(0.35);
  const isShort = part.random.chance(0.28);
  const isTernary = part.random.chance(0.5);
  const verb = part.pick('', 'get', 'compute', 'calculate');
  const isStatic = part.random.chance(0.8);
  const methods = steps.map((step) => {
    const given = variableFor(step.from);
    const name = variableFor(step.to);
    const value = moved(given, step, isSigned);
    const lines = !isGuarded
      ? [`return ${value};`]
      : isTernary
        ? [`return ${given} == null ? null : ${value};`]
        : [guard(isShort, `${given} == null`, 'return null;'), `return ${value};`];
    return methodOf(
      part,
      {
        said: `${ruleOf(part, [step])}${isGuarded ? '; null when that is not known' : ''}`,
        type: 'Date',
        name: verb === '' ? name : `${verb}${capitalized(name)}`,
        given: [['Date', given]],
        lines,
      },
      isStatic,
    );
  });
  return joinedMembers(declaredInOrder(part, constantsOf(part, steps)), ...methods);
};

/** A period's days, nights or months, and what they cost. */
interface Span {
  readonly from: string;
  readonly to: string;
  readonly count: 'nights' | 'days' | 'months' | 'weeks';
  readonly rate: string;
  readonly cost: string;
  /** Both the first and the last day are counted. */
  readonly isWhole?: true;
}

const spans: readonly Span[] = [
  { from: 'check in', to: 'check out', count: 'nights', rate: 'NIGHT_RATE', cost: 'stay price' },
  { from: 'arrival', to: 'departure', count: 'nights', rate: 'TOURIST_TAX', cost: 'tax' },
  { from: 'rented from', to: 'rented until', count: 'days', rate: 'DAY_RATE', cost: 'rent', isWhole: true },
  { from: 'start date', to: 'end date', count: 'months', rate: 'MONTHLY_FEE', cost: 'total fee' },
  { from: 'borrowed', to: 'returned', count: 'days', rate: 'FEE_PER_DAY', cost: 'fee' },
  { from: 'due date', to: 'paid on', count: 'days', rate: 'FINE_PER_DAY', cost: 'fine' },
  { from: 'parked since', to: 'picked up', count: 'days', rate: 'PARKING_FEE', cost: 'charge' },
  {
    from: 'first day',
    to: 'last day',
    count: 'days',
    rate: 'DAILY_ALLOWANCE',
    cost: 'allowance',
    isWhole: true,
  },
  { from: 'hired', to: 'left', count: 'months', rate: 'BONUS_PER_MONTH', cost: 'bonus' },
  { from: 'course start', to: 'course end', count: 'weeks', rate: 'WEEKLY_PRICE', cost: 'course price' },
];

function between({ count, isWhole }: Span, from: string, to: string): string {
  switch (count) {
    case 'months':
      return `${from}.monthsBetween(${to})`;
    case 'weeks':
      return `${from}.daysBetween(${to}) / 7`;
    default:
      return `${from}.daysBetween(${to})${isWhole === true ? ' + 1' : ''}`;
  }
}

function countSaid(part: Part, { count, from, to, isWhole }: Span): string {
  const whole = isWhole === true ? ', both days counted' : '';
  const full = count === 'weeks' ? 'full ' : '';
  return part.pick(
    `number of ${full}${count} between ${from} and ${to}${whole}`,
    `${full}${count} from ${from} to ${to}${whole}`,
    `how many ${full}${count} there are from ${from} to ${to}${whole}`,
  );
}

/** The count in a variable, announced by a comment and used in the next line. */
export const spanCosts: Member = (part) => {
  const span = part.pick(...spans);
  const { one, many } = recordNames(part);
  const { count, rate, cost } = span;
  const variable = part.pick(count, count, `${count}Count`, `numberOf${capitalized(count)}`);
  const isRecord = part.random.chance(0.6);
  const [from, to] = isRecord
    ? [`${one}.${ownField(part, span.from)}`, `${one}.${ownField(part, span.to)}`]
    : [variableFor(span.from), variableFor(span.to)];
  if (cannotShareScope(one, many, variable, variableFor(cost))) return null;
  const value = part.random.chance(0.75) ? `${variable} * ${rate}` : `${rate} * ${variable}`;
  const hasZeroGuard = part.random.chance(0.35);
  const isShort = part.random.chance(0.28);
  const counted = [
    part.comment(countSaid(part, span)),
    `Integer ${seen(variable)} = ${between(span, from, to)};`,
  ];
  const isLoop = isRecord && part.random.chance(0.6);
  const missing = hasZeroGuard
    ? `${part.comment(`no ${count}, no ${cost}`)}\n${guard(isShort, `${variable} <= 0`, isLoop ? 'continue;' : 'return 0;')}`
    : free('');
  const constants = declaredInOrder(part, [
    [rate, 'Decimal', part.pick('12.50', '35', '4.20', '80', '119.00')],
  ]);
  const said = part.pick(
    `${cost}: ${rate} for each of the ${count}`,
    `the ${cost} is the number of ${count} times ${rate}`,
    `${count} * ${rate}`,
  );
  if (isLoop) {
    const set = `${one}.${ownField(part, cost)} = ${value};`;
    return joinedMembers(
      constants,
      apex`
        ${told(part, said)}
        ${opened(part, 'void', part.pick('charge', 'fill', 'calculate', 'price', 'apply'))}(List<${part.thing.api}> ${seen(many)}) {
            ${loop(part.thing.api, one, many, joinFree([...counted, missing, set]))}
        }
      `,
    );
  }
  return joinedMembers(
    constants,
    methodOf(part, {
      said,
      type: 'Decimal',
      name: part.pick(variableFor(cost), `get${capitalized(variableFor(cost))}`, 'total', 'calculate'),
      given: isRecord
        ? [[part.thing.api, one]]
        : [
            ['Date', from],
            ['Date', to],
          ],
      lines: [joinFree([...counted, missing, `return ${value};`])],
    }),
  );
};
