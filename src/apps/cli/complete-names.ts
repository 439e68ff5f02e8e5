/** Live names for the completion scripts: the components of the server that this machine runs. */
import { listModels } from './call-target.js';
import { bearerKey, dataFolder, endpointUrl } from './data-folder.js';
import type { Session } from './session.js';

/** Completion must not be waited for. */
const answerMsMax = 100;

export async function completeNames({ environment, terminal }: Session): Promise<void> {
  const key = bearerKey(undefined, dataFolder(undefined, environment), environment);
  const credentials = key === null ? ({ kind: 'none' } as const) : ({ kind: 'bearer', key } as const);
  const models = await listModels(endpointUrl(undefined, environment), credentials, answerMsMax);
  for (const { id } of models) terminal.write(`component/${id}\n`);
}
