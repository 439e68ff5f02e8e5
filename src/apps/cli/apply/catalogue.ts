/** Prices and sizes of instance types, as far as this machine's catalogue knows them; nothing where it cannot be read. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { readInstanceTypes } from '../../../api/configuration/instance-types.js';
import type { Catalogue } from '../../../decide/plan/capacity.js';
import { readDataFolderSettings } from '../../settings-file.js';
import { packageRoot } from '../package-root.js';

const fileName = 'instance-types.yaml';

/** The catalogue that a data folder has or its settings name, else the one that is shipped. */
export function readCatalogue(dataFolder: string | null): Catalogue {
  const machine = {
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    accelerators: 0,
    acceleratorMemoryBytes: 0,
  };
  try {
    const named = dataFolder === null ? null : readDataFolderSettings(dataFolder).instanceTypes;
    const own = join(dataFolder ?? '', fileName);
    const shipped = join(packageRoot(), 'catalogue', fileName);
    const file = named ?? (dataFolder !== null && existsSync(own) ? own : shipped);
    return readInstanceTypes(readFileSync(file, 'utf8'), basename(file), machine);
  } catch {
    return new Map(); // what it would tell is advice; the server has its own and says what is wrong with it
  }
}
