/** A copy in the replay: where it is, what it holds, and how it computes. */
import type { PlacementRequirement } from '../../../decide/placement/placement.js';
import type { AcceleratorShare } from '../../../domain/record.js';
import type { CopyEngine } from './copy-engine.js';
import type { ReplayInstance } from './replay-instance.js';

/** Requests in a copy beside those it computes, so that it never waits for the next: as serving hands over. */
export function placesOf(sequencesMax: number): number {
  return sequencesMax + Math.ceil(sequencesMax / 4);
}

export interface ReplayCopy {
  readonly id: string;
  /** Index of the component. */
  readonly component: number;
  readonly instance: ReplayInstance;
  readonly requirement: PlacementRequirement;
  readonly accelerators: readonly AcceleratorShare[];
  readonly capacity: number;
  readonly engine: CopyEngine;
  outstanding: number;
  /** When it came up, and when it had its last request. */
  readyAt: number;
  usedAt: number;
  /** It stays until as many others of its component are ready, because its instance goes. */
  isLeaving: boolean;
  state: 'starting' | 'ready' | 'draining' | 'gone';
  /** One of its requests has left it. */
  onRelease(): void;
}
