/** Metrics through the whole server, from the official client to the file, and a control process that is killed. */
import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { join } from 'node:path';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { clientOptions } from './control-client.js';
import { startStowage, until } from './stowage-process.js';

/** Metrics of callers that the file has. */
function metricsWritten(dataFolder: string): number {
  const database = new Database(join(dataFolder, 'metrics.db'));
  try {
    const row = database.prepare(`SELECT count(*) AS count FROM series WHERE key LIKE '%|Shop|%'`).get();
    return (row as { count: number }).count;
  } finally {
    database.close();
  }
}

it('what was put is there again after the control process was killed', async () => {
  const server = await startStowage({ yaml: null });
  try {
    const client = new CloudWatchClient(clientOptions(server, 10));
    const Timestamp = new Date(Date.now() - 60_000);
    const MetricData = Array.from({ length: 500 }, (_, index) => ({
      MetricName: 'Sold',
      Dimensions: [{ Name: 'Shelf', Value: `shelf-${index % 3}` }],
      Timestamp,
      Value: index,
    }));
    await client.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
    const total = async () => {
      const { MetricDataResults = [] } = await client.send(
        new GetMetricDataCommand({
          MetricDataQueries: [
            { Id: 'total', Expression: `SUM(SEARCH('{Shop,Shelf} MetricName="Sold"', 'Sum', 60))` },
          ],
          StartTime: new Date(Timestamp.getTime() - 60_000),
          EndTime: new Date(Timestamp.getTime() + 60_000),
        }),
      );
      return MetricDataResults.flatMap(({ Values = [] }) => Values).reduce((sum, value) => sum + value, 0);
    };
    const expected = (500 * 499) / 2;
    expect(await total()).toBe(expected);
    await until(() => metricsWritten(server.dataFolder) >= 3, 'the metrics to be in the file');
    const killed = server.controlPid()!;
    process.kill(killed, 'SIGKILL');
    await until(() => {
      const now = server.controlPid();
      return now !== null && now !== killed;
    }, 'the control plane to be back');
    expect(await total()).toBe(expected);
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: 'Shop' }));
    expect(Metrics).toHaveLength(3);
  } finally {
    await server.stop();
  }
});
