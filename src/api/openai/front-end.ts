/** OpenAI's dialect: address → decode → serving → encode. Holds no state beside when it was made. */
import type { Clock } from '../../contracts/clock.js';
import type { Random } from '../../contracts/random.js';
import type { InferenceComponent } from '../../domain/component.js';
import type { GenerationRequest } from '../../domain/inference.js';
import type { Scope } from '../../domain/scope.js';
import type { BudgetDesk, Serving } from '../../serving/facade.js';
import type { Exchange, FrontEnd, Route } from '../http/exchange.js';
import { hintedCall, hintsOf, sessionHintOf } from '../http/routing-hints.js';
import { scopeOfCall } from '../http/scope-of-call.js';
import { badField, type JsonObject, parseObject } from '../json-body/fields.js';
import { type Standing, standingOf } from '../json-body/standing.js';
import { type Address, Operation, parseAddress } from './address.js';
import { type Failures, StreamAnswer, WholeAnswer } from './answer.js';
import { answerComputation, type ComputationCall } from './computation.js';
import { type DecodedCall, decodeChat, decodeCompletion } from './decode.js';
import { decodeEmbeddings } from './embeddings.js';
import { budgetedExchange } from './budget-headers.js';
import { chatEncoder, completionEncoder } from './encode.js';
import { encodeError } from './errors.js';
import { encodeModel, encodeModelList } from './models.js';
import { decodeRerank } from './rerank.js';
import { ToolCallReader } from './tool-calls.js';

export interface OpenAiParts {
  readonly serving: Serving;
  readonly clock: Clock;
  readonly random: Random;
  /** What callers with a budget are told of it; absent = nothing. */
  readonly budgets?: BudgetDesk;
  /** What callers mean that were not signed for a region. */
  readonly homeRegion: string;
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
  readonly serving: Serving;
  readonly exchange: Exchange;
  /** The exchange's body, parsed. */
  readonly body: JsonObject;
  /** Who answers; the body's `model` is only repeated. */
  readonly component: InferenceComponent;
  readonly failures: Failures;
}

/** Answers this dialect's bodies for other dialects. All throw as the decoding does. */
export function createOpenAiBodies(
  parts: OpenAiParts,
): Readonly<Record<'completions' | 'chat' | 'embeddings' | 'rerank', (call: CarriedCall) => void>> {
  const carried =
    (decode: (body: JsonObject) => DecodedCall, isChat: boolean) =>
    ({ serving, exchange, body, component, failures }: CarriedCall): void =>
      answer(parts, {
        serving,
        exchange,
        call: decode(body),
        isChat,
        component,
        failures,
        standing: standingOf(exchange, body),
      });
  const computed =
    (decode: (body: JsonObject) => ComputationCall) =>
    ({ serving, exchange, body, component, failures }: CarriedCall): void =>
      answerComputation(serving, {
        exchange,
        call: decode(body),
        component,
        failures,
        standing: standingOf(exchange, body),
      });
  return {
    completions: carried(decodeCompletion, false),
    chat: carried(decodeChat, true),
    embeddings: computed(decodeEmbeddings),
    rerank: computed(decodeRerank),
  };
}

/** What this call is answered with: serving and the exchange, with the caller's hints of where it should go. */
function hinted(serving: Serving, exchange: Exchange, body: JsonObject) {
  const { headers } = exchange;
  return hintedCall(serving, exchange, hintsOf(headers, sessionHintOf(headers, body)));
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
        handle: (exchange) => {
          const isChat = operation === Operation.ChatCompletions;
          const body = parseObject(exchange.body);
          const call = isChat ? decodeChat(body) : decodeCompletion(body);
          const scope = scopeOfCall(exchange.principal, parts.homeRegion);
          const component = resolve(parts.serving, scope, address, call);
          const standing = standingOf(exchange, body);
          const told = budgetedExchange(exchange, standing.caller, parts.budgets);
          const answered = hinted(parts.serving, told, body);
          answer(parts, { ...answered, call, isChat, component, failures: ownFailures, standing });
        },
      };
    case Operation.Embeddings:
    case Operation.Rerank:
      return computationRoute(parts, address, bodyBytesMax, decoders[operation]);
    case Operation.ListModels:
    case Operation.RetrieveModel:
      return {
        action: 'sagemaker:ListInferenceComponents',
        bodyBytesMax: emptyBodyBytesMax,
        handle: (exchange) => {
          const { serving } = parts;
          const { endpoint, model } = address;
          const scope = scopeOfCall(exchange.principal, parts.homeRegion);
          const body =
            model === null
              ? encodeModelList(serving, scope, endpoint, created)
              : encodeModel(serving.resolve(scope, endpoint, model, null), model, created);
          exchange.respond(200, { 'content-type': 'application/json' }, body);
        },
      };
    default:
      return operation satisfies never;
  }
}

const decoders = {
  [Operation.Embeddings]: decodeEmbeddings,
  [Operation.Rerank]: decodeRerank,
} as const;

function computationRoute(
  parts: OpenAiParts,
  address: Address,
  bodyBytesMax: number,
  decode: (body: JsonObject) => ComputationCall,
): Route {
  return {
    action: 'sagemaker:InvokeEndpoint',
    bodyBytesMax,
    handle: (exchange) => {
      const body = parseObject(exchange.body);
      const call = decode(body);
      const scope = scopeOfCall(exchange.principal, parts.homeRegion);
      const component = resolve(parts.serving, scope, address, call);
      const standing = standingOf(exchange, body);
      const told = budgetedExchange(exchange, standing.caller, parts.budgets);
      const answered = hinted(parts.serving, told, body);
      answerComputation(answered.serving, {
        exchange: answered.exchange,
        call,
        component,
        failures: ownFailures,
        standing,
      });
    },
  };
}

/** A decoded call and who answers it. */
interface AnswerableCall {
  readonly serving: Serving;
  readonly exchange: Exchange;
  readonly call: DecodedCall;
  readonly isChat: boolean;
  readonly component: InferenceComponent;
  readonly failures: Failures;
  readonly standing: Standing;
}

function answer(
  parts: OpenAiParts,
  { serving, exchange, call, isChat, component, failures, standing }: AnswerableCall,
): void {
  const encoder = (isChat ? chatEncoder : completionEncoder)({
    id: `${isChat ? 'chatcmpl' : 'cmpl'}-${exchange.id}`,
    created: Math.floor(parts.clock.wallNow() / 1000),
    model: call.model ?? component.name,
    usageInStream: call.usageInStream,
    wantsLogprobs: call.logprobs !== null,
    tokenIdsReturned: call.tokenIdsReturned,
  });
  const requests = requestsOf(call, component, exchange.id, parts.random, standing);
  const answerParts = {
    exchange,
    encoder,
    requests,
    choicesPerInput: call.choicesPerInput,
    echoes: call.echo ? requests.map(({ input }) => (input.kind === 'text' ? input.prompt : '')) : [],
    newCallReader: callReaderOf(call, parts.random),
    usageInStream: call.usageInStream,
    textlessSteps: call.logprobs !== null || call.tokenIdsReturned,
    failures,
  };
  const running = call.stream ? new StreamAnswer(answerParts) : new WholeAnswer(answerParts);
  running.run(serving);
}

/** Templates of some models take only ids of nine letters and digits. */
const callIdLength = 9;
const callIdLetters = 'abcdefghijklmnopqrstuvwxyz0123456789';

function callReaderOf({ toolNames, callsMax }: DecodedCall, random: Random): (() => ToolCallReader) | null {
  if (toolNames.length === 0) return null;
  const names = new Set(toolNames);
  const letter = (): string => callIdLetters[Math.floor(random.next() * callIdLetters.length)]!;
  const newId = (): string => Array.from({ length: callIdLength }, letter).join('');
  return () => new ToolCallReader(names, newId, callsMax);
}

/**
 * The address decides first; `model` names the component, or the endpoint, where it does not. An adapter of the
 * address's component may be named all the same, as `component:adapter`.
 */
function resolve(
  serving: Serving,
  scope: Scope,
  address: Address,
  call: Pick<DecodedCall, 'model'>,
): InferenceComponent {
  const { endpoint, component } = address;
  if (component !== null) {
    const isAdapted = call.model?.startsWith(`${component}:`) === true;
    return serving.resolve(scope, endpoint, isAdapted ? call.model : component, null);
  }
  if (endpoint === null && call.model === null) throw badField('model', 'is required');
  return serving.resolve(scope, endpoint, call.model, null);
}

/** One request per choice. Seeds follow each other, so that choices differ and stay the same when repeated. */
function requestsOf(
  call: DecodedCall,
  component: InferenceComponent,
  id: string,
  random: Random,
  { caller, priority }: Standing,
): readonly GenerationRequest[] {
  const seed = call.seed ?? Math.floor(random.next() * 2 ** 53);
  const count = call.inputs.length * call.choicesPerInput;
  const requests: GenerationRequest[] = [];
  for (const input of call.inputs) {
    for (let choice = 0; choice < call.choicesPerInput; choice += 1) {
      const index = requests.length;
      requests.push({
        kind: 'generation',
        id: count === 1 ? id : `${id}-${index}`,
        component,
        caller,
        priority,
        input,
        sampling: { ...call.sampling, seed: seedAfter(seed, index) },
        newTokensMax: call.newTokensMax,
        stop: call.stop,
        logprobs: call.logprobs,
        endTokensIgnored: call.endTokensIgnored,
        constraint: call.constraint,
        adapter: component.adapter?.id ?? null,
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
