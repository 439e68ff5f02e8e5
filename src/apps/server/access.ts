/** Who calls, and what they may do: the same keys count in every process of a server. */
import { systemClock } from '../../adapters/clock/system.js';
import {
  createKeyAuthenticator,
  type KeyAuthenticator,
} from '../../adapters/identity/key-file/authenticator.js';
import { KeyStore } from '../../adapters/identity/key-file/key-store.js';
import { SignatureVerifier } from '../../adapters/identity/sigv4/verify.js';
import type { Principal } from '../../contracts/identity.js';
import type { Log } from '../../contracts/telemetry.js';
import { mayDo } from '../../decide/access/may-do.js';
import { StowageError } from '../../domain/errors.js';

/** What every key may ask of serving: to send a request on to control, which decides about the request itself. */
export const forwardAction = 'stowage:ForwardToControl';

export interface Access {
  readonly authenticator: KeyAuthenticator;
  /** Throws KEY-403. */
  authorize(principal: Principal, action: string, resource: string): void;
}

/** Opens the keys of a data folder. Throws HOST-605. */
export function openAccess(dataDir: string, log: Log): Access {
  const { store } = KeyStore.open(dataDir, systemClock);
  const signatures = new SignatureVerifier(systemClock);
  const authenticator = createKeyAuthenticator({ store, signatures, clock: systemClock, log });
  return {
    authenticator,
    authorize(principal, action, resource) {
      if (action === forwardAction || mayDo(authenticator.actionsOf(principal), action)) return;
      throw StowageError.of('KEY-403', { key: principal.keyId, action, resource });
    },
  };
}
