/**
 * The process that hosts one Copy. Its argument names a file of JSON whose member `assignment` says what it is; what
 * it says to people goes to standard error, line by line, and everything else over its socket.
 *
 * It ends by itself when the engine breaks, when its model is refused, and when nobody has been connected for
 * the time the assignment names: an orphan never outlives its server for long. Its last line says so, for those
 * who were not connected then.
 */
import { readFileSync, statSync } from 'node:fs';
import { createSocketListener } from '../adapters/link/unix-socket/listener.js';
import { systemClock } from '../adapters/clock/system.js';
import type { Log } from '../contracts/telemetry.js';
import type { WorkerAssignment } from '../contracts/worker-protocol.js';
import { asStowageError, StowageError } from '../domain/errors.js';
import { WorkerService } from '../worker/service.js';
import { makeRunner } from './worker/make-runner.js';

/** Exit codes the fleet's log explains. */
const exitRefused = 3;
const exitEngineFailed = 4;
const exitOrphaned = 5;
/** Time for last words to reach the callers there are, and for a first caller to come and hear them, milliseconds. */
const farewellMs = 200;
const firstCallerMs = 5000;
const lookMs = 20;
const assignmentBytesMax = 4 * 1024 * 1024;

async function main(): Promise<void> {
  leaveSignalsToTheServer();
  const assignment = readAssignment(process.argv[2]);
  const { incarnation } = assignment.copy;
  process.on('exit', (exitCode) => {
    writeLine({ level: 'info', message: `ends with code ${exitCode}`, incarnation, exitCode });
  });
  const log = stderrLog();
  const service = new WorkerService(assignment, {
    clock: systemClock,
    log,
    memoryBytes: () => process.memoryUsage.rss(),
    onFailure: (error) => {
      const known = error instanceof StowageError ? { incarnation, error: error.toData() } : {};
      log.error({ err: error, ...known }, 'the engine failed');
      endProcess(exitEngineFailed);
    },
  });
  await createSocketListener({ clock: systemClock }).listen(assignment.address, assignment.copy, (caller) =>
    service.accept(caller),
  );
  watchForOrphanhood(service, assignment.orphanMsMax);
  try {
    service.start(await makeRunner({ assignment, service, log }));
  } catch (error) {
    const known = asStowageError(error);
    log.error({ err: error, incarnation, error: known.toData() }, known.message);
    service.announceRefusal(known.toData());
    sayFarewell(service, exitRefused);
  }
}

function watchForOrphanhood(service: WorkerService, orphanMsMax: number): void {
  let aloneSince: number | null = systemClock.now();
  const look = () => {
    const now = systemClock.now();
    aloneSince = service.callerCount > 0 ? null : (aloneSince ?? now);
    if (aloneSince !== null && now - aloneSince >= orphanMsMax) endProcess(exitOrphaned);
    else systemClock.after(Math.min(1000, orphanMsMax), look);
  };
  look();
}

function readAssignment(file: string | undefined): WorkerAssignment {
  if (file === undefined) throw new Error('the argument must name the file with the assignment');
  if (statSync(file).size > assignmentBytesMax) throw new Error('the file with the assignment is too long');
  return (JSON.parse(readFileSync(file, 'utf8')) as { assignment: WorkerAssignment }).assignment;
}

/** A line of the copy's log. A log that cannot be written stops nobody. */
function writeLine(facts: object): void {
  try {
    process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...facts })}\n`);
  } catch {
    // The disk is full, or the folder is gone.
  }
}

function stderrLog(): Log {
  const write = (level: string) => (facts: object, message: string) => {
    const { err, ...rest } = facts as { err?: unknown };
    const cause = err instanceof Error ? { cause: err.stack ?? err.message } : {};
    writeLine({ level, message, ...rest, ...cause });
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

function endProcess(code: number): void {
  systemClock.after(farewellMs, () => process.exit(code));
}

/** Ends when somebody has heard why, or nobody comes to. */
function sayFarewell(service: WorkerService, code: number): void {
  const giveUpAt = systemClock.now() + firstCallerMs;
  const look = () => {
    if (service.callerCount > 0 || systemClock.now() >= giveUpAt) endProcess(code);
    else systemClock.after(lookMs, look);
  };
  look();
}

/** A terminal's interrupt reaches the whole process group; the server says when its workers are to end. */
function leaveSignalsToTheServer(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
}

void main().catch((error: unknown) => {
  writeLine({ level: 'error', message: String(error) });
  process.exit(1);
});
