/** OpenAI's dialect: address → decode → serving → encode. Holds no state beside when it was made. */
import type { Clock } from '../../contracts/clock.js';
import type { Random } from '../../contracts/random.js';
import type { ComponentRef } from '../../domain/component.js';
import type { InferenceRequest } from '../../domain/inference.js';
import type { Serving } from '../../serving/facade.js';
import type { Exchange, FrontEnd, Route } from '../http/exchange.js';
import { badField, type JsonObject, parseObject } from '../json-body/fields.js';
import { type Address, Operation, parseAddress } from './address.js';
import { type Failures, StreamAnswer, WholeAnswer } from './answer.js';
import { type DecodedCall, decodeChat, decodeCompletion } from './decode.js';
import { chatEncoder, completionEncoder } from './encode.js';
import { encodeError } from './errors.js';
import { encodeModel, encodeModelList } from './models.js';

export interface OpenAiParts {
  readonly serving: Serving;
  readonly clock: Clock;
  readonly random: Random;
  /** Default 6,291,456: SageMaker's limit of an invocation. */
  readonly bodyBytesMax?: number;
}

const bodyBytesMaxDefault = 6_291_456;
/** Requests without a body get this much room for one. */
const emptyBodyBytesMax = 4096;

/** The front end for `/v1/…` and SageMaker's per-endpoint OpenAI addresses. */
export function createOpenAiFrontEnd(parts: OpenAiParts): FrontEnd {
  const created = Math.floor(parts.clock.wallNow() / 1000);
  const bodyBytesMax = parts.bodyBytesMax ?? bodyBytesMaxDefault;
  return {
    name: 'openai',
    encodeError,
    route: (method, path) => {
      const address = parseAddress(method, path);
      return address === undefined ? undefined : routeOf(parts, address, bodyBytesMax, created);
    },
  };
}

/** A call whose body is this dialect's, at another dialect's address. */
export interface CarriedCall {
  readonly exchange: Exchange;
  /** The exchange's body, parsed. */
  readonly body: JsonObject;
  readonly endpoint: string;
  /** null = the body's `model`, or the endpoint's only one. */
  readonly component: string | null;
  readonly failures: Failures;
}

/** Answers bodies of completions and chat completions for other dialects. Both throw as the decoding does. */
export function createOpenAiBodies(parts: OpenAiParts): {
  readonly completions: (call: CarriedCall) => void;
  readonly chat: (call: CarriedCall) => void;
} {
  const carried =
    (operation: Operation) =>
    ({ exchange, body, endpoint, component, failures }: CarriedCall): void =>
      answer(parts, { operation, endpoint, component, model: null }, exchange, body, failures);
  return { completions: carried(Operation.Completions), chat: carried(Operation.ChatCompletions) };
}

const ownFailures: Failures = { refuse: null, breakOff: null };

function routeOf(parts: OpenAiParts, address: Address, bodyBytesMax: number, created: number): Route {
  const { operation } = address;
  switch (operation) {
    case Operation.Completions:
    case Operation.ChatCompletions:
      return {
        action: 'sagemaker:InvokeEndpoint',
        bodyBytesMax,
        handle: (exchange) => answer(parts, address, exchange, parseObject(exchange.body), ownFailures),
      };
    case Operation.ListModels:
    case Operation.RetrieveModel:
      return {
        action: 'sagemaker:ListInferenceComponents',
        bodyBytesMax: emptyBodyBytesMax,
        handle: (exchange) => {
          const body =
            address.model === null
              ? encodeModelList(parts.serving, address.endpoint, created)
              : encodeModel(parts.serving.resolve(address.endpoint, address.model), address.model, created);
          exchange.respond(200, { 'content-type': 'application/json' }, body);
        },
      };
    default:
      return operation satisfies never;
  }
}

function answer(
  parts: OpenAiParts,
  address: Address,
  exchange: Exchange,
  body: JsonObject,
  failures: Failures,
): void {
  const isChat = address.operation === Operation.ChatCompletions;
  const call = isChat ? decodeChat(body) : decodeCompletion(body);
  const component = resolve(parts.serving, address, call);
  const encoder = (isChat ? chatEncoder : completionEncoder)({
    id: `${isChat ? 'chatcmpl' : 'cmpl'}-${exchange.id}`,
    created: Math.floor(parts.clock.wallNow() / 1000),
    model: call.model ?? component.name,
    usageInStream: call.usageInStream,
    wantsLogprobs: call.logprobs !== null,
    tokenIdsReturned: call.tokenIdsReturned,
  });
  const requests = requestsOf(call, component, exchange.id, parts.random);
  const answerParts = {
    exchange,
    encoder,
    requests,
    choicesPerInput: call.choicesPerInput,
    echoes: call.echo ? requests.map(({ input }) => (input.kind === 'text' ? input.prompt : '')) : [],
    usageInStream: call.usageInStream,
    textlessSteps: call.logprobs !== null || call.tokenIdsReturned,
    failures,
  };
  const running = call.stream ? new StreamAnswer(answerParts) : new WholeAnswer(answerParts);
  running.run(parts.serving);
}

/** The address decides first; `model` names the component where it does not. */
function resolve(serving: Serving, address: Address, call: DecodedCall): ComponentRef {
  if (address.component !== null) return serving.resolve(address.endpoint, address.component);
  if (address.endpoint === null && call.model === null) throw badField('model', 'is required');
  return serving.resolve(address.endpoint, call.model);
}

/** One request per choice. Seeds follow each other, so that choices differ and stay the same when repeated. */
function requestsOf(
  call: DecodedCall,
  component: ComponentRef,
  id: string,
  random: Random,
): readonly InferenceRequest[] {
  const seed = call.seed ?? Math.floor(random.next() * 2 ** 53);
  const count = call.inputs.length * call.choicesPerInput;
  const requests: InferenceRequest[] = [];
  for (const input of call.inputs) {
    for (let choice = 0; choice < call.choicesPerInput; choice += 1) {
      const index = requests.length;
      requests.push({
        id: count === 1 ? id : `${id}-${index}`,
        component,
        input,
        sampling: { ...call.sampling, seed: seedAfter(seed, index) },
        newTokensMax: call.newTokensMax,
        stop: call.stop,
        logprobs: call.logprobs,
        endTokensIgnored: call.endTokensIgnored,
      });
    }
  }
  return requests;
}

/** `seed + count`, starting again at 0 after 2^53-1, without ever leaving the exact integers. */
function seedAfter(seed: number, count: number): number {
  const wrapped = seed - 2 ** 53 + count;
  return wrapped < 0 ? seed + count : wrapped;
}
