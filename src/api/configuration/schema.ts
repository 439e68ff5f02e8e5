/**
 * The shape of `stowage.yaml`, said once: zod checks with it, TypeScript types follow from it, and the
 * JSON Schema for editors is written from it by `node scripts/write-schema.mjs`.
 *
 * Nothing here transforms: what the words mean for the control API is `to-plan.ts`. Error sentences are made
 * from the JSON Schema too (`problems.ts`), so a bound is never told in two places.
 */
import { z } from 'zod';
import { RoutingStrategy } from '../../domain/component.js';
import { componentSchema, options } from './schema-component.js';
import {
  adapters,
  endpointRollout,
  engine,
  instanceType,
  modelKeys,
  name,
  nameRule,
  optionalNumber,
  startup,
  wholeNumber,
} from './schema-parts.js';

const pool = z
  .strictObject({
    type: instanceType('Its instance type.'),
    priority: wholeNumber(1, 5, 1, 'The pool with 1 is used first, the next when there is no capacity.'),
  })
  .meta({ description: 'Instances of one type.' });

const instances = z
  .strictObject({
    type: instanceType('Their type; `local.cpu`, this machine, when left out.').optional(),
    count: optionalNumber(1, 1000, 'Instances at first; 1, or `min` if that is more, when left out.'),
    min: z.int().min(0).max(1000).optional().meta({ description: 'Fewest instances.' }),
    max: z.int().min(1).max(1000).optional().meta({ description: 'Most instances.' }),
    scaleIn: z
      .enum(['IDLE_RELEASE', 'CONSOLIDATION'])
      .optional()
      .meta({ description: 'How instances are given up.' }),
    pools: z
      .array(pool)
      .min(1)
      .max(5)
      .optional()
      .meta({ description: 'Several types instead of one, by priority.' }),
    provisionSeconds: optionalNumber(300, 3600, 'Seconds in which instances must have come up.'),
  })
  .meta({ description: 'The hosts that copies run on.' });

const strategy = z.enum(RoutingStrategy);
const routing = z.union([
  strategy,
  z.strictObject({
    strategy: strategy.meta({ description: 'The strategy’s name, as without the braces.' }),
    prefixLength: optionalNumber(
      1024,
      65_536,
      'Of `PREFIX_AWARE`: how many first characters of a request say where it goes; 1024 when left out.',
    ),
    concurrencyThreshold: optionalNumber(
      1,
      1024,
      'Of `PREFIX_AWARE`: requests in flight above which a copy’s prefixes go to the next one; 32 when left out.',
    ),
  }),
]);

const variant = z
  .strictObject({
    weight: z
      .number()
      .min(0)
      .max(1_000_000)
      .default(1)
      .meta({ description: 'Its share of the requests is its weight over the sum of all.' }),
    shadow: z.boolean().default(false).meta({
      description: 'Gets a copy of the requests; its answers are dropped, its metrics kept.',
    }),
    instances: instances.prefault({}),
    routing: routing.optional().meta({ description: 'As `routing` of the document, for this variant.' }),
    ...modelKeys,
    engine,
    options: options.prefault({}),
    adapters: adapters.optional(),
    startup: startup.optional(),
  })
  .meta({
    description:
      'A part of the endpoint on instances of its own: for components, or with a model of its own.',
  });

const region = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .meta({ patternErrorMessage: 'a region such as us-east-1', examples: ['us-east-1'] });

/** Tags that AWS or `stowage apply` writes itself. */
const tagKey = z
  .string()
  .max(128)
  .regex(/^(?!aws:|stowage:)[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u)
  .meta({ patternErrorMessage: 'letters, digits, spaces and _.:/=+-@, not beginning with aws: or stowage:' });

export const endpointSchema = z
  .strictObject({
    endpoint: name.meta({
      description: `The name callers address: ${nameRule}.`,
      patternErrorMessage: nameRule,
    }),
    region: region.optional().meta({
      description: 'Where it is wanted; the caller’s region when left out.',
      patternErrorMessage: 'a region such as us-east-1',
    }),
    regions: z
      .array(region)
      .min(1)
      .max(20)
      .optional()
      .meta({ description: 'The same in several regions.', examples: [['us-east-1', 'eu-west-1']] }),
    routing: routing.default(RoutingStrategy.Random).meta({
      description:
        'How the copy that answers a request is chosen: a strategy, or `{ strategy, prefixLength, concurrencyThreshold }`.',
      examples: ['LEAST_OUTSTANDING_REQUESTS', { strategy: 'PREFIX_AWARE', prefixLength: 2048 }],
    }),
    instances: instances.optional(),
    components: z
      .record(name, componentSchema)
      .optional()
      .meta({ description: 'The endpoint’s inference components, by name.' }),
    variants: z
      .record(name, variant)
      .optional()
      .meta({ description: 'Several variants instead of `instances`, by name.' }),
    rollout: endpointRollout.optional(),
    role: z
      .string()
      .max(2048)
      .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/)
      .optional()
      .meta({
        description: 'The role that SageMaker acts in; Stowage needs none.',
        patternErrorMessage: 'the ARN of a role, such as arn:aws:iam::123456789012:role/hosting',
      }),
    tags: z
      .record(
        tagKey,
        z
          .string()
          .max(256)
          .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u)
          .meta({ patternErrorMessage: 'letters, digits, spaces and _.:/=+-@, at most 256 characters' }),
      )
      .optional()
      .meta({ description: 'Tags of everything that is made for the endpoint, at most 40.' }),
  })
  .meta({
    title: 'stowage.yaml',
    description: 'One endpoint of Stowage. Several YAML documents (`---`) make several endpoints.',
  });

/** One YAML document, checked, with every default filled in. */
export type EndpointDocument = z.output<typeof endpointSchema>;
export type InstancesDocument = z.output<typeof instances>;
export type RoutingDocument = z.output<typeof routing>;
export type VariantDocument = z.output<typeof variant>;

/** The part of JSON Schema that `endpointJsonSchema` produces. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
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
