/** What `runServer` is given and gives back: the seam between the CLI and the server's composition root. */
import type { Endpoint } from '../domain/component.js';
import type { ErrorData } from '../domain/errors.js';

/** Where the server tells a person something; all of it goes to standard error. */
export interface Announcer {
  /** One plain line. */
  say(line: string): void;
  /** Something is not as its owner may expect, and work goes on. */
  warn(message: string, location?: string): void;
  /** Any thrown thing, printed as an error of the table: code, place, cause, mend. */
  fail(thrown: unknown): void;
}

export const LogLevel = {
  Debug: 'debug',
  Info: 'info',
  Warn: 'warn',
  Error: 'error',
  Silent: 'silent',
} as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

export interface ServerNotice {
  /** `file:line:column`. */
  readonly location: string;
  readonly message: string;
}

export interface ServerOptions {
  readonly endpoints: readonly Endpoint[];
  /** What of the configuration has no effect yet; the CLI has already shown them. */
  readonly notices: readonly ServerNotice[];
  /** Address to listen on; anything but a loopback address needs `tls`. */
  readonly host: string;
  /** 0..65535; 0 = any free port. */
  readonly port: number;
  /** Absolute path; made with mode 0700 when it is not there. */
  readonly dataDir: string;
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly logLevel: LogLevel;
  readonly out: Announcer;
}

/** How far a component is on its way to being served. */
export interface ComponentProgress {
  /** `endpoint/name`. */
  readonly component: string;
  readonly copiesReady: number;
  /** `copies.min` of the component. */
  readonly copiesWanted: number;
  /** What the copy that is furthest does now, e.g. `load model`. */
  readonly phase: string;
  /** Of that phase, 0..1. */
  readonly fraction: number;
  /** Why its last copy ended, while none is ready. */
  readonly failure: ErrorData | null;
}

export interface RunningServer {
  /** The port that was bound. */
  readonly port: number;
  /** Keys made by this start; null when the data folder already had some. Shown once, never logged. */
  readonly keys: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly bearer: string;
  } | null;
  /** Settles when every component with `copies.min` ≥ 1 has a ready copy; rejects when it closes before. */
  readonly ready: Promise<void>;
  /** Calls back at each change, and once at once for each component. The result unsubscribes. */
  progress(listener: (update: ComponentProgress) => void): () => void;
  /**
   * Takes nothing new, lets open requests finish (bounded by the longest `predict_timeout`), ends the
   * copies. May be repeated; `immediate` ends everything now, also during a graceful close.
   */
  close(immediate?: boolean): Promise<void>;
  /** Settles when the server has ended, for whatever reason; rejects when it broke. */
  readonly closed: Promise<void>;
}

/** `src/apps/server.ts` exports one of these as `runServer`; it throws HOST-604, HOST-605, HOST-601 … */
export type RunServer = (options: ServerOptions) => Promise<RunningServer>;
