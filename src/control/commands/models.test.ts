import { describe, expect, it } from 'vitest';
import { Desk, elsewhere } from '../../../test/control/desk.js';

const arn = 'arn:aws:sagemaker:us-east-1:111122223333:model/tiny';
const container = { image: 'engine:1', modelDataUrl: 's3://stowage/tiny.gguf' };

describe('models', () => {
  it('are described as they were created', () => {
    const desk = new Desk();
    const specification = { primaryContainer: container, vpcConfig: { subnets: ['a'] } };
    expect(desk.run('CreateModel', { modelName: 'tiny', ...specification })).toEqual({ modelArn: arn });
    expect(desk.lastEntry()).toMatchObject({
      event: 'model-created',
      reason: 'asked for by CreateModel',
    });
    expect(desk.run('DescribeModel', { modelName: 'tiny' })).toEqual({
      ...specification,
      modelName: 'tiny',
      modelArn: arn,
      creationTime: 1_700_000_001_000,
      enableNetworkIsolation: false,
    });
  });

  it('have a name of their own in their account and region', () => {
    const desk = new Desk().withModel('tiny');
    const again = desk.refusal('CreateModel', { modelName: 'tiny', primaryContainer: container });
    expect(again.code).toBe('NAME-411');
    expect(again.message).toBe(`Cannot create already existing model "${arn}".`);
    desk.run('CreateModel', { modelName: 'tiny', primaryContainer: container }, elsewhere);
    desk.run('DeleteModel', { modelName: 'tiny' });
    expect(desk.run('DescribeModel', { modelName: 'tiny' }, elsewhere).modelName).toBe('tiny');
  });

  it('that are gone, or of another account, are not found, in the words that waiters know', () => {
    const desk = new Desk().withModel('tiny');
    desk.run('DeleteModel', { modelName: 'tiny' });
    for (const operation of ['DescribeModel', 'DeleteModel'] as const) {
      const error = desk.refusal(operation, { modelName: 'tiny' });
      expect(error.code).toBe('NAME-410');
      expect(error.message).toBe(`Could not find model "${arn}".`);
    }
    desk.withModel('mine');
    expect(desk.refusal('DescribeModel', { modelName: 'mine' }, elsewhere).code).toBe('NAME-410');
  });

  it.each([
    ['no container', {}, 'has no PrimaryContainer'],
    ['two kinds of container', { primaryContainer: container, containers: [container] }, 'give one of them'],
    [
      'two sources of data',
      {
        primaryContainer: {
          ...container,
          modelDataSource: {
            s3DataSource: {
              s3Uri: 's3://a/b',
              s3DataType: 'S3Object' as const,
              compressionType: 'None' as const,
            },
          },
        },
      },
      'both ModelDataUrl and ModelDataSource',
    ],
    [
      'a wrong option',
      { primaryContainer: { ...container, environment: { OPTION_MAX_ROLLING_BATCH_SIZE: '0' } } },
      '`OPTION_MAX_ROLLING_BATCH_SIZE` in `primaryContainer.environment` is `0`',
    ],
    [
      'an unknown option',
      { containers: [{ environment: { SERVING_JOB_QUEUE: '1' } }] },
      'did you mean `SERVING_JOB_QUEUE_SIZE`?',
    ],
  ])('with %s are refused', (_, specification, problem) => {
    const error = new Desk().refusal('CreateModel', { modelName: 'tiny', ...specification });
    expect(error.code).toBe('REQ-210');
    expect(error.message).toContain(problem);
  });
});
