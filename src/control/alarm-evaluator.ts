/** Who decides the states of alarms: asked once in each turn of the loop. */
import type { Change } from '../contracts/store.js';
import type { StateView } from './state-view.js';

export interface AlarmEvaluator {
  /** Alarms whose state changes now (wall clock, milliseconds); [] = none. The loop commits them. */
  evaluate(view: StateView, now: number): readonly Change[];
}
