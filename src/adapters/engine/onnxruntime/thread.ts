/** The thread that computes: opens a session when it is told to, and answers one computation after the other. */
import type { MessagePort } from 'node:worker_threads';
import { asStowageError } from '../../../domain/errors.js';
import { firstLine, openSession, type OpenedSession } from './session.js';
import {
  type FromThread,
  movedBuffers,
  type NamedTensor,
  type OpenRequest,
  type ToThread,
} from './thread-messages.js';

/** Serves one port for as long as the thread lives. Messages are handled one after the other. */
export function serveSession(port: MessagePort): void {
  let session: OpenedSession | null = null;
  const say = (message: FromThread, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);

  const open = async (request: OpenRequest) => {
    try {
      const opened = await openSession(request);
      await session?.release();
      session = opened;
      say({ type: 'opened', facts: opened.facts });
    } catch (error) {
      say({ type: 'refused', error: asStowageError(error).toData() });
    }
  };

  const run = async (inputs: readonly NamedTensor[]) => {
    try {
      if (session === null) throw new Error('no session is open');
      const outputs = await session.run(inputs);
      say({ type: 'computed', outputs }, movedBuffers(outputs));
    } catch (error) {
      say({ type: 'failed', reason: firstLine(error) });
    }
  };

  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: ToThread) => {
    last = last.then(() => (message.type === 'open' ? open(message.request) : run(message.inputs)));
  });
}
