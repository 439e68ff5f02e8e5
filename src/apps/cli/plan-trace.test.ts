import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { EndpointPlan } from '../../domain/endpoint-plan.js';
import type { InstanceType } from '../../domain/instance.js';
import type { FilePlan } from './apply/plan-file.js';
import { forecastPlan } from './plan-trace.js';
import type { Session } from './session.js';

const folder = mkdtempSync(join(tmpdir(), 'stowage-plan-trace-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const type: InstanceType = {
  ...{ name: 'local.cpu', cpus: 2, memoryBytes: 2 ** 33, accelerators: 1, acceleratorMemoryBytes: 0 },
  ...{ zones: ['a'], pricePerHour: 1, countMax: 4 },
};

function endpoint(name: string): EndpointPlan {
  const model = { origin: null, image: null, environment: {} };
  const settings = { instanceType: type.name, initialInstanceCount: 1 };
  const variants = [{ name: 'main', isShadow: false, model, settings }];
  return { name, regions: [], roleArn: null, tags: [], rollout: null, variants, components: [] };
}

function regionOf(region: string, ...names: string[]) {
  const endpoints = names.map((name) => ({
    desired: { name },
    observed: { endpoint: null, components: [] },
  }));
  return { region, api: {}, endpoints };
}

it('of several regions forecasts the first, and says so', async () => {
  const file = join(folder, 'requests.jsonl');
  const row = (endpointName: string, at: number) =>
    JSON.stringify({ at, endpoint: endpointName, component: 'main', promptTokens: 9, generatedTokens: 2 });
  writeFileSync(file, [row('here', 0), row('there', 5), row('here', 3_600_000)].join('\n'));
  const regions = [regionOf('r-1', 'here'), regionOf('r-2', 'here', 'there')];
  const notices: string[] = [];
  const session = { terminal: { isLive: false, warn: (text: string) => notices.push(text) } };
  const { rows } = await forecastPlan(
    { regions } as unknown as FilePlan,
    ['here', 'there'].map(endpoint),
    new Map([[type.name, type]]),
    { ...{ trace: file, spread: 'zipf:1.0', scale: 1, speed: 1, seed: 1, objective: 2_000 } },
    session as unknown as Session,
  );
  const inFile = rows.find(({ key }) => key === 'file')!.result;
  expect(inFile.instanceHours).toBeCloseTo(1, 3);
  expect(notices[0]).toBe('of 2 regions, the first is forecast: r-1');
});

it('leaves out what was not answered to its end, and says how much', async () => {
  const file = join(folder, 'refused.jsonl');
  const row = (outcome: string) =>
    JSON.stringify({ at: 0, component: 'main', promptTokens: 9, generatedTokens: 0, outcome });
  writeFileSync(file, ['completed', 'refused', 'expired'].map(row).join('\n'));
  const notices: string[] = [];
  const session = { terminal: { isLive: false, warn: (text: string) => notices.push(text) } };
  const { rows } = await forecastPlan(
    { regions: [regionOf('r-1', 'here')] } as unknown as FilePlan,
    [endpoint('here')],
    new Map([[type.name, type]]),
    { ...{ trace: file, spread: 'zipf:1.0', scale: 1, speed: 1, seed: 1, objective: 2_000 } },
    session as unknown as Session,
  );
  expect(rows[0]!.result.requests.arrivals).toBe(1);
  expect(notices[0]).toMatch(/^2 requests that were not answered to their end are left out/);
});
