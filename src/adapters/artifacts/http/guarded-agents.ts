/**
 * Connections that go where the guard lets them: the address is checked after the name is resolved and is the one
 * that is connected to, so a name that resolves differently the second time gains nothing.
 */
import { lookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { isIP } from 'node:net';
import type { AddressGuard } from '../../../contracts/artifacts.js';
import { TransportFailure } from '../../../contracts/artifacts.js';

export interface GuardedAgents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

const socketsMax = 16;

/** Agents whose every connection is checked; without keep-alive, so that each check is of its own request. */
export function createGuardedAgents(guard: AddressGuard): GuardedAgents {
  const options = { keepAlive: false, maxSockets: socketsMax, lookup: guardedLookup(guard) };
  return {
    http: refusingLiterals(new HttpAgent(options), guard),
    https: refusingLiterals(new HttpsAgent(options), guard),
  };
}

/** Why a connection is not made; the settings can allow it. */
export function closedAddress(host: string): TransportFailure {
  return new TransportFailure(`\`${host}\` is a private address`, {
    isPassing: false,
    isRefusal: true,
    suggestion: `use a public address, or name the host in settings.yaml: \`library: { allowHosts: ['${host}'] }\``,
  });
}

type Callback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

function guardedLookup(guard: AddressGuard) {
  return (host: string, options: LookupOptions, callback: Callback): void => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => guard.mayReach(host, address))) {
        return callback(closedAddress(host), '');
      }
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** A host that is an address already is never looked up. */
function refusingLiterals<Agent extends HttpAgent>(agent: Agent, guard: AddressGuard): Agent {
  const connecting = agent as unknown as {
    createConnection(options: { host?: string }, callback?: (error: Error) => void): unknown;
  };
  const connect = connecting.createConnection.bind(agent);
  connecting.createConnection = (options, callback) => {
    const host = options.host ?? 'localhost';
    const isClosed = isIP(host.replace(/^\[|\]$/g, '')) !== 0 && !guard.mayReach(host, host);
    if (isClosed) throw closedAddress(host);
    return connect(options, callback);
  };
  return agent;
}
