/** Pieces that several parts of the schema of `stowage.yaml` are made of. */
import { z } from 'zod';
import { adapterNamePattern, adapterNameRule } from '../../domain/adapter.js';
import { EngineKind } from '../../domain/component.js';

/** SageMaker's names of endpoints, variants and inference components, 1 to 63 characters. */
const namePattern = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
/** The same in words. */
export const nameRule = 'letters, digits and single dashes between them, 1 to 63 characters';

export const name = z.string().max(63).regex(namePattern).meta({ patternErrorMessage: nameRule });

export function wholeNumber(min: number, max: number, byDefault: number, description: string) {
  return z.int().min(min).max(max).default(byDefault).meta({ description });
}

/** A number that is left to the server when it is left out. */
export function optionalNumber(min: number, max: number, description: string) {
  return z.int().min(min).max(max).optional().meta({ description });
}

export function size(description: string) {
  return z
    .string()
    .regex(/^[0-9]{1,9}(\.[0-9]{1,6})?(Ki|Mi|Gi|Ti|k|M|G|T)$/)
    .meta({
      description,
      patternErrorMessage: 'a size with its unit, such as 512Mi or 2Gi',
      examples: ['512Mi', '2Gi'],
    });
}

/** A type of the catalogue: `local.cpu`, `ml.g5.xlarge`. */
export function instanceType(description: string) {
  return z
    .string()
    .max(63)
    .regex(/^[a-z0-9]+(\.[a-z0-9-]+)+$/)
    .meta({
      description,
      patternErrorMessage: 'an instance type, such as local.cpu or ml.g5.xlarge',
      examples: ['local.cpu', 'ml.g5.xlarge'],
    });
}

/** Instances or copies: a number of them, or a percentage of all. */
function batchSize(description: string) {
  return z
    .union([z.int().min(1).max(1000), percentage])
    .optional()
    .meta({ description, examples: [1] });
}

const percentage = z
  .string()
  .regex(/^([1-9][0-9]?|100)%$/)
  .meta({ patternErrorMessage: 'a percentage such as 25%', examples: ['25%'] });

const wait = wholeNumber(0, 3600, 0, 'Seconds that alarms are watched after each step before the next.');
const alarms = z
  .array(z.string().min(1).max(255))
  .min(1)
  .max(10)
  .optional()
  .meta({
    description: 'Names of alarms; when one rings during the change, everything goes back to how it was.',
    examples: [['errors']],
  });

export const endpointRollout = z
  .strictObject({
    type: z
      .enum(['all-at-once', 'canary', 'linear', 'rolling'])
      .default('all-at-once')
      .meta({ description: 'How traffic moves to the new instances.' }),
    size: batchSize('Instances per step, or a percentage such as `25%`; not for `all-at-once`.'),
    wait,
    alarms,
  })
  .meta({ description: 'How a changed configuration of the endpoint is rolled out.' });

export const componentRollout = z
  .strictObject({
    size: batchSize('Copies replaced at a time, or a percentage such as `25%`; 1 when left out.'),
    wait,
    alarms,
  })
  .meta({ description: 'How copies of a changed component are replaced.' });

/** Keys of everything that runs a model. */
export const modelKeys = {
  model: z
    .string()
    .min(1)
    .max(4096)
    .optional()
    .meta({
      description:
        'The model: a file (a relative path starts at the folder of this configuration), or an address with `s3://`, `https://` or `hf://`.',
      examples: ['./models/model-Q8_0.gguf', 's3://bucket/model.gguf', 'https://example.com/model.gguf'],
    }),
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/)
    .optional()
    .meta({
      description: 'SHA-256 of the model file or archive; it is verified before each load.',
      patternErrorMessage: '64 hexadecimal digits, in quotes',
    }),
  image: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .meta({ description: 'The container’s image, where the server runs containers.' }),
};

export const engine = z
  .enum(EngineKind)
  .default(EngineKind.LlamaCpp)
  .meta({ description: 'The program that computes.' });

export const startup = z
  .strictObject({
    downloadSeconds: optionalNumber(60, 3600, 'Seconds in which the model must have been fetched.'),
    loadSeconds: optionalNumber(60, 3600, 'Seconds in which it must have been loaded and be ready.'),
  })
  .meta({ description: 'How long a copy may take to come up.' });

/** LoRA adapters of a model. */
export const adapters = z
  .record(
    z.string().regex(adapterNamePattern).meta({ patternErrorMessage: adapterNameRule }),
    z
      .string()
      .min(1)
      .max(1024)
      .meta({
        description:
          'The adapter: a GGUF file or an address, as of `model`; `#sha256=` and its digest may follow.',
        examples: ['./adapters/sql.gguf', 's3://bucket/sql.gguf'],
      }),
  )
  .meta({
    description: 'LoRA adapters by name: requests name one as `component:adapter`. At most 64.',
    examples: [{ sql: './adapters/sql.gguf' }],
  });
