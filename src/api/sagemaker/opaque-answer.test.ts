import { expect, it } from 'vitest';
import { EngineKind, type InferenceComponent } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import {
  type ComputationResult,
  FinishReason,
  type InferenceRequest,
  noUsage,
  Outcome,
} from '../../domain/inference.js';
import type { AnswerSink, Serving } from '../../serving/facade.js';
import type { Exchange } from '../http/exchange.js';
import type { Invocation } from './invocation.js';
import { OpaqueAnswer, takesOpaqueBodies } from './opaque-answer.js';

const component = { name: 'net', engine: EngineKind.Container } as InferenceComponent;
const result: ComputationResult = {
  kind: 'invoke',
  status: 202,
  contentType: 'image/png',
  body: Buffer.from([0, 255]).toString('base64'),
  customAttributes: 'seen',
};

function call() {
  const said: unknown[] = [];
  let gone = (): void => undefined;
  let sink: AnswerSink | null = null;
  let request: InferenceRequest | null = null;
  const serving = {
    answer: (asked: InferenceRequest, given: AnswerSink) => {
      [request, sink] = [asked, given];
      return { cancel: () => said.push('cancelled') };
    },
  } as unknown as Serving;
  const exchange = {
    id: 'id-1',
    principal: { keyId: 'k', account: '000000000000', region: null },
    headers: {},
    body: Buffer.from([1, 2, 128]),
    onClientGone: (listener: () => void) => (gone = listener),
  } as unknown as Exchange;
  const invocation = { contentType: 'image/jpeg', accept: null, customAttributes: 'a=b' } as Invocation;
  const refuse = (error: StowageError) => said.push(error.code);
  new OpaqueAnswer({ serving, exchange, invocation, component, refuse }, (...answer) =>
    said.push(answer),
  ).run();
  const end = (): void =>
    sink!.onEnd({ outcome: Outcome.Completed, reason: FinishReason.Stop, stop: null, usage: noUsage });
  return { said, request: request!, sink: sink!, end, leave: () => gone() };
}

it('passes the body, its type and the caller’s attributes on as they came', () => {
  expect(call().request).toMatchObject({
    kind: 'computation',
    id: 'id-1',
    computation: {
      kind: 'invoke',
      contentType: 'image/jpeg',
      accept: '',
      body: 'AQKA',
      customAttributes: 'a=b',
    },
  });
});

it('answers with the copy’s bytes, type, status and attributes, once it has ended', () => {
  const { said, sink, end } = call();
  sink.onResult?.(result);
  expect(said).toEqual([]);
  end();
  const headers = { 'x-amzn-sagemaker-custom-attributes': 'seen' };
  expect(said).toEqual([[202, 'image/png', headers, Buffer.from([0, 255])]]);
});

it('passes a refusal on', () => {
  const { said, sink } = call();
  const error = StowageError.of('RUN-309', {}).toData();
  sink.onEnd({ outcome: Outcome.Refused, error, usage: noUsage });
  expect(said).toEqual(['RUN-309']);
});

it('cancels when the caller goes away, and says nothing more', () => {
  const { said, sink, end, leave } = call();
  leave();
  sink.onResult?.(result);
  end();
  expect(said).toEqual(['cancelled']);
});

it('does not answer a copy’s end without a result', () => {
  const { said, end } = call();
  end();
  expect(said).toEqual(['INT-500']);
});

it.each([
  [EngineKind.Container, true],
  [EngineKind.OnnxRuntime, true],
  [EngineKind.LlamaCpp, false],
  [EngineKind.VLlm, false],
  [EngineKind.Simulated, false],
])('bodies of %s are the model’s own: %s', (engine, expected) => {
  expect(takesOpaqueBodies({ ...component, engine })).toBe(expected);
});
