/**
 * DescribeAlarmHistory: what the ledger says of alarms, which is bounded as a whole. Of an alarm that is gone there is
 * history as long as somebody asks for it by its name.
 */
import type { LedgerEntry } from '../../contracts/store.js';
import type { AlarmRecord } from '../../domain/alarm.js';
import { resourceKey } from '../../domain/record.js';
import { answer, type Call, type CommandResult } from './call.js';
import { readPosition, writePosition } from './listing.js';

/** Items on a page, when the caller does not say: as CloudWatch's. */
const maxRecordsDefault = 100;
/** Entries of the ledger that one call looks at; older ones are found by name or by `EndDate`. */
const entriesMax = 10_000;
/** The service model's bound, characters. */
const dataLengthMax = 4_000;

export interface DescribeAlarmHistoryInput {
  readonly alarmName?: string;
  readonly alarmTypes?: readonly string[];
  readonly historyItemType?: string;
  readonly startDate?: number;
  readonly endDate?: number;
  readonly maxRecords?: number;
  readonly nextToken?: string;
  readonly scanBy?: 'TimestampDescending' | 'TimestampAscending';
}

interface HistoryItem {
  readonly alarmName: string;
  readonly alarmType: 'MetricAlarm';
  readonly timestamp: number;
  readonly historyItemType: 'ConfigurationUpdate' | 'StateUpdate';
  readonly historySummary: string;
  readonly historyData: string;
}

interface DescribeAlarmHistoryOutput {
  readonly alarmHistoryItems: readonly HistoryItem[];
  readonly nextToken?: string;
}

/** Newest first, unless `scanBy` says otherwise. */
export function describeAlarmHistory({
  view,
  scope,
  input,
  ledger,
}: Call<DescribeAlarmHistoryInput>): CommandResult<DescribeAlarmHistoryOutput> {
  const { nextToken, maxRecords = maxRecordsDefault, ...query } = input;
  const { alarmName, alarmTypes = [], historyItemType, startDate = -Infinity, endDate = Infinity } = query;
  if (alarmTypes.length > 0 && !alarmTypes.includes('MetricAlarm')) return answer({ alarmHistoryItems: [] });
  const names = alarmName === undefined ? view.alarms(scope).map(({ value }) => value.name) : [alarmName];
  const keys = names.map((name) => resourceKey('alarm', scope, name));
  const entries = ledger({ keys, isNewestFirst: true, limit: entriesMax });
  const items = itemsOf(entries).filter(
    ({ item }) =>
      (historyItemType === undefined || item.historyItemType === historyItemType) &&
      item.timestamp >= startDate &&
      item.timestamp < endDate,
  );
  const isAscending = query.scanBy === 'TimestampAscending';
  if (isAscending) items.reverse();
  const list = ['DescribeAlarmHistory', scope, query] as const;
  const after = nextToken === undefined ? null : Number(readPosition(list, nextToken).key);
  const rest = items.filter(
    ({ sequence }) => after === null || (isAscending ? sequence > after : sequence < after),
  );
  const shown = rest.slice(0, maxRecords);
  const end = shown.at(-1);
  const isLast = end === undefined || shown.length === rest.length;
  return answer({
    alarmHistoryItems: shown.map(({ item }) => item),
    ...(isLast ? {} : { nextToken: writePosition(list, end.sequence, '') }),
  });
}

interface PlacedItem {
  readonly sequence: number;
  readonly item: HistoryItem;
}

/** `entries`: newest first; the result, too. What was before an entry is the next older one of the same alarm. */
function itemsOf(entries: readonly LedgerEntry[]): PlacedItem[] {
  const items: PlacedItem[] = [];
  const before = new Map<string, AlarmRecord>();
  for (const entry of entries.toReversed()) {
    const { key, sequence, value } = entry;
    const old = before.get(key) ?? null;
    if (value?.kind === 'alarm') before.set(key, value);
    else before.delete(key);
    const record = value?.kind === 'alarm' ? value : old;
    if (record !== null) items.push({ sequence, item: itemOf(entry, record, old) });
  }
  return items.reverse();
}

function itemOf(
  { at, event, reason, value }: LedgerEntry,
  record: AlarmRecord,
  old: AlarmRecord | null,
): HistoryItem {
  const frame = { alarmName: record.name, alarmType: 'MetricAlarm', timestamp: at } as const;
  if (event === 'alarm-changed') {
    const data = {
      version: '1.0',
      oldState: old === null ? undefined : stateData(old),
      newState: stateData(record),
    };
    return {
      ...frame,
      historyItemType: 'StateUpdate',
      historySummary: `Alarm updated from ${old?.state ?? 'unknown'} to ${record.state}`,
      historyData: JSON.stringify(data).slice(0, dataLengthMax),
    };
  }
  const type = value === null ? 'Delete' : old === null && event === 'alarm-created' ? 'Create' : 'Update';
  const word = { Create: 'created', Update: 'updated', Delete: 'deleted' }[type];
  const data = { version: '1.0', type, reason, alarm: { alarmName: record.name, ...record.definition } };
  return {
    ...frame,
    historyItemType: 'ConfigurationUpdate',
    historySummary: `Alarm "${record.name}" ${word}`,
    historyData: JSON.stringify(data).slice(0, dataLengthMax),
  };
}

function stateData({ state, stateReason, stateReasonData }: AlarmRecord): object {
  const data: unknown = stateReasonData === null ? undefined : JSON.parse(stateReasonData);
  return { stateValue: state, stateReason, stateReasonData: data };
}
