/**
 * Progress of anything that takes over two seconds: which phase, how far, how long still. On a terminal a
 * line that changes; elsewhere a plain line now and then.
 */
import type { Terminal } from './terminal.js';
import { Paint } from './paint.js';

/** Between two static lines. */
const staticLineMsMin = 5_000;
/** Between two drawings of the live line. */
const drawMsMin = 80;
const barWidth = 24;

export interface ProgressState {
  readonly phase: string;
  /** 0..1; null when nobody knows how far it is. */
  readonly fraction: number | null;
  /** What else is worth saying now. */
  readonly detail: string;
}

export interface ProgressLine {
  update(state: ProgressState): void;
  /** Clears the live line, so that other text can be printed. */
  clear(): void;
}

/** A progress line on standard error. `now`: milliseconds that never go back. */
export function openProgress(terminal: Terminal, now: () => number): ProgressLine {
  const startedAt = now();
  let drawnAt = -Infinity;
  let isDrawn = false;
  let from: number | null = null;
  let farthest = 0;
  let advancedAt: number | null = null;
  const paceAt = (fraction: number | null, at: number): Pace | null => {
    if (fraction === null) return null;
    if (from === null) from = farthest = fraction;
    if (fraction > farthest) {
      farthest = fraction;
      advancedAt = at;
    }
    return advancedAt === null || fraction < farthest ? null : { from, sinceMs: at - advancedAt };
  };
  const clear = () => {
    if (isDrawn) terminal.writeError('\r\u001b[K');
    isDrawn = false;
  };
  return {
    clear,
    update(state) {
      const at = now();
      const pace = paceAt(state.fraction, at);
      if (terminal.isLive) {
        if (at - drawnAt < drawMsMin) return;
        drawnAt = at;
        const line = liveLine(state, at - startedAt, terminal.columns(), pace);
        terminal.writeError(`\r\u001b[K${terminal.paint(Paint.Cyan, line)}`);
        isDrawn = true;
      } else if (at - Math.max(startedAt, drawnAt) >= staticLineMsMin) {
        drawnAt = at;
        terminal.say(staticLine(state, at - startedAt, pace));
      }
    },
  };
}

/** How fast it goes: where it began, and how long ago it came to where it is. */
interface Pace {
  /** 0..1. */
  readonly from: number;
  readonly sinceMs: number;
}

const fromNothing: Pace = { from: 0, sinceMs: 0 };

/** `[######------]  40%  load model  inline 1/3  12 s left`, cut to the terminal's width; `pace` null = it stands still. */
export function liveLine(
  state: ProgressState,
  elapsedMs: number,
  columns: number,
  pace: Pace | null = fromNothing,
): string {
  const filled = Math.round((state.fraction ?? 0) * barWidth);
  const bar =
    state.fraction === null
      ? ''
      : `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${percent(state.fraction)}  `;
  return `${bar}${textOf(state, elapsedMs, pace)}`.slice(0, Math.max(10, columns - 1));
}

function staticLine(state: ProgressState, elapsedMs: number, pace: Pace | null): string {
  return `${state.fraction === null ? '' : `${percent(state.fraction).trim()} `}${textOf(state, elapsedMs, pace)}`;
}

function textOf(state: ProgressState, elapsedMs: number, pace: Pace | null): string {
  return [state.phase, state.detail, timeText(state.fraction, elapsedMs, pace)]
    .filter((part) => part !== '')
    .join('  ');
}

function percent(fraction: number): string {
  return `${String(Math.floor(fraction * 100)).padStart(3)} %`;
}

/** How long it still takes, judged by how long its last step forward took; what stands still has no such time. */
function timeText(fraction: number | null, elapsedMs: number, pace: Pace | null): string {
  if (elapsedMs < 2000) return '';
  const soFar = `${duration(elapsedMs)} so far`;
  if (fraction === null || fraction < 0.02 || pace === null || fraction <= pace.from) return soFar;
  if (fraction >= 1) return '';
  const msPerPart = (elapsedMs - pace.sinceMs) / (fraction - pace.from);
  const leftMs = msPerPart * (1 - fraction) - pace.sinceMs;
  return leftMs > 0 ? `${duration(leftMs)} left` : soFar;
}

/** `850 ms`, `12 s`, `3 min 20 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
