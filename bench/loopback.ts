/** Ports and answers on this machine. */
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { pause } from './bench.js';
import type { Child } from './children.js';

/** A port that was free a moment ago, for programs that cannot tell which one they took. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Resolves when `path` answers 200; rejects with what the child said when it ends before, or after `msMax`. */
export async function untilHealthy(child: Child, port: number, path: string, msMax: number): Promise<void> {
  const until = performance.now() + msMax;
  while ((await statusOf(port, path)) !== 200) {
    if (!child.isRunning) throw new Error(`a server of the bench did not start:\n${child.tail()}`);
    if (performance.now() > until) {
      throw new Error(`a server of the bench was not ready within ${msMax / 1000} s:\n${child.tail()}`);
    }
    await pause(25);
  }
}

/** Resolves when something listens on the port; rejects when the child ends before. */
export async function untilConnected(child: Child, port: number): Promise<void> {
  while (!(await isListening(port))) {
    if (!child.isRunning) throw new Error(`a server of the bench did not start:\n${child.tail()}`);
    await pause(25);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** The status of a GET; 0 when nobody answers. */
function statusOf(port: number, path: string): Promise<number> {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(0));
  });
}
