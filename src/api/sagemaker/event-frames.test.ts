import { EventStreamCodec } from '@smithy/eventstream-codec';
import { expect, it } from 'vitest';
import { StowageError } from '../../domain/errors.js';
import type { StreamWriter } from '../http/exchange.js';
import { FrameWriter } from './event-frames.js';
import { framePayloadBytesMax } from './event-stream.js';

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes as Uint8Array).toString()),
  (text) => Buffer.from(text),
);

interface Frame {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Keeps what is written. */
class RecordingWriter implements StreamWriter {
  isBehind = false;
  hasEnded = false;
  readonly written: Buffer[] = [];

  write(data: string | Uint8Array): void {
    this.written.push(Buffer.from(data));
  }
  onCaughtUp(): void {
    // Never behind.
  }
  end(data?: string | Uint8Array): void {
    if (data !== undefined) this.write(data);
    this.hasEnded = true;
  }

  frames(): readonly Frame[] {
    let rest = Buffer.concat(this.written);
    const frames: Frame[] = [];
    while (rest.length > 0) {
      const length = rest.readUInt32BE(0);
      const { headers, body } = codec.decode(rest.subarray(0, length));
      const plain = Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value]));
      frames.push({ headers: plain, body: Buffer.from(body).toString() });
      rest = rest.subarray(length);
    }
    return frames;
  }
}

const partHeaders = {
  ':event-type': 'PayloadPart',
  ':content-type': 'application/octet-stream',
  ':message-type': 'event',
};

it('sends an empty first frame when nothing is written within the tick', async () => {
  const inner = new RecordingWriter();
  const writer = new FrameWriter(inner);
  await Promise.resolve();
  writer.write('é\n');
  writer.end();
  expect(inner.frames()).toEqual([
    { headers: partHeaders, body: '' },
    { headers: partHeaders, body: 'é\n' },
  ]);
  expect(inner.hasEnded).toBe(true);
});

it('sends no empty frame when something is written at once', async () => {
  const inner = new RecordingWriter();
  const writer = new FrameWriter(inner);
  writer.write('a');
  await Promise.resolve();
  writer.write('');
  writer.end('b');
  expect(inner.frames().map(({ body }) => body)).toEqual(['a', 'b']);
});

it('cuts what is too long for one frame', () => {
  const inner = new RecordingWriter();
  const text = 'x'.repeat(framePayloadBytesMax * 2) + 'y';
  new FrameWriter(inner).end(text);
  const bodies = inner.frames().map(({ body }) => body);
  expect(bodies.map(({ length }) => length)).toEqual([framePayloadBytesMax, framePayloadBytesMax, 1]);
  expect(bodies.join('')).toBe(text);
});

it.each([
  [StowageError.of('RUN-306', { seconds: 60 }), 'ModelStreamError', 'ModelInvocationTimeExceeded'],
  [StowageError.of('RUN-305', { times: 3 }), 'ModelStreamError', 'StreamBroken'],
  [StowageError.of('COLD-503', {}), 'ModelStreamError', 'StreamBroken'],
  [StowageError.of('INT-500', {}), 'InternalStreamFailure', undefined],
])('ends with %s as %s, %s', (error, type, errorCode) => {
  const inner = new RecordingWriter();
  new FrameWriter(inner).breakOff(error);
  const [frame] = inner.frames();
  expect(inner.hasEnded).toBe(true);
  expect(frame?.headers).toEqual({
    ':exception-type': type,
    ':content-type': 'application/json',
    ':message-type': 'exception',
  });
  const fields = JSON.parse(frame?.body ?? '') as Record<string, unknown>;
  expect(fields['Message']).toContain(error.code);
  expect(fields['ErrorCode']).toBe(errorCode);
});
