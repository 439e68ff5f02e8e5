/** Shows how components of a server come up: a line of progress, and a line for each that is ready or cannot be. */
import type { ComponentExplanation } from '../../api/admin/contract.js';
import { StowageError } from '../../domain/errors.js';
import { Paint } from './paint.js';
import { openProgress } from './progress.js';
import type { Terminal } from './terminal.js';

/** Between two looks, milliseconds. */
const lookMs = 200;
/**
 * So long a component that failed is watched for a copy that says why, milliseconds: what is remembered of it may be of
 * an earlier run of the server, before somebody mended it.
 */
const copySaysMsMax = 3_000;

export interface LoadingParts {
  readonly terminal: Terminal;
  /** Null = nobody answers at the moment. */
  readonly explain: () => Promise<readonly ComponentExplanation[] | null>;
  /** Nothing more will be asked for. */
  readonly isComplete: () => boolean;
  readonly signal: AbortSignal;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or when the signal comes. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Resolves when each component that is to have copies has them all or has failed, or when the signal comes. */
export async function showLoading(parts: LoadingParts): Promise<void> {
  const { terminal, explain, isComplete, signal, now, pause } = parts;
  const line = openProgress(terminal, now);
  const shown = new Map<string, string>();
  const failedAt = new Map<string, number>();
  try {
    while (!signal.aborted) {
      const wasComplete = isComplete();
      const components = await explain();
      const wanted = components?.filter(({ copiesWanted }) => copiesWanted > 0);
      for (const component of wanted ?? []) {
        const { component: key, status } = component;
        if (status === 'Failed' && !failedAt.has(key)) failedAt.set(key, now());
        const isOld = now() - (failedAt.get(key) ?? Infinity) > copySaysMsMax;
        const news = newsOf(component, shown.get(key), isOld, terminal);
        if (news === null) continue;
        shown.set(key, news.key);
        line.clear();
        news.say();
      }
      const behind = wanted?.find((one) => !isSettled(one, shown.get(one.component)));
      if (behind === undefined && wanted !== undefined && wasComplete) return;
      if (behind !== undefined && wanted !== undefined) {
        line.update({
          phase: phaseOf(behind),
          fraction: wanted.reduce((sum, one) => sum + partOf(one), 0) / wanted.length,
          detail: shownName(behind),
        });
      }
      await pause(lookMs);
    }
  } finally {
    line.clear();
  }
}

function shownName({ endpoint, name }: ComponentExplanation): string {
  return `${endpoint}/${name}`;
}

/** One that failed is done with once that was said, and not only why it had failed before. */
function isSettled(component: ComponentExplanation, shown: string | undefined): boolean {
  const { status, copiesReady, copiesWanted, failure, copies } = component;
  if (copiesReady >= copiesWanted) return true;
  if (status !== 'Failed' || shown === undefined) return false;
  return (
    failure === null || [failure, ...copies.map(({ error }) => error)].some((one) => one?.message === shown)
  );
}

/** Of the copy that is furthest. */
function loadingOf({ copies }: ComponentExplanation): { phase: string; fraction: number } {
  return copies.reduce<{ phase: string; fraction: number }>(
    (best, { loading }) => (loading !== null && loading.fraction >= best.fraction ? loading : best),
    { phase: 'starting', fraction: 0 },
  );
}

function phaseOf(component: ComponentExplanation): string {
  return loadingOf(component).phase;
}

function partOf(component: ComponentExplanation): number {
  const { copiesReady, copiesWanted } = component;
  if (copiesReady >= copiesWanted) return 1;
  const { fraction } = loadingOf(component);
  return Math.min(1, (copiesReady + Math.min(1, Math.max(0, fraction))) / copiesWanted);
}

/**
 * What is worth a line of its own: a component that became ready, and each new reason why it is not. Copies that are
 * between two starts say none, so of one that failed a while ago it is what is remembered.
 */
function newsOf(
  component: ComponentExplanation,
  before: string | undefined,
  isOld: boolean,
  terminal: Terminal,
) {
  const { copies, copiesReady, copiesWanted, failureReason, failure } = component;
  if (copiesReady >= copiesWanted) {
    const say = () => terminal.say(`${terminal.paint(Paint.Green, 'ready')}    ${shownName(component)}`);
    return before === 'ready' ? null : { key: 'ready', say };
  }
  const told = copies.find((copy) => copy.error !== null)?.error ?? (isOld ? failure : null);
  const error = copiesReady > 0 ? null : told;
  const reason = error?.message ?? (isOld && before === undefined ? failureReason : null);
  if (reason === null || before === reason) return null;
  const say = () => {
    terminal.say(`${terminal.paint(Paint.Red, 'failing')}  ${shownName(component)}`);
    if (error === null) terminal.say(`  ${reason}`);
    else terminal.fail(StowageError.fromData(error));
  };
  return { key: reason, say };
}
