/** Prices and sizes of instance types, as far as this machine's catalogue knows them; nothing where it cannot be read. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { readInstanceTypes } from '../../../api/configuration/instance-types.js';
import type { Catalogue } from '../../../decide/plan/capacity.js';

const fileName = 'instance-types.yaml';

/** The data folder's own catalogue, else the one that is shipped. */
export function readCatalogue(dataFolder: string | null): Catalogue {
  const own = dataFolder === null ? null : join(dataFolder, fileName);
  const file = own !== null && existsSync(own) ? own : join(packageRoot(), 'catalogue', fileName);
  const machine = {
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    accelerators: 0,
    acceleratorMemoryBytes: 0,
  };
  try {
    return readInstanceTypes(readFileSync(file, 'utf8'), fileName, machine);
  } catch {
    return new Map(); // what it would tell is advice; the server has its own and says what is wrong with it
  }
}

/** The folder that holds this program's package.json. */
function packageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
