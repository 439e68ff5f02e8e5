import { describe, expect, it } from 'vitest';
import { emptyRouteTable, type RouteTable } from '../../../src/contracts/route-feed.js';
import type { Change } from '../../../src/contracts/store.js';
import { componentKey, WorkloadKind } from '../../../src/domain/component.js';
import { greedySampling, type GenerationRequest, Outcome } from '../../../src/domain/inference.js';
import type { InstanceRecord } from '../../../src/domain/instance.js';
import { type CopyRecord, recordKey, type StowageRecord } from '../../../src/domain/record.js';
import { componentNamed } from '../route-tables.js';
import { Records } from './check-records.js';
import { oversubscription } from './check-room.js';
import { Answer, TrafficChecker } from './check-traffic.js';
import { frozen } from './crash-points.js';
import { endpointTable, offence } from './transitions.js';
import { CallFate } from '../../../src/adapters/fleet/simulated/faults.js';
import { catalogue } from './drawn-inputs.js';
import { World } from './world.js';

const component = componentNamed('inline');
const scope = component.scope;
const key = componentKey(component);
const resources = { ...component.resources, cpus: 2, memoryBytesMin: 4 };

const instance: InstanceRecord = {
  kind: 'instance',
  id: 'i-1',
  scope,
  endpoint: component.endpoint,
  variant: component.variant,
  generation: 1,
  type: 'local.small',
  zone: 'a',
  host: 'host-1',
  capacity: { cpus: 4, memoryBytes: 8, accelerators: 1, acceleratorMemoryBytes: 8 },
  state: 'ready',
  since: 0,
  reason: 'it was asked for',
};

function copy(change: Partial<CopyRecord> = {}): CopyRecord {
  return {
    kind: 'copy',
    copy: { id: 'inline-1', incarnation: 1 },
    component: key,
    generation: 1,
    instance: 'i-1',
    endpointGeneration: 1,
    resources,
    accelerators: [],
    state: 'starting',
    since: 0,
    wish: 'run',
    reason: 'it was asked for',
    ...change,
  };
}

const owner: StowageRecord = {
  kind: 'inference-component',
  scope,
  name: component.name,
  endpointName: component.endpoint,
  variantName: component.variant,
  createdAt: 0,
  modifiedAt: 0,
  tags: [],
  status: 'Creating',
  failureReason: null,
  copyCount: 1,
  generations: [{ id: 1, specifications: [], containers: [] }],
  deployment: null,
  deploymentConfig: null,
  failures: null,
};

describe('the checker of records', () => {
  const checked = () => {
    const complaints: string[] = [];
    const records = new Records(
      () => 0,
      (problem) => complaints.push(problem),
    );
    let at = 0;
    const write = (value: StowageRecord | null, of: StowageRecord = value!, event = 'copy-changed') => {
      const change: Change = { key: recordKey(of), expectedRevision: 0, value, event, reason: '' };
      records.take([change], ++at);
    };
    write(instance);
    write(owner);
    return { records, complaints, write };
  };

  it('says nothing about a copy that lives as it should', () => {
    const { complaints, write } = checked();
    write(copy());
    write(copy({ state: 'ready' }));
    write(copy({ state: 'draining', wish: 'drain' }));
    write(copy({ state: 'draining', wish: 'end' }));
    write(null, copy());
    write({ ...instance, state: 'retiring' });
    write(null, instance, 'instance-gone');
    expect(complaints).toEqual([]);
  });

  it.each<[string, (write: ReturnType<typeof checked>['write']) => void]>([
    ['ready -> starting', (write) => [copy(), copy({ state: 'ready' }), copy()].forEach((one) => write(one))],
    ['drain -> run', (write) => [copy(), copy({ wish: 'drain' }), copy()].forEach((one) => write(one))],
    [
      'is not new',
      (write) => [copy(), copy({ copy: { id: 'inline-2', incarnation: 1 } })].forEach((one) => write(one)),
    ],
    [
      '2 copies have that id',
      (write) => [copy(), copy({ copy: { id: 'inline-1', incarnation: 2 } })].forEach((one) => write(one)),
    ],
    ['is not there', (write) => write(copy({ instance: 'i-7' }))],
    ['another generation', (write) => write(copy({ endpointGeneration: 2 }))],
    ['nothing asks for it', (write) => write(copy({ component: key.replace('inline', 'other') }))],
    [
      'with 1 copies on it',
      (write) => {
        write(copy());
        write({ ...instance, state: 'retiring' });
        write(null, instance, 'instance-gone');
      },
    ],
    ['never to change', (write) => [copy(), copy({ instance: 'i-2' })].forEach((one) => write(one))],
    ['Creating -> none', (write) => write(null, owner)],
    ['without a reason', (write) => write({ ...owner, status: 'Failed' })],
  ])('finds “%s”', (problem, act) => {
    const { complaints, write } = checked();
    act(write);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(problem);
  });

  it('finds a ledger that goes back in time', () => {
    const { records, complaints } = checked();
    records.take([], 1);
    expect(complaints).toEqual(['the ledger goes back in time, from 2 to 1']);
  });
});

describe('the tables', () => {
  it('let a state stay as it is, and know no way back from deleting', () => {
    expect(offence(endpointTable, 'InService', 'InService')).toBeNull();
    expect(offence(endpointTable, 'Deleting', 'InService')).toBe('Deleting -> InService is in no table');
  });
});

describe('room', () => {
  const { capacity } = instance;
  const half = [{ index: 0, share: 0.5, memoryBytes: 4 }];

  it.each<[string | null, Parameters<typeof oversubscription>[1]]>([
    [null, [copy(), copy()]],
    ['6 are taken', [copy(), copy(), copy()]],
    ['has 8 bytes', [copy({ resources: { ...resources, memoryBytesMin: 9 } })]],
    [null, [copy({ accelerators: half }), copy({ accelerators: half })]],
    ['gives 1.5 of accelerator 0', [half, half, half].map((accelerators) => copyOfNothing(accelerators))],
    ['gives 12 bytes', [copyOfNothing([{ index: 0, share: 0.1, memoryBytes: 12 }])]],
    ['has no accelerator 1', [copyOfNothing([{ index: 1, share: 0.1, memoryBytes: 0 }])]],
  ])('is %s', (problem, residents) => {
    const found = oversubscription(capacity, residents);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toContain(problem);
  });

  function copyOfNothing(accelerators: CopyRecord['accelerators']): CopyRecord {
    return copy({ accelerators, resources: { ...resources, cpus: 0, memoryBytesMin: 0 } });
  }
});

describe('the checker of traffic', () => {
  const request: GenerationRequest = {
    id: `r1 ${key}`,
    component: { ...component, kind: WorkloadKind.Component },
    input: { kind: 'tokens', tokens: [1, 2] },
    sampling: greedySampling,
    newTokensMax: 4,
    stop: [],
    logprobs: null,
    endTokensIgnored: false,
    constraint: null,
    adapter: null,
    kind: 'generation',
  };
  const usage = { promptTokens: 2, completionTokens: 0, cachedTokens: 0 };
  const expired = {
    outcome: Outcome.Expired,
    error: { code: 'RUN-306', message: 'it took too long', mend: '' },
    usage,
  } as const;

  it('finds answers that end twice, begin twice, or have other tokens', () => {
    const { checker, complaints } = trafficOf();
    const answer = new Answer(request, key, checker);
    answer.onStart(2);
    answer.onStart(2);
    answer.onChunk({ tokens: [7], text: 'x' });
    answer.onEnd({ outcome: Outcome.Completed, reason: 'length', stop: null, usage });
    answer.onEnd({ outcome: Outcome.Completed, reason: 'length', stop: null, usage });
    for (const problem of ['began twice', 'has the tokens 7', 'ended twice']) {
      expect(
        complaints.some((one) => one.includes(problem)),
        problem,
      ).toBe(true);
    }
  });

  it('excuses a request that had no copy, and not one that had', () => {
    const { checker, complaints, world } = trafficOf();
    new Answer(request, key, checker).onEnd(expired);
    expect(complaints).toEqual([]);
    world.machine.start({
      copy: { id: 'inline-1', incarnation: 1 },
      component,
      threads: 1,
      instance: 'i-1',
      host: 'host-1',
      accelerators: [],
    });
    checker.setServing(true);
    checker.setTable(table);
    new Answer(request, key, checker).onEnd(expired);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain('fails with a healthy copy there all the time: RUN-306');
  });

  it('finds a table that names what no record knows, and one that is older than the one before', () => {
    const { checker, complaints } = trafficOf();
    checker.checkTable(table, { ...table, revision: 9 });
    expect(complaints).toEqual([
      'route table 1 follows 9',
      'a table names inline-1#1, which is gone and to be gone',
      'a table names inline-1#1, which has no process',
      `a table has copies of ${key} and not itself`,
    ]);
  });

  const table: RouteTable = {
    ...emptyRouteTable,
    revision: 1,
    copies: [
      {
        copy: { id: 'inline-1', incarnation: 1 },
        component: key,
        generation: 1,
        address: 'memory:1',
        capacity: 1,
        group: 1,
      },
    ],
  };

  function trafficOf() {
    const complaints: string[] = [];
    const world = new World({
      seed: 1,
      hosts: [{ id: 'host-1', zone: 'a', cpus: 4, memoryBytes: 8 }],
      catalogue,
      limits: {},
      home: scope,
      linkMsMax: 1,
      weather: {
        fault: () => ({ startDelayMs: 5, isStartFailing: false, crashAfterMs: null, hangAfterMs: null }),
        call: () => CallFate.Done,
        isDiskFull: () => false,
        linkMs: () => 1,
        restartMs: () => 1,
      },
    });
    const checker = new TrafficChecker({
      now: () => world.clock.now(),
      machine: () => world.machine,
      records: world.records,
      tableMsMax: 1,
      brokenAt: () => -Infinity,
      complain: (problem) => complaints.push(problem),
    });
    return { checker, complaints, world };
  }
});

describe('what is read only', () => {
  it('cannot be changed at any depth', () => {
    const record = frozen({ ...copy(), accelerators: [{ index: 0, share: 1, memoryBytes: 1 }] });
    expect(() => Object.assign(record.accelerators[0]!, { share: 2 })).toThrow(TypeError);
  });
});
