/** What the makers of runners are given. */
import type { Log } from '../../contracts/telemetry.js';
import type { WorkerAssignment } from '../../contracts/worker-protocol.js';
import type { WorkerService } from '../../worker/service.js';

export interface Making {
  readonly assignment: WorkerAssignment;
  /** Is told how loading goes. */
  readonly service: WorkerService;
  readonly log: Log;
}
