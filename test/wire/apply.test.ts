/** `stowage plan` and `stowage apply` against a server of the control API, through the official SDK. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/api/configuration/read-configuration.js';
import { applyFile, type ApplyOptions } from '../../src/apps/cli/apply/apply-file.js';
import { planFile } from '../../src/apps/cli/apply/plan-file.js';
import { renderPlan } from '../../src/apps/cli/apply/render-plan.js';
import { startMemorySageMaker, type MemorySageMaker } from './memory-sagemaker.js';

let server: MemorySageMaker;
let folder: string;

beforeEach(async () => {
  server = await startMemorySageMaker();
  folder = mkdtempSync(path.join(tmpdir(), 'stowage-apply-'));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function optionsFor(yaml: string, more: Partial<ApplyOptions> = {}): ApplyOptions {
  return {
    configuration: readConfiguration(yaml, 'stowage.yaml', folder),
    fileName: 'stowage.yaml',
    connection: {
      url: server.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      profile: null,
      localDataFolder: null,
    },
    catalogue: new Map(),
    prune: false,
    isParallel: false,
    storeFile: null,
    onNews: () => undefined,
    waits: true,
    waitSecondsMax: 30,
    onPlan: () => undefined,
    confirm: () => undefined,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    pollMs: { min: 1, max: 1 },
    ...more,
  };
}

/** The plan as a person reads it. */
async function planned(yaml: string, more: Partial<ApplyOptions> = {}): Promise<string> {
  const plan = await planFile(optionsFor(yaml, more));
  plan.close();
  return renderPlan(plan.regions, { paint: (_, text) => text, all: false });
}

/** Calls without the digests in names. */
function callsMade(): string[] {
  return server.calls.splice(0).map((call) => call.replace(/-[0-9a-f]{8}$/, '-DIGEST'));
}

const yaml = `
endpoint: a
components:
  x: { model: s3://bucket/x.gguf, copies: 2 }
  y: { engine: simulated, options: { job_queue_size: 5 } }
`;

describe('copies that follow the load', () => {
  const scaled = (copies: string) => `
endpoint: a
components:
  x: { engine: simulated, copies: ${copies} }
`;

  it('are told to Application Auto Scaling, changed in what changes, and let go', async () => {
    const first = scaled('{ min: 0, max: 4, target: { concurrentRequestsPerCopy: 12 } }');
    expect(await planned(first)).toContain(
      '+ component/x             starts 0 copies; 0 to 4 copies by load, 12 concurrent requests per copy; ' +
        'may be at zero: then a first request waits for a cold start\n',
    );
    await applyFile(optionsFor(first));
    expect(callsMade().slice(-3)).toEqual([
      'CreateInferenceComponent x',
      'RegisterScalableTarget inference-component/x',
      'PutScalingPolicy stowage',
    ]);
    expect(await planned(first)).toBe('nothing to change, 2 unchanged (--all)\n');

    const night = '{ name: night, schedule: cron(0 22 * * ? *), timezone: Europe/Berlin, max: 2 }';
    const objective = `{ min: 1, max: 5, target: { firstToken: { milliseconds: 900 } }, schedules: [${night}] }`;
    expect((await planned(scaled(objective))).split('\n').slice(1, -2)).toEqual([
      '    copies                  0 -> 1',
      '    copies.min              0 -> 1',
      '    copies.max              4 -> 5',
      '    copies.target           12 concurrent requests per copy -> first token within 900 ms for 95 % of the requests',
      '    copies.scaleInCooldown  (none) -> 0 s',
      '    copies.schedules.night  (none) -> cron(0 22 * * ? *) Europe/Berlin: … to 2 copies',
    ]);
    await applyFile(optionsFor(scaled(objective)));
    expect(callsMade()).toEqual([
      'UpdateInferenceComponentRuntimeConfig x',
      'RegisterScalableTarget inference-component/x',
      'PutScalingPolicy stowage',
      'PutScheduledAction night',
      'AddTags x',
    ]);

    const fixed = scaled('1');
    expect(await planned(fixed)).toContain('~ component/x             stays at 1 copy, whatever the load\n');
    await applyFile(optionsFor(fixed));
    expect(callsMade()).toEqual(['DeregisterScalableTarget inference-component/x', 'AddTags x']);
    expect(await planned(fixed)).toBe('nothing to change, 2 unchanged (--all)\n');
  });

  it('are not set back while they are within the bounds', async () => {
    const file = scaled('{ min: 1, max: 4, target: { invocationsPerCopy: 60 } }');
    await applyFile(optionsFor(file));
    server.calls.length = 0;
    const runtime = server.thing('us-east-1', 'InferenceComponent', 'x')!['RuntimeConfig'] as object;
    Object.assign(runtime, { DesiredCopyCount: 3, CurrentCopyCount: 3 });
    expect(await planned(file)).toBe('nothing to change, 2 unchanged (--all)\n');
    Object.assign(runtime, { DesiredCopyCount: 6, CurrentCopyCount: 6 });
    await applyFile(optionsFor(file));
    expect(callsMade()).toEqual(['UpdateInferenceComponentRuntimeConfig x', 'AddTags x']);
  });
});

describe('applying a file', () => {
  it('makes everything in order, waits for it, and again changes nothing', async () => {
    expect(await planned(yaml)).toBe(
      [
        '+ endpoint/a              1 × local.cpu',
        '+ component/x             starts 2 copies',
        '+ component/y             starts 1 copy',
        '3 to change, 0 unchanged',
        '',
      ].join('\n'),
    );
    expect(await applyFile(optionsFor(yaml))).toEqual({
      changes: 3,
      unchanged: 0,
      pending: [],
      failures: [],
    });
    expect(callsMade()).toEqual([
      'CreateModel a-x-DIGEST',
      'CreateModel a-y-DIGEST',
      'CreateEndpointConfig a-DIGEST',
      'CreateEndpoint a',
      'CreateInferenceComponent x', // refused: the endpoint is not in service yet
      'CreateInferenceComponent x',
      'CreateInferenceComponent y',
    ]);
    expect(server.thing('us-east-1', 'InferenceComponent', 'x')).toMatchObject({
      InferenceComponentStatus: 'InService',
      RuntimeConfig: { CurrentCopyCount: 2 },
    });
    expect(await planned(yaml)).toBe('nothing to change, 3 unchanged (--all)\n');
    expect(await applyFile(optionsFor(yaml))).toEqual({
      changes: 0,
      unchanged: 3,
      pending: [],
      failures: [],
    });
    expect(callsMade()).toEqual([]);
  });

  it('changes what the file changes and nothing else', async () => {
    await applyFile(optionsFor(yaml));
    callsMade();
    const changed = yaml.replace('copies: 2', 'copies: 3').replace('job_queue_size: 5', 'job_queue_size: 6');
    expect(await planned(changed)).toBe(
      [
        '~ component/x             starts 1 more, the others go on',
        '    copies  2 -> 3',
        '~ component/y             replaces 1 copy, each with a cold start',
        '    options.job_queue_size  5 -> 6',
        '2 to change, 1 unchanged (--all)',
        '',
      ].join('\n'),
    );
    await applyFile(optionsFor(changed));
    expect(callsMade()).toEqual([
      'CreateModel a-y-DIGEST',
      'UpdateInferenceComponentRuntimeConfig x',
      'UpdateInferenceComponent y',
      'AddTags x',
      'AddTags y',
    ]);
    expect(await planned(changed)).toBe('nothing to change, 3 unchanged (--all)\n');
  });

  it('rolls a changed endpoint and component out as the file says', async () => {
    await applyFile(optionsFor(yaml));
    const changed = `${yaml.replace('copies: 2', 'copies: 2, rollout: { size: 50%, wait: 5 }, resources: { cpus: 2 }')}
instances: { type: ml.g5.xlarge, count: 4 }
rollout: { type: canary, size: 1, wait: 60, alarms: [errors] }
`;
    await applyFile(optionsFor(changed));
    expect(server.thing('us-east-1', 'Endpoint', 'a')).toMatchObject({
      LastDeploymentConfig: {
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            WaitIntervalInSeconds: 60,
            CanarySize: { Type: 'INSTANCE_COUNT', Value: 1 },
          },
        },
        AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'errors' }] },
      },
    });
    expect(server.thing('us-east-1', 'InferenceComponent', 'x')).toMatchObject({
      LastDeploymentConfig: {
        RollingUpdatePolicy: {
          MaximumBatchSize: { Type: 'CAPACITY_PERCENT', Value: 50 },
          WaitIntervalInSeconds: 5,
        },
      },
    });
    expect(await planned(changed)).toBe('nothing to change, 3 unchanged (--all)\n');
  });

  it('deletes nothing unasked, and with `prune` what the file no longer has', async () => {
    await applyFile(optionsFor(yaml));
    callsMade();
    const smaller = yaml.replace(/ {2}y: .*\n/, '');
    expect(await planned(smaller)).toContain('  component/y  stays: not in the file');
    const asked: string[] = [];
    const confirm: ApplyOptions['confirm'] = (needed) =>
      void asked.push(...needed.map(({ change }) => `${change.kind}/${change.name}: ${change.confirmation}`));
    await applyFile(optionsFor(smaller, { prune: true, confirm }));
    expect(asked).toEqual(['component/y: deletes 1 live copy']);
    expect(callsMade()).toEqual(['DeleteInferenceComponent y', 'DeleteModel a-y-DIGEST']);
    expect(await planned(smaller, { prune: true })).toBe('nothing to change, 2 unchanged (--all)\n');
    expect(server.thing('us-east-1', 'InferenceComponent', 'y')).toBeUndefined();
  });

  it('does nothing at all without the yes it needs', async () => {
    await applyFile(optionsFor(yaml));
    callsMade();
    const confirm = () => Promise.reject(new Error('no'));
    const smaller = yaml.replace('copies: 2', 'copies: 0');
    await expect(applyFile(optionsFor(smaller, { confirm }))).rejects.toThrow('no');
    expect(callsMade()).toEqual([]);
  });

  it('in several regions makes each, in turn or side by side', async () => {
    const regions = `regions: [us-east-1, eu-west-1]${yaml}`;
    for (const isParallel of [true, false]) await applyFile(optionsFor(regions, { isParallel }));
    for (const region of ['us-east-1', 'eu-west-1']) {
      expect(server.thing(region, 'InferenceComponent', 'x')).toMatchObject({
        InferenceComponentStatus: 'InService',
      });
    }
    expect(await planned(regions)).toBe('# us-east-1\n# eu-west-1\nnothing to change, 6 unchanged (--all)\n');
  });
});

describe('what goes wrong', () => {
  it('while a component comes up is told with its code, cause and mend', async () => {
    server.failures.set('x', 'RUN-301: copy x-1 exited: killed (cause: memory); mend: stowage logs x-1');
    const { failures } = await applyFile(optionsFor(yaml));
    expect(failures.map(({ code, message, reason, mend }) => [code, message, reason, mend])).toEqual([
      ['RUN-301', 'component/x: copy x-1 exited: killed', 'memory', 'stowage logs x-1'],
    ]);
    server.failures.clear();
    expect(await planned(yaml)).toContain('~ component/x             it is Failed; tries again');
    expect((await applyFile(optionsFor(yaml))).failures).toEqual([]);
  });

  it('in the words of another server is told too', async () => {
    server.failures.set('a', 'no such role');
    const { failures } = await applyFile(optionsFor(yaml));
    expect(failures.map(({ message, mend }) => [message, mend])).toEqual([
      ['endpoint/a: no such role', 'stowage explain endpoint/a'],
    ]);
  });

  it('with one call can be repeated', async () => {
    server.refuseOnce('CreateInferenceComponent', 'REQ-210: no; mend: correct the field `x`');
    server.looksPerChange = 0;
    await applyFile(optionsFor(yaml)).catch(() => undefined);
    const outcome = await applyFile(optionsFor(yaml));
    expect(outcome.failures).toEqual([]);
    expect(await planned(yaml)).toBe('nothing to change, 3 unchanged (--all)\n');
  });

  it('because nothing listens there', async () => {
    await server.close();
    await expect(applyFile(optionsFor(yaml))).rejects.toMatchObject({ code: 'HOST-607' });
    server = await startMemorySageMaker();
  });

  it('because another endpoint has the component', async () => {
    await applyFile(optionsFor(yaml));
    const other = 'endpoint: b\ncomponents: { x: { engine: simulated } }';
    await expect(planned(other)).rejects.toMatchObject({
      code: 'NAME-411',
      reason: 'endpoint `a` has it, and names are unique in a region',
    });
  });

  it('because a model is a file and the server is elsewhere', async () => {
    writeFileSync(path.join(folder, 'm.gguf'), 'bytes');
    await expect(planned('endpoint: a\ncomponents: { x: { model: m.gguf } }')).rejects.toMatchObject({
      code: 'MODEL-034',
      mend: 'upload it to S3 and write `model: s3://BUCKET/KEY`',
    });
  });
});

it('a model file goes into the library under a name of its content', async () => {
  writeFileSync(path.join(folder, 'my model.gguf'), 'bytes');
  const stored: string[] = [];
  const storeFile = async (file: string, name: string) => {
    stored.push(`${path.basename(file)} ${name}`);
    return Promise.resolve();
  };
  const own = 'endpoint: a\ncomponents: { x: { model: my model.gguf } }';
  await applyFile(optionsFor(own, { storeFile }));
  expect(stored).toEqual(['my model.gguf my-model-277089d9.gguf']);
  const [model = ''] = server.calls[0]?.split(' ').slice(1) ?? [];
  expect(server.thing('us-east-1', 'Model', model)).toMatchObject({
    PrimaryContainer: {
      ModelDataSource: { S3DataSource: { S3Uri: 's3://stowage/my-model-277089d9.gguf' } },
      Environment: { OPTION_MODEL_SHA256: expect.stringMatching(/^277089d9/) as string },
    },
  });
});

it('without waiting, what is possible now is asked for and the rest is told', async () => {
  server.looksPerChange = 10;
  const outcome = await applyFile(optionsFor(yaml, { waits: false }));
  expect(outcome.pending).toEqual(['endpoint/a']);
  const done = await applyFile(optionsFor(yaml));
  expect(done).toMatchObject({ pending: [], failures: [] });
});
