/**
 * Answers in pieces, whatever way the network cut them: server-sent events, JSON lines, and the frames of
 * AWS event streams. Each parser is fed bytes and calls back with whole items; limits bound what a broken
 * peer can make it keep.
 */
import { StringDecoder } from 'node:string_decoder';
import { crc32 } from 'node:zlib';

/** Longest line, event or frame that is kept together. */
export const itemBytesMax = 16 * 1024 * 1024;

export interface ByteParser {
  feed(bytes: Buffer): void;
  /** The stream is over; gives what stood unfinished, as far as the format lets it stand. */
  end(): void;
}

/**
 * Lines of text: `data:` of server-sent events and bare JSON lines alike. Calls back with the text after
 * `data:`, or with the line itself; other fields of events (`event:`, `id:`, comments) are left out.
 * An event's `data` of several lines comes in several calls.
 */
export function lineParser(onData: (text: string) => void): ByteParser {
  const decoder = new StringDecoder('utf8');
  let kept = '';
  const take = (line: string) => {
    if (line.startsWith('data:')) onData(line.slice(line.charCodeAt(5) === 32 ? 6 : 5));
    else if (line.startsWith('{')) onData(line);
  };
  // A line's end that was cut in two reads as two ends; the empty line between them says nothing.
  const takeLines = (text: string) => {
    const rest = kept + text;
    let start = 0;
    for (let index = nextLineEnd(rest, start); index !== -1; index = nextLineEnd(rest, start)) {
      take(rest.slice(start, index));
      start = index + (rest.startsWith('\r\n', index) ? 2 : 1);
    }
    kept = rest.slice(start);
    if (kept.length > itemBytesMax) throw new Error('a line of the answer is too long');
  };
  return {
    feed: (bytes) => takeLines(decoder.write(bytes)),
    end() {
      takeLines(`${decoder.end()}\n`);
    },
  };
}

function nextLineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  const carriage = text.indexOf('\r', from);
  return carriage !== -1 && (feed === -1 || carriage < feed) ? carriage : feed;
}

/** One message of `application/vnd.amazon.eventstream`. */
export interface EventFrame {
  /** Headers of type string, by name; others are left out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

const preludeBytes = 12;
const checksumBytes = 4;

/**
 * AWS event stream frames: u32 total, u32 headers' length, u32 CRC of these, headers, payload, u32 CRC of
 * all before (big-endian). Throws on a wrong checksum or an impossible length.
 */
export function frameParser(onFrame: (frame: EventFrame) => void): ByteParser {
  let kept: Buffer = Buffer.alloc(0);
  return {
    feed(bytes) {
      kept = kept.length === 0 ? bytes : Buffer.concat([kept, bytes]);
      while (kept.length >= preludeBytes) {
        const total = kept.readUInt32BE(0);
        if (total < preludeBytes + checksumBytes || total > itemBytesMax)
          throw new Error('a frame has an impossible length');
        if (kept.readUInt32BE(8) !== crc32(kept.subarray(0, 8)))
          throw new Error('a frame’s prelude is damaged');
        if (kept.length < total) break;
        onFrame(readFrame(kept.subarray(0, total)));
        kept = kept.subarray(total);
      }
    },
    end() {
      if (kept.length > 0) throw new Error('the stream ends inside a frame');
    },
  };
}

function readFrame(frame: Buffer): EventFrame {
  const end = frame.length - checksumBytes;
  if (frame.readUInt32BE(end) !== crc32(frame.subarray(0, end))) throw new Error('a frame is damaged');
  const headersEnd = preludeBytes + frame.readUInt32BE(4);
  if (headersEnd > end) throw new Error('a frame’s headers are longer than the frame');
  return {
    headers: readHeaders(frame.subarray(preludeBytes, headersEnd)),
    payload: frame.subarray(headersEnd, end),
  };
}

/** Bytes of a value by its type number; 6 and 7 carry their own length. */
const valueBytes: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

function readHeaders(bytes: Buffer): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + bytes.readUInt8(at);
    const name = bytes.toString('utf8', at + 1, nameEnd);
    const type = bytes.readUInt8(nameEnd);
    at = nameEnd + 1;
    if (type === 6 || type === 7) {
      const valueEnd = at + 2 + bytes.readUInt16BE(at);
      if (type === 7) headers[name] = bytes.toString('utf8', at + 2, valueEnd);
      at = valueEnd;
    } else {
      const length = valueBytes[type];
      if (length === undefined) throw new Error(`a frame’s header has the unknown type ${type}`);
      at += length;
    }
  }
  return headers;
}
