/** The admin addresses that say why: whose things, of which region, and what is refused. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createExplainFrontEnd } from '../../src/api/admin/explain-front-end.js';
import type { ComponentExplanation, EndpointExplanation } from '../../src/control/facade.js';
import { StowageError } from '../../src/domain/errors.js';
import { bearerKey, startWireListener, type WireListener } from './wire-listener.js';

let listener: WireListener;
let asked: unknown[];

/** Answers with what it was asked. */
const control = {
  explain: (...question: unknown[]) => told<readonly ComponentExplanation[]>(question),
  explainEndpoint: (...question: unknown[]) => told<EndpointExplanation>(question),
  explainComponent: (...question: unknown[]) => {
    if (question[1] === 'none') throw StowageError.of('NAME-410', { kind: 'inference-component', arn: 'x' });
    return told<ComponentExplanation>(question);
  },
  logs: async (...question: unknown[]) => told<readonly string[]>([...question, 'line']),
};

function told<Answer>(question: unknown[]): Answer {
  asked.push(question);
  return [] as Answer;
}

beforeEach(async () => {
  asked = [];
  listener = await startWireListener([createExplainFrontEnd({ control, homeRegion: 'eu-central-1' })]);
});
afterEach(() => listener.close(0));

const ask = (path: string, method = 'GET') =>
  fetch(`${listener.url}${path}`, { method, headers: { authorization: `Bearer ${bearerKey}` } });
const home = { account: '123456789012', region: 'eu-central-1' };

it.each([
  ['/admin/explain', [home]],
  ['/admin/explain?region=us-east-1', [{ ...home, region: 'us-east-1' }]],
  ['/admin/explain?region=', [home]],
  ['/admin/explain/endpoint/e%2Fx', [home, 'e/x']],
  ['/admin/explain/component/c?region=r', [{ ...home, region: 'r' }, 'c']],
  ['/admin/logs/c-1', [home, 'c-1', 100, 'line']],
  ['/admin/logs/c-1?lines=7', [home, 'c-1', 7, 'line']],
])('%s asks for things of the caller’s account', async (path, question) => {
  const response = await ask(path);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(asked).toEqual([question]);
});

it.each([
  ['/admin/logs/c-1?lines=0', 400, 'REQ-210'],
  ['/admin/logs/c-1?lines=10001', 400, 'REQ-210'],
  ['/admin/logs/c-1?lines=x', 400, 'REQ-210'],
  ['/admin/explain/component/none', 404, 'NAME-410'],
  ['/admin/explain/model/m', 404, 'NAME-406'],
  ['/admin/explain/endpoint/', 404, 'NAME-406'],
  ['/admin/explain/endpoint/a/b', 404, 'NAME-406'],
  ['/admin/logs/', 404, 'NAME-406'],
  ['/admin', 404, 'NAME-406'],
  ['/admin/explain/endpoint/%ZZ', 404, 'NAME-406'],
])('%s is refused with %i', async (path, status, code) => {
  const response = await ask(path);
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
});

it('only reads, and only for callers with a key', async () => {
  expect((await ask('/admin/explain', 'POST')).status).toBe(405);
  expect((await fetch(`${listener.url}/admin/explain`)).status).toBe(401);
  expect(asked).toEqual([]);
});
