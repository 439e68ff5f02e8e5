import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { desiredOf, madeOf, nothing, options, told, withComponent } from '../../../test/plan/made.js';
import { compare } from './compare.js';

const base = `
endpoint: a
components:
  x: { model: m.gguf, copies: 2, options: { job_queue_size: 5 }, resources: { cpus: 1, memory: 1Gi } }
  y: { model: s3://bucket/y.gguf }
`;
const made = madeOf(desiredOf(base));

describe('a plan against nothing', () => {
  it('is made in the order in which things need each other', () => {
    expect(told(compare(desiredOf(base), nothing, options))).toEqual([
      'create endpoint/a',
      'create component/x',
      'create component/y',
      'create-model',
      'create-model',
      'create-endpoint-config',
      'create-endpoint',
      'create-component',
      'create-component',
    ]);
  });

  it('names models and configurations by their content', () => {
    const names = (yaml: string) => {
      const { models, config } = desiredOf(yaml);
      return [...models.map(({ name }) => name), config.name];
    };
    expect(names(base)).toEqual(names(base));
    expect(names(base)[0]).toMatch(/^a-x-[0-9a-f]{8}$/);
    expect(names(base)[2]).toMatch(/^a-[0-9a-f]{8}$/);
    const changed = names(base.replace('job_queue_size: 5', 'job_queue_size: 6'));
    expect(changed.map((name, index) => name === names(base)[index])).toEqual([false, true, true]);
    for (const name of names(base.replace('endpoint: a', `endpoint: ${'long-'.repeat(12)}e`))) {
      expect(name).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
      expect(name.length).toBeLessThanOrEqual(63);
    }
  });
});

describe('a change of the file', () => {
  it.each([
    ['nothing', (yaml: string) => yaml, []],
    [
      'fewer copies',
      (yaml: string) => yaml.replace('copies: 2', 'copies: 1'),
      ['update component/x !', 'scale-component', 'tag'],
    ],
    [
      'more copies',
      (yaml: string) => yaml.replace('copies: 2', 'copies: 3'),
      ['update component/x', 'scale-component', 'tag'],
    ],
    [
      'an option',
      (yaml: string) => yaml.replace('job_queue_size: 5', 'job_queue_size: 6'),
      ['update component/x', 'create-model', 'update-component', 'tag'],
    ],
    [
      'an option that is no longer said',
      (yaml: string) => yaml.replace('job_queue_size: 5', ''),
      ['update component/x', 'create-model', 'update-component', 'tag'],
    ],
    [
      'what a copy reserves',
      (yaml: string) => yaml.replace('cpus: 1', 'cpus: 2'),
      ['update component/x', 'update-component', 'tag'],
    ],
    [
      'the instances',
      (yaml: string) => `${yaml}instances: { type: ml.g5.xlarge, count: 2 }`,
      ['update endpoint/a', 'create-endpoint-config', 'update-endpoint', 'tag'],
    ],
    [
      'the names of variants',
      (yaml: string) => `${yaml}variants: { blue: { instances: { type: local.cpu } } }`,
      [
        'replace endpoint/a !',
        'create component/x',
        'create component/y',
        'delete-component',
        'delete-component',
        'delete-endpoint',
        'create-endpoint-config',
        'create-endpoint',
        'create-component',
        'create-component',
      ],
    ],
    ['a component that is gone', (yaml: string) => yaml.replace(/ {2}y: .*\n/, ''), []],
  ])('such as %s comes to these calls', (_, change, expected) => {
    const wanted = desiredOf(change(base));
    const models = new Set([...made.models].filter((name) => wanted.models.some((one) => one.name === name)));
    expect(told(compare(wanted, { ...made, models }, options))).toEqual(expected);
  });

  it('is told in the words of the file', () => {
    const wanted = desiredOf(
      base.replace('job_queue_size: 5', '').replace('cpus: 1', 'cpus: 2').replace('1Gi', '2Gi'),
    );
    expect(compare(wanted, made, options).changes[0]?.details).toEqual([
      { path: 'options.job_queue_size', from: '5', to: null },
      { path: 'resources.cpus', from: '1', to: '2' },
      { path: 'resources.memory.limit (MiB)', from: '1024', to: '2048' },
      { path: 'resources.memory.reserve (MiB)', from: '1024', to: '2048' },
    ]);
  });
});

describe('what others did meanwhile', () => {
  const wanted = desiredOf(base);
  it.each([
    ['scaled it', { copiesWanted: 1, copies: 1 }, ['update component/x', 'scale-component', 'tag']],
    ['are deleting it', { status: 'Deleting' }, ['create component/x', 'create-component']],
    ['see it fail', { status: 'Failed' }, ['update component/x', 'update-component', 'tag']],
    [
      'put it on another variant',
      { variant: 'v' },
      ['replace component/x !', 'delete-component', 'create-component'],
    ],
    [
      'changed what it reserves',
      { specifications: [{ computeResourceRequirements: { minMemoryRequiredInMb: 128 } }] },
      ['update component/x', 'update-component', 'tag'],
    ],
    ['took its tags away', { tags: [] }, []],
    ['have another endpoint with it', { endpoint: 'b' }, ['create component/x', 'create-component']],
  ] as const)('when they %s', (_, change, expected) => {
    expect(told(compare(wanted, withComponent(made, 'x', change), options))).toEqual(expected);
  });

  it('on a component that is not ours is changed only after a yes', () => {
    const { changes } = compare(wanted, withComponent(made, 'x', { tags: [], copiesWanted: 1 }), options);
    expect(changes[0]?.confirmation).toMatch(/not made by/);
  });

  it('under a name of the file on another endpoint is a conflict', () => {
    const { conflicts } = compare(wanted, withComponent(made, 'x', { endpoint: 'b' }), options);
    expect(conflicts).toEqual([{ name: 'x', endpoint: 'b' }]);
  });

  it('with values the server fills in by itself changes nothing', () => {
    const specifications = [
      { ...wanted.components[0]!.specifications[0]!, dataCacheConfig: { enableCaching: true } },
    ];
    expect(told(compare(wanted, withComponent(made, 'x', { specifications }), options))).toEqual([]);
  });

  it('with the endpoint failed, everything is made anew', () => {
    const failed = { ...made, endpoint: { ...made.endpoint!, status: 'Failed' } };
    expect(told(compare(wanted, failed, options))).toEqual([
      'replace endpoint/a !',
      'create component/x',
      'create component/y',
      'delete-component',
      'delete-component',
      'delete-endpoint',
      'create-endpoint',
      'create-component',
      'create-component',
    ]);
  });
});

describe('a component that the file no longer has', () => {
  const wanted = desiredOf(base.replace(/ {2}y: .*\n/, ''));

  it('stays, and is told of', () => {
    expect(compare(wanted, made, options).leftAlone).toEqual([
      { name: 'y', reason: 'not in the file; `--prune` deletes it' },
    ]);
  });

  it('is deleted when that is asked for, after a yes while it is live', () => {
    const pruned = { ...options, prune: true };
    expect(told(compare(wanted, { ...made, parts: [] }, pruned))).toEqual([
      'delete component/y !',
      'delete-component',
    ]);
    const idle = withComponent(made, 'y', { copies: 0, copiesWanted: 0 });
    expect(told(compare(wanted, { ...idle, parts: [] }, pruned))).toEqual([
      'delete component/y',
      'delete-component',
    ]);
  });

  it('goes with its model, and with what earlier files left over', () => {
    const idle = withComponent(made, 'y', { copies: 0, copiesWanted: 0 });
    const parts = [...made.parts, { kind: 'endpoint-config', name: 'a-00000000' } as const];
    const { steps } = compare(wanted, { ...idle, parts }, { ...options, prune: true });
    const model = made.parts.find(({ name }) => name.startsWith('a-y-'))?.name;
    expect(steps.slice(1)).toEqual([
      { do: 'delete-part', part: { kind: 'model', name: model } },
      { do: 'delete-part', part: { kind: 'endpoint-config', name: 'a-00000000' } },
    ]);
    expect(compare(wanted, { ...made, parts }, options).steps).toEqual([]);
  });

  it('stays while adapters are on it, and says so', () => {
    const [y] = made.components.filter(({ name }) => name === 'y');
    const adapter = {
      ...{ ...y!, name: 'sql', tags: [], copies: 0, copiesWanted: 0 },
      specifications: [{ baseInferenceComponentName: 'y' }],
    };
    const seen = { ...made, components: [...made.components, adapter], parts: [] };
    const { steps, leftAlone } = compare(wanted, seen, { ...options, prune: true });
    expect(steps).toEqual([]);
    expect(leftAlone[0]).toEqual({
      name: 'y',
      reason: 'not in the file; `--prune` cannot delete it while adapters are on it: sql',
    });
  });

  it('and that others made is never deleted', () => {
    const foreign = withComponent(made, 'y', { tags: [] });
    const { steps, leftAlone } = compare(wanted, foreign, { ...options, prune: true });
    expect([steps, leftAlone]).toEqual([[], [{ name: 'y', reason: 'not made by `stowage apply`' }]]);
  });
});

describe('money and room', () => {
  const type = {
    name: 'ml.x.large',
    cpus: 2,
    memoryBytes: 2 ** 30,
    accelerators: 1,
    acceleratorMemoryBytes: 0,
    zones: ['a'],
    pricePerHour: 0.5,
    countMax: 10,
  };
  const catalogue = new Map([[type.name, type]]);

  it('are worked out from the catalogue', () => {
    const wanted = desiredOf(`
endpoint: a
instances: { type: ml.x.large, count: 1, max: 3 }
components:
  x: { engine: simulated, copies: 4, resources: { cpus: 2, memory: 512Mi, accelerators: 0.5 } }
`);
    const { warnings, pricePerHour } = compare(wanted, nothing, { prune: false, catalogue });
    expect(pricePerHour).toEqual({ from: null, to: 1.5 });
    expect(warnings).toEqual(['needs 8 cpus, 3 × ml.x.large has 6']);
  });
});

it('whatever the file says: once it is made, nothing is left to do', () => {
  const component = fc.record(
    {
      engine: fc.constant('simulated'),
      copies: fc.oneof(fc.nat(9), fc.record({ min: fc.nat(3), max: fc.constant(5) })),
      resources: fc.record(
        {
          cpus: fc.constantFrom(0.25, 1, 2.5),
          memory: fc.constantFrom('128Mi', '2Gi', { reserve: '256Mi' }, { limit: '1Gi' }),
          accelerators: fc.constantFrom(0.25, 1, 4),
        },
        { requiredKeys: [] },
      ),
      placement: fc.constantFrom({ strategy: 'SPREAD' }, { strategy: 'BINPACK', zoneBalance: {} }),
      options: fc.constantFrom({ max_model_len: 9 }, { prompt_template: 'x'.repeat(3000) }, {}),
      specifications: fc.constantFrom([{ type: 'ml.a.b', resources: { cpus: 4 } }, { type: 'ml.a.c' }]),
      startup: fc.constantFrom({ loadSeconds: 60 }, {}),
      rollout: fc.constantFrom({ size: 2 }, { size: '25%', wait: 9, alarms: ['one'] }),
    },
    { requiredKeys: ['engine'] },
  );
  const document = fc.record(
    {
      endpoint: fc.constantFrom('a', 'an-endpoint-with-quite-a-long-name-that-goes-on-and-on-and-on'),
      routing: fc.constantFrom('RANDOM', 'LEAST_OUTSTANDING_REQUESTS'),
      instances: fc.constantFrom(
        { type: 'ml.a.b', count: 2 },
        { pools: [{ type: 'ml.a.b' }, { type: 'ml.a.c', priority: 2 }] },
        { min: 0, max: 4, scaleIn: 'CONSOLIDATION' },
      ),
      tags: fc.constantFrom({ team: 'models' }, {}),
      components: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), component, { minKeys: 1, maxKeys: 4 }),
    },
    { requiredKeys: ['endpoint', 'components'] },
  );
  fc.assert(
    fc.property(document, (source) => {
      const desired = desiredOf(JSON.stringify(source));
      const difference = compare(desired, madeOf(desired), { prune: true, catalogue: new Map() });
      expect(told(difference)).toEqual([]);
      expect(difference.unchanged).toHaveLength(1 + desired.components.length);
    }),
    { numRuns: 300 },
  );
});
