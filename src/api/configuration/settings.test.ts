import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigurationErrors } from './configuration-errors.js';
import { defaultSettings, readSettings } from './settings.js';

function errorsOf(text: string) {
  try {
    readSettings(text, 'settings.yaml');
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(ConfigurationErrors);
    return (thrown as ConfigurationErrors).errors;
  }
  return [];
}

test.each(['', '\n', '# nothing yet\n', '{}', 'library: {}'])('%j gives the defaults', (text) => {
  expect(readSettings(text, 'settings.yaml')).toEqual(defaultSettings);
  expect(defaultSettings.library).toMatchObject({
    bytesMax: 200 * 2 ** 30,
    huggingFace: null,
    objectServers: [],
  });
});

test('everything can be said', () => {
  const text = `
library:
  size: 1.5Ti
  downloadSize: 20G
  allowHosts: [models.internal, '*.lan', 10.0.0.0/8]
  s3:
    - bucket: weights
      endpoint: http://minio.internal:9000
      region: eu-central-1
      accessKeyIdEnv: MINIO_ID
      secretAccessKeyEnv: MINIO_SECRET
    - bucket: '*'
  huggingFace: { enabled: true, tokenEnv: HF_TOKEN }
engines:
  vllm:
    command: [python3, -m, vllm.entrypoints.openai.api_server]
    arguments: [--gpu-memory-utilization, '0.5']
    environment: { VLLM_LOGGING_LEVEL: INFO }
    inherit: [HF_HOME]
  container: { images: ['registry.internal/models/*'] }
instanceTypes: ./instance-types.yaml
`;
  expect(readSettings(text, 'settings.yaml')).toEqual({
    library: {
      bytesMax: 1.5 * 2 ** 40,
      downloadBytesMax: 20e9,
      allowHosts: ['models.internal', '*.lan', '10.0.0.0/8'],
      objectServers: [
        {
          bucket: 'weights',
          endpoint: 'http://minio.internal:9000',
          region: 'eu-central-1',
          usesPathStyle: true,
          credentials: {
            accessKeyIdEnv: 'MINIO_ID',
            secretAccessKeyEnv: 'MINIO_SECRET',
            sessionTokenEnv: null,
          },
        },
        { bucket: '*', endpoint: null, region: 'us-east-1', usesPathStyle: false, credentials: null },
      ],
      huggingFace: { endpoint: 'https://huggingface.co', tokenEnv: 'HF_TOKEN' },
    },
    engines: {
      vllm: {
        command: ['python3', '-m', 'vllm.entrypoints.openai.api_server'],
        arguments: ['--gpu-memory-utilization', '0.5'],
        cleanup: null,
        environment: { VLLM_LOGGING_LEVEL: 'INFO' },
        inherit: ['HF_HOME'],
        images: [],
      },
      container: {
        command: null,
        arguments: [],
        cleanup: null,
        environment: {},
        inherit: [],
        images: ['registry.internal/models/*'],
      },
    },
    instanceTypes: './instance-types.yaml',
  });
});

describe('what is wrong is said with its place', () => {
  test.each([
    ['library:\n  sise: 1Gi', 'FILE-011', 'settings.yaml:2:3', /`size`/],
    ['libary: {}', 'FILE-011', 'settings.yaml:1:1', /`library`/],
    ['library:\n  size: big', 'FILE-012', 'settings.yaml:2:9', /200Gi/],
    ['library:\n  size: 5', 'FILE-012', 'settings.yaml:2:9', /found `5`/],
    ['library: [1]', 'FILE-012', 'settings.yaml:1:10', /keys such as/],
    ['5', 'FILE-012', 'settings.yaml:1:1', /`library`/],
    [
      'library:\n  s3:\n    - endpoint: http://a',
      'FILE-012',
      'settings.yaml:3:7',
      /is missing: expected a bucket/,
    ],
    ['library:\n  s3:\n    - buckett: a\n      bucket: abc', 'FILE-011', 'settings.yaml:3:7', /`bucket`/],
    [
      'library:\n  s3: [{ bucket: abc, accessKeyIdEnv: A }]',
      'FILE-012',
      'settings.yaml:2:8',
      /secretAccessKeyEnv/,
    ],
    ['library:\n  huggingFace: { enabled: 1 }', 'FILE-012', 'settings.yaml:2:27', /`true` or `false`/],
    ['library: {\n', 'FILE-010', 'settings.yaml:2:1', /./],
    ['a: 1\n---\nb: 2', 'FILE-010', 'settings.yaml:3:1', /several documents/],
  ])('%j', (text, code, location, problem) => {
    const [first] = errorsOf(text);
    expect(first).toMatchObject({ code, location });
    expect(`${first?.message} ${first?.mend}`).toMatch(problem);
  });

  test('and a secret that stands where a variable’s name belongs is not repeated', () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG';
    const [first] = errorsOf(
      `library: { s3: [{ bucket: abc, accessKeyIdEnv: A, secretAccessKeyEnv: ${secret} }] }`,
    );
    expect(first).toMatchObject({ code: 'FILE-012' });
    expect(`${first?.message}${first?.mend}`).not.toContain(secret);
  });

  test('for any text: settings, or errors with places', () => {
    const words = fc.constantFrom(
      'library',
      's3',
      'size',
      '1Gi',
      ':',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      'a',
      '#',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words).map((each) => each.join('')),
        ),
        (text) => {
          for (const error of errorsOf(text)) {
            expect(['FILE-010', 'FILE-011', 'FILE-012']).toContain(error.code);
            expect(error.location).toMatch(/^settings\.yaml:\d+:\d+$/);
          }
        },
      ),
    );
  });
});
