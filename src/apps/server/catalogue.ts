/**
 * The instance types that endpoints may name: `instance-types.yaml` of the data folder where there is one, else the
 * one that comes with Stowage.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readInstanceTypes } from '../../api/configuration/instance-types.js';
import type { HostObservation } from '../../contracts/fleet.js';
import type { InstanceType } from '../../domain/instance.js';

const fileName = 'instance-types.yaml';

/** `machine` in the file means the first of the hosts. Throws ConfigurationErrors of FILE-010 … FILE-012. */
export function readCatalogue(
  dataDir: string,
  hosts: readonly HostObservation[],
): ReadonlyMap<string, InstanceType> {
  const own = join(dataDir, fileName);
  const shipped = fileURLToPath(new URL(`../../catalogue/${fileName}`, import.meta.url));
  const file = existsSync(own) ? own : shipped;
  const [machine] = hosts;
  return readInstanceTypes(readFileSync(file, 'utf8'), fileName, {
    cpus: machine?.cpus ?? 1,
    memoryBytes: machine?.memoryBytesTotal ?? 0,
    accelerators: machine?.accelerators.length ?? 0,
    acceleratorMemoryBytes: machine?.accelerators[0]?.memoryBytesTotal ?? 0,
  });
}
