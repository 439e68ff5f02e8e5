/** AWS Signature Version 4 for one request, by hand: a load signs thousands. */
import { createHash, createHmac } from 'node:crypto';

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
}

export interface RequestToSign {
  readonly method: string;
  /** The service's name in signatures; SageMaker's when left out. */
  readonly service?: string;
  /** With its port, as the Host header says it. */
  readonly host: string;
  /** Path already percent-encoded, without a query. */
  readonly path: string;
  /** Lower-case names; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const serviceDefault = 'sagemaker';

/** The headers to add: `x-amz-date`, `authorization` and, with a session, `x-amz-security-token`. */
export function signatureHeaders(request: RequestToSign, key: SigningKey): Record<string, string> {
  const stamp = new Date(request.at).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${stamp.slice(0, 8)}/${key.region}/${request.service ?? serviceDefault}/aws4_request`;
  const added: Record<string, string> = {
    'x-amz-date': stamp,
    ...(key.sessionToken === undefined ? {} : { 'x-amz-security-token': key.sessionToken }),
  };
  const signed = Object.entries({ ...request.headers, ...added, host: request.host }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    // Every service but S3 encodes the segments of the path a second time.
    request.path.split('/').map(encodeSegment).join('/'),
    '',
    ...signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    names,
    sha256(request.body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n');
  const signature = hmac(signingKey(key, scope), toSign).toString('hex');
  return {
    ...added,
    authorization: `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function signingKey(key: SigningKey, scope: string): Buffer {
  const parts = scope.split('/');
  return parts.reduce<Buffer>((made, part) => hmac(made, part), Buffer.from(`AWS4${key.secretAccessKey}`));
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
