/** The thread in which a worker process computes tensors. */
import { parentPort } from 'node:worker_threads';
import { serveSession } from '../adapters/engine/onnxruntime/thread.js';

if (parentPort === null) throw new Error('this is the program of a thread, not of a process');
serveSession(parentPort);
