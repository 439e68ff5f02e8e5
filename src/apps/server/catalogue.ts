/**
 * The instance types that endpoints may name: of the file that the settings name, else of `instance-types.yaml` in the
 * data folder, else of the one that comes with Stowage.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readInstanceTypes } from '../../api/configuration/instance-types.js';
import type { HostObservation } from '../../contracts/fleet.js';
import { StowageError } from '../../domain/errors.js';
import type { InstanceType } from '../../domain/instance.js';

const fileName = 'instance-types.yaml';

/**
 * `named` is the path of a file, or null. `machine` in it means the first of the hosts. Throws FILE-013, and
 * ConfigurationErrors of FILE-010 … FILE-012.
 */
export function readCatalogue(
  dataDir: string,
  named: string | null,
  hosts: readonly HostObservation[],
): ReadonlyMap<string, InstanceType> {
  const own = join(dataDir, fileName);
  const shipped = fileURLToPath(new URL(`../../catalogue/${fileName}`, import.meta.url));
  const file = named ?? (existsSync(own) ? own : shipped);
  const [machine] = hosts;
  return readInstanceTypes(textOf(file), basename(file), {
    cpus: machine?.cpus ?? 1,
    memoryBytes: machine?.memoryBytesTotal ?? 0,
    accelerators: machine?.accelerators.length ?? 0,
    acceleratorMemoryBytes: machine?.accelerators[0]?.memoryBytesTotal ?? 0,
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const problem = (cause as NodeJS.ErrnoException).code ?? 'unknown problem';
    throw StowageError.of('FILE-013', { file: basename(file), problem }, { cause });
  }
}
