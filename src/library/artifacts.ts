/**
 * The library of model files: an address becomes files on this disk, verified and safe from eviction.
 *
 * What is there already is pinned, verified against its SHA-256 and handed out. What is not is fetched under a lock
 * of the address that all processes of the host share, so two that want the same wait for one download. A digest
 * that does not fit takes the entry out of the library: the next call fetches it again.
 *
 * Never: a path to something unverified or unpinned; a fetch from an address that the settings do not allow.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import type {
  AddressGuard,
  Artifacts,
  ArtifactTransport,
  FetchProgress,
  LibrarySettings,
  PinnedArtifact,
} from '../contracts/artifacts.js';
import { FetchPhase, TransportFailure } from '../contracts/artifacts.js';
import type { Clock } from '../contracts/clock.js';
import type { Log } from '../contracts/telemetry.js';
import type { ModelSource } from '../domain/component.js';
import { StowageError } from '../domain/errors.js';
import { AddressKind, readAddress } from './addresses.js';
import type { ModelAddress } from './addresses.js';
import { readDownloadState } from './download.js';
import { asArtifactError, leavesSomethingToResume, missingModel } from './failures.js';
import { fetchArchive, fetchObject, fractionHere, unpackEntry } from './fetch.js';
import type { Fetched, FetchJob } from './fetch.js';
import { fetchPrefix, gatherBuiltIn, listPrefix } from './fetch-prefix.js';
import { openLayout, sourceKey } from './layout.js';
import type { Layout } from './layout.js';
import { readModelName } from './model-names.js';
import { withLock } from './process-lock.js';
import { recallSource, rememberSource } from './source-memory.js';
import type { SourceMemory } from './source-memory.js';
import { EntryKind, entryId, Store } from './store.js';
import type { Pinned } from './store.js';
import { modelFileOf } from './tree.js';
import { verifyEntry } from './verify-entry.js';

/** Between two looks at another process's download. */
const waitPollMs = 250;
/** Steps in which progress is told. */
const progressStep = 1 / 200;

export interface ArtifactsParts {
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly guard: AddressGuard;
  readonly transports: {
    readonly http: ArtifactTransport;
    readonly huggingFace: ArtifactTransport;
    readonly objectStorage: ArtifactTransport;
  };
}

/** The library in `settings.folder`, which is made when it is not there. */
export function createArtifacts(settings: LibrarySettings, parts: ArtifactsParts): Artifacts {
  const layout = openLayout(settings.folder);
  const store = new Store({ layout, settings, clock: parts.clock });
  return {
    acquire: (source, onProgress, signal) =>
      new Acquisition({ ...parts, layout, store, settings }, source, onProgress, signal).run(),
  };
}

interface AcquisitionParts extends ArtifactsParts {
  readonly layout: Layout;
  readonly store: Store;
  readonly settings: LibrarySettings;
}

/** One call of `acquire`. */
class Acquisition {
  private readonly key: string;
  private readonly kind: EntryKind;
  private told: FetchProgress = { phase: '', fraction: 0 };

  constructor(
    private readonly parts: AcquisitionParts,
    private readonly source: ModelSource,
    private readonly onProgress: (progress: FetchProgress) => void,
    private readonly signal: AbortSignal,
  ) {
    this.key = sourceKey(source.url, source.form);
    this.kind = source.form === 'object' ? EntryKind.Object : EntryKind.Tree;
  }

  async run(): Promise<PinnedArtifact> {
    const { parts, source, signal } = this;
    const { settings, layout, guard } = parts;
    signal.throwIfAborted();
    const address = readAddress(source, settings, layout, guard);
    try {
      const { pinned, isFresh } = (await this.pinExisting(address)) ?? (await this.fetchOnce(address));
      if (!isFresh) await this.verify(pinned);
      return await this.handOut(pinned, address);
    } catch (error) {
      signal.throwIfAborted();
      throw asArtifactError(error, address, layout, this.key);
    }
  }

  /** What is here and is what the address means now; null when it must be fetched. */
  private async pinExisting(address: ModelAddress): Promise<Acquired | null> {
    const id = await this.knownId(address);
    const pinned = id === null ? null : await this.parts.store.pin(id);
    return pinned === null ? null : { pinned, isFresh: false };
  }

  private async knownId(address: ModelAddress): Promise<string | null> {
    const { layout } = this.parts;
    const { sha256, form } = this.source;
    if (address.kind === AddressKind.Stored) {
      if (sha256 !== undefined) refuseOtherDigest(address, address.target, sha256);
      return entryId(this.kind, address.target);
    }
    if (sha256 !== undefined) return entryId(this.kind, sha256);
    if (address.kind === AddressKind.BuiltIn) {
      const named = form === 'prefix' ? null : readModelName(layout, address.target);
      return named === null ? null : entryId(this.kind, named.sha256);
    }
    const memory = recallSource(layout, this.key);
    if (memory === null || address.isFixed || (await this.isStillCurrent(address, memory))) {
      return memory?.id ?? null;
    }
    return null;
  }

  /** Whether the server still has what it gave the last time. One that does not answer is believed to. */
  private async isStillCurrent(address: ModelAddress, memory: SourceMemory): Promise<boolean> {
    const { parts, signal } = this;
    if (memory.version === null || parts.store.find(memory.id) === null) return false;
    const transport = this.transportOf(address);
    try {
      const { version } =
        this.source.form === 'prefix'
          ? await listPrefix(parts, { address, signal }, transport)
          : await transport.facts(address.target, signal);
      return version === memory.version;
    } catch (error) {
      if (!(error instanceof TransportFailure) || !error.isPassing) throw error;
      const facts = { url: address.shown, problem: error.message };
      parts.log.warn(facts, 'the server of a model does not answer; what it gave before is used');
      return true;
    }
  }

  /** Fetches under the lock of the address; who had to wait for it finds what the other one fetched. */
  private fetchOnce(address: ModelAddress): Promise<Acquired> {
    const { layout, clock } = this.parts;
    const onWait = () => {
      const state = readDownloadState(path.join(layout.partial, this.key));
      this.tell(FetchPhase.Downloading, fractionHere(layout, this.key, state?.totalBytes ?? null));
    };
    const wait = { pollMs: waitPollMs, onWait, signal: this.signal };
    return withLock({ folder: layout.locks, clock }, this.key, wait, async () => {
      // Another process may have fetched it since the first look.
      const existing = await this.pinExisting(address);
      return existing ?? { pinned: await this.fetchNow(address), isFresh: true };
    });
  }

  private async fetchNow(address: ModelAddress): Promise<Pinned> {
    const { layout } = this.parts;
    const job: FetchJob = {
      key: this.key,
      address,
      sha256: this.source.sha256 ?? null,
      signal: this.signal,
      onProgress: (phase, fraction) => this.tell(phase, fraction),
    };
    const staging = path.join(layout.partial, this.key);
    try {
      const { pinned, version } = await this.fetch(address, job);
      rememberSource(layout, this.key, { id: pinned.entry.id, version });
      rmSync(staging, { recursive: true, force: true });
      return pinned;
    } catch (error) {
      const known = asArtifactError(error, address, layout, this.key);
      const isWorthKeeping = this.signal.aborted || leavesSomethingToResume(error);
      if (!isWorthKeeping) rmSync(staging, { recursive: true, force: true });
      throw known;
    }
  }

  private async fetch(address: ModelAddress, job: FetchJob): Promise<Fetched> {
    const { parts } = this;
    const { form } = this.source;
    if (address.kind === AddressKind.BuiltIn && form === 'prefix') return gatherBuiltIn(parts, job);
    if (address.kind === AddressKind.BuiltIn || address.kind === AddressKind.Stored) {
      if (form !== 'archive') throw this.whyMissing(address);
      return { pinned: await this.unpackOwn(address, job), version: null };
    }
    const transport = this.transportOf(address);
    switch (form) {
      case 'object':
        return fetchObject(parts, job, transport);
      case 'archive':
        return fetchArchive(parts, job, transport);
      case 'prefix':
        return fetchPrefix(parts, job, transport, await listPrefix(parts, job, transport));
      default:
        return form satisfies never;
    }
  }

  /** Unpacks an archive that the library holds as a file. */
  private async unpackOwn(address: ModelAddress, job: FetchJob): Promise<Pinned> {
    const { store, layout } = this.parts;
    const named =
      address.kind === AddressKind.Stored ? address.target : readModelName(layout, address.target)?.sha256;
    const sha256 = job.sha256 ?? named;
    const archive = sha256 === undefined ? null : await store.pin(entryId(EntryKind.Object, sha256));
    if (archive === null) throw this.whyMissing(address);
    try {
      await this.verify(archive);
      return await unpackEntry(this.parts, job, archive);
    } finally {
      archive.release();
    }
  }

  private whyMissing(address: ModelAddress): StowageError {
    const { sha256 } = this.source;
    const named = readModelName(this.parts.layout, address.target)?.sha256;
    if (address.kind === AddressKind.BuiltIn && sha256 !== undefined && named !== undefined) {
      refuseOtherDigest(address, named, sha256);
    }
    return missingModel(address);
  }

  /** A damaged entry is released and taken out of the library. */
  private async verify(pinned: Pinned): Promise<void> {
    try {
      await verifyEntry(pinned.entry, (fraction) => this.tell(FetchPhase.Verifying, fraction), this.signal);
    } catch (error) {
      pinned.release();
      if (error instanceof StowageError && error.code === 'MODEL-025') {
        await this.parts.store.remove(pinned.entry.id);
      }
      throw error;
    }
  }

  private async handOut({ entry, release }: Pinned, address: ModelAddress): Promise<PinnedArtifact> {
    if (entry.kind === EntryKind.Object) {
      return { path: entry.path, name: address.name, sha256: entry.sha256, release };
    }
    // Where no single file is the model, the engine that is given the folder says what is wrong with that.
    const file = await modelFileOf(entry.path, address.shown).catch(() => entry.path);
    const name = file === entry.path ? address.name : path.basename(file);
    return { path: file, name, sha256: entry.sha256, release };
  }

  private transportOf({ kind }: ModelAddress): ArtifactTransport {
    const { http, huggingFace, objectStorage } = this.parts.transports;
    switch (kind) {
      case AddressKind.Http:
        return http;
      case AddressKind.HuggingFace:
        return huggingFace;
      case AddressKind.ObjectStorage:
      case AddressKind.BuiltIn:
      case AddressKind.Stored:
        return objectStorage;
      default:
        return kind satisfies never;
    }
  }

  private tell(phase: FetchPhase, fraction: number): void {
    const { told } = this;
    const isSamePhase = told.phase === phase;
    const isWorthTelling = isSamePhase
      ? fraction >= told.fraction + progressStep || (fraction === 1 && told.fraction < 1)
      : true;
    if (!isWorthTelling) return;
    this.told = { phase, fraction };
    this.onProgress(this.told);
  }
}

function refuseOtherDigest(address: ModelAddress, actual: string, expected: string): void {
  if (actual !== expected) throw StowageError.of('MODEL-025', { file: address.name, actual, expected });
}

interface Acquired {
  readonly pinned: Pinned;
  /** It was hashed as it arrived. */
  readonly isFresh: boolean;
}
