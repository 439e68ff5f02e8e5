/**
 * How `stowage serve` speaks to the control process of its own server: over that one's socket, so it does not matter
 * which address the server listens on and who signed its certificate.
 */
import http from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import type { ComponentExplanation, ComponentList } from '../../api/admin/contract.js';

const answerMsMax = 5_000;

/** Every component of a region; null when control does not answer at the moment. */
export async function explainAll(
  socketPath: string,
  bearer: string,
  region: string,
): Promise<readonly ComponentExplanation[] | null> {
  const path = `/admin/explain?region=${encodeURIComponent(region)}`;
  const headers = { authorization: `Bearer ${bearer}` };
  try {
    const text = await new Promise<string>((resolve, reject) => {
      const request = http.get({ socketPath, path, headers, agent: false, timeout: answerMsMax });
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
          else reject(new Error(`status ${response.statusCode}`));
        });
      });
    });
    return (JSON.parse(text) as ComponentList).components;
  } catch {
    return null;
  }
}

/** A door to control on this machine's loopback, for clients that know URLs only; open until it is closed. */
export async function openDoor(socketPath: string): Promise<{ url: string; close(): void }> {
  const door = createServer((caller) => {
    const control = connect(socketPath);
    const end = () => {
      caller.destroy();
      control.destroy();
    };
    caller.on('error', end).on('close', end).pipe(control);
    control.on('error', end).on('close', end).pipe(caller);
  });
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject);
    door.listen(0, '127.0.0.1', resolve);
  });
  const { port } = door.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void door.close() };
}
