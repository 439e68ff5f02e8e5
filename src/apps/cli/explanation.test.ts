import { expect, it } from 'vitest';
import type { ComponentExplanation, EndpointExplanation } from '../../api/admin/contract.js';
import { componentLines, endpointLines } from './explanation.js';

const scope = { account: '000000000000', region: 'us-east-1' };
const style = { paint: (_: string, text: string) => text, now: 100_000 };
const component: ComponentExplanation = {
  component: '000000000000/us-east-1/demo/x',
  scope,
  endpoint: 'demo',
  name: 'x',
  status: 'Creating',
  failureReason: null,
  failure: null,
  copiesWanted: 2,
  copiesReady: 0,
  scaling: null,
  copies: [
    {
      id: 'x-1',
      incarnation: 1,
      generation: 1,
      state: 'loading',
      since: 88_000,
      reason: 'it loads its model',
      nextAt: 160_000,
      error: null,
      loading: { phase: 'load model', fraction: 0.406 },
      instance: 'i-1',
      threads: 1,
      pid: 7,
    },
    {
      id: 'x-2',
      incarnation: null,
      generation: 1,
      state: 'waiting',
      since: null,
      reason: 'no room',
      nextAt: null,
      error: { code: 'CAP-106', message: 'There is not enough', mend: 'lower it' },
      loading: null,
      instance: null,
      threads: null,
      pid: null,
    },
  ],
  history: [
    {
      sequence: 1,
      at: 0,
      key: 'k',
      kind: 'inference-component',
      revision: 1,
      event: 'component-created',
      reason: 'asked for',
      value: null,
    },
  ],
};
const lines = [
  'component/x on demo  Creating, 0 of 2 copies ready',
  '  x-1 on i-1  loading for 12 s, load model 40 %: it loads its model; next in 1 min 0 s',
  '  x-2  waiting: no room',
  '    CAP-106: There is not enough',
  '    mend: lower it',
  '  1970-01-01T00:00:00Z  component-created: asked for',
];

it('a component is told copy by copy, with what it waits for', () => {
  expect(componentLines(component, style)).toEqual(lines);
});

it('copies that wait for the same are told once, and names without the scope that was asked', () => {
  const waiting = component.copies.filter(({ state }) => state === 'waiting');
  const many = Array.from({ length: 993 }, (_, index) =>
    waiting.map((copy) => ({
      ...copy,
      id: `x-${index}`,
      reason: '000000000000/us-east-1/demo/x has no room',
    })),
  ).flat();
  expect(componentLines({ ...component, copies: many, history: [] }, style).slice(1)).toEqual([
    '  993 copies wait: demo/x has no room',
    '    CAP-106: There is not enough',
    '    mend: lower it',
  ]);
});

it('an endpoint is told with its instances and all that is on them', () => {
  const instance = {
    kind: 'instance',
    id: 'i-1',
    scope,
    endpoint: 'demo',
    variant: 'AllTraffic',
    generation: 1,
    type: 'local.cpu',
    zone: 'a',
    host: 'local',
    capacity: { cpus: 1, memoryBytes: 1, accelerators: 0, acceleratorMemoryBytes: 0 },
    state: 'ready',
    since: 99_000,
    reason: 'one is wanted',
  } as const;
  const explanation: EndpointExplanation = {
    scope,
    name: 'demo',
    status: 'Updating',
    failureReason: 'it broke',
    deployment: 'bakes',
    instances: [instance],
    components: [component],
    history: [],
  };
  expect(endpointLines(explanation, style)).toEqual([
    'endpoint/demo  Updating',
    '  reason: it broke',
    '  deployment: bakes',
    '  instance i-1  local.cpu in a  ready for 1 s: one is wanted',
    '',
    ...lines,
  ]);
});

it('a component that scales is told with why, how it goes on, and what was done last', () => {
  const explained = componentLines(
    {
      ...component,
      copies: [],
      history: [],
      scaling: {
        min: 0,
        max: 4,
        suspended: ['scaling in'],
        policies: [{ name: 'stowage', follows: '12 concurrent requests per copy', changes: 'more when …' }],
        cause: 'an alarm rang',
        coldStartMs: 4_000,
        activities: [
          {
            at: 0,
            status: 'Failed',
            description: 'Tried.',
            cause: 'It rang.',
            notScaled: ['AlreadyAtMaxCapacity'],
          },
        ],
        outAgainAt: null,
        inAgainAt: 160_000,
        schedules: [{ name: 'night', at: 112_000, min: null, max: 1 }],
      },
    },
    style,
  );
  expect(explained).toEqual([
    'component/x on demo  Creating, 0 of 2 copies ready',
    '  scales from 0 to 4; changed last because: an alarm rang',
    '  may be at zero: a first request waits about 4 s',
    '  suspended: scaling in',
    '  policy stowage  12 concurrent requests per copy; more when …',
    '  cooldown: none are taken for 1 min 0 s',
    '  schedule night  in 12 s: … to 1',
    '  1970-01-01T00:00:00Z  Failed: Tried. It rang. (AlreadyAtMaxCapacity)',
  ]);
});
