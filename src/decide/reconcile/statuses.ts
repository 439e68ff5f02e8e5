/**
 * What callers are told about endpoints and components. A thing that was asked for is Creating or Updating until it is
 * as asked; Failed when it never came up and is not expected to; what was in service stays so while its copies are
 * being replaced. A component that failed is tried on, and is in service when it comes up after all.
 *
 * Deployments that run have the status that `rollout` gives them.
 */
import type { EndpointRecord } from '../../domain/endpoint.js';
import { EndpointStatus } from '../../domain/endpoint.js';
import type { ErrorCode, ErrorData } from '../../domain/errors.js';
import type { ComponentRecord } from '../../domain/inference-component.js';
import { ComponentStatus } from '../../domain/inference-component.js';
import { failureReasonOf, isHopeless, isReasonOf } from './failures.js';
import type { ReconcileLimits } from './limits.js';

/** Codes of copies for which there is no room. */
export const roomCodes: readonly ErrorCode[] = ['CAP-106', 'CAP-108'];

/** A new status; `isGone`: the record is deleted. */
export interface StatusStep<Status> {
  readonly status: Status;
  readonly failureReason: string | null;
  readonly isGone: boolean;
  readonly reason: string;
}

export interface ComponentFacts {
  /** Copies that should be there, over all groups, that are ready, and that there are in any state. */
  readonly wanted: number;
  readonly ready: number;
  readonly total: number;
  /** Copies too many that are still to run. */
  readonly surplus: number;
  /** Why copies are missing for which there is no room, and for how long, milliseconds; null = there is room. */
  readonly blocked: { readonly error: ErrorData; readonly forMs: number } | null;
  /** Why it can never be started. */
  readonly defect: ErrorData | null;
}

/** Null = it stays as it is. */
export function componentStatus(
  component: ComponentRecord,
  facts: ComponentFacts,
  limits: ReconcileLimits,
): StatusStep<ComponentStatus> | null {
  const { status, failures } = component;
  const isComplete = facts.ready >= facts.wanted && facts.surplus === 0;
  switch (status) {
    case ComponentStatus.Deleting:
      return facts.total === 0 ? { ...step(status, null, 'its last copy has gone'), isGone: true } : null;
    case ComponentStatus.InService:
      return null;
    case ComponentStatus.Creating:
    case ComponentStatus.Updating:
    case ComponentStatus.Failed: {
      if (component.deployment !== null) return null;
      if (isComplete) {
        const reason = `${facts.ready} of ${facts.wanted} copies are ready`;
        return step(ComponentStatus.InService, null, reason);
      }
      if (status === ComponentStatus.Failed) return null;
      return giveUp(facts, failures !== null && isHopeless(failures, limits) ? failures.error : null, limits);
    }
    default:
      return status satisfies never;
  }
}

/** Something that is not complete: is it expected to be? */
function giveUp(
  facts: ComponentFacts,
  failure: ErrorData | null,
  limits: ReconcileLimits,
): StatusStep<ComponentStatus> | null {
  const isBlocked = facts.blocked !== null && facts.blocked.forMs >= limits.placementMsMax;
  const error = facts.defect ?? failure ?? (isBlocked ? facts.blocked.error : null);
  if (error === null) return null;
  if (facts.ready === 0) return step(ComponentStatus.Failed, failureReasonOf(error), error.message);
  const reason = `${facts.ready} of ${facts.wanted} copies are ready; of the others: ${error.message}`;
  const isShort = facts.blocked !== null && error === facts.blocked.error;
  return step(ComponentStatus.InService, isShort ? failureReasonOf(error) : null, reason);
}

/**
 * The FailureReason of a component that is in service: why copies are missing for which there has been no room for a
 * while; null once they run. What it says of something else stays.
 */
export function shortageReason(
  { failureReason }: ComponentRecord,
  { wanted, ready, blocked }: ComponentFacts,
  limits: ReconcileLimits,
): string | null {
  const told = roomCodes.find((code) => failureReason !== null && isReasonOf(code, failureReason));
  if (failureReason !== null && told === undefined) return failureReason;
  if (ready >= wanted) return null;
  if (blocked === null || blocked.forMs < limits.placementMsMax) return failureReason;
  // What is free changes all the time; that is no news.
  if (told === 'CAP-108' && blocked.error.code === told) return failureReason;
  return failureReasonOf(blocked.error);
}

export interface EndpointFacts {
  /** Instances, and copies of variants' own models: all that are wanted are ready. */
  readonly isComplete: boolean;
  /** Instances, copies and components that are still there. */
  readonly remains: number;
  /** Why it will not be complete. */
  readonly problem: ErrorData | null;
}

/** Null = it stays as it is. */
export function endpointStatus(
  endpoint: EndpointRecord,
  facts: EndpointFacts,
): StatusStep<EndpointStatus> | null {
  const { status } = endpoint;
  switch (status) {
    case EndpointStatus.Deleting:
      return facts.remains === 0 ? { ...step(status, null, 'nothing of it is left'), isGone: true } : null;
    case EndpointStatus.InService:
    case EndpointStatus.Failed:
    case EndpointStatus.UpdateRollbackFailed:
      return null;
    case EndpointStatus.Creating:
    case EndpointStatus.Updating:
    case EndpointStatus.RollingBack: {
      if (endpoint.deployment !== null) return null;
      if (facts.isComplete) return step(EndpointStatus.InService, null, 'all its instances are ready');
      if (facts.problem === null) return null;
      const failed = status === EndpointStatus.Creating ? EndpointStatus.Failed : EndpointStatus.InService;
      return step(failed, failureReasonOf(facts.problem), facts.problem.message);
    }
    default:
      return status satisfies never;
  }
}

function step<Status>(status: Status, failureReason: string | null, reason: string): StatusStep<Status> {
  return { status, failureReason, isGone: false, reason };
}
