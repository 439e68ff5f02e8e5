/** What the supervisor and its two processes say to each other, over the channel that Node.js gives them. */
import type { LibrarySettings } from '../../contracts/artifacts.js';
import type { OutsideSettings } from '../../contracts/outside-engine.js';
import type { ErrorData } from '../../domain/errors.js';
import type { LogLevel } from '../server-options.js';

export interface ControlSettings {
  readonly dataDir: string;
  /** What callers without a region mean. */
  readonly homeRegion: string;
  readonly logLevel: LogLevel;
  readonly library: LibrarySettings;
  readonly engines?: OutsideSettings | undefined;
  readonly instanceTypes: string | null;
}

export interface ServingSettings {
  readonly dataDir: string;
  readonly homeRegion: string;
  readonly logLevel: LogLevel;
  readonly host: string;
  /** 0 = any. */
  readonly port: number;
  /** A port that its last holder has not quite given back is tried for this long, milliseconds. */
  readonly portMsMax: number;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** Absolute path of the file that gets a line for each request; null = none does. */
  readonly requestLog: string | null;
}

/** From the supervisor. The end of the channel is its death. */
export type ToProcess<Settings> =
  | { readonly type: 'start'; readonly settings: Settings }
  /** Finish what is open and end; at once when `isImmediate`. May come twice. */
  | { readonly type: 'close'; readonly isImmediate: boolean };

export type FromProcess =
  /** It does its work. `port`: what serving listens on, 0 of control. */
  | { readonly type: 'started'; readonly port: number }
  /** It cannot, and ends. */
  | { readonly type: 'failed'; readonly error: ErrorData };
