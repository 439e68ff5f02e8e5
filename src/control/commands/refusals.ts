/** The refusals that several commands share, in the words that SDKs' waiters and users know from SageMaker. */
import { StowageError } from '../../domain/errors.js';
import { arnOf, type ResourceKind, type Scope } from '../../domain/scope.js';

/** Kinds as SageMaker's messages spell them. */
const kindWords: Readonly<Record<ResourceKind, string>> = {
  model: 'model',
  'endpoint-config': 'endpoint configuration',
  endpoint: 'endpoint',
  'inference-component': 'inference component',
  alarm: 'alarm',
};

/** REQ-210: a value that the model allows and its meaning does not. `field` is its place in the call. */
export function invalid(field: string, problem: string): StowageError {
  return StowageError.of('REQ-210', { field, problem });
}

/** REQ-212: a value that SageMaker acts on and Stowage does not. */
export function unsupported(field: string, problem: string): StowageError {
  return StowageError.of('REQ-212', { field, problem });
}

/** NAME-410. */
export function notFound(scope: Scope, kind: ResourceKind, name: string): StowageError {
  return StowageError.of('NAME-410', { kind: kindWords[kind], arn: arnOf(scope, kind, name) });
}

/** The record, or NAME-410 when there is none. */
export function found<R>(record: R | undefined, scope: Scope, kind: ResourceKind, name: string): R {
  if (record === undefined) throw notFound(scope, kind, name);
  return record;
}

/** NAME-411 when there is such a record already. */
export function refuseDuplicate(record: unknown, scope: Scope, kind: ResourceKind, name: string): void {
  if (record === undefined) return;
  throw StowageError.of('NAME-411', { kind: kindWords[kind], arn: arnOf(scope, kind, name) });
}

/** STATE-700 unless the state is one of those in which the verb is possible. */
export function refuseUnless(
  states: readonly string[],
  verb: string,
  kind: ResourceKind,
  record: { readonly scope: Scope; readonly name: string; readonly status: string },
): void {
  if (states.includes(record.status)) return;
  throw StowageError.of('STATE-700', {
    verb,
    kind: kindWords[kind],
    arn: arnOf(record.scope, kind, record.name),
    state: record.status,
  });
}

/** STATE-703. `users` says what still uses it. */
export function stillUsed(scope: Scope, kind: ResourceKind, name: string, users: string): StowageError {
  return StowageError.of('STATE-703', { kind: kindWords[kind], arn: arnOf(scope, kind, name), users });
}

/** NAME-412. */
export function noSuchVariant(variant: string, endpoint: string, variants: readonly string[]): StowageError {
  const shown = variants.length === 0 ? 'none' : variants.map((one) => `"${one}"`).join(', ');
  return StowageError.of('NAME-412', { variant, endpoint, variants: shown });
}
