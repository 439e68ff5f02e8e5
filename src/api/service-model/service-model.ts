/**
 * Published service models as data: what a file of botocore's says about operations and the shapes that they are made
 * of. Front ends read the part that they answer; nothing about a field is written by hand.
 */

export interface ServiceModel {
  /** `targetPrefix` stands before an operation's name in the header `X-Amz-Target`. */
  readonly metadata: { readonly targetPrefix: string; readonly apiVersion: string };
  readonly operations: Readonly<Record<string, ModelOperation>>;
  readonly shapes: Readonly<Record<string, ModelShape>>;
  /** Names of the service's operations that are not served here. */
  readonly notServed: readonly string[];
}

export interface ModelOperation {
  readonly name: string;
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
}

export interface ModelShape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, ModelMember>>;
  /** Of a list its elements; of a map its keys and values. */
  readonly member?: ModelMember;
  readonly key?: ModelMember;
  readonly value?: ModelMember;
  /** Of strings and blobs the length, of lists and maps the count, of numbers the value. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Exactly one member is given. */
  readonly union?: boolean;
  readonly sensitive?: boolean;
  readonly payload?: string;
  /** Of an error: its status, and its name in the older protocol. */
  readonly error?: { readonly httpStatusCode: number; readonly code?: string };
}

export interface ModelMember {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
}

/** The member as `domain` and AWS's own messages spell it: the first letter is small, and nothing else changes. */
export function camelCase(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}
