/**
 * The serving process: the public listener, the inference dialects, and the requests that it sends on to control. It
 * needs control for nothing it does itself: the last routes stay, also over its own restart.
 */
import { systemClock } from '../adapters/clock/system.js';
import { createSocketDialer } from '../adapters/link/unix-socket/dialer.js';
import { systemRandom } from '../adapters/random/system.js';
import { subscribeToRoutes } from '../adapters/route-feed/unix-socket/subscriber.js';
import { createPrometheusTelemetry } from '../adapters/telemetry/prometheus/telemetry.js';
import { createRoutingFrontEnd } from '../api/admin/routing-front-end.js';
import { RequestLog } from '../adapters/telemetry/request-log/request-log.js';
import { createAdminFrontEnd } from '../api/admin/front-end.js';
import { mergeMetrics } from '../api/admin/merge-metrics.js';
import type { Exchange, FrontEnd } from '../api/http/exchange.js';
import { createForwardFrontEnd, Forwarder } from '../api/http/forward.js';
import { createListener, type RunningListener } from '../api/http/listener.js';
import { createOpenAiBodies, createOpenAiFrontEnd } from '../api/openai/front-end.js';
import { createSageMakerFrontEnd } from '../api/sagemaker/front-end.js';
import type { RouteTable } from '../contracts/route-feed.js';
import type { Log } from '../contracts/telemetry.js';
import { asStowageError } from '../domain/errors.js';
import { createServing } from '../serving/serving.js';
import { forwardAction, openAccess } from './server/access.js';
import { absentControl, controlDialects } from './server/control-dialects.js';
import { serverPaths } from './server/paths.js';
import type { ServingSettings } from './server/process-messages.js';
import { runProcess, type StartedProcess } from './server/run-process.js';

/** Operations that change nothing. */
const isReading = /\.(Describe|List|Get)[A-Za-z]*$/;
/** Control's part of the metrics has this long, milliseconds. */
const metricsLimits = { waitMsMax: 0, answerMsMax: 500 };
/** Between two attempts to listen, milliseconds. */
const portRetryMs = 100;

async function start(settings: ServingSettings, log: Log): Promise<StartedProcess> {
  const { dataDir, homeRegion } = settings;
  const paths = serverPaths(dataDir);
  const { authenticator, authorize } = openAccess(dataDir, log);
  const telemetry = createPrometheusTelemetry();
  const feed = subscribeToRoutes(paths.feedSocket, { clock: systemClock, log, cacheFile: paths.routes });
  const { requestLog } = settings;
  const journal = requestLog === null ? null : new RequestLog(requestLog, systemClock, log);
  const serving = createServing(feed, {
    clock: systemClock,
    random: systemRandom,
    dialer: createSocketDialer({ clock: systemClock }),
    telemetry,
    log,
    report: (report) => feed.report(report),
    ...(journal === null ? {} : { journal }),
  });
  const forwarder = new Forwarder({ socketPath: paths.controlSocket, clock: systemClock });
  const openAiParts = { serving, homeRegion, clock: systemClock, random: systemRandom, budgets: serving };
  const openai = createOpenAiFrontEnd(openAiParts);
  const sagemaker = createSageMakerFrontEnd({
    serving,
    homeRegion,
    random: systemRandom,
    openAiBodies: createOpenAiBodies(openAiParts),
  });
  const admin = createAdminFrontEnd({
    // Before the first table nothing is known; not even that there is nothing to serve.
    isReady: () => feed.current().revision > 0 && serving.isReady(),
    isControlReachable: () => feed.isConnected,
    metricsText: (exchange) => metricsPage(telemetry.page(), forwarder, exchange),
  });
  const listener = createListener({
    frontEnds: [
      openai,
      createRoutingFrontEnd({ serving, homeRegion }),
      ...forwardFrontEnds(forwarder, homeRegion),
      sagemaker,
      admin,
    ],
    authenticator,
    authorize,
    clock: systemClock,
    random: systemRandom,
    log,
    ...(settings.tls === null ? {} : { tls: settings.tls }),
  });
  const listening = await listen(() => listener.start(settings.host, settings.port), settings.portMsMax);
  log.info({ port: listening.port, host: settings.host }, 'listening');
  const close = async (isImmediate: boolean) => {
    const graceMs = isImmediate ? 0 : longestRequestMs(feed.current());
    await Promise.all([serving.close(graceMs), listening.close(graceMs)]);
    await Promise.all([feed.close(), journal?.close()]);
    authenticator.close();
  };
  return { port: listening.port, close, orphaned: () => close(false) };
}

/** Control's dialects: what is theirs is recognized here and answered there. */
function forwardFrontEnds(forwarder: Forwarder, homeRegion: string): readonly FrontEnd[] {
  const dialects = controlDialects({ control: absentControl, homeRegion });
  const mayRepeat = ({ method, headers }: Exchange) =>
    method === 'GET' || method === 'HEAD' || isReading.test(String(headers['x-amz-target']));
  const parts = { forwarder, action: forwardAction, mayRepeat };
  return dialects.map((dialect) => createForwardFrontEnd(dialect, parts));
}

/** This process' page and control's; without control's while that does not answer. */
async function metricsPage(own: Promise<string>, forwarder: Forwarder, exchange: Exchange): Promise<string> {
  const [serving, control] = await Promise.all([
    own,
    forwarder.ask(exchange, false, metricsLimits).then(
      ({ status, body }) => (status === 200 ? body.toString('utf8') : ''),
      () => '',
    ),
  ]);
  return mergeMetrics({ serving, control });
}

/** No request may run longer than this. */
function longestRequestMs({ endpoints }: RouteTable): number {
  const seconds = endpoints.flatMap(({ components }) =>
    components.map(({ component }) => component.options.predictSecondsMax),
  );
  return Math.max(0, ...seconds) * 1000;
}

async function listen(start: () => Promise<RunningListener>, msMax: number): Promise<RunningListener> {
  const giveUpAt = systemClock.now() + msMax;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const isTaken = /another program listens/.test(asStowageError(error).message);
      if (!isTaken || systemClock.now() >= giveUpAt) throw error;
      await new Promise<void>((resolve) => systemClock.after(portRetryMs, resolve));
    }
  }
}

runProcess('serving', start);
