/**
 * Shadow variants: some requests that a production variant took are sent to a shadow's lane as well. Their answers are
 * dropped and their measurements kept under the shadow's name.
 *
 * Never: anything that the caller of the first request can notice. A shadow that is busy or has no copy is left out.
 */
import type { Random } from '../contracts/random.js';
import type { Log } from '../contracts/telemetry.js';
import type { InferenceRequest } from '../domain/inference.js';
import type { AnswerSink } from './facade.js';
import type { Lane } from './lane.js';

export interface Shadow {
  readonly lane: Lane;
  /** Part of the requests that it is sent, 0..1. */
  readonly probability: number;
}

const droppedAnswer: AnswerSink = {
  onStart: () => undefined,
  onChunk: () => undefined,
  onEnd: () => undefined,
};

/** Sends the request to those of the shadows that chance picks and that have room. */
export function mirror(
  request: InferenceRequest,
  shadows: readonly Shadow[],
  { random, log }: { readonly random: Random; readonly log: Log },
): void {
  for (const { lane, probability } of shadows) {
    if (random.next() >= probability || !lane.hasRoomToSpare) continue;
    try {
      const { caller: _nobody, ...shadowed } = request;
      lane.answer({ ...shadowed, id: `${request.id}-shadow`, component: lane.component }, droppedAnswer);
    } catch (error) {
      log.error({ request: request.id, shadow: lane.key, err: error }, 'a request could not be mirrored');
    }
  }
}
