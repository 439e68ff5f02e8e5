/** Kinds of classes whose methods follow one another: series by field, value or collection, small tools, blocks in blocks, states. */
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
import { seriesKind } from './words.js';

/** Whole classes of series and small tools. */
export const seriesKinds: readonly FileKind[] = [
  seriesKind('series of getters', ['View', 'Reader', 'Facade', 'Wrapper'], fieldGetters),
  seriesKind('series of has', ['Checks', 'Presence', 'Completeness'], hasFields),
  seriesKind('series by value', ['Filters', 'Status', 'Questions', 'Counts'], perValue),
  seriesKind('series of collections', ['Collector', 'Basket', 'Log', 'Context', 'Session'], collectionPairs),
  seriesKind('series of switches', ['Settings', 'Switches', 'Features', 'Options'], switchPairs),
  seriesKind('series of sums', ['Totals', 'Statistics', 'Figures'], fieldSums),
  seriesKind('series of setters', ['Request', 'Options', 'Draft', 'Form'], setterChain),
  seriesKind('ends of a list', ['Lists', 'Extremes', 'Ends', 'Tools'], endsOfList),
  seriesKind('stack or queue', ['Stack', 'Queue', 'Backlog', 'History'], stackOrQueue),
  seriesKind('range', ['Range', 'Interval', 'Span'], range),
  seriesKind('pair', ['Pair', 'Link', 'Change'], pair),
  seriesKind('counter', ['Counter', 'Tally', 'Histogram'], counter),
  seriesKind('limited cache', ['Cache', 'Memory', 'Buffer'], limitedCache),
  seriesKind('registry', ['Registry', 'Directory', 'Names'], registry),
  seriesKind('bounds', ['Dial', 'Gauge', 'Meter', 'Control'], bounds),
  seriesKind('nested search', ['Search', 'Finder', 'Scan'], nestedSearch),
  seriesKind('grid', ['Grid', 'Board', 'Matrix', 'Tables'], grid),
  seriesKind('many totals', ['Summary', 'Figures', 'Digest'], manyTotals),
  seriesKind('transitions', ['Flow', 'Lifecycle', 'State', 'Process'], transitions),
  seriesKind('boolean machine', ['Control', 'Machine', 'Device'], booleanMachine),
  seriesKind('constant sets', ['Constants', 'Groups', 'Rules'], constantSets),
  seriesKind('steps', ['Steps', 'Cycle', 'Sequence'], steps),
];
