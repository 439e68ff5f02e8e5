/**
 * A process of its own for artifacts.test.ts: acquires the source named by its argument, says `pinned`, and holds it
 * until it is killed.
 */
import { writeSync } from 'node:fs';
import { openLibrary } from '../../src/apps/open-library.js';
import type { LibrarySettings } from '../../src/contracts/artifacts.js';
import type { ModelSource } from '../../src/domain/component.js';
import { rememberingLog } from './quiet-log.js';

const { settings, source } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly settings: LibrarySettings;
  readonly source: ModelSource;
};
const pinned = await openLibrary(settings, process.env, rememberingLog()).acquire(
  source,
  () => undefined,
  new AbortController().signal,
);
writeSync(1, `pinned ${pinned.path}\n`);
setInterval(() => undefined, 60_000);
