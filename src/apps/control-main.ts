/**
 * The control process: the one writer of the state, the loop, and the fleet. It answers the control API and the admin
 * addresses over a socket of this machine, where serving sends callers' requests on, and gives routes to serving.
 *
 * It may be killed at any moment: its state is on disk before it is answered, its workers go on, and the next one
 * adopts them.
 */
import { fileURLToPath } from 'node:url';
import { systemClock } from '../adapters/clock/system.js';
import { createLocalProcessFleet } from '../adapters/fleet/local-process/fleet.js';
import { defaultAccount } from '../adapters/identity/key-file/key-store.js';
import { createSocketDialer } from '../adapters/link/unix-socket/dialer.js';
import { createSqliteMetricStore } from '../adapters/metrics/sqlite/metric-store.js';
import { systemRandom } from '../adapters/random/system.js';
import { openRoutePublisher } from '../adapters/route-feed/unix-socket/publisher.js';
import { createSqliteStore } from '../adapters/store/sqlite/store.js';
import { createPrometheusTelemetry } from '../adapters/telemetry/prometheus/telemetry.js';
import { createAdminFrontEnd } from '../api/admin/front-end.js';
import { createListener } from '../api/http/listener.js';
import type { Log } from '../contracts/telemetry.js';
import { createControl } from '../control/control.js';
import type { Control } from '../control/facade.js';
import { createAlarmEvaluator } from '../control/metrics/alarms.js';
import { openAccess } from './server/access.js';
import { readCatalogue } from './server/catalogue.js';
import { controlDialects } from './server/control-dialects.js';
import { holdFolder } from './server/hold-folder.js';
import { serverPaths } from './server/paths.js';
import type { ControlSettings } from './server/process-messages.js';
import { runProcess, type StartedProcess } from './server/run-process.js';

/** The control process before this one has so long to be gone, milliseconds. */
const predecessorMsMax = 10_000;
/** Requests that are open when control ends have so long, milliseconds. */
const requestsMsMax = 1_000;

async function start(settings: ControlSettings, log: Log): Promise<StartedProcess> {
  const { dataDir, homeRegion, library } = settings;
  const paths = serverPaths(dataDir);
  const release = await holdFolder(paths.run, 'control', predecessorMsMax);
  const { authenticator, authorize } = openAccess(dataDir, log);
  const telemetry = createPrometheusTelemetry();
  const store = createSqliteStore(paths.state);
  const metrics = createSqliteMetricStore({ path: paths.metrics, clock: systemClock, log });
  const publisher = await openRoutePublisher(paths.feedSocket, log);
  const fleet = createLocalProcessFleet({
    clock: systemClock,
    log,
    dialer: createSocketDialer({ clock: systemClock }),
    workerPath: fileURLToPath(new URL('./worker-main.js', import.meta.url)),
    dataFolder: dataDir,
    library,
    engines: settings.engines ?? {},
  });
  // Before the first turn of the loop, so that no route is lost because a worker was not asked yet.
  await fleet.adopted();
  const catalogue = readCatalogue(dataDir, settings.instanceTypes, fleet.observe().hosts);
  const control: Control = createControl({
    store,
    fleet,
    clock: systemClock,
    random: systemRandom,
    log,
    telemetry,
    metrics,
    catalogue,
    loadReports: publisher.loadReports,
    home: { account: defaultAccount, region: homeRegion },
    alarms: createAlarmEvaluator(metrics),
  });
  publisher.publish(control.feed);
  const listener = createListener({
    frontEnds: [
      ...controlDialects({ control, homeRegion }),
      createAdminFrontEnd({ isReady: () => true, metricsText: () => telemetry.page() }),
    ],
    authenticator,
    authorize,
    clock: systemClock,
    random: systemRandom,
    log,
  });
  const listening = await listener.startOnSocket(paths.controlSocket);
  const letGo = () => {
    authenticator.close();
    metrics.close();
    store.close();
    release();
  };
  return {
    port: 0,
    async close(isImmediate) {
      await listening.close(isImmediate ? 0 : requestsMsMax);
      await control.close(isImmediate ? 0 : undefined);
      await publisher.close();
      await fleet.close();
      letGo();
    },
    async orphaned() {
      control.abandon();
      fleet.leave();
      letGo();
    },
  };
}

runProcess('control', start);
