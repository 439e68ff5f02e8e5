/** The stub worker as a process of its own: its argument names its run's record, its farewell is on standard error. */
import { readFileSync } from 'node:fs';
import { systemClock } from '../../src/adapters/clock/system.js';
import { createSocketListener } from '../../src/adapters/link/unix-socket/listener.js';
import type { WorkerAssignment } from '../../src/contracts/worker-protocol.js';
import { startStubWorker } from './stub-worker.js';

const { assignment } = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as { assignment: WorkerAssignment };
const { incarnation } = assignment.copy;
process.stdout.write(`environment ${Object.keys(process.env).sort().join(' ')}\n`);
startStubWorker(assignment, {
  clock: systemClock,
  listener: createSocketListener({ clock: systemClock }),
  exit: (exitCode) => {
    const message = `ends with ${exitCode}`;
    process.stderr.write(`${JSON.stringify({ level: 'error', message, incarnation, exitCode })}\n`);
    process.exit(exitCode);
  },
});
