/** The body of a call as it was before it was packed: SDKs send the values of PutMetricData with gzip. */
import { gunzipSync } from 'node:zlib';
import { StowageError } from '../../domain/errors.js';
import type { Exchange } from '../http/exchange.js';

/**
 * At most `bytesMax` bytes. The signature, which was checked before, is of the packed bytes. Throws REQ-211 for what is
 * more when it is unpacked, REQ-210 for what is not gzip, REQ-212 for other encodings.
 */
export function plainBody({ headers, body }: Pick<Exchange, 'headers' | 'body'>, bytesMax: number): Buffer {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity' || body.length === 0) return body;
  if (encoding !== 'gzip') {
    const problem = 'the only encoding of bodies that is read is gzip';
    throw StowageError.of('REQ-212', { field: 'Content-Encoding', problem });
  }
  try {
    return gunzipSync(body, { maxOutputLength: bytesMax });
  } catch (cause) {
    const { code } = cause as { code?: string };
    if (code === 'ERR_BUFFER_TOO_LARGE') throw StowageError.of('REQ-211', { limit: bytesMax }, { cause });
    const problem = 'the body is not gzip, as Content-Encoding says';
    throw StowageError.of('REQ-210', { field: 'body', problem }, { cause });
  }
}
