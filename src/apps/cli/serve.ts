/**
 * `stowage serve`: configuration in, a running server out, until it is told to end.
 *
 * Shows how loading goes, then what to paste to call each component. The first Ctrl-C or SIGTERM ends it
 * gracefully, the second at once. Ending when asked is success; Ctrl-C leaves the shell's own code.
 */
import type { Configuration } from '../../api/configuration/read-configuration.js';
import { StowageError } from '../../domain/errors.js';
import type { ComponentProgress, LogLevel, RunningServer } from '../server-options.js';
import { pasteBlocks } from './call-examples.js';
import { readConfigurationFile, readTextFile } from './configuration-file.js';
import { dataFolder, portOf, shownFolder } from './data-folder.js';
import { ExitCode } from './exit-code.js';
import { openProgress } from './progress.js';
import type { Session } from './session.js';
import { Paint } from './paint.js';
import type { Terminal } from './terminal.js';

export interface ServeFlags {
  readonly file: string;
  readonly port?: string;
  readonly host: string;
  readonly dataDir?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly logLevel: LogLevel;
}

const pemBytesMax = 1024 * 1024;
/** After a server says it has closed, whatever still keeps the process is ended. */
const lingerMsMax = 2_000;

export async function serve(flags: ServeFlags, session: Session): Promise<ExitCode> {
  const { terminal, environment } = session;
  const port = portOf(flags.port, environment);
  const folder = dataFolder(flags.dataDir, environment);
  const tls = await readTls(flags);
  const configuration = await readConfigurationFile(flags.file, session);
  for (const notice of configuration.notices) terminal.warn(notice.message, notice.location);
  const { runServer } = await import('../server.js');
  const server = await runServer({
    endpoints: configuration.endpoints,
    notices: configuration.notices,
    host: flags.host,
    port,
    dataDir: folder,
    tls,
    logLevel: flags.logLevel,
    out: terminal,
  });
  const stopper = watchSignals(server, terminal);
  const url = `${tls === null ? 'http' : 'https'}://${flags.host.includes(':') ? `[${flags.host}]` : flags.host}:${server.port}`;
  terminal.say(`listening at ${url}`);
  showKeys(server, folder, terminal);
  try {
    await Promise.race([showLoading(server, terminal), server.closed]);
    if (!stopper.isStopping()) showCalls(url, folder, configuration, terminal);
    await server.closed;
  } catch (thrown) {
    if (!stopper.isStopping()) throw thrown;
    await server.closed;
  } finally {
    stopper.stopWatching();
    setTimeout(() => process.exit(), lingerMsMax).unref();
  }
  terminal.say('stopped');
  return stopper.wasInterrupted() ? ExitCode.Interrupted : ExitCode.Ok;
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
  let isStopping = false;
  let wasInterrupted = false;
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) {
      terminal.say('ending at once');
      void server.close(true).catch(() => {});
      setTimeout(() => process.exit(ExitCode.Interrupted), lingerMsMax).unref();
      return;
    }
    isStopping = true;
    wasInterrupted = signal === 'SIGINT';
    terminal.say('finishing open requests; once more ends at once');
    void server.close().catch(() => {}); // `closed` says the same
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    isStopping: () => isStopping,
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

/** Shows each component on its way; settles when the server is ready. */
async function showLoading(server: RunningServer, terminal: Terminal): Promise<void> {
  const line = openProgress(terminal, () => performance.now());
  const latest = new Map<string, ComponentProgress>();
  const shown = new Map<string, string>();
  const stop = server.progress((update) => {
    latest.set(update.component, update);
    const news = newsOf(update, shown.get(update.component), terminal);
    if (news !== null) {
      shown.set(update.component, news.key);
      line.clear();
      news.say();
    }
    const wanted = [...latest.values()].filter(({ copiesWanted }) => copiesWanted > 0);
    const behind = wanted.find(({ copiesReady, copiesWanted }) => copiesReady < copiesWanted);
    if (behind === undefined) return;
    line.update({
      phase: behind.phase,
      fraction: wanted.reduce((sum, one) => sum + partOf(one), 0) / wanted.length,
      detail: behind.component,
    });
  });
  try {
    await server.ready;
  } finally {
    stop();
    line.clear();
  }
}

function partOf({ copiesReady, copiesWanted, fraction }: ComponentProgress): number {
  if (copiesReady >= copiesWanted) return 1;
  return Math.min(1, (copiesReady + Math.min(1, Math.max(0, fraction))) / copiesWanted);
}

/** What is worth a line of its own: a component that became ready, and each new reason why it is not. */
function newsOf(update: ComponentProgress, before: string | undefined, terminal: Terminal) {
  const { component, copiesReady, copiesWanted, failure } = update;
  if (copiesWanted > 0 && copiesReady >= copiesWanted) {
    const say = () => terminal.say(`${terminal.paint(Paint.Green, 'ready')}    ${component}`);
    return before === 'ready' ? null : { key: 'ready', say };
  }
  if (failure === null || before === failure.message) return null;
  const say = () => {
    terminal.say(`${terminal.paint(Paint.Red, 'failing')}  ${component}`);
    terminal.fail(StowageError.fromData(failure));
  };
  return { key: failure.message, say };
}

function showCalls(url: string, folder: string, configuration: Configuration, terminal: Terminal): void {
  const components = configuration.endpoints.flatMap((endpoint) => endpoint.components);
  const blocks = pasteBlocks({
    url,
    folder: shownFolder(folder),
    components,
    examples: configuration.examples,
  });
  for (const { title, command } of blocks) {
    terminal.write(`\n${terminal.paintData(Paint.Bold, `# ${title}`)}\n${command}\n`);
  }
  terminal.write('\n');
}
