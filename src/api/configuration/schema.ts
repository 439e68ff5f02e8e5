/**
 * The shape of `stowage.yaml`, said once: zod checks with it, TypeScript types follow from it, and the
 * JSON Schema for editors is written from it by `node scripts/write-schema.mjs`.
 *
 * Nothing here transforms: what the words mean for the server is `to-domain.ts`. Error sentences are made
 * from the JSON Schema too (`problems.ts`), so a bound is never told in two places.
 */
import { z } from 'zod';
import { EngineKind, RoutingStrategy } from '../../domain/component.js';

/** SageMaker's names of endpoints and inference components, 1 to 63 characters. */
const namePattern = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
/** The same in words. */
export const nameRule = 'letters, digits and single dashes between them, 1 to 63 characters';

const sizePattern = /^[0-9]{1,9}(\.[0-9]{1,6})?(Ki|Mi|Gi|Ti|k|M|G|T)$/;

function wholeNumber(min: number, max: number, byDefault: number, description: string) {
  return z.int().min(min).max(max).default(byDefault).meta({ description });
}

const resources = z
  .strictObject({
    cpus: z
      .number()
      .min(0.25)
      .max(1024)
      .default(1)
      .meta({ description: 'CPU cores a copy reserves; weighs its share of the machine’s compute threads.' }),
    memory: z
      .string()
      .regex(sizePattern)
      .optional()
      .meta({
        description:
          'Resident memory above which a copy is ended and replaced, at least `128Mi`. Left out: no limit.',
        patternErrorMessage: 'a size with its unit, such as 512Mi or 2Gi',
        examples: ['512Mi', '2Gi'],
      }),
  })
  .meta({ description: 'What one copy reserves on its instance.' });

const copies = z
  .union([
    z.int().min(0).max(64),
    z.strictObject({
      min: z.int().min(0).max(64).default(1).meta({ description: 'Copies that always run.' }),
      max: z
        .int()
        .min(1)
        .max(64)
        .optional()
        .meta({ description: 'Copies that may run under load; `min` when left out. Not acted on yet.' }),
      target: z
        .strictObject({
          concurrentRequestsPerCopy: z
            .number()
            .min(0.1)
            .max(10_000)
            .meta({ description: 'Requests in flight per copy that scaling aims at.' }),
        })
        .optional()
        .meta({ description: 'What scaling aims at. Not acted on yet.' }),
    }),
  ])
  .default(1)
  .meta({
    description: 'How many copies run: a number, or `{ min, max, target }`.',
    examples: [1, { min: 1 }],
  });

const options = z
  .strictObject({
    max_rolling_batch_size: wholeNumber(1, 256, 32, 'Sequences computed together.'),
    job_queue_size: wholeNumber(0, 100_000, 1000, 'Requests that may wait for a place.'),
    max_model_len: wholeNumber(
      0,
      16_777_216,
      0,
      'Tokens of prompt and answer together, per sequence; 0 = what the model says.',
    ),
    max_num_batched_tokens: wholeNumber(16, 8192, 512, 'Tokens computed in one step at most.'),
    predict_timeout: wholeNumber(1, 3600, 120, 'Seconds from a request’s arrival to its end.'),
    queue_timeout: wholeNumber(1, 3600, 60, 'Seconds a request may wait for a copy with room.'),
    max_new_tokens: wholeNumber(
      0,
      16_777_216,
      0,
      'Tokens generated when the caller names no limit; 0 = as many as fit.',
    ),
    prompt_template: z
      .string()
      .min(1)
      .max(65_536)
      .optional()
      .meta({
        description:
          'A Jinja template over `prompt`, `suffix` and `messages`. Left out: the model’s own chat template for messages, the plain prompt for text.',
        examples: ['<|fim_suffix|>{{ suffix }}<|fim_prefix|>{{ prompt }}<|fim_middle|>'],
      }),
    prompt_keep_chars: wholeNumber(
      0,
      100_000_000,
      0,
      'Keep this many last characters of the prompt, cut at a line start; 0 = all.',
    ),
    suffix_keep_chars: wholeNumber(
      0,
      100_000_000,
      0,
      'Keep this many first characters of the suffix, cut at a line end; 0 = all.',
    ),
    allow_special_tokens: z.boolean().default(false).meta({
      description: 'Spellings of control tokens inside a caller’s text become those tokens.',
    }),
    n_gpu_layers: wholeNumber(
      -1,
      1024,
      -1,
      'Layers given to an accelerator where the engine has one; -1 = all.',
    ),
  })
  .meta({ description: 'Engine and queue options, by the names of the large-model containers.' });

/** One entry of `components`. */
export const componentSchema = z
  .strictObject({
    model: z
      .string()
      .min(1)
      .max(4096)
      .optional()
      .meta({
        description: 'The model’s GGUF file; a relative path starts at the folder of this configuration.',
        examples: ['./models/model-Q8_0.gguf'],
      }),
    sha256: z
      .string()
      .regex(/^[0-9a-fA-F]{64}$/)
      .optional()
      .meta({
        description: 'SHA-256 of the model file; it is verified before each load.',
        patternErrorMessage: '64 hexadecimal digits, in quotes',
      }),
    engine: z
      .enum(EngineKind)
      .default(EngineKind.LlamaCpp)
      .meta({ description: 'The program that computes.' }),
    resources: resources.prefault({}),
    copies,
    options: options.prefault({}),
    example: z
      .strictObject({
        prompt: z.string().min(1).max(10_000).meta({ description: 'What a caller might send.' }),
        suffix: z.string().max(10_000).optional().meta({ description: 'The text after the gap, if any.' }),
      })
      .optional()
      .meta({ description: 'A call that shows what the component is for; `stowage serve` prints it.' }),
  })
  .meta({ description: 'A model placed on the endpoint, with its own resources, copies and options.' });

const instances = z
  .strictObject({
    type: z.enum(['local.cpu']).default('local.cpu').meta({ description: 'This machine.' }),
    count: wholeNumber(1, 1000, 1, 'Instances; this machine is the only one today.'),
    min: z.int().min(0).max(1000).optional().meta({ description: 'Fewest instances. Not acted on yet.' }),
    max: z.int().min(1).max(1000).optional().meta({ description: 'Most instances. Not acted on yet.' }),
    scaleIn: z
      .enum(['IDLE_RELEASE', 'CONSOLIDATION'])
      .optional()
      .meta({ description: 'How instances are given up. Not acted on yet.' }),
  })
  .meta({ description: 'The hosts that copies run on.' });

const name = z.string().max(63).regex(namePattern).meta({ patternErrorMessage: nameRule });

export const endpointSchema = z
  .strictObject({
    endpoint: name.meta({
      description: `The name callers address: ${nameRule}.`,
      patternErrorMessage: nameRule,
    }),
    routing: z
      .enum(RoutingStrategy)
      .default(RoutingStrategy.Random)
      .meta({ description: 'How the copy that answers a request is chosen.' }),
    instances: instances.prefault({}),
    components: z
      .record(name, componentSchema)
      .meta({ description: 'The endpoint’s inference components, by name.' }),
  })
  .meta({
    title: 'stowage.yaml',
    description: 'One endpoint of Stowage. Several YAML documents (`---`) make several endpoints.',
  });

/** One YAML document, checked, with every default filled in. */
export type EndpointDocument = z.output<typeof endpointSchema>;
export type ComponentDocument = EndpointDocument['components'][string];

/** The part of JSON Schema that `endpointJsonSchema` produces. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly patternErrorMessage?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly description?: string;
}

/** The JSON Schema (draft 2020-12) of one document, for editors. */
export function endpointJsonSchema(): JsonSchema {
  return z.toJSONSchema(endpointSchema, { io: 'input', target: 'draft-2020-12' }) as JsonSchema;
}
