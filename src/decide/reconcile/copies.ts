/**
 * Copies wanted against copies there, of one workload: which are missing, which are too many, which must move.
 *
 * A copy that must move, or be replaced by a newer generation, serves on until as many others are ready. A copy that is
 * ready is drained; one that is not serves nobody and is ended.
 *
 * Never: a ready copy drained while fewer than wanted would be left, unless the count was lowered or it is in the way
 * of its own successor.
 */
import { WorkloadKind } from '../../domain/component.js';
import { CopyState } from '../../domain/copy.js';
import { StowageError } from '../../domain/errors.js';
import type { CopyRecord } from '../../domain/record.js';
import { chooseRemovals } from '../placement/choose-removals.js';
import type {
  CopyStep,
  CopyWish,
  HeldCopies,
  MissingCopies,
  PlannedCopy,
  Room,
  Workload,
  WorkloadTarget,
} from './workload.js';

export interface WorkloadPlan {
  readonly steps: readonly CopyStep[];
  readonly missing: readonly MissingCopies[];
  readonly held: readonly HeldCopies[];
}

/** Decides about one workload. `rooms` are those of its endpoint; a component's are chosen later. */
export function planWorkload(workload: Workload, rooms: readonly Room[]): WorkloadPlan {
  const plan = new Plan(workload);
  if (workload.dismissal !== null) {
    for (const copy of workload.copies) plan.dismiss(copy, workload.dismissal);
  } else if (workload.kind === WorkloadKind.Variant) plan.levelInstances(rooms);
  else plan.levelGenerations();
  return plan.result();
}

/** True of a copy that is to run and whose instance is there. */
export function isLiving({ record, place }: PlannedCopy): boolean {
  return record.wish === 'run' && place !== 'lost';
}

/** Ends a copy in the way its state asks for. */
export function dismissal(copy: CopyRecord, reason: string): CopyStep {
  const isServing = copy.state === CopyState.Ready || copy.state === CopyState.Draining;
  return { kind: isServing ? 'drain' : 'end', copy, reason };
}

class Plan {
  private readonly steps: CopyStep[] = [];
  private readonly missing: MissingCopies[] = [];
  private readonly held: HeldCopies[] = [];

  constructor(private readonly workload: Workload) {}

  result(): WorkloadPlan {
    return { steps: this.steps, missing: this.missing, held: this.held };
  }

  dismiss({ record, place }: PlannedCopy, reason: string): void {
    if (record.wish === 'end') return;
    if (place === 'lost') this.steps.push({ kind: 'end', copy: record, reason: 'its instance is gone' });
    else if (record.wish === 'run') this.steps.push(dismissal(record, reason));
  }

  /** A variant's own model: one copy on each of its instances. */
  levelInstances(rooms: readonly Room[]): void {
    const { workload } = this;
    const targets = new Map(workload.targets.map((target) => [target.generation, target]));
    const taken = new Set<string>();
    for (const copy of workload.copies) {
      const { record, place } = copy;
      const isWanted = targets.has(record.generation) && record.generation === record.endpointGeneration;
      if (place !== 'steady') this.dismiss(copy, 'its instance is retired');
      else if (!isWanted) this.dismiss(copy, 'nothing asks for it any more');
      else if (record.wish === 'run' && taken.has(record.instance)) {
        this.dismiss(copy, 'its instance has another copy');
      } else if (record.wish === 'run') taken.add(record.instance);
    }
    for (const room of rooms) {
      if (room.variant !== workload.variant || taken.has(room.instance)) continue;
      // A predecessor that is going still holds the instance.
      if (workload.copies.some(({ record }) => record.instance === room.instance)) continue;
      const target = targets.get(room.generation);
      if (target === undefined) continue;
      this.want(target, room.generation, 1, room, `${workload.key} has a copy on each instance`);
    }
  }

  /** A component: its copies on the instances of each generation of the endpoint. */
  levelGenerations(): void {
    const { wishes, copies } = this.workload;
    for (const copy of copies) {
      const isPlaced = wishes.some((wish) => wish.endpointGeneration === copy.record.endpointGeneration);
      if (copy.place === 'lost') this.dismiss(copy, '');
      else if (!isPlaced) this.dismiss(copy, 'its generation of the endpoint is gone');
    }
    for (const wish of wishes) {
      const here = ({ record }: PlannedCopy) => record.endpointGeneration === wish.endpointGeneration;
      this.levelWish(
        wish,
        copies.filter((copy) => isLiving(copy) && here(copy)),
      );
    }
  }

  private levelWish(wish: CopyWish, living: readonly PlannedCopy[]): void {
    const { targets } = this.workload;
    let shortOfReady = 0;
    for (const target of [...targets].reverse()) {
      const mine = living.filter(({ record }) => record.generation === target.generation);
      shortOfReady += this.levelTarget(wish, target, mine);
    }
    for (const copy of living) {
      if (targets.some((target) => target.generation === copy.record.generation)) continue;
      const isServing = copy.record.state === CopyState.Ready;
      if (isServing && shortOfReady > 0) continue; // it serves until its successors are ready
      this.dismiss(copy, 'a newer generation has taken its place');
    }
  }

  /** One generation of it on one generation of instances; returns how many more ready copies it needs. */
  private levelTarget(wish: CopyWish, target: WorkloadTarget, copies: readonly PlannedCopy[]): number {
    const { generation } = target;
    const count = wish.counts.get(generation) ?? 0;
    const steady = copies.filter(({ place }) => place === 'steady');
    const leaving = copies.filter(({ place }) => place === 'leaving');
    this.removeSurplus(steady, steady.length - count, count);
    const isReady = ({ record }: PlannedCopy) => record.state === CopyState.Ready;
    const ready = Math.min(count, steady.filter(isReady).length);
    let spare = ready + leaving.filter(isReady).length - count;
    for (const copy of leaving) {
      if (isReady(copy) && spare-- <= 0) continue; // it serves until its successor is ready
      this.dismiss(copy, 'its instance is retired');
    }
    const missing = count - steady.length;
    const reason = `${this.workload.key} wants ${count} of generation ${generation}`;
    if (missing > 0) this.want(target, wish.endpointGeneration, missing, null, reason);
    return count - ready;
  }

  private removeSurplus(copies: readonly PlannedCopy[], surplus: number, count: number): void {
    if (surplus <= 0) return;
    const choices = copies.map(({ record, zone }) => ({
      id: `${record.copy.id}#${record.copy.incarnation}`,
      instance: record.instance,
      zone,
      isReady: record.state === CopyState.Ready,
    }));
    const chosen = new Set(chooseRemovals(choices, surplus));
    for (const [index, choice] of choices.entries()) {
      if (chosen.has(choice.id)) this.dismiss(copies[index]!, `${this.workload.key} wants ${count}`);
    }
  }

  private want(
    target: WorkloadTarget,
    endpointGeneration: number,
    count: number,
    room: Room | null,
    reason: string,
  ): void {
    const { key: workload } = this.workload;
    const { generation, pause, defect } = target;
    if (defect !== null) {
      this.held.push({ workload, generation, count, reason: defect.message, error: defect, until: null });
    } else if (pause !== null) {
      const { reason: why, error, until } = pause;
      this.held.push({ workload, generation, count, reason: why, error, until });
    } else if (this.workload.line === 'behind') {
      const error = StowageError.of('CAP-106', { details: 'others have waited longer for room' }).toData();
      this.held.push({ workload, generation, count, reason: error.message, error, until: null });
    } else this.missing.push({ workload: this.workload, endpointGeneration, target, count, room, reason });
  }
}
