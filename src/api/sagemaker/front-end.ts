/**
 * SageMaker Runtime's dialect: address → validation from the service model → body → serving → encode. Two
 * schemas of bodies are taken by language models: the large-model containers' (`inputs`), and OpenAI's (`messages`,
 * `prompt`, `input`, or `query` with `documents`), which the OpenAI dialect answers. Other models take bodies of their own, which are passed on as they
 * are. Holds no state.
 *
 * | operation | `inputs` | OpenAI's body | a body of the model's own |
 * |---|---|---|---|
 * | InvokeEndpoint | one JSON body; `stream` has no effect | as the body's `stream` says: JSON, or events | one body |
 * | InvokeEndpointWithResponseStream | JSON lines in frames; `stream: false`: one JSON body in a frame | the same in frames | one body in frames |
 * | InvokeEndpointAsync | refused | refused | refused |
 */
import type { Random } from '../../contracts/random.js';
import type { InferenceComponent } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import type { Scope } from '../../domain/scope.js';
import type { Serving, SessionDesk } from '../../serving/facade.js';
import type { Exchange, FrontEnd, Route } from '../http/exchange.js';
import { hintedCall, hintsOf, sessionHintOf } from '../http/routing-hints.js';
import { scopeOfCall } from '../http/scope-of-call.js';
import { badField, type JsonObject, parseObject } from '../json-body/fields.js';
import { standingOf } from '../json-body/standing.js';
import { requestsOf } from './answer-parts.js';
import { decodeCall } from './decode.js';
import { encodeEarlyError, encodeError } from './errors.js';
import { FrameWriter } from './event-frames.js';
import { type Invocation, isJson, readInvocation, requireJson } from './invocation.js';
import { LineAnswer } from './line-answer.js';
import { OpaqueAnswer, type SendOpaque, takesOpaqueBodies } from './opaque-answer.js';
import { type Carriage, carriedExchange, openAiBodyOf, type OpenAiBodies } from './openai-bodies.js';
import { type MatchedOperation, matchOperation, readInput } from './operations.js';
import {
  closedSessionHeader,
  newSessionHeader,
  SessionRequest,
  sessionRequestOf,
} from './session-requests.js';
import { WholeAnswer } from './whole-answer.js';

export interface SageMakerParts {
  readonly serving: Serving & SessionDesk;
  readonly random: Random;
  /** What callers mean that were not signed for a region. */
  readonly homeRegion: string;
  readonly openAiBodies: OpenAiBodies;
}

/** The front end for `/endpoints/{EndpointName}/invocations` and its siblings. */
export function createSageMakerFrontEnd(parts: SageMakerParts): FrontEnd {
  return {
    name: 'sagemaker',
    encodeError: encodeEarlyError,
    route: (method, path) => {
      const matched = matchOperation(method, path);
      return matched === undefined ? undefined : routeOf(parts, matched);
    },
  };
}

function routeOf(parts: SageMakerParts, matched: MatchedOperation): Route {
  const { operation } = matched;
  return {
    action: `sagemaker:${operation.name}`,
    bodyBytesMax: operation.bodyBytesMax,
    handle: (exchange) => {
      const input = readInput(matched, exchange);
      const invocation = readInvocation(operation, input, exchange.id);
      const scope = scopeOfCall(exchange.principal, parts.homeRegion);
      const call = new InvocationCall(parts, matched, exchange, invocation, scope);
      switch (operation.name) {
        case 'InvokeEndpoint':
          call.answer(false);
          return;
        case 'InvokeEndpointWithResponseStream':
          call.answer(true);
          return;
        case 'InvokeEndpointAsync': {
          const problem = 'it is not served here yet, call InvokeEndpoint';
          throw StowageError.of('REQ-212', { problem, field: operation.name });
        }
        default:
          return operation.name satisfies never;
      }
    },
  };
}

/** One invocation whose headers are right. */
class InvocationCall {
  /** The variant of what was resolved. */
  #variant = '';
  /** What the call means without its body, where that was asked: a draw by weight holds for the whole call. */
  #drawn: InferenceComponent | null = null;
  /** The session that this call opened, and of whom; null = it opened none. */
  #opened: { readonly component: InferenceComponent; readonly id: string } | null = null;
  /** The session that the call belongs to; null = none that is known by now. */
  #session: string | null;

  constructor(
    private readonly parts: SageMakerParts,
    private readonly matched: MatchedOperation,
    private exchange: Exchange,
    private readonly invocation: Invocation,
    private readonly scope: Scope,
  ) {
    this.#session = invocation.session;
  }

  answer(inFrames: boolean): void {
    try {
      this.#answer(inFrames);
    } catch (error) {
      this.#forgetSession();
      throw error;
    }
  }

  #answer(inFrames: boolean): void {
    const opaque = this.#opaqueComponent();
    if (opaque !== null) {
      this.#answerOpaque(opaque, inFrames);
      return;
    }
    requireJson(this.matched.operation, this.invocation);
    const body = parseObject(this.exchange.body);
    const sessionRequest = sessionRequestOf(body, this.invocation);
    if (sessionRequest !== null) {
      this.#answerSession(sessionRequest, inFrames);
      return;
    }
    const kind = openAiBodyOf(body);
    if (kind === null) this.#answerInputs(body, inFrames);
    else this.#answerOpenAi(kind, body, inFrames);
  }

  /** A call that opens or closes a session and asks nothing of the model. */
  #answerSession(request: SessionRequest, inFrames: boolean): void {
    const { serving } = this.parts;
    const { session } = this.invocation;
    const component = this.#resolve(null);
    if (request === SessionRequest.Close && session !== null) serving.closeSession(component, session);
    const headers = this.#answerHeadersOf(component);
    const closed = request === SessionRequest.Close ? { [closedSessionHeader]: session ?? '' } : {};
    const result = request === SessionRequest.Close ? 'session closed' : 'session opened';
    this.#carriage(inFrames, { ...headers, ...closed }).respond(
      200,
      'application/json',
      JSON.stringify({ result }),
    );
  }

  /** What the call's requests are given to; asked when its session is known. */
  #serving(): Serving {
    const hints = hintsOf(this.exchange.headers, this.#session, this.invocation.prefixId);
    const { serving, exchange } = hintedCall(this.parts.serving, this.exchange, hints);
    this.exchange = exchange;
    return serving;
  }

  /** Who answers when it takes bodies of its own; null when it does not, or only the body can say who it is. */
  #opaqueComponent(): InferenceComponent | null {
    try {
      const component = this.#resolve(null);
      return takesOpaqueBodies(component) ? component : null;
    } catch (error) {
      if (!isJson(this.invocation)) throw error;
      return null; // it is asked again with what the body says, and fails then
    }
  }

  #answerOpaque(component: InferenceComponent, inFrames: boolean): void {
    const answerHeaders = this.#answerHeadersOf(component);
    const serving = this.#serving();
    const { exchange, invocation } = this;
    const refuse = (error: StowageError): void => this.#refuse(error);
    const send: SendOpaque = (status, contentType, attributes, body) =>
      this.#carriage(inFrames, { ...answerHeaders, ...attributes }).respond(status, contentType, body);
    new OpaqueAnswer({ serving, exchange, invocation, component, refuse }, send).run();
  }

  #answerInputs(body: JsonObject, inFrames: boolean): void {
    const { random } = this.parts;
    const call = decodeCall(body);
    const standing = standingOf(this.exchange, null);
    const component = this.#resolve(null);
    const isStreamed = inFrames && call.stream !== false;
    if (isStreamed && call.isList) throw badField('inputs', 'must be a string when the answer is streamed');
    const answerHeaders = this.#answerHeadersOf(component);
    const serving = this.#serving();
    const { exchange } = this;
    const logprobs = isStreamed || call.details ? 0 : null;
    const componentOf = (adapter: string | null) => this.#withAdapter(component, adapter);
    const requests = requestsOf(call, componentOf, exchange.id, logprobs, random, standing);
    const refuse = (error: StowageError): void => this.#refuse(error);
    const answerParts = { serving, exchange, call, requests, answerHeaders, refuse };
    if (!isStreamed) {
      const carriage = this.#carriage(inFrames, answerHeaders);
      const send = (text: string): void => carriage.respond(200, 'application/json', text);
      new WholeAnswer(answerParts, send).run();
      return;
    }
    const [request] = requests;
    if (request === undefined) return; // there is one for each prompt
    const open = (): FrameWriter => this.#openFrames('application/jsonlines', answerHeaders);
    new LineAnswer(answerParts, request, open).run();
  }

  #answerOpenAi(kind: keyof OpenAiBodies, body: JsonObject, inFrames: boolean): void {
    let frames: FrameWriter | null = null;
    const { model, adapters } = body;
    if (adapters !== undefined && adapters !== null && typeof adapters !== 'string') {
      throw badField('adapters', 'must be an adapter’s name');
    }
    const named = this.#resolve(typeof model === 'string' ? model : null);
    const component = this.#withAdapter(named, typeof adapters === 'string' ? adapters : null);
    this.#session ??= sessionHintOf(this.exchange.headers, body);
    const answerHeaders = this.#answerHeadersOf(component);
    const serving = this.#serving();
    const carriage = this.#carriage(inFrames, answerHeaders);
    const exchange = carriedExchange(this.exchange, {
      respond: (...answer) => carriage.respond(...answer),
      openStream: (contentType) => {
        const writer = carriage.openStream(contentType);
        if (writer instanceof FrameWriter) frames = writer;
        return writer;
      },
    });
    const { openAiBodies } = this.parts;
    const failures = {
      refuse: (error: StowageError): void => this.#refuse(error),
      breakOff: inFrames ? (error: StowageError): void => frames?.breakOff(error) : null,
    };
    const call = { serving, exchange, body, component, failures };
    openAiBodies[kind](call);
  }

  /** The header names the component, then the body's `model`, which may name an adapter of the header's component. */
  #resolve(model: string | null): InferenceComponent {
    const { endpoint, component, variant } = this.invocation;
    const isAdapted = component !== null && model?.startsWith(`${component}:`) === true;
    const name = isAdapted ? model : (component ?? (model || null));
    const isBodyless = name === component;
    const drawn = isBodyless ? this.#drawn : null;
    const found = drawn ?? this.parts.serving.resolve(this.scope, endpoint, name, variant);
    if (isBodyless) this.#drawn = found;
    this.#variant = found.variant;
    return found;
  }

  /** The component with an adapter that the body names; that of an adapter component gives way to it. */
  #withAdapter(component: InferenceComponent, adapter: string | null): InferenceComponent {
    if (adapter === null || adapter === '') return component;
    const { endpoint, name, variant } = component;
    return this.parts.serving.resolve(this.scope, endpoint, `${name}:${adapter}`, variant);
  }

  #answerHeadersOf(component: InferenceComponent): Readonly<Record<string, string>> {
    const headers = {
      ...this.invocation.answerHeaders,
      'x-amzn-invoked-production-variant': component.variant,
    };
    if (!this.invocation.opensSession) return headers;
    const opened = this.parts.serving.openSession(component, this.exchange.principal.keyId);
    this.#opened = { component, id: opened.id };
    this.#session = opened.id;
    return { ...headers, ...newSessionHeader(opened) };
  }

  #carriage(inFrames: boolean, answerHeaders: Readonly<Record<string, string>>): Carriage {
    if (!inFrames) {
      return {
        respond: (status, contentType, body) =>
          this.exchange.respond(status, { 'content-type': contentType, ...answerHeaders }, body),
        openStream: (contentType) =>
          this.exchange.openStream(200, { 'content-type': contentType, ...answerHeaders }),
      };
    }
    return {
      respond: (_, contentType, body) => this.#openFrames(contentType, answerHeaders).end(body),
      openStream: (contentType) => this.#openFrames(contentType, answerHeaders),
    };
  }

  #openFrames(contentType: string, answerHeaders: Readonly<Record<string, string>>): FrameWriter {
    const headers = {
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-sagemaker-content-type': contentType,
      ...answerHeaders,
    };
    return new FrameWriter(this.exchange.openStream(200, headers));
  }

  #refuse(error: StowageError): void {
    this.#forgetSession();
    const { status, headers, body } = encodeError(error, {
      requestId: this.exchange.id,
      operation: this.matched.operation,
      endpoint: this.invocation.endpoint,
      variant: this.#variant,
      account: this.exchange.principal.account,
    });
    this.exchange.respond(status, headers, body);
  }

  /** Nobody is told of a session whose first call failed. */
  #forgetSession(): void {
    if (this.#opened === null) return;
    const { component, id } = this.#opened;
    this.#opened = null;
    try {
      this.parts.serving.closeSession(component, id);
    } catch {
      // The component is gone, and its sessions with it.
    }
  }
}
