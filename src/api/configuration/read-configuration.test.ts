import { describe, expect, it } from 'vitest';
import { readConfiguration } from './read-configuration.js';

function read(text: string) {
  return readConfiguration(text, 'stowage.yaml', '/base');
}

describe('a configuration', () => {
  it('of the fewest words has every default', () => {
    const { endpoints, notices, examples } = read('endpoint: a\ncomponents:\n  x: { model: m.gguf }\n');
    expect(endpoints).toEqual([
      {
        name: 'a',
        regions: [],
        roleArn: null,
        tags: [],
        rollout: null,
        variants: [
          {
            name: 'AllTraffic',
            isShadow: false,
            model: null,
            settings: { instanceType: 'local.cpu', initialInstanceCount: 1 },
          },
        ],
        components: [
          {
            name: 'x',
            variant: 'AllTraffic',
            specifications: [
              {
                model: {
                  origin: { kind: 'file', path: '/base/m.gguf', sha256: null },
                  image: null,
                  environment: {},
                },
                settings: { computeResourceRequirements: { minMemoryRequiredInMb: 128 } },
              },
            ],
            copies: { min: 1, max: 1 },
            scaling: null,
            rollout: null,
          },
        ],
      },
    ]);
    expect(notices).toEqual([]);
    expect(examples.size).toBe(0);
  });

  it('with every key of a component means what it says', () => {
    const { endpoints, examples } = read(`
endpoint: a
components:
  x:
    model: https://example.com/m.gguf
    sha256: "${'AB'.repeat(32)}"
    image: registry/image:1
    engine: simulated
    resources: { cpus: 0.5, memory: { reserve: 1Gi, limit: 1.5Gi }, accelerators: 0.25, acceleratorMemory: 8Gi }
    copies: 3
    placement: { strategy: SPREAD, zoneBalance: { maxImbalance: 1 } }
    startup: { downloadSeconds: 61, loadSeconds: 62 }
    rollout: { size: 25%, wait: 9, alarms: [errors] }
    options:
      max_rolling_batch_size: 1
      job_queue_size: 2
      max_model_len: 3
      max_num_batched_tokens: 16
      predict_timeout: 5
      queue_timeout: 6
      max_new_tokens: 7
      prompt_template: "{{ prompt }}"
      prompt_keep_chars: 8
      suffix_keep_chars: 9
      allow_special_tokens: true
      n_gpu_layers: 10
    example: { prompt: p, suffix: s }
`);
    expect(endpoints[0]?.components[0]).toEqual({
      name: 'x',
      variant: 'AllTraffic',
      specifications: [
        {
          model: {
            origin: { kind: 'address', url: 'https://example.com/m.gguf', sha256: 'ab'.repeat(32) },
            image: 'registry/image:1',
            environment: {
              OPTION_ENGINE: 'simulated',
              OPTION_MAX_ROLLING_BATCH_SIZE: '1',
              OPTION_JOB_QUEUE_SIZE: '2',
              OPTION_MAX_MODEL_LEN: '3',
              OPTION_MAX_NUM_BATCHED_TOKENS: '16',
              OPTION_PREDICT_TIMEOUT: '5',
              OPTION_QUEUE_TIMEOUT: '6',
              OPTION_MAX_NEW_TOKENS: '7',
              OPTION_PROMPT_TEMPLATE: '{{ prompt }}',
              OPTION_PROMPT_KEEP_CHARS: '8',
              OPTION_SUFFIX_KEEP_CHARS: '9',
              OPTION_ALLOW_SPECIAL_TOKENS: 'true',
              OPTION_N_GPU_LAYERS: '10',
              OPTION_ACCELERATORS: '0.25',
              OPTION_ACCELERATOR_MEMORY_MB: '8192',
            },
          },
          settings: {
            computeResourceRequirements: {
              minMemoryRequiredInMb: 1024,
              maxMemoryRequiredInMb: 1536,
              numberOfCpuCoresRequired: 0.5,
            },
            startupParameters: {
              modelDataDownloadTimeoutInSeconds: 61,
              containerStartupHealthCheckTimeoutInSeconds: 62,
            },
            schedulingConfig: {
              placementStrategy: 'SPREAD',
              availabilityZoneBalance: { enforcementMode: 'PERMISSIVE', maxImbalance: 1 },
            },
          },
        },
      ],
      copies: { min: 3, max: 3 },
      scaling: null,
      rollout: {
        rollingUpdatePolicy: {
          maximumBatchSize: { type: 'CAPACITY_PERCENT', value: 25 },
          waitIntervalInSeconds: 9,
        },
        autoRollbackConfiguration: { alarms: [{ alarmName: 'errors' }] },
      },
    });
    expect(examples.get('a/x')).toEqual({ prompt: 'p', suffix: 's' });
  });

  it('with every key of an endpoint means what it says', () => {
    const { endpoints } = read(`
endpoint: a
regions: [us-east-1, eu-west-1]
role: arn:aws:iam::123456789012:role/hosting
tags: { team: models }
routing: LEAST_OUTSTANDING_REQUESTS
rollout: { type: linear, size: 10%, wait: 30 }
variants:
  shared:
    weight: 3
    instances:
      pools: [{ type: ml.g5.xlarge }, { type: ml.m5.large, priority: 2 }]
      count: 2
      min: 0
      max: 4
      scaleIn: CONSOLIDATION
      provisionSeconds: 300
  own: { model: s3://bucket/m.gguf, routing: RANDOM, options: { job_queue_size: 3 }, startup: { loadSeconds: 60 } }
  new: { shadow: true, engine: simulated }
components:
  x: { engine: simulated }
`);
    expect(endpoints[0]).toMatchObject({
      regions: ['us-east-1', 'eu-west-1'],
      roleArn: 'arn:aws:iam::123456789012:role/hosting',
      tags: [{ key: 'team', value: 'models' }],
      rollout: {
        blueGreenUpdatePolicy: {
          trafficRoutingConfiguration: {
            type: 'LINEAR',
            waitIntervalInSeconds: 30,
            linearStepSize: { type: 'CAPACITY_PERCENT', value: 10 },
          },
        },
      },
      variants: [
        {
          name: 'shared',
          isShadow: false,
          model: null,
          settings: {
            instancePools: [
              { instanceType: 'ml.g5.xlarge', priority: 1 },
              { instanceType: 'ml.m5.large', priority: 2 },
            ],
            initialInstanceCount: 2,
            initialVariantWeight: 3,
            variantInstanceProvisionTimeoutInSeconds: 300,
            managedInstanceScaling: {
              status: 'ENABLED',
              minInstanceCount: 0,
              maxInstanceCount: 4,
              scaleInPolicy: { strategy: 'CONSOLIDATION' },
            },
            routingConfig: { routingStrategy: 'LEAST_OUTSTANDING_REQUESTS' },
          },
        },
        {
          name: 'own',
          model: {
            origin: { kind: 'address', url: 's3://bucket/m.gguf', sha256: null },
            environment: { OPTION_JOB_QUEUE_SIZE: '3' },
          },
          settings: {
            instanceType: 'local.cpu',
            initialInstanceCount: 1,
            containerStartupHealthCheckTimeoutInSeconds: 60,
          },
        },
        { name: 'new', isShadow: true, model: { origin: null } },
      ],
      components: [{ name: 'x', variant: 'shared' }],
    });
  });

  it('may say something else for each instance type', () => {
    const { endpoints } = read(`
endpoint: a
components:
  x:
    model: big.gguf
    sha256: "${'ab'.repeat(32)}"
    resources: { cpus: 1 }
    specifications:
      - { type: ml.g5.xlarge, resources: { accelerators: 1 } }
      - { type: ml.m5.large, model: small.gguf }
`);
    const specifications = endpoints[0]?.components[0]?.specifications;
    expect(specifications?.map(({ model, settings }) => [model.origin, settings])).toEqual([
      [
        { kind: 'file', path: '/base/big.gguf', sha256: 'ab'.repeat(32) },
        {
          instanceType: 'ml.g5.xlarge',
          computeResourceRequirements: { minMemoryRequiredInMb: 128, numberOfAcceleratorDevicesRequired: 1 },
        },
      ],
      [
        { kind: 'file', path: '/base/small.gguf', sha256: null },
        {
          instanceType: 'ml.m5.large',
          computeResourceRequirements: { minMemoryRequiredInMb: 128, numberOfCpuCoresRequired: 1 },
        },
      ],
    ]);
  });

  it.each([
    ['RANDOM', undefined],
    ['FASTEST_FIRST_TOKEN', { routingStrategy: 'FASTEST_FIRST_TOKEN' }],
    ['{ strategy: PREFIX_AWARE }', { routingStrategy: 'PREFIX_AWARE' }],
    [
      '{ strategy: PREFIX_AWARE, prefixLength: 2048, concurrencyThreshold: 16 }',
      {
        routingStrategy: 'PREFIX_AWARE',
        prefixAwareRoutingConfig: { prefixLength: 2048, concurrencyThreshold: 16 },
      },
    ],
  ])('takes routing: %s', (routing, expected) => {
    const { endpoints } = read(`endpoint: a\nrouting: ${routing}\ncomponents: { x: { model: m } }`);
    expect(endpoints[0]?.variants[0]?.settings.routingConfig).toEqual(expected);
  });

  it.each([
    ['128Mi', 128],
    ['2Gi', 2048],
    ['1Ti', 2 ** 20],
    ['200000Ki', 196],
    ['500M', 477],
    ['3G', 2862],
    ['0.5Gi', 512],
  ])('takes memory %s as %d MiB, rounded up, to reserve and to use at most', (memory, mebibytes) => {
    const { endpoints } = read(
      `endpoint: a\ncomponents: { x: { model: m, resources: { memory: ${memory} } } }`,
    );
    expect(endpoints[0]?.components[0]?.specifications[0]?.settings.computeResourceRequirements).toEqual({
      minMemoryRequiredInMb: mebibytes,
      maxMemoryRequiredInMb: mebibytes,
    });
  });

  it.each(['s3://bucket/m.gguf', 's3://bucket/folder/', `hf://owner/name@${'0'.repeat(40)}/m.gguf`])(
    'takes models from %s',
    (model) => {
      const { endpoints } = read(`endpoint: a\ncomponents: { x: { model: "${model}" } }`);
      expect(endpoints[0]?.components[0]?.specifications[0]?.model.origin).toEqual({
        kind: 'address',
        url: model,
        sha256: null,
      });
    },
  );

  it('of several documents is several endpoints, and empty documents are none', () => {
    const document = (name: string) => `endpoint: ${name}\ncomponents: { ${name}x: { model: m } }\n`;
    const { endpoints } = read(`---\n# nothing\n---\n${document('a')}---\n${document('b')}---\n`);
    expect(endpoints.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('shares parts with anchors and merge keys', () => {
    const { endpoints } = read(
      'endpoint: a\ncomponents:\n  x: &x { model: m.gguf, copies: 2 }\n  y: { <<: *x, copies: 1 }\n',
    );
    expect(
      endpoints[0]?.components.map(({ specifications, copies }) => [
        specifications[0]?.model.origin,
        copies.min,
      ]),
    ).toEqual([
      [{ kind: 'file', path: '/base/m.gguf', sha256: null }, 2],
      [{ kind: 'file', path: '/base/m.gguf', sha256: null }, 1],
    ]);
  });

  it('begins with a byte order mark if its editor wants that', () => {
    expect(read('\uFEFFendpoint: a\ncomponents: { x: { model: m } }').endpoints).toHaveLength(1);
  });

  it('says what has no effect that its writer may expect, and where', () => {
    const { notices } = read('endpoint: a\ncomponents:\n  y: { model: m, copies: 0 }\n');
    expect(notices.map(({ location, message }) => `${location} ${message}`)).toEqual([
      'stowage.yaml:3:18 `components.y.copies`: zero copies: requests are refused (COLD-501); `{ min: 0 }` lets them bring one',
    ]);
  });

  it.each([
    ['3', null],
    ['{ min: 2 }', null],
    ['{ min: 2, max: 2 }', null],
    ['{ min: 0 }', { min: 0, max: 1, policy: { ...concurrency(24), scaleOutCooldown: 0 }, schedules: [] }],
    [
      '{ min: 1, max: 4, scaleIn: false, scaleOutCooldown: 5, scaleInCooldown: 0 }',
      {
        min: 1,
        max: 4,
        policy: { ...concurrency(24), scaleOutCooldown: 5, scaleInCooldown: 0, disableScaleIn: true },
        schedules: [],
      },
    ],
    [
      '{ max: 4, target: { invocationsPerCopy: 60 }, schedules: [{ name: n, schedule: rate(2 hours), min: 2 }] }',
      {
        min: 1,
        max: 4,
        policy: {
          targetValue: 60,
          scaleOutCooldown: 0,
          predefinedMetricSpecification: {
            predefinedMetricType: 'SageMakerInferenceComponentInvocationsPerCopy',
          },
        },
        schedules: [{ name: 'n', schedule: 'rate(2 hours)', timezone: null, min: 2, max: null }],
      },
    ],
    [
      '{ min: 0, max: 4, target: { firstToken: { milliseconds: 1500, percentile: 90 } } }',
      {
        min: 0,
        max: 4,
        policy: {
          targetValue: 1500,
          scaleOutCooldown: 0,
          scaleInCooldown: 0,
          customizedMetricSpecification: {
            metrics: [
              {
                id: 'objective',
                metricStat: {
                  metric: {
                    namespace: 'Stowage',
                    metricName: 'TimeToFirstToken',
                    dimensions: [{ name: 'InferenceComponentName', value: 'x' }],
                  },
                  stat: 'p90',
                },
              },
            ],
          },
        },
        schedules: [],
      },
    ],
  ])('copies of %s follow the load as they say', (copies, scaling) => {
    const { endpoints, notices } = read(`endpoint: a\ncomponents: { x: { model: m, copies: ${copies} } }\n`);
    expect(endpoints[0]?.components[0]?.scaling).toEqual(scaling);
    expect(notices).toEqual([]);
  });

  /** Three quarters of what a copy computes at once, 32. */
  function concurrency(targetValue: number) {
    const predefinedMetricType = 'SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution';
    return { targetValue, predefinedMetricSpecification: { predefinedMetricType } };
  }
});
