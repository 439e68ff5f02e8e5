/**
 * What the headers of an invocation ask for. What would change the answer and is not done here is refused
 * by the header's name; the rest is accepted:
 *
 * - Inference-Id and Prefix-Aware-Id are taken and have no effect yet (nothing is captured, and routing
 *   does not look at prefixes).
 * - Session-Id of an existing session is taken and has no effect, because no component keeps sessions.
 * - Accept is taken and ignored: the body's schema decides the type of the answer.
 */
import { StowageError } from '../../domain/errors.js';
import type { OperationInput } from './read-input.js';
import { type Operation, runtimeOperations } from './service-model.js';

/** The one production variant of every endpoint. */
export const variantName = 'AllTraffic';

export interface Invocation {
  readonly endpoint: string;
  /** null = the endpoint's only one. */
  readonly component: string | null;
  /** Sent back with the answer. */
  readonly customAttributes: string | null;
  readonly contentType: string | null;
}

/** Members that name what is not here → why. Any value is refused. */
const notServed: Readonly<Record<string, string>> = {
  TargetModel: 'a component has one model; name the component instead',
  TargetContainerHostname: 'a component has one container; name the component instead',
  EnableExplanations: 'answers are not explained here',
};

/** Throws REQ-212 for what is not served, and REQ-210 for a body that is not JSON by its type. */
export function readInvocation(operation: Operation, input: OperationInput): Invocation {
  const refuse = (member: string, problem: string): StowageError => {
    const field = wireNameOf(operation, member);
    return StowageError.of('REQ-212', { field, problem }, { location: field });
  };
  for (const [member, problem] of Object.entries(notServed)) {
    if (input[member] !== undefined) throw refuse(member, problem);
  }
  const variant = input['TargetVariant'];
  if (variant !== undefined && variant !== variantName) {
    throw refuse('TargetVariant', `the only variant of an endpoint is \`${variantName}\``);
  }
  if (input['SessionId'] === 'NEW_SESSION') {
    throw refuse('SessionId', 'components keep no sessions; send the whole context with each call');
  }
  const contentType = textOf(input['ContentType']);
  if (contentType !== null && !isJsonType(contentType)) {
    const field = wireNameOf(operation, 'ContentType');
    const problem = `the body must be \`application/json\`, not \`${shown(contentType)}\``;
    throw StowageError.of('REQ-210', { problem, field }, { location: field });
  }
  return {
    endpoint: textOf(input['EndpointName']) ?? '',
    component: textOf(input['InferenceComponentName']),
    customAttributes: textOf(input['CustomAttributes']),
    contentType,
  };
}

/** The operation of that name in the published model; a missing one is a defect of the model's file. */
export function operationNamed(name: string): Operation {
  const operation = runtimeOperations.find((one) => one.name === name);
  if (operation === undefined) throw new Error(`the service model has no operation ${name}`);
  return operation;
}

function wireNameOf(operation: Operation, member: string): string {
  return operation.members.find(({ name }) => name === member)?.wireName ?? member;
}

function textOf(value: string | number | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** `application/json` and types with the suffix `+json`, with any parameters. */
function isJsonType(contentType: string): boolean {
  const essence = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  return essence === 'application/json' || /^application\/[\w.-]+\+json$/.test(essence);
}

function shown(value: string): string {
  return value.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
}
