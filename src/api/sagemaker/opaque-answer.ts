/**
 * One invocation of a model that takes bodies of its own: tensors, or whatever a container understands. The body goes
 * to the copy as it came, and what the copy answers goes back as it is.
 */
import { EngineKind, type InferenceComponent } from '../../domain/component.js';
import { StowageError } from '../../domain/errors.js';
import { type ComputationRequest, type ComputationResult, Outcome } from '../../domain/inference.js';
import type { AnswerHandle, Serving } from '../../serving/facade.js';
import type { Exchange } from '../http/exchange.js';
import { standingOf } from '../json-body/standing.js';
import type { Invocation } from './invocation.js';

const opaqueEngines: ReadonlySet<EngineKind> = new Set([EngineKind.OnnxRuntime, EngineKind.Container]);

/** True when the body's schema is the model's own. */
export function takesOpaqueBodies({ engine }: InferenceComponent): boolean {
  return opaqueEngines.has(engine);
}

export interface OpaqueParts {
  readonly serving: Serving;
  readonly exchange: Exchange;
  readonly invocation: Invocation;
  readonly component: InferenceComponent;
  /** Answers with an error. */
  readonly refuse: (error: StowageError) => void;
}

/** Gets the complete answer, and headers of it that the model chose. */
export type SendOpaque = (
  status: number,
  contentType: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
) => void;

export class OpaqueAnswer {
  #handle: AnswerHandle | null = null;
  #result: ComputationResult | null = null;
  #isOver = false;

  constructor(
    private readonly parts: OpaqueParts,
    private readonly send: SendOpaque,
  ) {}

  run(): void {
    const { serving, exchange, refuse } = this.parts;
    exchange.onClientGone(() => {
      this.#isOver = true;
      this.#handle?.cancel();
    });
    this.#handle = serving.answer(this.#request(), {
      onStart: () => undefined,
      onChunk: () => undefined,
      onResult: (result) => {
        this.#result = result;
      },
      onEnd: (end) => {
        if (this.#isOver) return;
        this.#isOver = true;
        if (end.outcome === Outcome.Completed) this.#sendResult();
        else refuse(StowageError.fromData(end.error));
      },
    });
  }

  #request(): ComputationRequest {
    const { exchange, component, invocation } = this.parts;
    if (component.adapter !== undefined) {
      const problem = `the adapter \`${component.adapter.name}\` changes generated text; name the component alone`;
      throw StowageError.of('REQ-212', { field: 'InferenceComponentName', problem });
    }
    const { contentType, accept, customAttributes } = invocation;
    return {
      kind: 'computation',
      id: exchange.id,
      component,
      ...standingOf(exchange, null),
      computation: {
        kind: 'invoke',
        contentType: contentType ?? '',
        accept: accept ?? '',
        body: exchange.body.toString('base64'),
        customAttributes,
      },
    };
  }

  #sendResult(): void {
    const result = this.#result;
    if (result?.kind !== 'invoke') {
      const cause = new Error(`the copy answered an invocation with \`${result?.kind ?? 'nothing'}\``);
      this.parts.refuse(StowageError.of('INT-500', {}, { cause }));
      return;
    }
    const { status, contentType, body, customAttributes } = result;
    const attributes =
      customAttributes === null ? {} : { 'x-amzn-sagemaker-custom-attributes': customAttributes };
    this.send(status, contentType, attributes, Buffer.from(body, 'base64'));
  }
}
