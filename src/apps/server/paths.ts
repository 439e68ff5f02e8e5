/** Where the processes of one server keep and find what they share: all of it follows from the data folder. */
import { join } from 'node:path';
import { socketFolder } from '../../adapters/fleet/local-process/run-folder.js';

export interface ServerPaths {
  /** Private folder of what only matters while the server runs. */
  readonly run: string;
  /** The control plane's records. */
  readonly state: string;
  /** What was measured; it can be lost. */
  readonly metrics: string;
  /** The last route table, for a serving process that starts while control is gone. */
  readonly routes: string;
  /** The numbers of the processes, as JSON: `supervisor`, `control`, `serving`. */
  readonly processes: string;
  /** Where control takes HTTP. */
  readonly controlSocket: string;
  /** Where control gives out routes. */
  readonly feedSocket: string;
}

/** Makes the folders for sockets. Throws HOST-605. */
export function serverPaths(dataDir: string): ServerPaths {
  const sockets = socketFolder(dataDir);
  const run = join(dataDir, 'run');
  const isWindows = process.platform === 'win32';
  const pipe = (name: string) =>
    `\\\\.\\pipe\\stowage-${Buffer.from(run).toString('hex').slice(-32)}-${name}`;
  return {
    run,
    state: join(dataDir, 'state.db'),
    metrics: join(dataDir, 'metrics.db'),
    routes: join(run, 'routes.json'),
    processes: join(run, 'processes.json'),
    controlSocket: isWindows ? pipe('control') : join(sockets, 'control.sock'),
    feedSocket: isWindows ? pipe('routes') : join(sockets, 'routes.sock'),
  };
}
