/** The shape of one entry of `components`, and of what variants with a model of their own share with it. */
import { z } from 'zod';
import { type OptionRule, optionNames, optionRules } from '../../domain/component-options.js';
import { copies } from './schema-copies.js';
import {
  adapters,
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

export const options = z
  .strictObject(optionShapes())
  .meta({ description: 'Engine and queue options, by the names of the large-model containers.' });

type OptionShape = z.ZodType<number | boolean | string | undefined>;

/** Each option of the table under its key. */
function optionShapes(): Record<string, OptionShape> {
  return Object.fromEntries(
    optionNames.map((name) => [optionRules[name].key, optionShape(optionRules[name])]),
  );
}

function optionShape(rule: OptionRule): OptionShape {
  const description = rule.about;
  switch (rule.kind) {
    case 'whole-number':
      return wholeNumber(rule.min, rule.max, rule.default, description);
    case 'switch':
      return z.boolean().default(rule.default).meta({ description });
    case 'choice':
      return z.enum(rule.choices).default(rule.default).meta({ description });
    case 'text': {
      const text = z.string().min(1).max(rule.charactersMax);
      const shaped = rule.pattern === undefined ? text : text.regex(rule.pattern);
      const examples = rule.example === undefined ? {} : { examples: [rule.example] };
      const { problemOf } = rule;
      const checked =
        problemOf === undefined
          ? shaped
          : shaped.superRefine((value, context) => {
              const problem = problemOf(value);
              if (problem !== null) context.addIssue({ code: 'custom', message: problem });
            });
      return checked.optional().meta({ description, ...examples });
    }
    default:
      return rule satisfies never;
  }
}

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
    adapters: adapters.optional(),
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
