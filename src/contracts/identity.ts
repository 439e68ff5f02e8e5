import type { Caller } from '../domain/inference.js';

/** Who calls. Credentials become a Principal in the identity adapters; nobody else sees a secret. */
export interface Principal {
  /** Public id of the key, safe to log. */
  readonly keyId: string;
  /** Twelve digits; things of different accounts never meet. */
  readonly account: string;
  /** The region a signed call was signed for; null of a bearer key's calls, which mean the home region. */
  readonly region: string | null;
  /** What its requests get where there is not enough for all; absent = as much as anybody. */
  readonly caller?: Caller;
}

/** The parts of an HTTP request that credentials are checked against. */
export interface CredentialedRequest {
  readonly method: string;
  /** Path and query as received, undecoded. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as received. */
  readonly body: Uint8Array;
}

export interface Authenticator {
  /**
   * Refuses, from the headers alone, callers whose bodies are not worth reading: throws one of KEY-400, 401,
   * 402, 404, 405, 406. To pass names nobody; `authenticate` still has the last word.
   */
  precheck?(headers: CredentialedRequest['headers']): void;
  /** The caller, or throws one of KEY-400, 401, 402, 404, 405, 406. */
  authenticate(request: CredentialedRequest): Principal;
}
