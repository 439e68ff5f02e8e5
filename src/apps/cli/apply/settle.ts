/**
 * Waits until endpoints and components are as they were asked to be. Each look at a thing says how far it is; a thing
 * that failed ends the waiting for it, with the server's reason as an error of the table.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { StowageError } from '../../../domain/errors.js';
import { codeOfSentence, errorOfText } from '../call-failure.js';
import type { ControlApi } from '../control-api/control-api.js';
import type { ProgressState } from '../progress.js';
import type { ComponentDescription, EndpointDescription } from './observe.js';
import { mapBounded } from './map-bounded.js';

export interface Look {
  /** 0..1. */
  readonly fraction: number;
  /** What is being waited for, for people; null = it is over. */
  readonly waitingFor: string | null;
  readonly failure: StowageError | null;
}

/** Something that is waited for. */
export interface Wait {
  /** `component/chat`. */
  readonly name: string;
  look(api: ControlApi): Promise<Look>;
}

export interface Patience {
  /** Milliseconds between two looks at first, and at most; it grows in between. */
  readonly pollMsMin: number;
  readonly pollMsMax: number;
  /** Milliseconds that are waited in all. */
  readonly msMax: number;
  readonly onProgress: (state: ProgressState) => void;
  readonly signal: AbortSignal;
}

export interface Settled {
  readonly failures: readonly StowageError[];
  /** Names of what was not over when the time was. */
  readonly pending: readonly string[];
}

const over: Look = { fraction: 1, waitingFor: null, failure: null };

/** Waits for all of them. Throws what `call` throws, and the reason of the signal. */
export async function settle(api: ControlApi, waits: readonly Wait[], patience: Patience): Promise<Settled> {
  const deadline = performance.now() + patience.msMax;
  const failures: StowageError[] = [];
  let open = waits;
  for (let pollMs = patience.pollMsMin; open.length > 0;) {
    const looks = await mapBounded(open, (wait) => patientLook(wait, api));
    failures.push(...looks.flatMap(({ failure }) => failure ?? []));
    const stillOpen = open.flatMap((wait, index) =>
      looks[index]?.waitingFor === null ? [] : [{ wait, look: looks[index] ?? over }],
    );
    open = stillOpen.map(({ wait }) => wait);
    const first = stillOpen[0];
    if (first === undefined) break;
    const sum = stillOpen.reduce((total, { look }) => total + look.fraction, waits.length - stillOpen.length);
    patience.onProgress({
      phase: first.look.waitingFor ?? '',
      fraction: sum / waits.length,
      detail:
        stillOpen.length === 1 ? first.wait.name : `${first.wait.name} and ${stillOpen.length - 1} more`,
    });
    if (performance.now() + pollMs > deadline) break;
    await pause(pollMs, undefined, { signal: patience.signal });
    pollMs = Math.min(pollMs * 1.5, patience.pollMsMax);
  }
  return { failures, pending: open.map(({ name }) => name) };
}

/** A server that restarts is waited for as well. */
async function patientLook(wait: Wait, api: ControlApi): Promise<Look> {
  try {
    return await wait.look(api);
  } catch (thrown) {
    if (thrown instanceof StowageError && thrown.row.retryable) return waiting(thrown.message);
    throw thrown;
  }
}

/** Until the endpoint is in service. `failsOnRollback`: a reason for a failure that stayed is one. */
export function endpointInService(endpointName: string, failsOnRollback: boolean): Wait {
  const name = `endpoint/${endpointName}`;
  return {
    name,
    async look(api) {
      const seen = await api.find<EndpointDescription>('DescribeEndpoint', { endpointName });
      const status = seen?.endpointStatus ?? 'not there yet';
      const reason = seen?.failureReason ?? null;
      switch (status) {
        case 'InService':
          return {
            ...over,
            failure: failsOnRollback && reason !== null ? failureOf(api, name, reason) : null,
          };
        case 'Failed':
        case 'UpdateRollbackFailed':
        case 'OutOfService':
          return { ...over, failure: failureOf(api, name, reason ?? status) };
        default:
          return { fraction: instancesPart(seen), waitingFor: withReason(status, reason), failure: null };
      }
    },
  };
}

/** Until scaling has brought the number of copies between the bounds, and as many are there. */
export function componentWithin(
  inferenceComponentName: string,
  { min, max }: { readonly min: number; readonly max: number },
): Wait {
  const { name, look } = componentInService(inferenceComponentName);
  return {
    name,
    async look(api) {
      const seen = await describe(api, inferenceComponentName);
      const { desiredCopyCount = 0 } = seen?.runtimeConfig ?? {};
      if (desiredCopyCount >= min && desiredCopyCount <= max) return look(api);
      return waiting(`${desiredCopyCount} copies are wanted, ${min} to ${max} may be`);
    },
  };
}

/** Until the component has the copies it was asked to have. */
export function componentInService(inferenceComponentName: string): Wait {
  const name = `component/${inferenceComponentName}`;
  return {
    name,
    async look(api) {
      const seen = await describe(api, inferenceComponentName);
      const reason = seen?.failureReason ?? null;
      const { desiredCopyCount = 0, currentCopyCount = 0 } = seen?.runtimeConfig ?? {};
      const status = seen?.inferenceComponentStatus ?? 'not there yet';
      if (status === 'Failed') return { ...over, failure: failureOf(api, name, reason ?? status) };
      if (status === 'InService') {
        if (reason !== null) return { ...over, failure: failureOf(api, name, reason) };
        if (currentCopyCount === desiredCopyCount) return over;
      }
      const waitingFor = withReason(`${status}, ${currentCopyCount} of ${desiredCopyCount} copies`, reason);
      const fraction = Math.min(0.9, currentCopyCount / Math.max(1, desiredCopyCount));
      return { fraction, waitingFor, failure: null };
    },
  };
}

/** Until no change of the component is under way, however it ended. */
export function componentIdle(inferenceComponentName: string): Wait {
  return {
    name: `component/${inferenceComponentName}`,
    async look(api) {
      const status = (await describe(api, inferenceComponentName))?.inferenceComponentStatus ?? 'InService';
      return status === 'InService' || status === 'Failed' ? over : waiting(status);
    },
  };
}

/** Until the component, or the endpoint, is not there any more. */
export function gone(kind: 'component' | 'endpoint', thing: string): Wait {
  const name = `${kind}/${thing}`;
  return {
    name,
    async look(api) {
      const seen =
        kind === 'component'
          ? await describe(api, thing)
          : await api.find<EndpointDescription>('DescribeEndpoint', { endpointName: thing });
      return seen === null ? over : waiting('Deleting');
    },
  };
}

function describe(api: ControlApi, inferenceComponentName: string): Promise<ComponentDescription | null> {
  return api.find<ComponentDescription>('DescribeInferenceComponent', { inferenceComponentName });
}

function waiting(waitingFor: string): Look {
  return { fraction: 0, waitingFor, failure: null };
}

function instancesPart(seen: EndpointDescription | null): number {
  const variants = seen?.productionVariants ?? [];
  const wanted = variants.reduce((sum, { desiredInstanceCount = 0 }) => sum + desiredInstanceCount, 0);
  const there = variants.reduce((sum, { currentInstanceCount = 0 }) => sum + currentInstanceCount, 0);
  return Math.min(0.9, there / Math.max(1, wanted));
}

function withReason(status: string, reason: string | null): string {
  return reason === null ? status : `${status}: ${reason}`;
}

/** A FailureReason as an error; `name` is `kind/name`. */
export function failureOf({ regionFlag }: ControlApi, name: string, reason: string): StowageError {
  const told = errorOfText(reason);
  const message = `${name}: ${told?.message ?? reason}`;
  if (told !== null) return StowageError.fromData({ ...told.toData(), message });
  const code = codeOfSentence(reason) ?? 'RUN-304';
  return StowageError.fromData({ code, message, mend: `stowage explain ${name}${regionFlag}` });
}
