/** Builds the library of model files for a process: its transports, its guard and its clock. */
import { createGuardedAgents } from '../adapters/artifacts/http/guarded-agents.js';
import { createHttpTransport } from '../adapters/artifacts/http/transport.js';
import { createObjectStorageTransport } from '../adapters/artifacts/object-storage/transport.js';
import { systemClock } from '../adapters/clock/system.js';
import type { Artifacts, LibrarySettings } from '../contracts/artifacts.js';
import type { Log } from '../contracts/telemetry.js';
import { createAddressGuard } from '../library/address-guard.js';
import { createArtifacts } from '../library/artifacts.js';

/** `environment` holds the secrets that the settings name (`variablesOfLibrary`). */
export function openLibrary(
  settings: LibrarySettings,
  environment: Readonly<Record<string, string | undefined>>,
  log: Pick<Log, 'warn'>,
): Artifacts {
  const { allowHosts, objectServers, huggingFace } = settings;
  const guard = createAddressGuard(allowHosts);
  // What the settings themselves point at may be anywhere.
  const guardWith = (url: string | null) =>
    url === null ? guard : createAddressGuard([...allowHosts, new URL(url).hostname]);
  const hubGuard = guardWith(huggingFace?.endpoint ?? null);
  const token = environment[huggingFace?.tokenEnv ?? ''] ?? '';
  return createArtifacts(settings, {
    clock: systemClock,
    log,
    guard,
    transports: {
      http: createHttpTransport({ agents: createGuardedAgents(guard), guard, bearer: null }),
      huggingFace: createHttpTransport({
        agents: createGuardedAgents(hubGuard),
        guard: hubGuard,
        bearer:
          huggingFace === null || token === ''
            ? null
            : { origin: new URL(huggingFace.endpoint).origin, token },
      }),
      objectStorage: createObjectStorageTransport({
        servers: objectServers,
        environment,
        agentsFor: ({ endpoint }) => createGuardedAgents(guardWith(endpoint)),
      }),
    },
  });
}
