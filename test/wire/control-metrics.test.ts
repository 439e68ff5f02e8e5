/** CloudWatch's metrics through the official client, with the real commands behind the front end. */
import {
  CloudWatchServiceException,
  DescribeAlarmHistoryCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDatum,
  paginateGetMetricData,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Desk } from '../control/desk.js';
import { type ControlServer, startControlServer } from './control-server.js';

let server: ControlServer;
let desk: Desk;
const minute = 60_000;
/** A whole hour, so that periods of every length begin there. */
const begin = Math.floor(1_700_000_000_000 / 3_600_000) * 3_600_000;
const values = Array.from({ length: 600 }, (_, index) => 1 + ((index * 7919) % 600));

beforeAll(async () => {
  server = await startControlServer();
  desk = new Desk();
  server.control.answer = (input) => {
    const { operation, scope } = server.control.calls.at(-1)!;
    return desk.run(operation, input as never, scope);
  };
  const data = values.map((Value, second): MetricDatum => ({
    MetricName: 'Sold',
    Dimensions: [{ Name: 'Shelf', Value: second % 2 === 0 ? 'even' : 'odd' }],
    Timestamp: new Date(begin + second * 1000),
    Value,
    Unit: 'Count',
    StorageResolution: 1,
  }));
  // Long enough that the client packs it.
  await server.cloudWatch().send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: data }));
});
afterAll(async () => {
  await server.close();
  expect(server.listener.log.errors).toEqual([]);
});

function stat(id: string, shelf: string, Stat: string, Period: number, ReturnData = true) {
  const Metric = { Namespace: 'Shop', MetricName: 'Sold', Dimensions: [{ Name: 'Shelf', Value: shelf }] };
  return { Id: id, MetricStat: { Metric, Stat, Period }, ReturnData };
}

async function data(
  MetricDataQueries: GetMetricDataCommandInput['MetricDataQueries'],
  more: Partial<GetMetricDataCommandInput> = {},
) {
  const { MetricDataResults = [] } = await server.cloudWatch().send(
    new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(begin),
      EndTime: new Date(begin + 10 * minute),
      ScanBy: 'TimestampAscending',
      ...more,
    }),
  );
  return Object.fromEntries(MetricDataResults.map((one) => [`${one.Id}|${one.Label}`, one.Values ?? []]));
}

function of(shelf: 'even' | 'odd', index: number, seconds: number): readonly number[] {
  return values
    .slice(index * seconds, (index + 1) * seconds)
    .filter((_, at) => at % 2 === (shelf === 'odd' ? 1 : 0));
}

const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
const minutes = Array.from({ length: 10 }, (_, index) => index);

it('the client packs what it puts', () => {
  expect(server.control.calls[0]).toMatchObject({ operation: 'PutMetricData' });
  expect(desk.metrics.list({ scope: server.control.calls[0]!.scope }, desk.now)).toHaveLength(2);
});

it('sums, percentiles and math are those of the values', async () => {
  const found = await data([
    stat('even', 'even', 'Sum', 60),
    stat('odd', 'odd', 'Sum', 60, false),
    stat('fine', 'odd', 'Maximum', 10),
    stat('ninety', 'even', 'p90', 300),
    { Id: 'both', Expression: '(even + odd) / 2 * -1' },
    { Id: 'total', Expression: 'SUM([even, odd])' },
    { Id: 'share', Expression: 'even - AVG(even)', Label: 'above the mean' },
    { Id: 'running', Expression: 'RUNNING_SUM(odd)' },
  ]);
  expect(found['even|Sold']).toEqual(minutes.map((index) => sum(of('even', index, 60))));
  expect(found['fine|Sold']).toEqual(
    Array.from({ length: 60 }, (_, index) => Math.max(...of('odd', index, 10))),
  );
  for (const index of [0, 1]) {
    const sorted = [...of('even', index, 300)].sort((a, b) => a - b);
    const exact = sorted[Math.ceil(0.9 * sorted.length) - 1]!;
    expect(Math.abs(found['ninety|Sold']![index]! - exact)).toBeLessThanOrEqual(0.01 * exact);
  }
  expect(found['both|both']).toEqual(
    minutes.map((index) => -sum(values.slice(index * 60, index * 60 + 60)) / 2),
  );
  expect(found['total|total']).toEqual(
    minutes.map((index) => sum(values.slice(index * 60, index * 60 + 60))),
  );
  expect(sum(found['share|above the mean']!)).toBeCloseTo(0);
  expect(found['running|running']!.at(-1)).toBe(sum(values.filter((_, second) => second % 2 === 1)));
});

it('searches find metrics, and gaps are filled', async () => {
  const later = { EndTime: new Date(begin + 12 * minute) };
  const search = `SEARCH('{Shop,Shelf} MetricName="Sold" NOT Shelf="odd"', 'SampleCount', 60)`;
  const found = await data(
    [
      { Id: 'all', Expression: search },
      { Id: 'filled', Expression: `FILL(${search}, 0)`, Label: 'x' },
    ],
    later,
  );
  expect(found['all|even']).toEqual(minutes.map(() => 30));
  expect(found['filled|x even']).toEqual([...minutes.map(() => 30), 0, 0]);
});

it('pages have every value once', async () => {
  const pages = paginateGetMetricData(
    { client: server.cloudWatch() },
    {
      MetricDataQueries: [stat('a', 'even', 'Sum', 10), stat('b', 'odd', 'Sum', 10)],
      StartTime: new Date(begin),
      EndTime: new Date(begin + 10 * minute),
      MaxDatapoints: 37,
    },
  );
  const seen: string[] = [];
  let count = 0;
  for await (const { MetricDataResults = [] } of pages) {
    count++;
    for (const { Id, Timestamps = [] } of MetricDataResults) {
      for (const at of Timestamps) seen.push(`${Id}${at.getTime()}`);
    }
  }
  expect(count).toBe(4);
  expect(new Set(seen).size).toBe(120);
  expect(seen).toHaveLength(120);
});

it('statistics and lists are as CloudWatch shows them, also as XML', async () => {
  const client = server.cloudWatch();
  const { Datapoints } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace: 'Shop',
      MetricName: 'Sold',
      Dimensions: [{ Name: 'Shelf', Value: 'odd' }],
      StartTime: new Date(begin),
      EndTime: new Date(begin + 10 * minute),
      Period: 300,
      Statistics: ['SampleCount', 'Maximum'],
    }),
  );
  expect(Datapoints).toEqual(
    [0, 1].map((index) => ({
      Timestamp: new Date(begin + index * 5 * minute),
      SampleCount: 150,
      Maximum: Math.max(...of('odd', index, 300)),
      Unit: 'Count',
    })),
  );
  const { Metrics } = await client.send(
    new ListMetricsCommand({ Namespace: 'Shop', Dimensions: [{ Name: 'Shelf', Value: 'odd' }] }),
  );
  expect(Metrics).toEqual([
    { Namespace: 'Shop', MetricName: 'Sold', Dimensions: [{ Name: 'Shelf', Value: 'odd' }] },
  ]);
  const form =
    'Action=GetMetricStatistics&Version=2010-08-01&Namespace=Shop&MetricName=Sold&Period=600&ExtendedStatistics.member.1=p100' +
    '&Dimensions.member.1.Name=Shelf&Dimensions.member.1.Value=odd' +
    `&StartTime=${new Date(begin).toISOString()}&EndTime=${new Date(begin + minute).toISOString()}`;
  // Keys without a region are at home, where nothing was put.
  const answer = await server.post('/', { 'content-type': 'application/x-www-form-urlencoded' }, form);
  expect(await answer.text()).toContain(
    '<GetMetricStatisticsResult><Label>Sold</Label><Datapoints></Datapoints>',
  );
});

it('alarms have a history and call scaling policies only', async () => {
  const client = server.cloudWatch();
  const alarm = {
    AlarmName: 'sold',
    Namespace: 'Shop',
    MetricName: 'Sold',
    Statistic: 'Sum' as const,
    Period: 10,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold' as const,
  };
  const policy = `arn:aws:autoscaling:us-east-1:${server.account}:scalingPolicy:1-2:resource/sagemaker/inference-component/c:policyName/out`;
  await client.send(new PutMetricAlarmCommand({ ...alarm, AlarmActions: [policy] }));
  const topic = `arn:aws:sns:us-east-1:${server.account}:bell`;
  const refused = await client
    .send(new PutMetricAlarmCommand({ ...alarm, OKActions: [topic] }))
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(CloudWatchServiceException);
  expect((refused as Error).message).toContain(topic);
  const { AlarmHistoryItems } = await client.send(new DescribeAlarmHistoryCommand({ AlarmName: 'sold' }));
  expect(AlarmHistoryItems).toMatchObject([
    { AlarmName: 'sold', HistoryItemType: 'ConfigurationUpdate', HistorySummary: 'Alarm "sold" created' },
  ]);
});

it.each<[string, GetMetricDataCommandInput['MetricDataQueries'], string]>([
  [
    'a circle',
    [
      { Id: 'a', Expression: 'b' },
      { Id: 'b', Expression: 'a + 1' },
    ],
    'it needs its own result',
  ],
  ['a number', [{ Id: 'a', Expression: '1 + 1' }], 'it gives a number'],
  ['a function', [{ Id: 'a', Expression: 'ANOMALY_DETECTION_BAND(b)' }], 'not known here'],
  ['a statistic', [stat('a', 'odd', 'tm90', 60)], 'tm90 is not computed here'],
  ['a period', [stat('a', 'odd', 'Sum', 45)], '10, 20, 30 or a multiple of 60'],
  ['two of one id', [stat('a', 'odd', 'Sum', 60), stat('a', 'odd', 'Sum', 60)], 'given twice'],
])('%s is refused with a reason', async (_, queries, message) => {
  await expect(data(queries)).rejects.toThrow(message);
});

it('a packed body that becomes too large is not unpacked', async () => {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'GraniteServiceVersion20100801.PutMetricData',
    'content-encoding': 'gzip',
  };
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
  const answer = await server.post('/', headers, bomb);
  expect([answer.status, await answer.text()]).toEqual([
    expect.any(Number),
    expect.stringContaining('larger than 1048576 bytes'),
  ]);
  const broken = await server.post('/', headers, 'no gzip at all');
  expect([broken.status, await broken.text()]).toEqual([400, expect.stringContaining('not gzip')]);
});
