import { expect, it } from 'vitest';
import type { InferenceRequest } from '../../domain/inference.js';
import type { AnswerSink, Serving } from '../../serving/facade.js';
import type { Exchange } from './exchange.js';
import { hintedCall, hintsOf, sessionHintOf } from './routing-hints.js';

it('is null of a call that hints nothing, which goes on with what it came with', () => {
  expect(hintsOf({ 'content-type': 'application/json', 'x-stowage-no-capacity': 'hold' }, null)).toBeNull();
  const [serving, exchange] = [{} as Serving, {} as Exchange];
  const call = hintedCall(serving, exchange, null);
  expect([call.serving === serving, call.exchange === exchange]).toEqual([true, true]);
});

it('says what the headers and the dialect said', () => {
  const headers = {
    'prefix-aware-id': 'p',
    'x-stowage-explain-route': '1',
    'x-stowage-no-capacity': 'refuse',
  };
  const all = { session: 's', prefixId: 'p', isExplained: true, isStrict: true };
  expect(hintsOf(headers, 's')).toEqual(all);
  expect(hintsOf(headers, 's', 'read')).toEqual({ ...all, prefixId: 'read' });
  expect(hintsOf({}, 's')).toEqual({ session: 's' });
});

it('names the copies in the answer where that was asked, with the headers that it has', () => {
  const answered: Readonly<Record<string, string>>[] = [];
  const exchange = {
    respond: (_status: number, headers: Readonly<Record<string, string>>) => answered.push(headers),
  } as unknown as Exchange;
  const serving = {
    answer: (request: InferenceRequest, sink: AnswerSink) => {
      expect(request).toMatchObject({ id: 'r', isExplained: true });
      sink.onRouted?.('c-1');
    },
  } as unknown as Serving;
  const call = hintedCall(serving, exchange, hintsOf({ 'x-stowage-explain-route': '1' }, null));
  call.exchange.respond(200, { own: '1' }, '');
  call.serving.answer({ id: 'r' } as InferenceRequest, {} as AnswerSink);
  call.exchange.respond(200, { own: '1' }, '');
  expect(answered).toEqual([{ own: '1' }, { own: '1', 'x-stowage-routed-to': 'c-1' }]);
});

it('never means the same session by two kinds of hints', () => {
  const hints = [
    sessionHintOf({ 'x-session-id': 'user:ann' }, {}),
    sessionHintOf({ 'x-session-id': 'ann' }, { user: 'ann', prompt_cache_key: 'ann' }),
    sessionHintOf({}, { prompt_cache_key: 'user:ann' }),
    sessionHintOf({}, { prompt_cache_key: 'ann', user: 'ann' }),
    sessionHintOf({ 'x-session-id': '' }, { user: 'ann' }),
  ];
  expect(new Set(hints).size).toBe(hints.length);
  expect(sessionHintOf({}, { user: 7 })).toBeNull();
});
