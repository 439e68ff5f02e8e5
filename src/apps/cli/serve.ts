/**
 * `stowage serve`: a running server, until it is told to end. With a configuration it is applied to the server once
 * that runs, as any client would do it.
 *
 * Shows how loading goes, then what to paste to call each component. The first Ctrl-C or SIGTERM ends it
 * gracefully, the second at once. Ending when asked is success; Ctrl-C leaves the shell's own code.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { resolve } from 'node:path';
import { existsSync } from 'node:fs';
import type { Configuration } from '../../api/configuration/read-configuration.js';
import { StowageError } from '../../domain/errors.js';
import { serverPaths } from '../server/paths.js';
import type { LogLevel, RunningServer } from '../server-options.js';
import { readDataFolderSettings } from '../settings-file.js';
import { pasteBlocks } from './call-examples.js';
import { readConfigurationFile, readTextFile } from './configuration-file.js';
import { bearerKey, dataFolder, homeRegion, portOf, shownFolder } from './data-folder.js';
import { ExitCode } from './exit-code.js';
import { Paint } from './paint.js';
import { explainAll } from './serve-control.js';
import { showLoading } from './serve-loading.js';
import type { Session } from './session.js';
import type { Terminal } from './terminal.js';

export interface ServeFlags {
  /** Left out: nothing is applied, and the server goes on with what it had. */
  readonly file?: string;
  readonly port?: string;
  readonly host: string;
  readonly dataDir?: string;
  readonly region?: string;
  readonly requestLog?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly logLevel: LogLevel;
}

const pemBytesMax = 1024 * 1024;
/** After a server says it has closed, whatever still keeps the process is ended. */
const lingerMsMax = 2_000;
/** A configuration that lies here is not applied unasked. */
const usualFile = 'stowage.yaml';

export async function serve(flags: ServeFlags, session: Session): Promise<ExitCode> {
  const { terminal, environment } = session;
  const port = portOf(flags.port, environment);
  const folder = dataFolder(flags.dataDir, environment);
  const region = homeRegion(flags.region, environment);
  const tls = await readTls(flags);
  const settings = readDataFolderSettings(folder);
  const configuration = await readConfiguration(flags, session, region);
  const { runServer } = await import('../server.js');
  const server = await runServer({
    ...{ host: flags.host, port, dataDir: folder, tls, logLevel: flags.logLevel, homeRegion: region },
    requestLog: flags.requestLog === undefined ? null : resolve(flags.requestLog),
    ...settings,
    out: terminal,
  });
  const stopper = watchSignals(server, terminal);
  const url = `${tls === null ? 'http' : 'https'}://${flags.host.includes(':') ? `[${flags.host}]` : flags.host}:${server.port}`;
  terminal.say(`listening at ${url}`);
  showKeys(server, folder, terminal);
  try {
    await bringUp({ folder, region, configuration, file: flags.file, signal: stopper.signal, session });
    if (!stopper.signal.aborted) showCalls({ url, region }, folder, configuration, terminal);
    await server.closed;
  } finally {
    stopper.stopWatching();
    setTimeout(() => process.exit(), lingerMsMax).unref();
  }
  terminal.say('stopped');
  return stopper.wasInterrupted() ? ExitCode.Interrupted : ExitCode.Ok;
}

/** Null when there is no file to apply. */
async function readConfiguration(
  { file }: ServeFlags,
  session: Session,
  region: string,
): Promise<Configuration | null> {
  const { terminal } = session;
  if (file === undefined) {
    if (existsSync(usualFile))
      terminal.say(`${usualFile} is not applied; \`stowage serve -f ${usualFile}\` does that`);
    return null;
  }
  const configuration = await readConfigurationFile(file, session, region);
  for (const notice of configuration.notices) terminal.warn(notice.message, notice.location);
  return configuration;
}

interface BringUpParts {
  readonly folder: string;
  readonly region: string;
  readonly configuration: Configuration | null;
  readonly file: string | undefined;
  readonly signal: AbortSignal;
  readonly session: Session;
}

/** Applies the file, if there is one, and shows how what the server has comes up. */
async function bringUp({
  folder,
  region,
  configuration,
  file,
  signal,
  session,
}: BringUpParts): Promise<void> {
  const { terminal } = session;
  const { controlSocket } = serverPaths(folder);
  const bearer = bearerKey(undefined, folder, {}) ?? '';
  let isComplete = configuration === null || file === undefined;
  const applying = async () => {
    if (configuration === null || file === undefined) return;
    const { applyServedFile } = await import('./serve-file.js');
    const common = { controlSocket, region, terminal, signal };
    await applyServedFile({ ...common, file, configuration, dataDir: folder });
    isComplete = true;
  };
  const regions = new Set([region, ...(configuration?.endpoints ?? []).flatMap((one) => one.regions)]);
  const explain = async () => {
    const all = await Promise.all([...regions].map((one) => explainAll(controlSocket, bearer, one)));
    return all.includes(null) ? null : all.flatMap((components) => components ?? []);
  };
  const loading = {
    ...{ terminal, explain, isComplete: () => isComplete, signal },
    now: () => performance.now(),
    pause: (ms: number) => pause(ms, undefined, { signal }).catch(() => undefined),
  };
  await Promise.all([applying(), bearer === '' ? undefined : showLoading(loading)]);
}

async function readTls(flags: ServeFlags): Promise<{ cert: string; key: string } | null> {
  if (flags.tlsCert === undefined && flags.tlsKey === undefined) return null;
  if (flags.tlsCert === undefined || flags.tlsKey === undefined) {
    throw StowageError.of('USE-640', {
      problem: 'TLS needs a certificate and its key',
      suggestion: 'give both: --tls-cert FILE --tls-key FILE',
    });
  }
  return {
    cert: await readTextFile(flags.tlsCert, pemBytesMax),
    key: await readTextFile(flags.tlsKey, pemBytesMax),
  };
}

function watchSignals(server: RunningServer, terminal: Terminal) {
  const stopping = new AbortController();
  let wasInterrupted = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping.signal.aborted) {
      terminal.say('ending at once');
      void server.close(true).catch(() => {});
      return;
    }
    stopping.abort();
    wasInterrupted = signal === 'SIGINT';
    terminal.say('finishing open requests; once more ends at once');
    void server.close().catch(() => {}); // `closed` says the same
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: stopping.signal,
    wasInterrupted: () => wasInterrupted,
    stopWatching() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}

function showKeys(server: RunningServer, folder: string, terminal: Terminal): void {
  if (server.keys === null) return;
  const { accessKeyId, secretAccessKey, bearer } = server.keys;
  terminal.say(`first keys made, shown this once and kept in ${shownFolder(folder)}:`);
  terminal.say(`  bearer key         ${bearer}`);
  terminal.say(`  access key id      ${accessKeyId}`);
  terminal.say(`  secret access key  ${secretAccessKey}`);
}

function showCalls(
  server: { readonly url: string; readonly region: string },
  folder: string,
  configuration: Configuration | null,
  terminal: Terminal,
): void {
  if (configuration === null) return;
  const components = configuration.endpoints.flatMap(({ name: endpoint, components }) =>
    components.map(({ name }) => ({ endpoint, name })),
  );
  const blocks = pasteBlocks({
    ...server,
    folder: shownFolder(folder),
    components,
    examples: configuration.examples,
  });
  for (const { title, command } of blocks) {
    terminal.write(`\n${terminal.paintData(Paint.Bold, `# ${title}`)}\n${command}\n`);
  }
  terminal.write('\n');
}
