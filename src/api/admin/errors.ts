/** The error table as the admin addresses say it: status by fault, and code, message and mend as JSON. */
import { asStowageError } from '../../domain/errors.js';
import type { EncodedError } from '../http/exchange.js';
import type { AdminError } from './contract.js';

const statusByCode: Readonly<Record<string, number>> = {
  'REQ-211': 413,
  'REQ-215': 405,
  'KEY-403': 403,
};

const statusByFault = {
  caller: 400,
  access: 401,
  missing: 404,
  capacity: 503,
  model: 500,
  host: 500,
  stowage: 500,
} as const;

export function encodeAdminError(thrown: unknown): EncodedError {
  const error = asStowageError(thrown);
  const status = statusByCode[error.code] ?? statusByFault[error.row.fault];
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (status === 503) headers['retry-after'] = String(Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1)));
  const { code, message, mend } = error;
  const body: AdminError = { code, message, mend };
  return { status, headers, body: JSON.stringify(body) };
}
