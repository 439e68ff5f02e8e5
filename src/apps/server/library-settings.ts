/** What the library of a server may do when nobody says otherwise. */
import { join } from 'node:path';
import type { LibrarySettings } from '../../contracts/artifacts.js';

const gibibyte = 1024 ** 3;

/** The library lies in the data folder; only public HTTPS servers are fetched from. */
export function defaultLibrarySettings(dataDir: string): LibrarySettings {
  return {
    folder: join(dataDir, 'library'),
    bytesMax: 200 * gibibyte,
    downloadBytesMax: 100 * gibibyte,
    allowHosts: [],
    objectServers: [],
    huggingFace: null,
  };
}
