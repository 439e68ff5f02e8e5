/** Puts model files into the library of the server beside us; it takes them from there by `s3://stowage/NAME`. */
import { systemClock } from '../../../adapters/clock/system.js';
import { readDataFolderSettings } from '../../settings-file.js';
import type { StoreFile } from './model-files.js';

/** The library is loaded, and its folder made, when the first file is stored. */
export function storeFileOf(dataFolder: string): StoreFile {
  return async (path, name, sha256) => {
    const { openBuiltInBucket } = await import('../../../library/built-in-bucket.js');
    const bucket = openBuiltInBucket(readDataFolderSettings(dataFolder).library, systemClock);
    const isThere = bucket
      .list()
      .some((model) => model.name === name && model.sha256 === sha256 && model.bytes !== null);
    if (!isThere) await bucket.addFile(path, name);
  };
}
