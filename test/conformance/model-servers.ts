/**
 * Servers of model files on loopback, for artifacts.test.ts: one that speaks plain HTTP with ranges, one that speaks
 * enough of S3's wire for the official client. Both count what they are asked, and can be told to misbehave.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedFile {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** A file whose ETag follows from its bytes. */
export function served(bytes: Buffer | string): ServedFile {
  const content = Buffer.from(bytes);
  return { bytes: content, etag: `"${createHash('md5').update(content).digest('hex')}"` };
}

export class FileServer {
  readonly files = new Map<string, ServedFile>();
  /** `METHOD /path` of every request, with its Range. */
  readonly asked: string[] = [];
  /** Bodies end broken after this many bytes, as often as there are entries. */
  readonly cuts: number[] = [];
  /** By path: where it leads. */
  readonly redirects = new Map<string, string>();
  /** Takes over an answer. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => boolean) | null = null;
  knowsRanges = true;
  /** Between two pieces of a body; lets a test act in the middle of one. */
  pace: ((bytesSent: number) => Promise<void>) | null = null;
  private server: Server | null = null;

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** As it was before it served anything. */
  reset(): void {
    this.files.clear();
    this.redirects.clear();
    this.asked.length = 0;
    this.cuts.length = 0;
    this.intercept = null;
    this.pace = null;
    this.knowsRanges = true;
  }

  get port(): number {
    return (this.server?.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(new URL(request.url ?? '/', this.url).pathname);
    const range = request.headers.range;
    this.asked.push(`${request.method} ${path}${range === undefined ? '' : ` ${range}`}`);
    if (this.intercept?.(request, response) === true) return;
    const location = this.redirects.get(path);
    if (location !== undefined) {
      response.writeHead(302, { Location: location }).end();
      return;
    }
    const file = this.files.get(path);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    await this.sendFile(request, response, file);
  }

  protected async sendFile(
    request: IncomingMessage,
    response: ServerResponse,
    file: ServedFile,
  ): Promise<void> {
    const ifRange = request.headers['if-range'];
    const match = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const from =
      match !== null && this.knowsRanges && (ifRange === undefined || ifRange === file.etag)
        ? Number(match[1])
        : 0;
    if (from > 0 && from >= file.bytes.length) {
      response.writeHead(416, { 'Content-Range': `bytes */${file.bytes.length}` }).end();
      return;
    }
    const part = file.bytes.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      ETag: file.etag,
      'Content-Length': part.length,
      ...(from > 0 ? { 'Content-Range': `bytes ${from}-${file.bytes.length - 1}/${file.bytes.length}` } : {}),
    });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const cut = this.cuts.shift();
    const pieceBytes = 64 * 1024;
    const end = Math.min(part.length, cut ?? part.length);
    for (let at = 0; at < end; at += pieceBytes) {
      await this.pace?.(from + at);
      const piece = part.subarray(at, Math.min(end, at + pieceBytes));
      await new Promise((resolve) => response.write(piece, resolve));
    }
    if (cut === undefined) response.end();
    else response.destroy();
  }
}

/** Path-style buckets: the files' paths are `/BUCKET/KEY`. */
export class S3Server extends FileServer {
  /** Keys of one page of a listing. */
  pageKeysMax = 2;
  /** Access keys that signed requests carried. */
  readonly signers = new Set<string>();

  protected override async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const signer = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
    if (signer === undefined) return this.refuse(response, 403, 'AccessDenied');
    this.signers.add(signer);
    if (url.searchParams.get('list-type') === '2') {
      this.asked.push(`LIST ${url.pathname} ${url.searchParams.get('prefix') ?? ''}`);
      response.setHeader('Content-Type', 'application/xml').end(this.page(url));
      return;
    }
    const path = decodeURIComponent(url.pathname);
    this.asked.push(
      `${request.method} ${path}${request.headers.range === undefined ? '' : ` ${request.headers.range}`}`,
    );
    if (this.intercept?.(request, response) === true) return;
    const file = this.files.get(path);
    if (file === undefined) return this.refuse(response, 404, 'NoSuchKey');
    const ifMatch = request.headers['if-match'];
    if (ifMatch !== undefined && ifMatch !== file.etag) {
      return this.refuse(response, 412, 'PreconditionFailed');
    }
    await this.sendFile(request, response, file);
  }

  private refuse(response: ServerResponse, status: number, code: string): void {
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
    response.writeHead(status, { 'Content-Type': 'application/xml' }).end(body);
  }

  private page(url: URL): string {
    const bucket = url.pathname.split('/')[1] ?? '';
    const prefix = `/${bucket}/${url.searchParams.get('prefix') ?? ''}`;
    const after = url.searchParams.get('continuation-token') ?? '';
    const keys = [...this.files.keys()].filter((path) => path.startsWith(prefix) && path > after).sort();
    const page = keys.slice(0, this.pageKeysMax);
    const isCut = keys.length > page.length;
    const contents = page.map((path) => {
      const file = this.files.get(path)!;
      const key = escaped(path.slice(bucket.length + 2));
      return `<Contents><Key>${key}</Key><Size>${file.bytes.length}</Size><ETag>${escaped(file.etag)}</ETag></Contents>`;
    });
    const next = isCut ? `<NextContinuationToken>${escaped(page.at(-1) ?? '')}</NextContinuationToken>` : '';
    return `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><IsTruncated>${isCut}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`;
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
