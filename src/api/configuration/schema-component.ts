/** The shape of one entry of `components`, and of what variants with a model of their own share with it. */
import { z } from 'zod';
import {
  componentRollout,
  engine,
  instanceType,
  modelKeys,
  name,
  size,
  startup,
  wholeNumber,
} from './schema-parts.js';

const memory = z
  .union([
    size('What a copy reserves and may use at most.'),
    z.strictObject({
      reserve: size('Memory that is kept free for a copy, at least `128Mi`.').optional(),
      limit: size('Resident memory above which a copy is ended and replaced, at least `128Mi`.').optional(),
    }),
  ])
  .optional()
  .meta({
    description:
      'Memory of a copy: a size that it reserves and may use at most, or `{ reserve, limit }`. Left out: `128Mi` reserved, no limit.',
    examples: ['512Mi', { reserve: '512Mi', limit: '1Gi' }],
  });

const resources = z
  .strictObject({
    cpus: z.number().min(0.25).max(1024).optional().meta({
      description:
        'CPU cores a copy reserves; weighs its share of the machine’s compute threads. Left out: none are reserved.',
    }),
    memory,
    accelerators: z
      .number()
      .min(0.01)
      .max(1024)
      .optional()
      .meta({ description: 'Accelerators of a copy: below 1 a share of one, else whole ones.' }),
    acceleratorMemory: size('Memory a copy gets on each accelerator it is on.').optional(),
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

export const options = z
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

const placement = z
  .strictObject({
    strategy: z
      .enum(['SPREAD', 'BINPACK'])
      .meta({ description: 'Copies on as many instances as possible, or on as few.' }),
    zoneBalance: z
      .strictObject({
        maxImbalance: wholeNumber(0, 100, 0, 'Copies that one zone may have more than another.'),
      })
      .optional()
      .meta({ description: 'Keep copies even over the zones, as far as there is room.' }),
  })
  .meta({ description: 'Which instances copies are put on.' });

const specification = z
  .strictObject({
    type: instanceType('The instance type this is for.'),
    ...modelKeys,
    resources: resources.optional(),
  })
  .meta({ description: 'What differs on one instance type; the rest is the component’s.' });

/** One entry of `components`. */
export const componentSchema = z
  .strictObject({
    ...modelKeys,
    engine,
    variant: name.optional().meta({
      description: 'The variant whose instances it is on; needed when there are several.',
      patternErrorMessage: 'the name of a variant',
    }),
    resources: resources.prefault({}),
    copies,
    options: options.prefault({}),
    placement: placement.optional(),
    specifications: z
      .array(specification)
      .min(1)
      .max(5)
      .optional()
      .meta({ description: 'Where instance types differ: one entry for each.' }),
    startup: startup.optional(),
    rollout: componentRollout.optional(),
    example: z
      .strictObject({
        prompt: z.string().min(1).max(10_000).meta({ description: 'What a caller might send.' }),
        suffix: z.string().max(10_000).optional().meta({ description: 'The text after the gap, if any.' }),
      })
      .optional()
      .meta({ description: 'A call that shows what the component is for; `stowage serve` prints it.' }),
  })
  .meta({ description: 'A model placed on the endpoint, with its own resources, copies and options.' });

export type ComponentDocument = z.output<typeof componentSchema>;
export type ResourcesDocument = z.output<typeof resources>;
export type OptionsDocument = z.output<typeof options>;
