/** The `data` of server-sent events, as far as programs that generate text use them. */

/** A longer event is a broken program, characters. */
const eventLengthMax = 4 * 1024 * 1024;

/** Each event's data, in order; comments and other fields are passed over. Throws at an event that is too long. */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  for await (const part of bytes) {
    const lines = (rest + decoder.decode(part, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield data.join('\n');
        data = [];
      } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
    if (rest.length + data.reduce((sum, one) => sum + one.length, 0) > eventLengthMax) {
      throw new Error(`an event is longer than ${eventLengthMax} characters`);
    }
  }
  if (rest.startsWith('data:')) data.push(rest.slice(rest[5] === ' ' ? 6 : 5).replace(/\r$/, ''));
  if (data.length > 0) yield data.join('\n');
}
