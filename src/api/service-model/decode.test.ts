import { describe, expect, it } from 'vitest';
import { controlService } from '../sagemaker/control/coverage.js';
import { isConstraintError, isTypeError } from './constraint-errors.js';
import { acted, refused, type ServiceDescription } from './coverage.js';
import { operationCodecs } from './operation-codec.js';
import { StowageError } from '../../domain/errors.js';

const codecs = operationCodecs(controlService);

/** Code and message of the refusal, or the input. */
function read(operation: string, value: unknown, of = codecs): unknown {
  try {
    return of.get(operation)?.decode(value);
  } catch (error) {
    if (!(error instanceof StowageError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

const failed = 'failed to satisfy constraint:';
const variant = { VariantName: 'AllTraffic', InstanceType: 'local.cpu', InitialInstanceCount: 1 };

describe('an input that is right', () => {
  it('has its members in camel case and nothing else', () => {
    const body = {
      EndpointConfigName: 'c',
      ProductionVariants: [{ ...variant, VolumeSizeInGB: 5, InitialVariantWeight: 0.5 }],
      KmsKeyId: null,
      Tags: [{ Key: 'team', Value: '' }],
    };
    expect(read('CreateEndpointConfig', body)).toStrictEqual({
      endpointConfigName: 'c',
      productionVariants: [
        {
          variantName: 'AllTraffic',
          instanceType: 'local.cpu',
          initialInstanceCount: 1,
          volumeSizeInGB: 5,
          initialVariantWeight: 0.5,
        },
      ],
      tags: [{ key: 'team', value: '' }],
    });
  });

  it('has times as milliseconds', () => {
    expect(read('ListModels', { CreationTimeAfter: 1_700_000_000.25 })).toEqual({
      creationTimeAfter: 1_700_000_000_250,
    });
  });

  it('keeps maps as they are, whatever their keys are called', () => {
    const body = JSON.parse(
      '{"ModelName":"m","PrimaryContainer":{"Environment":{"__proto__":"a","constructor":"b"}}}',
    ) as object;
    const input = read('CreateModel', body) as {
      readonly primaryContainer: { readonly environment: Readonly<Record<string, string>> };
    };
    expect(Object.entries(input.primaryContainer.environment)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  it.each(['ml.g5.xlarge', 'local.cpu', 'local.a100-slice.2'])(
    'may be for instances of %s',
    (InstanceType) => {
      const body = { EndpointConfigName: 'c', ProductionVariants: [{ ...variant, InstanceType }] };
      expect(read('CreateEndpointConfig', body)).toMatchObject({
        productionVariants: [{ instanceType: InstanceType }],
      });
    },
  );

  it.each(['s3://stowage/m.gguf', 'https://example.com/m.gguf', 'hf://owner/name@main/m.gguf'])(
    'may have its model at %s',
    (ModelDataUrl) => {
      const body = { ModelName: 'm', PrimaryContainer: { ModelDataUrl } };
      expect(read('CreateModel', body)).toMatchObject({ primaryContainer: { modelDataUrl: ModelDataUrl } });
    },
  );
});

describe('violated constraints are told in AWS’s words', () => {
  const name63 = 'a'.repeat(64);
  it.each<[string, unknown, string]>([
    [
      'DescribeModel',
      {},
      `1 validation error detected: Value null at 'modelName' ${failed} Member must not be null`,
    ],
    [
      'DescribeModel',
      { ModelName: 'a b' },
      `1 validation error detected: Value 'a b' at 'modelName' ${failed} ` +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9]([\\-a-zA-Z0-9]*[a-zA-Z0-9])?',
    ],
    [
      'DescribeEndpoint',
      { EndpointName: name63 },
      `2 validation errors detected: Value '${name63}' at 'endpointName' ${failed} ` +
        `Member must have length less than or equal to 63; Value '${name63}' at 'endpointName' ${failed} ` +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}',
    ],
    [
      'ListModels',
      { MaxResults: 0 },
      `1 validation error detected: Value '0' at 'maxResults' ${failed} ` +
        'Member must have value greater than or equal to 1',
    ],
    [
      'ListModels',
      { MaxResults: 101, SortBy: 'Size' },
      `2 validation errors detected: Value 'Size' at 'sortBy' ${failed} ` +
        `Member must satisfy enum value set: [Name, CreationTime]; Value '101' at 'maxResults' ${failed} ` +
        'Member must have value less than or equal to 100',
    ],
    [
      'CreateEndpointConfig',
      { EndpointConfigName: 'c', ProductionVariants: [] },
      `1 validation error detected: Value '[]' at 'productionVariants' ${failed} ` +
        'Member must have length greater than or equal to 1',
    ],
    [
      'CreateEndpointConfig',
      { EndpointConfigName: 'c', ProductionVariants: Array(11).fill({}) },
      `1 validation error detected: Value at 'productionVariants' ${failed} ` +
        'Member must have length less than or equal to 10',
    ],
    [
      'CreateEndpointConfig',
      { EndpointConfigName: 'c', ProductionVariants: [variant, { InitialInstanceCount: 0 }, null] },
      `3 validation errors detected: Value null at 'productionVariants.2.member.variantName' ${failed} ` +
        `Member must not be null; Value '0' at 'productionVariants.2.member.initialInstanceCount' ${failed} ` +
        `Member must have value greater than or equal to 1; Value null at 'productionVariants.3.member' ${failed} ` +
        'Member must not be null',
    ],
    [
      'DeleteTags',
      { ResourceArn: 'arn:aws:sagemaker:us-east-1:123456789012:model/m', TagKeys: ['ok', 'a;b'] },
      `1 validation error detected: Value '[ok, a;b]' at 'tagKeys' ${failed} Member must satisfy constraint: ` +
        '[Member must have length less than or equal to 128, Member must have length greater than or equal to 1, ' +
        'Member must satisfy regular expression pattern: ([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)]',
    ],
    [
      'CreateModel',
      { ModelName: 'm', PrimaryContainer: { Environment: { 'a-b': 'secret' } } },
      `1 validation error detected: Value at 'primaryContainer.environment' ${failed} Map keys must satisfy ` +
        'constraint: [Member must have length less than or equal to 1024, Member must have length greater than or ' +
        'equal to 0, Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]',
    ],
    [
      'CreateModel',
      { ModelName: 'm', PrimaryContainer: { Environment: { A: 'x'.repeat(1025) } } },
      `1 validation error detected: Value at 'primaryContainer.environment' ${failed} Map value must satisfy ` +
        'constraint: [Member must have length less than or equal to 1024, Member must have length greater than or ' +
        'equal to 0, Member must satisfy regular expression pattern: [\\S\\s]*]',
    ],
  ])('%s %j', (operation, body, message) => {
    expect(read(operation, body)).toBe(`REQ-210: ${message}`);
  });

  it('names the whole set of values for an instance type that is unknown', () => {
    const body = {
      EndpointConfigName: 'c',
      ProductionVariants: [{ ...variant, InstanceType: 'ml.nothing' }],
    };
    expect(read('CreateEndpointConfig', body)).toMatch(
      /^REQ-210: 1 validation error detected: Value 'ml\.nothing' at 'productionVariants\.1\.member\.instanceType' failed to satisfy constraint: Member must satisfy enum value set: \[ml\.t2\.medium, .*\]$/,
    );
  });

  it('counts characters, not the units they are stored in', () => {
    const tags = (Value: string): object => ({
      ResourceArn: 'arn:aws:sagemaker:us-east-1:123456789012:model/m',
      Tags: [{ Key: 'k', Value }],
    });
    expect(read('AddTags', tags('𝒳'.repeat(256)))).toMatchObject({ tags: [{ key: 'k' }] });
    expect(read('AddTags', tags('𝒳'.repeat(257)))).toContain('less than or equal to 256');
  });

  it('and told as such', () => {
    expect(() => codecs.get('DescribeModel')?.decode({})).toThrow(
      expect.toSatisfy((error) => isConstraintError(error as StowageError)) as Error,
    );
  });
});

describe('values of the wrong type are refused at once', () => {
  it.each<[string, unknown, string]>([
    ['DescribeModel', { ModelName: 5 }, "NUMBER_VALUE can not be converted to a String (at 'ModelName')"],
    ['DescribeModel', { ModelName: ['m'] }, "Start of list found where not expected (at 'ModelName')"],
    [
      'DescribeModel',
      { ModelName: {} },
      "Start of structure or map found where not expected (at 'ModelName')",
    ],
    ['ListModels', { MaxResults: '5' }, "STRING_VALUE can not be converted to an Integer (at 'MaxResults')"],
    ['ListModels', { MaxResults: 1.5 }, "NUMBER_VALUE can not be converted to an Integer (at 'MaxResults')"],
    [
      'ListModels',
      { CreationTimeAfter: '2026-01-01' },
      "STRING_VALUE can not be converted to a Timestamp (at 'CreationTimeAfter')",
    ],
    [
      'ListModels',
      { CreationTimeAfter: 1e300 },
      "NUMBER_VALUE can not be converted to a Timestamp (at 'CreationTimeAfter')",
    ],
    [
      'UpdateEndpoint',
      { RetainDeploymentConfig: 'true' },
      "STRING_VALUE can not be converted to a Boolean (at 'RetainDeploymentConfig')",
    ],
    ['AddTags', { Tags: {} }, "Start of structure or map found where not expected (at 'Tags')"],
    ['AddTags', { Tags: ['a'] }, "STRING_VALUE can not be converted to a Structure (at 'Tags[0]')"],
    [
      'CreateModel',
      { PrimaryContainer: { Environment: { A: true } } },
      "TRUE_VALUE can not be converted to a String (at 'PrimaryContainer.Environment.A')",
    ],
    ['DeleteTags', { TagKeys: [null] }, "NULL_VALUE can not be converted to a String (at 'TagKeys[0]')"],
    ['DescribeModel', 'm', "STRING_VALUE can not be converted to a Structure (at '')"],
  ])('%s %j', (operation, body, message) => {
    expect(read(operation, body)).toBe(`REQ-210: ${message}`);
    expect(() => codecs.get(operation)?.decode(body)).toThrow(
      expect.toSatisfy((error) => isTypeError(error as StowageError)) as Error,
    );
  });
});

describe('what is not supported is refused by name', () => {
  it.each<[string, unknown, string]>([
    [
      'DescribeModel',
      { ModelNam: 'm' },
      '`ModelNam` is not supported: DescribeModel has no such member (did you mean `ModelName`?)',
    ],
    [
      'CreateEndpointConfig',
      { EndpointConfigName: 'c', ProductionVariants: [variant], DataCaptureConfig: {} },
      '`DataCaptureConfig` is not supported: requests and answers are not captured',
    ],
    [
      'CreateEndpointConfig',
      {
        EndpointConfigName: 'c',
        ProductionVariants: [variant, { ...variant, ServerlessConfig: { MaxConcurrency: 1 } }],
        ExplainerConfig: 7,
      },
      '`ProductionVariants[1].ServerlessConfig` is not supported: endpoints have instances here, none is serverless; ' +
        'nor is `ExplainerConfig`: answers are not explained',
    ],
    [
      'CreateModel',
      { ModelName: 'm', PrimaryContainer: { Mode: 'MultiModel' } },
      '`PrimaryContainer.Mode: MultiModel` is not supported: put several models on one endpoint as inference components',
    ],
    [
      'CreateModel',
      { ModelName: 'm', Containers: [{}, {}] },
      '`Containers` is not supported: a model has one container here',
    ],
  ])('%s %j', (operation, body, message) => {
    expect(read(operation, body)).toBe(`REQ-212: ${message}`);
  });

  it('unless it asks for nothing', () => {
    const container = { AdditionalModelDataSources: [], Mode: 'SingleModel' };
    expect(read('CreateModel', { ModelName: 'm', Containers: [container] })).toStrictEqual({
      modelName: 'm',
      containers: [{ mode: 'SingleModel' }],
    });
    const body = { EndpointConfigName: 'c', ProductionVariants: [{ ...variant, EnableSSMAccess: false }] };
    expect(read('CreateEndpointConfig', body)).toMatchObject({ endpointConfigName: 'c' });
  });

  it('and keeps with all that is in it what is stored only', () => {
    const vpcConfig = { SecurityGroupIds: ['sg-1'], Subnets: ['subnet-1'] };
    expect(read('CreateModel', { ModelName: 'm', VpcConfig: vpcConfig })).toStrictEqual({
      modelName: 'm',
      vpcConfig: { securityGroupIds: ['sg-1'], subnets: ['subnet-1'] },
    });
    expect(read('CreateModel', { ModelName: 'm', VpcConfig: { ...vpcConfig, Zone: 1 } })).toContain(
      '`VpcConfig.Zone` is not supported',
    );
  });
});

/** A service with the shapes that the real ones do not have. */
const service: ServiceDescription = {
  model: {
    metadata: { targetPrefix: 'Made', apiVersion: '1' },
    operations: { Make: { name: 'Make', input: { shape: 'MakeInput' } } },
    shapes: {
      MakeInput: {
        type: 'structure',
        members: {
          One: { shape: 'One' },
          Secret: { shape: 'Secret' },
          Bytes: { shape: 'Bytes' },
          ByName: { shape: 'Ones' },
        },
      },
      One: { type: 'structure', union: true, members: { A: { shape: 'Text' }, B: { shape: 'Text' } } },
      Ones: { type: 'map', key: { shape: 'Text' }, value: { shape: 'One' } },
      Secret: { type: 'string', sensitive: true, max: 3 },
      Bytes: { type: 'blob', max: 3 },
      Text: { type: 'string' },
    },
    notServed: [],
  },
  coverage: {
    MakeInput: { One: acted, Secret: acted, Bytes: acted, ByName: acted },
    One: { A: acted, B: acted },
  },
  extensions: {},
};
const made = operationCodecs(service);

it.each<[unknown, unknown]>([
  [{ One: { A: 'a' } }, { one: { a: 'a' } }],
  [
    { One: {} },
    `REQ-210: 1 validation error detected: Value at 'one' ${failed} Exactly one member must be set`,
  ],
  [
    { One: { A: 'a', B: 'b' } },
    `REQ-210: 1 validation error detected: Value at 'one' ${failed} Exactly one member must be set`,
  ],
  [
    { ByName: { k: { A: 'a', B: 'b' } } },
    `REQ-210: 1 validation error detected: Value at 'byName.k.member' ${failed} Exactly one member must be set`,
  ],
  [
    { Secret: 'hidden' },
    `REQ-210: 1 validation error detected: Value at 'secret' ${failed} Member must have length less than or equal to 3`,
  ],
  [{ Bytes: 'AAEC' }, { bytes: Buffer.from([0, 1, 2]) }],
  [{ Bytes: '???' }, "REQ-210: STRING_VALUE can not be converted to a Blob (at 'Bytes')"],
])('unions, secrets and bytes: %j', (body, expected) => {
  expect(read('Make', body, made)).toEqual(expected);
});

it('a table of coverage that leaves a member out is a defect', () => {
  const coverage = { ...service.coverage, One: { A: refused('no') } };
  expect(() => operationCodecs({ ...service, coverage })).toThrow('no row for One.B');
});
