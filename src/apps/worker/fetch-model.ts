/** Brings a model's files to this machine, and tells how far that is. */
import { statSync } from 'node:fs';
import { systemClock } from '../../adapters/clock/system.js';
import type { FetchProgress } from '../../contracts/artifacts.js';
import type { ModelSource } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import { openLibrary } from '../open-library.js';
import type { Making } from './making.js';

export interface ModelFile {
  readonly path: string;
  /** What people call it. */
  readonly name: string;
  readonly isFolder: boolean;
  /** Of its bytes; lower-case hex. */
  readonly sha256: string;
  /** It is not used any more and may be removed from this machine. May be repeated. */
  release(): void;
}

/**
 * Where the model's file is, and what people call it, once it is there. It stays while this process runs, or until it is
 * released. Rejects with the reason of `unwanted` as well.
 */
export async function fetchModel(
  { assignment, service, log }: Making,
  source: ModelSource = assignment.source,
  unwanted?: AbortSignal,
): Promise<ModelFile> {
  const { library, startup } = assignment;
  const seconds = startup.downloadSecondsMax;
  const giveUp = new AbortController();
  const stopTimer = systemClock.after(seconds * 1000, () =>
    giveUp.abort(StowageError.of('MODEL-036', { url: source.url, seconds })),
  );
  const signal = unwanted === undefined ? giveUp.signal : AbortSignal.any([giveUp.signal, unwanted]);
  try {
    const tell = ({ phase, fraction }: FetchProgress) => service.announceLoading(phase, fraction);
    const model = await openLibrary(library, process.env, log).acquire(source, tell, signal);
    const { path, name, sha256 } = model;
    return { path, name, isFolder: statSync(path).isDirectory(), sha256, release: () => model.release() };
  } finally {
    stopTimer();
  }
}
