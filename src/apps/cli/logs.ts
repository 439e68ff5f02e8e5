/** `stowage logs`: what a copy, or every copy of a component, printed last. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ComponentAnswer, CopyLog } from '../../api/admin/contract.js';
import { askAdmin } from './admin-client.js';
import type { AdminFlags } from './admin-client.js';
import { ExitCode } from './exit-code.js';
import type { Session } from './session.js';
import { parseTarget } from './target.js';

export interface LogFlags extends AdminFlags {
  readonly lines: number;
  readonly follow?: boolean;
  /** Lines of the level `debug` as well. */
  readonly all?: boolean;
}

/** Between two looks of `--follow`. */
const followMs = 1_000;
/** Lines that are asked for when following; more than a copy prints between two looks. */
const followLines = 2_000;

/** As many lines as a server gives at once; among them those are looked for that are worth showing. */
const askedLinesMax = 10_000;

/** `target`: a copy's id as `stowage explain` shows it, or `component/NAME`. */
export async function logs(target: string, flags: LogFlags, session: Session): Promise<ExitCode> {
  const seen = new Map<string, readonly string[]>();
  await show(target, flags, session, seen);
  if (flags.follow !== true) return ExitCode.Ok;
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  process.once('SIGINT', interrupt);
  while (!interruption.signal.aborted) {
    await pause(followMs, undefined, { signal: interruption.signal }).catch(() => undefined);
    if (!interruption.signal.aborted) await show(target, flags, session, seen);
  }
  process.off('SIGINT', interrupt);
  return ExitCode.Interrupted;
}

async function show(
  target: string,
  flags: LogFlags,
  session: Session,
  seen: Map<string, readonly string[]>,
): Promise<void> {
  const copies = await copiesOf(target, flags, session);
  for (const copy of copies) {
    const before = seen.get(copy);
    const first = flags.all === true ? flags.lines : askedLinesMax;
    const lines = String(before === undefined ? first : followLines);
    const path = `/admin/logs/${encodeURIComponent(copy)}`;
    const log = await askAdmin<CopyLog>(path, { lines }, flags, session);
    const prefix = copies.length > 1 ? `${copy}  ` : '';
    const fresh = before === undefined ? log.lines : newLines(before, log.lines);
    const shown = flags.all === true ? fresh : fresh.filter((line) => !isDebugLine(line));
    if (before === undefined && shown.length === 0 && fresh.length > 0) {
      session.terminal.say(`${copy} printed only lines of the level debug; --all shows them`);
    }
    const last = before === undefined ? shown.slice(-flags.lines) : shown;
    for (const line of last) session.terminal.write(`${prefix}${line}\n`);
    seen.set(copy, log.lines.slice(-followLines));
  }
}

async function copiesOf(target: string, flags: LogFlags, session: Session): Promise<readonly string[]> {
  if (!target.startsWith('component/')) return [target];
  const name = parseTarget(target).component ?? '';
  const path = `/admin/explain/component/${encodeURIComponent(name)}`;
  const { copies } = await askAdmin<ComponentAnswer>(path, {}, flags, session);
  return copies.filter(({ incarnation }) => incarnation !== null).map(({ id }) => id);
}

/** What came after the lines that were shown: everything behind the longest end of `before` that `now` holds. */
export function newLines(before: readonly string[], now: readonly string[]): readonly string[] {
  for (let start = Math.max(0, before.length - now.length); start < before.length; start++) {
    const tail = before.slice(start);
    for (let at = now.length - tail.length; at >= 0; at--) {
      if (tail.every((line, index) => now[at + index] === line)) return now.slice(at + tail.length);
    }
  }
  return now;
}

/** Lines of a copy are JSON with a level; what is none was printed by something else and is shown. */
export function isDebugLine(line: string): boolean {
  if (!line.includes('"debug"')) return false;
  try {
    return (JSON.parse(line) as { level?: unknown } | null)?.level === 'debug';
  } catch {
    return false;
  }
}
