/** `stowage serve -f FILE`: the file is applied to the server that was just started, as `stowage apply` would. */
import { basename } from 'node:path';
import type { Configuration } from '../../api/configuration/read-configuration.js';
import { StowageError } from '../../domain/errors.js';
import { applyFile } from './apply/apply-file.js';
import { readCatalogue } from './apply/catalogue.js';
import { storeFileOf } from './apply/store-file.js';
import { shellWord } from './call-examples.js';
import { keyOfFolder } from './control-api/connection.js';
import { openDoor } from './serve-control.js';
import type { Terminal } from './terminal.js';

/** A model may be fetched for so long, seconds. */
const waitSecondsMax = 7_200;

export interface ServedFile {
  readonly file: string;
  readonly configuration: Configuration;
  readonly dataDir: string;
  readonly controlSocket: string;
  readonly region: string;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Resolves when all that the file says was asked for and came up or failed. What failed is said, not thrown. */
export async function applyServedFile(served: ServedFile): Promise<void> {
  const { file, configuration, dataDir, region, terminal, signal } = served;
  const command = `stowage apply -f ${shellWord(file)}`;
  const door = await openDoor(served.controlSocket);
  try {
    const outcome = await applyFile({
      configuration,
      fileName: file === '-' ? 'standard input' : basename(file),
      connection: {
        url: door.url,
        region,
        credentials: keyOfFolder(dataDir),
        profile: null,
        localDataFolder: dataDir,
      },
      catalogue: readCatalogue(dataDir),
      prune: false,
      isParallel: false,
      storeFile: storeFileOf(dataDir),
      onNews: () => undefined,
      waits: true,
      waitSecondsMax,
      onPlan: () => undefined,
      confirm: (needed) => {
        const names = needed.map(({ change }) => `${change.kind}/${change.name}`).join(', ');
        const problem = `the file takes away what is live (${names}), so it was not applied`;
        throw StowageError.of('USE-640', { problem, suggestion: command });
      },
      onProgress: () => undefined,
      signal,
    });
    for (const failure of outcome.failures) if (!isComponents(failure)) terminal.fail(failure);
    if (outcome.pending.length > 0)
      terminal.say(`still under way: ${outcome.pending.join(', ')}; \`${command}\` waits for it`);
  } catch (thrown) {
    if (!signal.aborted) terminal.fail(thrown);
  } finally {
    door.close();
  }
}

/** Why components do not come up is shown while they load. */
function isComponents({ message }: StowageError): boolean {
  return message.startsWith('component/');
}
