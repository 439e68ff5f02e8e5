/**
 * The step of a turn that brings the capacity of scalable targets to what their policies wish. It writes the capacity
 * into the component or the endpoint, as UpdateInferenceComponentRuntimeConfig would, and what it did as an activity.
 */
import { decideCapacity } from '../../decide/scaling/decide-capacity.js';
import type { CapacityDecision, ScalingSituation } from '../../decide/scaling/situation.js';
import { CopyState } from '../../domain/copy.js';
import { ComponentStatus, type ComponentRecord } from '../../domain/inference-component.js';
import { ActivityStatus, parseResourceId, type ScalableTargetRecord } from '../../domain/scaling.js';
import type { StoredOf } from '../state-view.js';
import { keyOfComponent } from '../agenda.js';
import type { Desk, Turn } from '../desk.js';
import type { LoadBoard } from './load-board.js';

export function stepScaling(desk: Desk, turn: Turn, board: LoadBoard): void {
  for (const stored of desk.state.allScalableTargets()) {
    const resource = parseResourceId(stored.value.name);
    if (resource?.kind === 'component') stepComponent(desk, turn, board, stored, resource.component);
  }
}

function stepComponent(
  desk: Desk,
  turn: Turn,
  board: LoadBoard,
  { value: target }: StoredOf<ScalableTargetRecord>,
  name: string,
): void {
  const component = desk.state.component(target.scope, name)?.value;
  if (component === undefined || !isScalable(component)) return;
  const decision = decideCapacity(situationOf(desk, turn, board, target, component));
  if (decision.capacity === component.copyCount) return;
  scale(desk, turn, target, component, decision);
}

/** The middle of a deployment or of being created is no time to scale; a failed one waits for people. */
function isScalable({ status, deployment }: ComponentRecord): boolean {
  const isGoing = status === ComponentStatus.Deleting || status === ComponentStatus.Failed;
  return !isGoing && deployment === null;
}

function situationOf(
  desk: Desk,
  turn: Turn,
  board: LoadBoard,
  target: ScalableTargetRecord,
  component: ComponentRecord,
): ScalingSituation {
  const { minCapacity: min, maxCapacity: max, suspended, lastOutAt, lastInAt } = target;
  const key = keyOfComponent(component);
  const copies = desk.state.copiesOf(key);
  return {
    now: turn.wall,
    min,
    max,
    suspended,
    capacity: component.copyCount,
    ready: copies.filter(({ value }) => value.wish === 'run' && value.state === CopyState.Ready).length,
    held: board.of(key, turn.wall).held,
    lastOutAt,
    lastInAt,
    policies: [],
  };
}

function scale(
  desk: Desk,
  turn: Turn,
  target: ScalableTargetRecord,
  component: ComponentRecord,
  { capacity, cause }: CapacityDecision,
): void {
  const { state, log } = desk;
  const isOut = capacity > component.copyCount;
  const id = desk.random.id();
  log.info(
    { component: keyOfComponent(component), from: component.copyCount, to: capacity, cause },
    'scaled',
  );
  const resized = { copyCount: capacity, modifiedAt: turn.wall, status: ComponentStatus.Updating };
  state.put({ ...component, ...resized }, 'component-scaled', cause);
  state.put(
    {
      ...target,
      lastOutAt: isOut ? turn.wall : target.lastOutAt,
      lastInAt: isOut ? target.lastInAt : turn.wall,
    },
    'target-scaled',
    cause,
  );
  state.put(
    {
      kind: 'scaling-activity',
      scope: target.scope,
      name: id,
      resourceId: target.name,
      dimension: target.dimension,
      startedAt: turn.wall,
      endedAt: turn.wall,
      description: `Setting desired copy count to ${capacity}.`,
      cause,
      status: ActivityStatus.Successful,
      statusMessage: `Successfully set desired copy count to ${capacity}.`,
      details: null,
      notScaled: [],
      capacity,
    },
    'activity-ended',
    cause,
  );
}
