/**
 * Model files on this machine, fetched when they are not there yet; and what fetches their bytes.
 *
 * `Artifacts` is what a worker asks. `ArtifactTransport` is what the library asks: one for each kind of server.
 */
import type { ModelSource } from '../domain/component.js';

/** What an acquisition does at the moment. */
export const FetchPhase = {
  /** Bytes come from a server; also while another process fetches the same source. */
  Downloading: 'downloading',
  /** An archive becomes a folder. */
  Unpacking: 'unpacking',
  /** Bytes of this machine's disk are compared with their SHA-256. */
  Verifying: 'verifying',
} as const;
export type FetchPhase = (typeof FetchPhase)[keyof typeof FetchPhase];

export interface FetchProgress {
  /** A `FetchPhase`. */
  readonly phase: string;
  /** 0..1, rising within a phase; 0 while nobody knows how far it is. */
  readonly fraction: number;
}

/** A model's files, safe from eviction until they are released or the process ends. */
export interface PinnedArtifact {
  /** Absolute: the one model file, or the folder where no single file is the model. */
  readonly path: string;
  /** What people call it, for messages: the last part of its address, or the file's name in its folder. */
  readonly name: string;
  /** Lower-case hex: of the object or the archive; of a prefix, of its manifest (docs/models.md). */
  readonly sha256: string;
  /** May be repeated. */
  release(): void;
}

export interface Artifacts {
  /**
   * Makes the model's files present, verified and pinned. Two callers for the same source, in this process or
   * another, share one download. What was fetched stays when `signal` ends it: the next call goes on from there.
   * Throws MODEL-020, MODEL-022, MODEL-025, MODEL-030 … MODEL-035, and the reason of `signal`.
   */
  acquire(
    source: ModelSource,
    onProgress: (progress: FetchProgress) => void,
    signal: AbortSignal,
  ): Promise<PinnedArtifact>;
}

/** An S3-compatible server, and the buckets it is asked for. */
export interface ObjectServer {
  /** A bucket's name, or `*` for every bucket that no other entry names. */
  readonly bucket: string;
  /** URL of the server; null = AWS. */
  readonly endpoint: string | null;
  readonly region: string;
  /** The bucket stands in the path, not in the host's name. */
  readonly usesPathStyle: boolean;
  /** What requests are signed with; null = the AWS SDK's default chain, `anonymous` = not signed. */
  readonly credentials: ObjectServerCredentials | 'anonymous' | null;
}

/** Names of environment variables. */
export interface ObjectServerCredentials {
  readonly accessKeyIdEnv: string;
  readonly secretAccessKeyEnv: string;
  readonly sessionTokenEnv: string | null;
}

/**
 * What the library may do, as plain data: it travels to the workers, also through files. It names the environment
 * variables that hold secrets and holds none itself.
 */
export interface LibrarySettings {
  /** Absolute; one library is shared by all processes of one host. */
  readonly folder: string;
  /** Bytes of everything in it, ≥ 0; the least recently used goes first. */
  readonly bytesMax: number;
  /** Bytes of one source, also unpacked. */
  readonly downloadBytesMax: number;
  /** Hosts that may be private, loopback or plain HTTP: names, `*.suffix`, IP addresses, and ranges as `10.0.0.0/8`. */
  readonly allowHosts: readonly string[];
  /** Servers of `s3://` addresses; a bucket that none of them covers is refused. */
  readonly objectServers: readonly ObjectServer[];
  /** null = `hf://` addresses are refused. `tokenEnv` names an environment variable. */
  readonly huggingFace: { readonly endpoint: string; readonly tokenEnv: string | null } | null;
}

/** Where the AWS SDK's default chain looks, beside files below HOME. */
const awsVariables: readonly string[] = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_EC2_METADATA_DISABLED',
];

/** The environment variables a process needs that fetches by these settings; a worker inherits no others for it. */
export function variablesOfLibrary(settings: LibrarySettings): readonly string[] {
  const names = new Set<string>(['NODE_EXTRA_CA_CERTS']);
  for (const { credentials } of settings.objectServers) {
    if (credentials === null) for (const name of awsVariables) names.add(name);
    else if (credentials !== 'anonymous') {
      names.add(credentials.accessKeyIdEnv).add(credentials.secretAccessKeyEnv);
      if (credentials.sessionTokenEnv !== null) names.add(credentials.sessionTokenEnv);
    }
  }
  const tokenEnv = settings.huggingFace?.tokenEnv ?? null;
  if (tokenEnv !== null) names.add(tokenEnv);
  return [...names];
}

/** Whether connections may go where a name or a redirect leads. */
export interface AddressGuard {
  /** The settings name this host: it may be private, and spoken to without TLS. */
  isNamed(host: string): boolean;
  /** A connection made for `host` may go to this IP address. */
  mayReach(host: string, address: string): boolean;
}

/** Which part of an object is wanted. */
export interface TransportRange {
  /** 0 = the whole object. */
  readonly fromByte: number;
  /** The version whose beginning is already here; null = it is not known, and any will do. */
  readonly version: string | null;
}

export interface TransportFacts {
  /** Bytes of the whole object; null when the server does not say. */
  readonly totalBytes: number | null;
  /** Opaque, the same as long as the bytes are the same (an ETag); null when the server gives none. */
  readonly version: string | null;
}

export interface TransportAnswer extends TransportFacts {
  /** Where `bytes` begin: the byte that was asked for, or 0 when the object has changed or cannot be had in parts. */
  readonly fromByte: number;
  /** Read to its end, or ended early by the loop that reads it. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface ListedObject extends TransportFacts {
  readonly url: string;
  /** Below the prefix, with `/`; as the server said it, so nothing about it is safe. */
  readonly path: string;
}

/** One kind of server. All of it throws `TransportFailure`, and the reason of `signal`. */
export interface ArtifactTransport {
  facts(url: string, signal: AbortSignal): Promise<TransportFacts>;
  open(url: string, range: TransportRange, signal: AbortSignal): Promise<TransportAnswer>;
  /** All objects whose address begins with `url`, in the server's order; fails when there are more than `objectsMax`. */
  list(url: string, objectsMax: number, signal: AbortSignal): Promise<readonly ListedObject[]>;
}

export interface TransportFailureFacts {
  /** Trying again in a moment may help. */
  readonly isPassing: boolean;
  /** The address itself may not be used. */
  readonly isRefusal?: boolean;
  /** What to do about it. */
  readonly suggestion: string;
}

/** Why bytes did not come, in words that continue "cannot be fetched: ". Says no address and no secret. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  readonly isPassing: boolean;
  readonly isRefusal: boolean;
  readonly suggestion: string;

  constructor(problem: string, facts: TransportFailureFacts, cause?: unknown) {
    super(problem, cause === undefined ? undefined : { cause });
    this.isPassing = facts.isPassing;
    this.isRefusal = facts.isRefusal ?? false;
    this.suggestion = facts.suggestion;
  }
}
