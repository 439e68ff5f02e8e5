/** Kinds of whole asynchronous classes: batches, scheduled jobs, queueables. */
import { classKind } from '../class-kind.js';
import type { FileKind } from '../../file-kind.js';
import type { Member } from '../../part.js';
import { countingBatch, creatingBatch, deletingBatch, settingBatch } from './batches.js';
import { chunkedJob, positionedJob, retryingJob, steppedJob } from './queueables.js';
import { scheduledBatch } from './scheduled-batch.js';
import { hourlySchedule, selfScheduled, stoppableSchedule } from './schedules.js';

/** A class of one maker alone that promises something. */
function whole(
  kind: string,
  interfaces: readonly string[],
  suffixes: readonly string[],
  first: Member,
): FileKind {
  return { ...classKind(kind, suffixes, first), interfaces };
}

const batch = ['Database.Batchable<SObject>', 'Database.Batchable<sObject>'];
const stateful = ['Database.Batchable<SObject>, Database.Stateful'];
const queueable = ['Queueable'];

/** Batches that set, count, delete and insert; jobs that schedule themselves; jobs that follow one another. */
export const classJobKinds: readonly FileKind[] = [
  whole('setting batch', batch, ['Batch', 'UpdateBatch', 'BatchJob', 'StatusBatch'], settingBatch),
  whole('counting batch', stateful, ['Batch', 'CountingBatch', 'BatchJob'], countingBatch),
  whole(
    'deleting batch',
    batch,
    ['PurgeBatch', 'CleanupBatch', 'DeleteBatch', 'RetentionBatch'],
    deletingBatch,
  ),
  whole('creating batch', batch, ['Batch', 'CreationBatch', 'GeneratorBatch'], creatingBatch),
  whole(
    'scheduled batch',
    ['Database.Batchable<SObject>, Schedulable', 'Schedulable, Database.Batchable<SObject>'],
    ['NightlyBatch', 'ScheduledBatch', 'DailyBatch'],
    scheduledBatch,
  ),
  whole(
    'self scheduled',
    ['Schedulable'],
    ['Scheduler', 'Schedule', 'Nightly', 'ScheduledJob'],
    selfScheduled,
  ),
  whole('hourly schedule', ['Schedulable'], ['Scheduler', 'Hourly', 'Schedule'], hourlySchedule),
  whole('stoppable schedule', ['Schedulable'], ['Scheduler', 'Schedule', 'Scheduled'], stoppableSchedule),
  whole('chunked job', queueable, ['Queueable', 'Job', 'ChunkJob', 'Worker'], chunkedJob),
  whole('positioned job', queueable, ['Queueable', 'Job', 'Worker'], positionedJob),
  whole('retrying job', queueable, ['RetryJob', 'Queueable', 'Job'], retryingJob),
  whole('stepped job', queueable, ['Steps', 'Pipeline', 'Job'], steppedJob),
];
