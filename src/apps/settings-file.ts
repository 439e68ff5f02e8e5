/** `settings.yaml` of a data folder, read by everything that shares the folder. */
import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { defaultSettings, readSettings, settingsFileName } from '../api/configuration/settings.js';
import type { Settings } from '../api/configuration/settings.js';
import type { LibrarySettings } from '../contracts/artifacts.js';
import type { OutsideSettings } from '../contracts/outside-engine.js';
import { StowageError } from '../domain/errors.js';

export interface DataFolderSettings {
  readonly library: LibrarySettings;
  readonly engines: OutsideSettings;
  /** Absolute path of the catalogue of instance types; null = the one that is built in. */
  readonly instanceTypes: string | null;
}

/**
 * The settings of a data folder; a folder without the file has the defaults. Throws `ConfigurationErrors`, and
 * FILE-013 for a file that cannot be read.
 */
export function readDataFolderSettings(dataFolder: string): DataFolderSettings {
  const { library, engines, instanceTypes } = readFile(join(dataFolder, settingsFileName));
  return {
    library: { ...library, folder: resolve(dataFolder, 'library') },
    engines,
    instanceTypes:
      instanceTypes === null || isAbsolute(instanceTypes)
        ? instanceTypes
        : resolve(dataFolder, instanceTypes),
  };
}

function readFile(file: string): Settings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const problem = (cause as NodeJS.ErrnoException).code ?? 'unknown problem';
    if (problem === 'ENOENT' || problem === 'ENOTDIR') return defaultSettings;
    throw StowageError.of('FILE-013', { file: settingsFileName, problem }, { cause });
  }
  return readSettings(text, file);
}
