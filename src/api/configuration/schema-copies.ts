/** The shape of `copies`: how many copies of a component run, and what that number follows. */
import { z } from 'zod';
import { objectivePercentiles } from '../../domain/tracked-metric.js';
import { optionalNumber, wholeNumber } from './schema-parts.js';

/** Copies of one component that a file may ask for. */
const copiesMax = 64;
/** Seconds: a day. */
const cooldownSecondsMax = 86_400;
/** Schedules of one component. */
const schedulesMax = 50;

const target = z
  .strictObject({
    concurrentRequestsPerCopy: z
      .number()
      .min(0.1)
      .max(10_000)
      .optional()
      .meta({ description: 'Requests in flight and queued per copy, measured every 10 s.' }),
    invocationsPerCopy: z
      .number()
      .min(0.1)
      .max(1_000_000)
      .optional()
      .meta({ description: 'Requests per copy and minute.' }),
    firstToken: z
      .strictObject({
        milliseconds: z
          .number()
          .min(1)
          .max(3_600_000)
          .meta({ description: 'Within so many milliseconds the first token comes.' }),
        percentile: wholeNumber(
          objectivePercentiles.min,
          objectivePercentiles.max,
          95,
          'For so many of a hundred requests.',
        ),
      })
      .optional()
      .meta({
        description:
          'An objective instead of a metric: the number of copies that holds it at least cost, looking ahead over the time that a new copy takes to come up.',
        examples: [{ milliseconds: 1500, percentile: 95 }],
      }),
  })
  .meta({
    description:
      'What the number of copies follows: exactly one of the three. Left out where `max` is above `min`: `concurrentRequestsPerCopy`, three quarters of `max_rolling_batch_size`.',
    examples: [{ concurrentRequestsPerCopy: 12 }],
  });

const schedule = z
  .strictObject({
    name: z
      .string()
      .max(63)
      .regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/)
      .meta({
        description: 'Tells it from the other schedules of the component.',
        patternErrorMessage: 'letters, digits and single dashes between them, 1 to 63 characters',
      }),
    schedule: z
      .string()
      .max(256)
      .regex(/^(at|rate|cron)\([^()]+\)$/)
      .meta({
        description:
          'When: `at(yyyy-mm-ddThh:mm:ss)` once, `rate(NUMBER minutes|hours|days)`, or `cron(minutes hours day-of-month month day-of-week year)`.',
        patternErrorMessage: 'at(2026-12-24T18:00:00), rate(12 hours) or cron(0 7 ? * MON-FRI *)',
        examples: ['cron(0 7 ? * MON-FRI *)', 'at(2026-12-24T18:00:00)', 'rate(12 hours)'],
      }),
    timezone: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .meta({ description: 'Of `at` and `cron`; UTC when left out.', examples: ['Europe/Berlin'] }),
    min: optionalNumber(0, copiesMax, 'Fewest copies from then on.'),
    max: optionalNumber(0, copiesMax, 'Most copies from then on.'),
  })
  .meta({ description: 'Other bounds at a time; one of `min` and `max`, or both.' });

const cooldown = (description: string) => optionalNumber(0, cooldownSecondsMax, description);

export const copies = z
  .union([
    z.int().min(0).max(copiesMax),
    z.strictObject({
      min: z.int().min(0).max(copiesMax).default(1).meta({
        description: 'Fewest copies. At 0 they all go when nobody calls, and a request brings one back.',
      }),
      max: z
        .int()
        .min(1)
        .max(copiesMax)
        .optional()
        .meta({ description: 'Most copies under load; `min`, at least 1, when left out.' }),
      target: target.optional(),
      scaleOutCooldown: cooldown('Seconds after copies were added before more are added; 0 when left out.'),
      scaleInCooldown: cooldown(
        'Seconds after a change before copies are taken; 300 when left out, 0 with `firstToken`.',
      ),
      scaleIn: z
        .boolean()
        .default(true)
        .meta({ description: '`false`: copies are added under load and never taken.' }),
      schedules: z
        .array(schedule)
        .max(schedulesMax)
        .optional()
        .meta({ description: 'Other bounds at certain times.' }),
    }),
  ])
  .default(1)
  .meta({
    description: 'How many copies run: a number, or between which bounds they follow the load.',
    examples: [1, { min: 0, max: 4, target: { concurrentRequestsPerCopy: 12 } }],
  });

export type CopiesDocument = z.output<typeof copies>;
