/**
 * Scheduled actions, run when they are due: each gives its target other bounds. One that was missed, because nobody was
 * there, runs late, the last of its times only; of several in the order of those times.
 */
import {
  ActivityStatus,
  type ScalableTargetRecord,
  type ScheduledActionRecord,
} from '../../domain/scaling.js';
import { recordKey } from '../../domain/record.js';
import type { Desk, Turn } from '../desk.js';
import type { Activities } from './activities.js';
import { missedRun, nextRun } from './schedules.js';

export class ScheduledRuns {
  /** When each action is due, wall clock, by its key. */
  private readonly dueAt = new Map<string, number>();
  private earliest = Infinity;

  constructor(
    private readonly desk: Desk,
    private readonly activities: Activities,
  ) {}

  /** It is there, or was changed. */
  note(action: ScheduledActionRecord): void {
    const next = nextRun(action);
    if (next === null) return this.forget(action);
    this.dueAt.set(recordKey(action), next);
    this.earliest = Math.min(this.earliest, next);
  }

  forget(action: ScheduledActionRecord): void {
    this.dueAt.delete(recordKey(action));
  }

  run(turn: Turn): void {
    if (turn.wall < this.earliest) return;
    const due: { readonly action: ScheduledActionRecord; readonly at: number }[] = [];
    this.earliest = Infinity;
    for (const [key, at] of this.dueAt) {
      if (at > turn.wall) {
        this.earliest = Math.min(this.earliest, at);
        continue;
      }
      this.dueAt.delete(key);
      const action = this.desk.state.get(key)?.value;
      if (action?.kind !== 'scheduled-action') continue;
      const last = missedRun(action, turn.wall);
      if (last === null) this.note(action);
      else due.push({ action, at: last });
    }
    due.sort((a, b) => a.at - b.at);
    for (const { action, at } of due) {
      try {
        this.runOne(turn, action, at);
      } catch (err) {
        this.desk.log.error(
          { err, action: action.name },
          'a scheduled action could not run; it is tried again',
        );
        this.note(action);
      }
    }
  }

  private runOne(turn: Turn, action: ScheduledActionRecord, at: number): void {
    const { state, log } = this.desk;
    const { scope, resourceId, actionName } = action;
    const cause = `scheduled action name ${actionName} was triggered`;
    // Written first: an action that does nothing has run all the same.
    state.put({ ...action, lastRunAt: at }, 'schedule-ran', cause);
    const target = state.scalableTarget(scope, resourceId)?.value;
    if (target === undefined || target.suspended.scheduledScalingSuspended) return;
    const bounded = withBounds(target, action);
    const told = {
      description: `Setting min capacity to ${bounded.minCapacity} and max capacity to ${bounded.maxCapacity}`,
      cause,
    };
    if (bounded.minCapacity > bounded.maxCapacity) {
      const statusMessage = `Minimum capacity ${bounded.minCapacity} is above maximum capacity ${bounded.maxCapacity}.`;
      return this.activities.tell(turn, target, { ...told, status: ActivityStatus.Failed, statusMessage });
    }
    log.info({ target: resourceId, action: actionName }, told.description);
    state.put(bounded, 'target-updated', `${told.description}: ${cause}`);
    const statusMessage = `Successfully set min capacity to ${bounded.minCapacity} and max capacity to ${bounded.maxCapacity}`;
    this.activities.tell(turn, bounded, { ...told, status: ActivityStatus.Successful, statusMessage });
  }
}

function withBounds(
  target: ScalableTargetRecord,
  { minCapacity, maxCapacity }: ScheduledActionRecord,
): ScalableTargetRecord {
  return {
    ...target,
    minCapacity: minCapacity ?? target.minCapacity,
    maxCapacity: maxCapacity ?? target.maxCapacity,
  };
}
