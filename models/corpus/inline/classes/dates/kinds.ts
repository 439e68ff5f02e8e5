/** Kinds of classes about dates. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import { deadlines, orderOfDates, period } from './periods.js';
import { datedFields, datedMethods, spanCosts } from './rules.js';
import { dateQuestions } from './questions.js';
import { calendar, calendarTool, elapsed } from './tools.js';

/** Rules of dates, questions about them, periods, calendar days and elapsed time. */
export const dateKinds: readonly FileKind[] = [
  classKind(
    'dated fields',
    ['Dates', 'Service', 'Scheduler', 'Planner', 'Terms', 'Handler'],
    datedFields,
    calendarTool,
  ),
  classKind(
    'dated methods',
    ['Dates', 'Deadlines', 'Terms', 'Calculator', 'Rules'],
    datedMethods,
    calendarTool,
  ),
  classKind('span costs', ['Pricing', 'Service', 'Fees', 'Calculator', 'Helper'], spanCosts, calendarTool),
  classKind('date questions', ['Dates', 'Checks', 'Rules', 'Helper', 'Util'], dateQuestions),
  classKind('calendar', ['Calendar', 'DateUtil', 'DateUtils', 'Dates', 'DateHelper'], calendar),
  classKind('elapsed', ['Timer', 'Durations', 'TimeUtil', 'Clock', 'Sla'], elapsed),
  classKind('period', ['Period', 'Range', 'DateRange', 'Interval', 'Span'], period),
  classKind('order of dates', ['Validator', 'Checks', 'Handler', 'Validation'], orderOfDates),
  classKind('deadlines', ['Deadlines', 'Sla', 'Planner', 'Service'], deadlines),
];
