/**
 * What the headers of an invocation ask for. What would change the answer and is not done here is refused
 * by the header's name; the rest is accepted:
 *
 * - Inference-Id is taken and has no effect yet: nothing is captured.
 * - Prefix-Aware-Id and Session-Id say which copy should answer; NEW_SESSION opens a session.
 * - Accept is for models that take bodies of their own; of language models the body's schema decides.
 */
import { StowageError } from '../../domain/errors.js';
import type { Input, InputMember, Operation } from './operations.js';

export interface Invocation {
  readonly endpoint: string;
  /** null = the one that an OpenAI body names, one of the variants by weight, or the endpoint's only component. */
  readonly component: string | null;
  /** The variant that the caller wants; null = any. */
  readonly variant: string | null;
  /** Media types of the body and of the answer, as sent; null = none. */
  readonly contentType: string | null;
  readonly accept: string | null;
  /** For the model's own program, as sent; null = none. */
  readonly customAttributes: string | null;
  /** The session it belongs to; null = none. */
  readonly session: string | null;
  /** It opens a session, and its answer says which. */
  readonly opensSession: boolean;
  readonly prefixId: string | null;
  /** Headers that every answer to it carries, lower-case; the variant that answered is beside them. */
  readonly answerHeaders: Readonly<Record<string, string>>;
}

/** Instead of a session's id. */
const newSession = 'NEW_SESSION';

/** Members that name what is not here → why. Any value is refused. */
const notServed = {
  TargetModel: 'a component has one model; name the component instead',
  TargetContainerHostname: 'a component has one container; name the component instead',
  EnableExplanations: 'answers are not explained here',
} as const satisfies Partial<Record<InputMember, string>>;

/** Throws REQ-212 for what is not served. */
export function readInvocation(operation: Operation, input: Input, requestId: string): Invocation {
  for (const member of Object.keys(notServed) as (keyof typeof notServed)[]) {
    if (input[member] !== undefined) throw unsupported(operation, member, notServed[member]);
  }
  const { SessionId, ContentType, Accept, CustomAttributes, PrefixAwareId } = input;
  const opensSession = SessionId === newSession;
  if (opensSession && operation.name !== 'InvokeEndpoint') {
    throw unsupported(operation, 'SessionId', 'only InvokeEndpoint opens a session');
  }
  return {
    endpoint: input.EndpointName ?? '',
    component: input.InferenceComponentName ?? null,
    variant: input.TargetVariant ?? null,
    contentType: ContentType ?? null,
    accept: Accept ?? null,
    customAttributes: CustomAttributes ?? null,
    session: opensSession ? null : (SessionId ?? null),
    opensSession,
    prefixId: PrefixAwareId ?? null,
    answerHeaders: {
      'x-amzn-requestid': requestId,
      ...(CustomAttributes === undefined ? {} : { 'x-amzn-sagemaker-custom-attributes': CustomAttributes }),
    },
  };
}

/** Throws REQ-210 for a body that is not JSON by its type. */
export function requireJson(operation: Operation, invocation: Invocation): void {
  if (isJson(invocation)) return;
  const problem = `the body must be \`application/json\`, not \`${invocation.contentType?.slice(0, 100)}\``;
  const field = wireNameOf(operation, 'ContentType');
  throw StowageError.of('REQ-210', { problem, field }, { location: field });
}

/** True when the body says that it is JSON, or nothing. */
export function isJson({ contentType }: Invocation): boolean {
  return contentType === null || isJsonType(contentType);
}

function unsupported(operation: Operation, member: InputMember, problem: string): StowageError {
  const field = wireNameOf(operation, member);
  return StowageError.of('REQ-212', { field, problem }, { location: field });
}

function wireNameOf(operation: Operation, member: InputMember): string {
  return operation.rules.find((rule) => rule.member === member)?.wireName ?? member;
}

/**
 * `application/json`, types with the suffix `+json`, with any parameters, and `application/octet-stream`, which
 * the SDKs send when their caller names no type.
 */
function isJsonType(contentType: string): boolean {
  const essence = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  return (
    essence === 'application/json' ||
    essence === 'application/octet-stream' ||
    /^application\/[\w.-]+\+json$/.test(essence)
  );
}
