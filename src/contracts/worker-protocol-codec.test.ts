import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FrameError,
  FrameWriter,
  helloProblem,
  readerOfCaller,
  readerOfWorker,
} from './worker-protocol-codec.js';
import type { FromWorker, ToWorker } from './worker-protocol.js';
import { frameBytesMax, protocolVersion } from './worker-protocol.js';

const anyText = fc.string({ unit: 'binary', maxLength: 400 });
const anyMessage: fc.Arbitrary<FromWorker> = fc.oneof(
  fc.record({ type: fc.constant('loading' as const), phase: anyText, fraction: fc.constant(0.5) }),
  fc.record({
    type: fc.constant('step' as const),
    updates: fc.array(
      fc.record({ stream: fc.nat(), tokens: fc.array(fc.nat(), { maxLength: 5 }), text: anyText }),
      { maxLength: 8 },
    ),
  }),
);

function framed(messages: readonly FromWorker[]): Uint8Array {
  const writer = new FrameWriter<FromWorker>();
  for (const message of messages) writer.push(message);
  return writer.take();
}

function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (let index = 0; offset < bytes.length; index++) {
    const length = lengths.length === 0 ? bytes.length : lengths[index % lengths.length]!;
    pieces.push(bytes.subarray(offset, offset + length));
    offset += length;
  }
  return pieces;
}

function header(length: number): number[] {
  return [length & 0xff, (length >>> 8) & 0xff, (length >>> 16) & 0xff, length >>> 24];
}

function frameOf(text: string): Uint8Array {
  const body = new TextEncoder().encode(text);
  return Uint8Array.from([...header(body.length), ...body]);
}

describe('frames', () => {
  it('arrive as they were sent, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyMessage, { maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 5 }),
        (messages, lengths) => {
          const reader = readerOfWorker();
          const read = cut(framed(messages), lengths).flatMap((piece) => reader.push(piece));
          expect(read).toEqual(messages);
        },
      ),
    );
  });

  it('begin with their length, least byte first', () => {
    const bytes = framed([{ type: 'step', updates: [] }]);
    expect([...bytes.subarray(0, 4)]).toEqual(header(bytes.length - 4));
    expect(new TextDecoder().decode(bytes.subarray(4))).toBe('{"type":"step","updates":[]}');
  });

  it('of half a character stay one character', () => {
    const lonely: FromWorker = { type: 'loading', phase: '\ud83d', fraction: 0 };
    expect(readerOfWorker().push(framed([lonely]))).toEqual([lonely]);
  });

  it('are taken once', () => {
    const writer = new FrameWriter<ToWorker>();
    writer.push({ type: 'drain' });
    const first = writer.take();
    expect(writer.isEmpty).toBe(true);
    writer.push({ type: 'cancel', streams: [1] });
    const second = writer.take();
    expect(readerOfCaller().push(first)).toEqual([{ type: 'drain' }]);
    expect(readerOfCaller().push(second)).toEqual([{ type: 'cancel', streams: [1] }]);
  });

  it('larger than the piece that brings them are read whole', () => {
    const large: FromWorker = { type: 'loading', phase: 'ä'.repeat(300_000), fraction: 0 };
    const reader = readerOfWorker();
    const read = cut(framed([large, { type: 'step', updates: [] }]), [65_536]).flatMap((piece) =>
      reader.push(piece),
    );
    expect(read).toEqual([large, { type: 'step', updates: [] }]);
  });

  it('longer than the limit are refused by their header alone, and not written', () => {
    expect(() => readerOfWorker().push(Uint8Array.from(header(frameBytesMax + 1)))).toThrow(FrameError);
    expect(readerOfWorker().push(Uint8Array.from(header(frameBytesMax)))).toEqual([]);
    const writer = new FrameWriter<FromWorker>();
    const phase = 'x'.repeat(frameBytesMax);
    expect(() => writer.push({ type: 'loading', phase, fraction: 0 })).toThrow(FrameError);
    expect(writer.take().length).toBe(0);
  });

  it.each([
    ['no JSON', frameOf('{')],
    ['nothing', frameOf('')],
    ['no object', frameOf('7')],
    ['null', frameOf('null')],
    ['no type', frameOf('{"a":1}')],
    ['a type of the other direction', frameOf('{"type":"submit","streams":[]}')],
    ['an inherited name as type', frameOf('{"type":"toString"}')],
    ['no UTF-8', Uint8Array.from([...header(3), 0x22, 0xff, 0x22])],
  ])('that hold %s are refused', (_name, bytes) => {
    expect(() => readerOfWorker().push(bytes)).toThrow(FrameError);
  });

  it('of arbitrary bytes are read or refused, nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), (pieces) => {
        const reader = readerOfWorker();
        try {
          for (const piece of pieces) reader.push(piece);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
    );
  });
});

describe('helloProblem', () => {
  const copy = { id: 'chat-1', incarnation: 7 };
  const hello = (change: object) =>
    ({ type: 'hello', protocol: protocolVersion, copy, ...change }) as ToWorker;

  it('accepts the same protocol and the same copy', () => {
    expect(helloProblem(hello({}), copy)).toBeNull();
  });

  it.each([
    ['another protocol', hello({ protocol: protocolVersion + 1 })],
    ['another copy', hello({ copy: { id: 'chat-2', incarnation: 7 } })],
    ['another incarnation', hello({ copy: { id: 'chat-1', incarnation: 8 } })],
    ['no copy', hello({ copy: null })],
    ['another message', { type: 'drain' } as ToWorker],
  ])('names the problem of %s', (_name, message) => {
    expect(helloProblem(message, copy)).toMatch(/\w/);
  });
});
