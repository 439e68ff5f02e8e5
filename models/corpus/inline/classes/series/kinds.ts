/** Kinds of classes whose methods follow one another: series by field, value or collection, small tools, blocks in blocks, states. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import {
  collectionPairs,
  fieldGetters,
  fieldSums,
  hasFields,
  perValue,
  setterChain,
  switchPairs,
} from './fields.js';
import { grid, manyTotals, nestedSearch } from './loops.js';
import { booleanMachine, constantSets, steps, transitions } from './states.js';
import { bounds, limitedCache, registry } from './stores.js';
import { counter, endsOfList, pair, range, stackOrQueue } from './tools.js';

/** Whole classes of series and small tools. */
export const seriesKinds: readonly FileKind[] = [
  classKind('series of getters', ['View', 'Reader', 'Facade', 'Wrapper'], fieldGetters),
  classKind('series of has', ['Checks', 'Presence', 'Completeness'], hasFields),
  classKind('series by value', ['Filters', 'Status', 'Questions', 'Counts'], perValue),
  classKind('series of collections', ['Collector', 'Basket', 'Log', 'Context', 'Session'], collectionPairs),
  classKind('series of switches', ['Settings', 'Switches', 'Features', 'Options'], switchPairs),
  classKind('series of sums', ['Totals', 'Statistics', 'Figures'], fieldSums),
  classKind('series of setters', ['Request', 'Options', 'Draft', 'Form'], setterChain),
  classKind('ends of a list', ['Lists', 'Extremes', 'Ends', 'Tools'], endsOfList),
  classKind('stack or queue', ['Stack', 'Queue', 'Backlog', 'History'], stackOrQueue),
  classKind('range', ['Range', 'Interval', 'Span'], range),
  classKind('pair', ['Pair', 'Link', 'Change'], pair),
  classKind('counter', ['Counter', 'Tally', 'Histogram'], counter),
  classKind('limited cache', ['Cache', 'Memory', 'Buffer'], limitedCache),
  classKind('registry', ['Registry', 'Directory', 'Names'], registry),
  classKind('bounds', ['Dial', 'Gauge', 'Meter', 'Control'], bounds),
  classKind('nested search', ['Search', 'Finder', 'Scan'], nestedSearch),
  classKind('grid', ['Grid', 'Board', 'Matrix', 'Tables'], grid),
  classKind('many totals', ['Summary', 'Figures', 'Digest'], manyTotals),
  classKind('transitions', ['Flow', 'Lifecycle', 'State', 'Process'], transitions),
  classKind('boolean machine', ['Control', 'Machine', 'Device'], booleanMachine),
  classKind('constant sets', ['Constants', 'Groups', 'Rules'], constantSets),
  classKind('steps', ['Steps', 'Cycle', 'Sequence'], steps),
];
