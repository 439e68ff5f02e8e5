/** Words for a request that reached a component which does something else. */
import { Ability } from '../contracts/engine.js';
import type { SubmittedStream } from '../contracts/worker-protocol.js';
import { StowageError } from '../domain/errors.js';

/** What is asked for, as verb and object. */
const asked: Readonly<Record<Ability, string>> = {
  [Ability.Generate]: 'generate text',
  [Ability.Embed]: 'make embeddings',
  [Ability.Rerank]: 'rank documents',
  [Ability.Invoke]: 'take bodies of its own',
};

const done: Readonly<Record<Ability, string>> = {
  [Ability.Generate]: 'its model generates text',
  [Ability.Embed]: 'its model makes embeddings',
  [Ability.Rerank]: 'its model ranks documents',
  [Ability.Invoke]: 'its model takes bodies of its own',
};

/** Where callers ask for it. */
const addresses: Readonly<Record<Ability, string>> = {
  [Ability.Generate]: '/v1/completions',
  [Ability.Embed]: '/v1/embeddings (in an invocation: with `input`)',
  [Ability.Rerank]: '/v1/rerank (in an invocation: with `query` and `documents`)',
  [Ability.Invoke]: '/endpoints/ENDPOINT/invocations',
};

/** The ability that a request needs. */
export function abilityFor(submitted: SubmittedStream): Ability {
  return submitted.kind === 'generation' ? Ability.Generate : submitted.computation.kind;
}

/** REQ-217 for a request that none of these abilities serves. */
export function refusalOf(
  submitted: SubmittedStream,
  component: string,
  abilities: readonly Ability[],
): StowageError {
  const ability = abilities[0] ?? Ability.Generate;
  return StowageError.of('REQ-217', {
    component,
    what: asked[abilityFor(submitted)],
    problem: done[ability],
    suggestion: `ask it at ${addresses[ability]}, or name another component`,
  });
}
