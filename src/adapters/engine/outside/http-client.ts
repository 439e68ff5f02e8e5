/**
 * HTTP to a program on this machine. One connection for each request: on loopback it costs next to nothing, and a
 * program that closes an idle connection in the moment it is used again cannot break a request.
 */
import { request, type IncomingMessage } from 'node:http';

/** A longer answer that is wanted whole is refused: it would not fit into a frame between processes. */
const wholeBytesMax = 40 * 1024 * 1024;

export interface ProgramAddress {
  readonly host: string;
  readonly port: number;
  /** Sent as a bearer key; null = none. */
  readonly key: string | null;
}

export interface ProgramRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Resolves when the head of the answer is there. Rejects with the reason of `signal`, and with what the system says. */
export function open(
  address: ProgramAddress,
  { method, path, headers = {}, body }: ProgramRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const bytes = body === undefined ? undefined : Buffer.from(body as string);
    const call = request({
      host: address.host,
      port: address.port,
      method,
      path,
      agent: false,
      headers: {
        ...(address.key === null ? {} : { authorization: `Bearer ${address.key}` }),
        ...(bytes === undefined ? {} : { 'content-length': bytes.length }),
        ...headers,
      },
      signal,
    });
    call.on('response', resolve);
    call.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error));
    call.end(bytes);
  });
}

/** The whole body of an answer. Rejects when it is longer than `wholeBytesMax`, or breaks off. */
export async function readWhole(answer: IncomingMessage, bytesMax = wholeBytesMax): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > bytesMax) {
      answer.destroy();
      throw new Error(`the answer is longer than ${bytesMax} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export function postJson(path: string, body: unknown): ProgramRequest {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}
