/**
 * `engines` of settings.yaml: how programs of others are started. Only here can a command be named; what callers send
 * chooses an engine by its kind and nothing more.
 */
import { z } from 'zod';
import { type OutsideSettings, usualProgram } from '../../contracts/outside-engine.js';
import { EngineKind } from '../../domain/component.js';

const outsideKinds = [
  EngineKind.LlamaServer,
  EngineKind.VLlm,
  EngineKind.SgLang,
  EngineKind.TensorRtLlm,
  EngineKind.Container,
] as const;

const wordsMax = 256;
const charactersMax = 4096;
const variablesMax = 256;

const word = z
  .string({ error: 'a text' })
  .max(charactersMax, { error: `at most ${charactersMax} characters` })
  .regex(/^[^\0]*$/, { error: 'a text without a zero byte' });

function words(expected: string, min = 0) {
  return z
    .array(word, { error: expected })
    .min(min, { error: expected })
    .max(wordsMax, { error: `at most ${wordsMax} words` });
}

const variableName = z
  .string({ error: 'the name of an environment variable' })
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,255}$/, { error: 'the name of an environment variable' });

const program = z.strictObject(
  {
    command: words(
      'the program and its arguments as a list, such as `[vllm, serve, "{model}"]`',
      1,
    ).optional(),
    arguments: words('a list of arguments').default([]),
    cleanup: words('the program and its arguments as a list', 1).optional(),
    environment: z
      .record(variableName, word, { error: 'names of variables with their values, as texts' })
      .refine((value) => Object.keys(value).length <= variablesMax, {
        error: `at most ${variablesMax} variables`,
      })
      .default({}),
    inherit: z
      .array(variableName, { error: 'a list of names of environment variables' })
      .max(variablesMax, { error: `at most ${variablesMax} variables` })
      .default([]),
    images: words('a list of images, such as `registry.internal/models/*`').default([]),
  },
  { error: unless('keys such as `command`, `arguments`, `environment`') },
);

const programOf = Object.fromEntries(outsideKinds.map((kind) => [kind, program.optional()])) as Record<
  (typeof outsideKinds)[number],
  z.ZodOptional<typeof program>
>;

export const engines = z.strictObject(programOf, { error: unless('keys such as `vllm`, `llama-server`') });

export function toOutsideSettings(source: z.output<typeof engines>): OutsideSettings {
  const settings: Record<string, OutsideSettings[string]> = {};
  for (const [kind, given] of Object.entries(source)) {
    if (given === undefined) continue;
    const { command = null, cleanup = null, ...others } = given;
    settings[kind] = { ...usualProgram, ...others, command, cleanup };
  }
  return settings;
}

/** Keys that are known below `engines`, at so many keys from the top of the file. */
export function engineKeys(depth: number): string[] {
  return depth === 1 ? [...outsideKinds] : Object.keys(program.shape);
}

/** Unknown keys are worded by their own; a strict object's message must not stand in for them. */
function unless(expected: string) {
  return (issue: { readonly code?: string | undefined }) =>
    issue.code === 'unrecognized_keys' ? 'no other keys' : expected;
}
