/** HTTP by hand over a socket, for what no client library would send. */
import net from 'node:net';

/**
 * Sends the bytes, and resolves with all that came back once the server closed the connection.
 * `endsAfter`: the caller closes its own side as soon as it has sent them.
 */
export function sendRaw(port: number, data: string | Uint8Array, endsAfter = false): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write(data);
      if (endsAfter) socket.end();
    });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      received += text;
    });
    // A reset is one way to be closed.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

/** The status codes of the answers in what came back, in order. */
export function statusesOf(received: string): readonly number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));
}

export function post(path: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: localhost\r\n${lines.join('')}\r\n${body}`;
}
