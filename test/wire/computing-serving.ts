/** Serving that answers embeddings and rankings with known numbers, for tests of what is in front of it. */
import type { StowageError } from '../../src/domain/errors.js';
import {
  type Computation,
  type ComputationResult,
  FinishReason,
  type InferenceRequest,
  noUsage,
  Outcome,
} from '../../src/domain/inference.js';
import type { AnswerHandle, AnswerSink } from '../../src/serving/facade.js';
import { ScriptedServing } from './scripted-serving.js';

/** Answers computations: of the n-th text the vector (n + 1, 1/3), and its length as a score. */
export class ComputingServing extends ScriptedServing {
  readonly computations: Computation[] = [];
  failNext: StowageError | null = null;

  override answer(request: InferenceRequest, sink: AnswerSink): AnswerHandle {
    if (request.kind !== 'computation') return super.answer(request, sink);
    const { computation } = request;
    this.computations.push(computation);
    setImmediate(() => {
      if (this.failNext !== null) {
        sink.onEnd({ outcome: Outcome.Refused, error: this.failNext.toData(), usage: noUsage });
        this.failNext = null;
        return;
      }
      sink.onStart(7);
      sink.onResult?.(resultOf(computation));
      sink.onEnd({ outcome: Outcome.Completed, reason: FinishReason.Stop, stop: null, usage: noUsage });
    });
    return { cancel: () => undefined };
  }
}

function resultOf(computation: Computation): ComputationResult {
  if (computation.kind === 'rerank') {
    return { kind: 'rerank', scores: computation.documents.map(({ length }) => length), promptTokens: 7 };
  }
  const inputs = computation.kind === 'embed' ? computation.inputs : [];
  const vectors = inputs.map((_, index) =>
    Buffer.from(Float32Array.of(index + 1, 1 / 3).buffer).toString('base64'),
  );
  return { kind: 'embed', vectors, promptTokens: 7 };
}
