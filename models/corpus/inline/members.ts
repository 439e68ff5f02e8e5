/** Members by what they teach to look at: the sibling above, what is in scope, how records flow, what the comment says. */
import { deepCopy, parentChecks, parentCopies, parentValues, reparenting, twoLists } from './bulk/parents.js';
import { resultsByIndex, savedOrNot } from './bulk/results.js';
import { allOrNothing, oneForEach, ownException, upsertByKey } from './bulk/writes.js';
import { aggregated, childTotals, groupedChildren, recalculating, subqueried } from './bulk/rollups.js';
import { comparedFields, justBecame, movedParents, recursionGuard, steppedCounts } from './bulk/triggers.js';
import type { Member, Weighted } from './part.js';
import { comparator, enqueuing, overdue } from './idioms-platform.js';
import { aggregating, byIdMap, children, creating, json, mailing, permission } from './idioms.js';
import {
  changedOnes,
  parents,
  partialSuccess,
  related,
  savepoint,
  updating,
  validating,
} from './members-changes.js';
import { constants } from './members-data.js';
import { collecting, filtering, mapping, summing, tool } from './members-logic.js';
import { mapBy } from './members-queries.js';
import { comparing, copying, enumeration, logging, parsing, patching, toMap } from './members-series.js';
import { dateRulesOf, numberRulesOf } from './scope/arithmetic.js';
import { cache, collector, guardFlags, runningTotals } from './scope/caches.js';
import { nullSafe, parameterGuards, permissionChecks } from './scope/checks.js';
import { saidConditions } from './scope/conditions.js';
import { dayCutoff, dayOffsets, flagRates, limits, setLoop, valueSets } from './scope/constants.js';
import { iterator, valueObject } from './scope/inner-classes.js';
import { messageConstants } from './scope/messages.js';
import { comparators } from './scope/orders.js';
import { boundConstants, conditionList } from './scope/queries.js';
import { commentTable, constantSwitch, tiers } from './scope/tables.js';
import { exampleText, separators, textRules } from './scope/texts.js';
import { transitions } from './scope/transitions.js';
import { assignedConstants, givenValues } from './scope/values.js';
import {
  siblingConstants,
  siblingCopies,
  siblingEquality,
  siblingGetters,
  siblingProperties,
  siblingRoundTrip,
  siblingTotals,
} from './siblings/fields.js';
import { siblingFilters, siblingGroups, siblingLookups, siblingMaps, siblingSums } from './siblings/maps.js';
import { siblingFactories, siblingMarks, siblingMessages } from './siblings/methods.js';
import {
  siblingEvents,
  siblingIds,
  siblingOverloads,
  siblingRequired,
  siblingSaves,
} from './siblings/pairs.js';
import { siblingTable } from './siblings/tables.js';
import {
  siblingCounts,
  siblingExpected,
  siblingJobs,
  siblingThrows,
  siblingUpdates,
  siblingYesNo,
} from './siblings/tests.js';
import { anyValue } from './general/any-values.js';
import { preconditions } from './general/checks.js';
import { container, resultClass } from './general/containers.js';
import { converted, flattened, zippedLists } from './general/conversions.js';
import { dayTool } from './general/days.js';
import { countedBy, groupedBy } from './general/grouping.js';
import { smallHolder } from './general/holders.js';
import { implementedTwice } from './general/interfaces.js';
import { innerJson } from './general/json.js';
import { cacheClass, lazyValues, onlyInstance } from './general/kept.js';
import { lengthened } from './general/lengths.js';
import { countingItems, extremeItem, firstMatch, partitioned, quantifiedTest } from './general/loops.js';
import { lookupDefault, reworkedMap, typedGetters } from './general/maps.js';
import { numberLoop, numberTool } from './general/numbers.js';
import { chunkedItems, neighbourTest, reversedItems, takenItems } from './general/sequences.js';
import { duplicates, setOperation } from './general/sets.js';
import { sortedWrapper } from './general/sorting.js';
import { composedKey, parsedPairs, splitText } from './general/splitting.js';
import { patterned, textTool } from './general/texts.js';
import { runningValues, totalled, twoAccumulators } from './general/totals.js';
import { chainedClass, valueClass } from './general/values.js';
import { dayLoop } from './general/workdays.js';

const each = (weight: number, ...members: readonly Member[]): Weighted =>
  members.map((member) => [weight, member] as const);

/** Methods that do again what the one above does, for something else. */
export const siblingMembers: Weighted = [
  ...each(2, siblingMessages, siblingMarks, siblingMaps, siblingGroups, siblingIds, siblingTable),
  ...each(1.5, siblingSums, siblingFilters, siblingSaves, siblingRequired, siblingLookups),
  ...each(1, siblingOverloads, siblingCopies, siblingConstants, siblingRoundTrip, siblingFactories),
];

/** Classes of their own members. */
export const siblingClasses: Weighted = each(
  1,
  siblingProperties,
  siblingGetters,
  siblingTotals,
  siblingEquality,
);

export const siblingTests: Weighted = [
  [3, siblingExpected],
  ...each(2, siblingYesNo, siblingJobs, siblingUpdates, siblingThrows),
  [1.5, siblingCounts],
];

/** What uses the constants, members and parameters that are declared. */
export const scoped: Weighted = [
  ...each(1.5, valueSets, setLoop, limits, dayOffsets, dayCutoff, flagRates, messageConstants),
  ...each(
    1.5,
    commentTable,
    constantSwitch,
    tiers,
    transitions,
    assignedConstants,
    conditionList,
    boundConstants,
  ),
  ...each(1, separators, cache, collector, guardFlags, runningTotals, comparators),
  ...each(1, givenValues, dateRulesOf, numberRulesOf, saidConditions, valueObject, iterator),
  ...each(1, exampleText, textRules, nullSafe, parameterGuards, permissionChecks),
];

/** Many records at once: ids, parents, children, results. */
export const bulk: Weighted = [
  ...each(3, parentCopies, aggregated),
  ...each(2, parentChecks, groupedChildren, subqueried, savedOrNot, resultsByIndex, oneForEach),
  ...each(1.5, childTotals, allOrNothing),
  ...each(1, parentValues, twoLists, reparenting, deepCopy, recalculating, ownException, upsertByKey),
];

export const bulkTriggers: Weighted = [
  [3, justBecame],
  [2, comparedFields],
  [2, siblingEvents],
  ...each(1, recursionGuard, movedParents, steppedCounts),
];

/** Code that any language has. */
export const general: Weighted = [
  ...each(1, countingItems, extremeItem, firstMatch, partitioned, quantifiedTest, totalled, converted),
  ...each(1, countedBy, duplicates, groupedBy, lookupDefault, reworkedMap, setOperation, typedGetters),
  ...each(1, chunkedItems, flattened, neighbourTest, reversedItems, runningValues, takenItems),
  ...each(
    1,
    twoAccumulators,
    zippedLists,
    composedKey,
    lengthened,
    parsedPairs,
    patterned,
    splitText,
    textTool,
  ),
  ...each(1, anyValue, dayLoop, dayTool, numberLoop, numberTool),
  ...each(1, chainedClass, container, implementedTwice, resultClass, valueClass),
  ...each(1, cacheClass, innerJson, lazyValues, onlyInstance, preconditions, smallHolder, sortedWrapper),
];

/** Methods that write records. */
export const changes: Weighted = [
  [3, updating],
  [2, partialSuccess],
  [2, related],
  [2, parents],
  [1, savepoint],
  [1, changedOnes],
  [1, validating],
];

/** Methods that do the same with one field after another. */
export const series: Weighted = [
  [1, copying],
  [1, parsing],
  [1, toMap],
  [1, patching],
  [1, comparing],
  [0.7, logging],
  [0.7, enumeration],
];

/** What classes of services do besides. */
export const logic: Weighted = [
  ...series,
  [1, mailing],
  [0.7, comparator],
  [1, overdue],
  [1, enqueuing],
  [1, aggregating],
  [1, creating],
  [0.7, byIdMap],
  [0.7, json],
  [0.7, permission],
  [0.7, children],
  [2, mapBy],
  [2, mapping],
  [1, summing],
  [2, filtering],
  [2, collecting],
  [1, tool],
  [1, constants],
];
