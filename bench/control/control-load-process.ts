/** Calls one operation of a control API over kept connections for a while; prints how many were answered, as JSON. */
import { Agent, request } from 'node:http';

interface Task {
  readonly port: number;
  readonly key: string;
  readonly operation: string;
  /** Bodies that are sent in turn. */
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly ms: number;
}

const task = JSON.parse(process.argv[2]!) as Task;
const agent = new Agent({ keepAlive: true, maxSockets: task.connections });
const latencies: number[] = [];
let failed = 0;
let sent = 0;

function call(): Promise<void> {
  const body = task.bodies[sent++ % task.bodies.length]!;
  const begin = performance.now();
  return new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${task.key}`,
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(body),
      'x-amz-target': `SageMaker.${task.operation}`,
    };
    const outgoing = request({ port: task.port, method: 'POST', path: '/', agent, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === 200) latencies.push(performance.now() - begin);
        else failed++;
        resolve();
      });
    });
    outgoing.once('error', () => {
      failed++;
      resolve();
    });
    outgoing.end(body);
  });
}

async function connection(endAt: number): Promise<void> {
  while (performance.now() < endAt) await call();
}

const begin = performance.now();
await Promise.all(Array.from({ length: task.connections }, () => connection(begin + task.ms)));
const seconds = (performance.now() - begin) / 1000;
latencies.sort((a, b) => a - b);
const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? 0;
process.stdout.write(JSON.stringify({ perSecond: latencies.length / seconds, p99, failed }));
agent.destroy();
