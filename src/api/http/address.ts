/** Which addresses may be listened on: this machine's loopback always, others with TLS only. */
import { isIPv4 } from 'node:net';
import { StowageError } from '../../domain/errors.js';

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIPv4(host) && host.startsWith('127.');
}

/** Throws HOST-604 when the host needs TLS and there is none. */
export function checkAddress(host: string, hasTls: boolean): void {
  if (hasTls || isLoopback(host)) return;
  throw StowageError.of('HOST-604', {
    address: host,
    problem: 'other machines can reach it, so it needs TLS, and there is no certificate',
    suggestion: 'listen on 127.0.0.1, or give the server a certificate and its key',
  });
}

/** What `listen` failed with, as an error of the table; `address` as people write it. */
export function listenProblem(address: string, error: NodeJS.ErrnoException): StowageError {
  switch (error.code) {
    case 'EADDRINUSE':
      return StowageError.of('HOST-604', {
        address,
        problem: 'another program listens there',
        suggestion: 'end that program, or choose another port with STOWAGE_PORT',
      });
    case 'EACCES':
      return StowageError.of('HOST-604', {
        address,
        problem: 'this user may not use that port',
        suggestion: 'choose a port above 1023 with STOWAGE_PORT',
      });
    default:
      return StowageError.of(
        'HOST-604',
        { address, problem: error.code ?? 'unknown', suggestion: 'choose an address of this machine' },
        { cause: error },
      );
  }
}
