/**
 * Routing with the real program and two real workers: a session stays at its copy, goes on at the other one when that
 * is killed, and people can see every choice.
 */
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { expect, it } from 'vitest';
import type { RoutingExplanation } from '../../src/api/admin/contract.js';
import { modelFile, promptTemplates } from './apex-prompts.js';
import { clientOptions } from './control-client.js';
import { runStowage, startStowage, type StowageProcess, until } from './stowage-process.js';

const yaml = `
endpoint: apexguru
routing: FASTEST_FIRST_TOKEN
components:
  inline:
    model: ${modelFile('apex-blockgen-Q8_0.gguf')}
    copies: 2
    options: { prompt_template: '${promptTemplates.block}', max_model_len: 1024, max_rolling_batch_size: 4 }
`;

function routing(server: StowageProcess): Promise<RoutingExplanation> {
  const url = `${server.url}/admin/v1/routing?component=inline`;
  return fetch(url, { headers: { authorization: `Bearer ${server.key}` } }).then(
    (response) => response.json() as Promise<RoutingExplanation>,
  );
}

it('a session stays at its copy and outlives it, and each choice is told', async () => {
  const server = await startStowage({ yaml });
  const client = new SageMakerRuntimeClient(clientOptions(server, 1));
  const invoke = async (body: object, SessionId?: string) => {
    const command = new InvokeEndpointCommand({
      EndpointName: 'apexguru',
      InferenceComponentName: 'inline',
      Body: JSON.stringify(body),
      ...(SessionId === undefined ? {} : { SessionId }),
    });
    let routedTo: string | undefined;
    command.middlewareStack.add(
      (next) => async (call) => {
        (call.request as { headers: Record<string, string> }).headers['x-stowage-explain-route'] = '1';
        const result = await next(call);
        routedTo = (result.response as { headers: Record<string, string> }).headers['x-stowage-routed-to'];
        return result;
      },
      { step: 'build', name: 'explain' },
    );
    return { output: await client.send(command), routedTo };
  };
  const ask = { inputs: 'a trigger that counts contacts', parameters: { max_new_tokens: 8 } };
  const opened = await invoke(ask, 'NEW_SESSION');
  const session = opened.output.NewSessionId?.split(';')[0] ?? '';
  expect(opened.output.NewSessionId).toMatch(/^[0-9a-f]{32}; Expires=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const copies = await Promise.all([1, 2, 3].map(() => invoke(ask, session)));
  expect(new Set(copies.map(({ routedTo }) => routedTo))).toEqual(new Set([opened.routedTo]));

  const told = await routing(server);
  expect(told).toMatchObject({ strategy: 'FASTEST_FIRST_TOKEN', component: 'inline', endpoint: 'apexguru' });
  expect(told.records.map(({ reason }) => reason)).toEqual(['session', 'session', 'session', 'strategy']);
  expect(told.records[0]?.copies).toHaveLength(2);

  for (const pid of server.workersOf('inline')) process.kill(pid, 'SIGKILL');
  await until(async () => {
    const after = await invoke(ask, session).catch(() => null);
    return after !== null && (await routing(server)).records[0]?.reason === 'session';
  }, 'the session at a new copy');
  expect((await invoke({ requestType: 'CLOSE' }, session)).output.ClosedSessionId).toBe(session);

  const { stdout } = await runStowage(
    ['explain', 'component/inline', '--routing', '--endpoint-url', server.url, '--api-key', server.key],
    server.dataFolder,
  );
  expect(stdout).toContain('FASTEST_FIRST_TOKEN');
  expect(stdout).toMatch(/\* inline-\d+ {2}\d of \d requests: score 0\.\d+, newTokens/);
  client.destroy();
});
