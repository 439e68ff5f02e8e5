/**
 * The LoRA adapters of a worker that may come and go while it computes: told which there should be, it loads what is
 * missing, a few at once, and unloads what is no longer wanted. What could not be loaded is tried again, later and later.
 * A load that is not wanted any more is given up.
 *
 * An adapter that is not wanted any more stays for a while, and as long as a request uses it: requests that named it
 * before may still be on their way.
 *
 * Modes: waiting for an engine → keeping. Never: two loads of the same one at once; an unload during a load.
 */
import type { Clock } from '../contracts/clock.js';
import type { Log } from '../contracts/telemetry.js';
import type { AdapterState } from '../contracts/worker-protocol.js';
import type { AdapterSource } from '../domain/adapter.js';
import { asStowageError, StowageError, type ErrorData } from '../domain/errors.js';

/** What loads and unloads; requests can name what is loaded. */
export interface AdapterLoader {
  /** Several may be asked for at once. Rejects with why it cannot be used, MODEL-02x, MODEL-03x, or when `unwanted` says so. */
  load(adapter: AdapterSource, unwanted: AbortSignal): Promise<void>;
  /** False while a request uses it. */
  unload(id: string): boolean;
}

export interface AdapterKeeperParts {
  readonly clock: Clock;
  readonly log: Log;
  /** How long one that is not wanted any more is kept, milliseconds. */
  readonly lingerMs: number;
  /** The state of those that are wanted has changed. */
  readonly onStates: (states: readonly AdapterState[]) => void;
}

/** What could not be loaded is tried again after so long, twice as long each time, milliseconds. */
const retryMsMin = 10_000;
const retryMsMax = 600_000;
/** So many are loaded at once: one that is slow to come does not keep the others. */
const loadsMax = 4;
/** One that a request still uses is looked at again after so long, milliseconds. */
const useLookMs = 1_000;

interface Failure {
  readonly error: ErrorData;
  readonly retryAt: number;
  /** In a row, 1 or more. */
  readonly times: number;
}

interface Load {
  readonly unwanted: AbortController;
  readonly done: Promise<void>;
}

export class AdapterKeeper {
  private loader: AdapterLoader | null = null;
  /** Loaded adapters, and since when each is not wanted; null = it is. */
  private readonly loaded = new Map<string, number | null>();
  private readonly failed = new Map<string, Failure>();
  private readonly loading = new Map<string, Load>();
  private stopTimer: () => void = () => undefined;
  private told = '[]';

  constructor(
    private wanted: readonly AdapterSource[],
    private readonly parts: AdapterKeeperParts,
  ) {}

  /** Somebody loads them. */
  get isKept(): boolean {
    return this.loader !== null;
  }

  /** What there should be from now on; may be repeated. */
  want(adapters: readonly AdapterSource[]): void {
    this.wanted = adapters;
    const now = this.parts.clock.now();
    const names = new Set(adapters.map(({ id }) => id));
    for (const [id, since] of this.loaded) this.loaded.set(id, names.has(id) ? null : (since ?? now));
    for (const id of this.failed.keys()) if (!names.has(id)) this.failed.delete(id);
    for (const [id, { unwanted }] of this.loading) if (!names.has(id)) unwanted.abort();
    this.tell();
    this.work();
  }

  /** Keeps them with this loader from now on; resolves when each that is wanted then is loaded or refused. */
  async keep(loader: AdapterLoader): Promise<void> {
    this.loader = loader;
    this.work();
    while (this.loading.size > 0) await Promise.race([...this.loading.values()].map(({ done }) => done));
  }

  /** Those that are wanted and either loaded or refused. */
  states(): readonly AdapterState[] {
    return this.wanted.flatMap(({ id }) => {
      const error = this.failed.get(id)?.error ?? null;
      return this.loaded.has(id) || error !== null ? [{ id, error }] : [];
    });
  }

  close(): void {
    this.stopTimer();
    this.loader = null;
    for (const { unwanted } of this.loading.values()) unwanted.abort();
  }

  private work(): void {
    if (this.loader === null) return;
    for (let next = this.nextMissing(); next !== null; next = this.nextMissing())
      this.begin(next, this.loader);
    if (this.loading.size === 0) this.unloadOld(this.loader);
    this.lookLater();
  }

  private unloadOld(loader: AdapterLoader): void {
    const now = this.parts.clock.now();
    for (const [id, since] of this.loaded) {
      if (since === null || now - since < this.parts.lingerMs) continue;
      if (loader.unload(id)) this.loaded.delete(id);
    }
  }

  private nextMissing(): AdapterSource | null {
    if (this.loading.size >= loadsMax) return null;
    const now = this.parts.clock.now();
    const isMissing = ({ id }: AdapterSource) =>
      !this.loaded.has(id) && !this.loading.has(id) && (this.failed.get(id)?.retryAt ?? 0) <= now;
    return this.wanted.find(isMissing) ?? null;
  }

  private begin(adapter: AdapterSource, loader: AdapterLoader): void {
    const unwanted = new AbortController();
    const done = this.load(adapter, loader, unwanted.signal).then(() => {
      this.loading.delete(adapter.id);
      this.tell();
      this.work();
    });
    this.loading.set(adapter.id, { unwanted, done });
  }

  private async load(adapter: AdapterSource, loader: AdapterLoader, unwanted: AbortSignal): Promise<void> {
    const { clock, log } = this.parts;
    const { id } = adapter;
    try {
      await loader.load(adapter, unwanted);
      this.failed.delete(id);
      this.loaded.set(id, this.wanted.some((one) => one.id === id) ? null : clock.now());
      log.info({ adapter: id }, `the adapter ${id} is loaded`);
    } catch (error) {
      if (unwanted.aborted) return;
      const known = asStowageError(error);
      const times = (this.failed.get(id)?.times ?? 0) + 1;
      const retryAt = clock.now() + Math.min(retryMsMax, retryMsMin * 2 ** (times - 1));
      this.failed.set(id, { error: known.toData(), retryAt, times });
      log.warn({ adapter: id, code: known.code, err: error }, known.message);
    }
  }

  private lookLater(): void {
    this.stopTimer();
    if (this.loader === null) return;
    const { clock, lingerMs } = this.parts;
    const now = clock.now();
    const leaving = [...this.loaded.values()].flatMap((since) => (since === null ? [] : since + lingerMs));
    const waits = [
      ...[...this.failed].flatMap(([id, { retryAt }]) => (this.loading.has(id) ? [] : retryAt - now)),
      ...(this.loading.size > 0 ? [] : leaving).map((at) => Math.max(useLookMs, at - now)),
    ];
    if (waits.length === 0) return;
    this.stopTimer = clock.after(Math.max(0, Math.min(...waits)), () => this.work());
  }

  private tell(): void {
    const states = this.states();
    const text = JSON.stringify(states);
    if (text === this.told) return;
    this.told = text;
    this.parts.onStates(states);
  }
}

/** For what computes without adapters: each is refused. */
export function noAdapterLoader(component: string): AdapterLoader {
  return {
    load: () => {
      const problem = 'its engine takes no adapters while it runs';
      return Promise.reject(StowageError.of('MODEL-024', { file: component, problem }));
    },
    unload: () => true,
  };
}
