/** What a command is about: `component/inline`, `apexguru/inline`, or just `inline`. Pure. */
import { StowageError } from '../../domain/errors.js';

export const TargetKind = {
  Component: 'component',
  Endpoint: 'endpoint',
} as const;
export type TargetKind = (typeof TargetKind)[keyof typeof TargetKind];

export interface Target {
  readonly kind: TargetKind;
  /** null = the only one, or the one that has the component. */
  readonly endpoint: string | null;
  /** null = the endpoint's only one. */
  readonly component: string | null;
}

/**
 * Takes `[kind/]name` apart: `component/NAME`, `component/ENDPOINT/NAME`, `endpoint/NAME`, `ENDPOINT/NAME`
 * or `NAME`. Throws USE-640 for anything else.
 */
export function parseTarget(text: string): Target {
  const parts = text.split('/');
  const [first = '', second, third] = parts;
  if (parts.length <= 3 && parts.every((part) => part !== '')) {
    if (first === TargetKind.Endpoint && second !== undefined && third === undefined) {
      return { kind: TargetKind.Endpoint, endpoint: second, component: null };
    }
    const named = first === TargetKind.Component && second !== undefined ? parts.slice(1) : parts;
    const [one = null, two = null] = named;
    if (named.length === 1) return { kind: TargetKind.Component, endpoint: null, component: one };
    if (named.length === 2) return { kind: TargetKind.Component, endpoint: one, component: two };
  }
  throw StowageError.of('USE-640', {
    problem: `\`${text}\` does not name a component`,
    suggestion: 'write `component/NAME`, `ENDPOINT/NAME` or `endpoint/NAME`',
  });
}
