import { expect, it } from 'vitest';
import { unassigned } from '../../decide/cost/bill.js';
import { billOfTime } from './bill.js';
import type { MetricName, MetricsApi } from './control-api/metrics-api.js';
import { buildProgram } from './program.js';

const day = 86_400;

function metric(name: string, dimension: string, value: string): MetricName {
  return {
    Namespace: 'Stowage/Billing',
    MetricName: name,
    Dimensions: [{ Name: dimension, Value: value }],
  };
}

/** Accelerator-seconds by component and by key. */
const known: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  InferenceComponentName: { chat: 60, gone: 0, [unassigned]: 40 },
  Key: { one: 60, [unassigned]: 40 },
};

const api: MetricsApi = {
  list: (_, name, dimension) =>
    Promise.resolve(Object.keys(known[dimension] ?? {}).map((value) => metric(name, dimension, value))),
  sums: (metrics) =>
    Promise.resolve(
      metrics.map(({ MetricName: name, Dimensions: [dimension] }) => {
        if (dimension === undefined) return name === 'AcceleratorSeconds' ? 100 : 1;
        return name === 'AcceleratorSeconds' ? known[dimension.Name]![dimension.Value]! : 0;
      }),
    ),
};

it.each(['component', 'key'] as const)('by %s adds up, and counts models that had time', async (by) => {
  const bill = await billOfTime(api, { since: day, by }, 100 * day * 1000);
  expect(bill.sum.acceleratorSeconds).toBe(100);
  expect(bill.differencePercent).toBe(0);
  expect(bill.dedicated.models).toBe(1);
});

it('of more than two weeks is refused, because metrics of it are not listed any more', async () => {
  const program = buildProgram(
    () => expect.unreachable(),
    () => expect.unreachable(),
  );
  const bill = program.commands.find((command) => command.name() === 'bill')!;
  bill.exitOverride().configureOutput({ writeErr: () => {}, outputError: () => {} });
  const asked = program.parseAsync(['bill', '--since', '15d'], { from: 'user' });
  await expect(asked).rejects.toThrow(/from 10s to 14d.*two weeks/);
});
