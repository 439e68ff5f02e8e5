/** What went wrong on the way to a model's files, as rows of the error table. */
import { statfsSync } from 'node:fs';
import path from 'node:path';
import { TransportFailure } from '../contracts/artifacts.js';
import { StowageError } from '../domain/errors.js';
import { AddressKind, builtInPrefix, refused } from './addresses.js';
import type { ModelAddress } from './addresses.js';
import { readDownloadState } from './download.js';
import type { Layout } from './layout.js';

const mebibyte = 1024 * 1024;

/** MODEL-030 for a name of the built-in bucket that stands for nothing. */
export function missingModel(address: ModelAddress): StowageError {
  const isNamed = address.kind === AddressKind.BuiltIn;
  return StowageError.of('MODEL-030', {
    url: address.shown,
    problem: isNamed ? 'there is no such model in the library' : 'the file is not in the library',
    suggestion: isNamed
      ? `stowage models add FILE --name ${address.target.slice(0, 128)}`
      : `add the file (\`stowage models add FILE\`) and use the ${builtInPrefix} address that prints`,
  });
}

/** Whether the next try can use what this one leaves behind. */
export function leavesSomethingToResume(error: unknown): boolean {
  return error instanceof TransportFailure && error.isPassing;
}

/** Any failure of fetching `address`, as an error of the table; what is not one of ours stays as it is. */
export function asArtifactError(error: unknown, address: ModelAddress, layout: Layout, key: string): unknown {
  if (error instanceof StowageError) return error;
  if (error instanceof TransportFailure) {
    const { message, suggestion } = error;
    if (error.isRefusal) return refused(address.shown, message, suggestion, error);
    const parameters = { url: address.shown, problem: message, suggestion };
    return StowageError.of('MODEL-030', parameters, { cause: error });
  }
  const code = error instanceof Error ? String((error as NodeJS.ErrnoException).code ?? '') : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const state = readDownloadState(path.join(layout.partial, key));
    const { bavail, bsize } = statfsSync(layout.folder);
    const parameters = {
      url: address.shown,
      needed: Math.max(1, Math.ceil((state?.totalBytes ?? 0) / mebibyte)),
      free: Math.floor((bavail * bsize) / mebibyte),
    };
    return StowageError.of('MODEL-033', parameters, { cause: error });
  }
  if (!/^E[A-Z]+$/.test(code)) return error;
  const problem = `the library’s folder cannot be used (${code})`;
  const suggestion = 'check the disk and the owner of the data folder (`stowage doctor`)';
  return StowageError.of('MODEL-030', { url: address.shown, problem, suggestion }, { cause: error });
}
