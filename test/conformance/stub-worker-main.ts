/** The stub worker as a process of its own: its assignment on standard input, its farewell on standard error. */
import { systemClock } from '../../src/adapters/clock/system.js';
import { createSocketListener } from '../../src/adapters/link/unix-socket/listener.js';
import type { WorkerAssignment } from '../../src/contracts/worker-protocol.js';
import { startStubWorker } from './stub-worker.js';

let text = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => (text += String(chunk)));
process.stdin.on('end', () => {
  process.stdout.write(`environment ${Object.keys(process.env).sort().join(' ')}\n`);
  startStubWorker(JSON.parse(text) as WorkerAssignment, {
    clock: systemClock,
    listener: createSocketListener({ clock: systemClock }),
    exit: (code) => {
      process.stderr.write(`${JSON.stringify({ level: 'error', message: `ends with ${code}`, code })}\n`);
      process.exit(code);
    },
  });
});
