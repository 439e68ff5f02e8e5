/** What `runServer` is given and gives back: the seam between the CLI and the server's composition root. */
import type { LibrarySettings } from '../contracts/artifacts.js';
import type { OutsideSettings } from '../contracts/outside-engine.js';

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

export interface ServerOptions {
  /** Address to listen on; anything but a loopback address needs `tls`. */
  readonly host: string;
  /** 0..65535; 0 = any free port. */
  readonly port: number;
  /** Absolute path; made with mode 0700 when it is not there. */
  readonly dataDir: string;
  /** What callers without a region mean. */
  readonly homeRegion: string;
  readonly library: LibrarySettings;
  /** How engines that are programs of others are started. */
  readonly engines?: OutsideSettings | undefined;
  /** Absolute path of the catalogue of instance types; null = the one that comes with Stowage. */
  readonly instanceTypes: string | null;
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly logLevel: LogLevel;
  /** Absolute path of the file that gets a line for each request; null = none does. */
  readonly requestLog?: string | null;
  readonly out: Announcer;
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
  /**
   * Takes nothing new, lets open requests finish (bounded by the longest `predict_timeout`), ends the copies and
   * keeps what is wanted. May be repeated; `immediate` ends everything now, also during a graceful close.
   */
  close(immediate?: boolean): Promise<void>;
  /** Settles when the server has ended. */
  readonly closed: Promise<void>;
}

/** `src/apps/server.ts` exports one of these as `runServer`; it throws HOST-604, HOST-605, STATE-702, STATE-704 … */
export type RunServer = (options: ServerOptions) => Promise<RunningServer>;
