import { EventStreamCodec } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameParser, lineParser } from './stream-parsing.js';
import type { ByteParser } from './stream-parsing.js';

/** Cuts bytes at these places, in whatever order they come. */
function feedCut(parser: ByteParser, bytes: Buffer, cuts: readonly number[]): void {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    parser.feed(bytes.subarray(from, to));
    from = to;
  }
}

const cuts = fc.array(fc.nat(), { maxLength: 20 });

describe('lines of a stream', () => {
  it.each([
    ['data: a\n\ndata: b\n\n', ['a', 'b']],
    ['data:a\r\n\r\ndata:  b\r\n\r\n', ['a', ' b']],
    ['data: a\rdata: b\r', ['a', 'b']],
    [': comment\nevent: x\nid: 3\nretry: 1\ndata: a\n\n', ['a']],
    ['{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
    ['data: cut off', ['cut off']],
    ['data: first\ndata: second\n\n', ['first', 'second']],
    ['', []],
  ])('of %j are %j', (text, expected) => {
    const found: string[] = [];
    const parser = lineParser((data) => found.push(data));
    parser.feed(Buffer.from(text));
    parser.end();
    expect(found).toEqual(expected);
  });

  it('are the same however the network cut them, also inside a character', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ' '));
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), ends, cuts, (lines, end, places) => {
        const found: string[] = [];
        const parser = lineParser((data) => found.push(data));
        feedCut(parser, Buffer.from(lines.map((text) => `data: ${text}${end}${end}`).join('')), places);
        parser.end();
        expect(found).toEqual(lines.map((text) => Buffer.from(text).toString('utf8')));
      }),
    );
  });
});

describe('frames of an event stream', () => {
  const codec = new EventStreamCodec(
    (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
    (text) => Buffer.from(text),
  );
  const frame = fc.record({
    headers: fc.dictionary(
      fc.string({ minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__'),
      fc.oneof(
        fc.string({ maxLength: 50 }).map((value) => ({ type: 'string' as const, value })),
        fc.boolean().map((value) => ({ type: 'boolean' as const, value })),
        fc.integer({ min: -1000, max: 1000 }).map((value) => ({ type: 'integer' as const, value })),
        fc.uint8Array({ maxLength: 20 }).map((value) => ({ type: 'binary' as const, value })),
      ),
      { maxKeys: 4 },
    ),
    body: fc.uint8Array({ maxLength: 200 }),
  });

  it('of another’s encoder are read however the network cut them', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), cuts, (frames, places) => {
        const found: { headers: Record<string, string>; payload: number[] }[] = [];
        const parser = frameParser(({ headers, payload }) =>
          found.push({ headers: { ...headers }, payload: [...payload] }),
        );
        feedCut(parser, Buffer.concat(frames.map((one) => codec.encode(one))), places);
        parser.end();
        expect(found).toEqual(
          frames.map(({ headers, body }) => ({
            headers: Object.fromEntries(
              Object.entries(headers).flatMap(([name, { type, value }]) =>
                type === 'string' ? [[name, value]] : [],
              ),
            ),
            payload: [...body],
          })),
        );
      }),
    );
  });

  it('that were damaged anywhere are never taken for whole', () => {
    const whole = Buffer.from(
      codec.encode({ headers: { a: { type: 'string', value: 'b' } }, body: Buffer.from('payload') }),
    );
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        const parser = frameParser(() => expect.unreachable());
        expect(() => {
          parser.feed(damaged);
          parser.end();
        }).toThrow();
      }),
    );
  });
});
