/** BlockGen's samples: one of all kinds, of a thing. */
import type { Draw } from '../draw.js';
import { drawThing } from '../nouns.js';
import type { BlockSample } from '../samples.js';
import { changeKinds } from './changes.js';
import { classKinds } from './classes.js';
import { inContext } from './kind-context.js';
import type { Kind } from './kind.js';
import { listKinds } from './lists.js';
import { methodKinds } from './methods.js';
import { queryKinds } from './queries.js';
import { triggerKinds } from './triggers.js';

const allKinds: readonly Kind[] = [
  ...queryKinds,
  ...listKinds,
  ...changeKinds,
  ...methodKinds,
  ...classKinds,
  ...triggerKinds,
];

/** One sample of one of `kinds` (none said = of all); null = the draw led to nothing, draw again. */
export function drawBlock(draw: Draw, kinds?: readonly string[]): BlockSample | null {
  const choices = kinds === undefined ? allKinds : allKinds.filter(({ kind }) => kinds.includes(kind));
  const { kind, make } = draw.random.weighted(choices.map((choice) => [choice.weight, choice] as const));
  const thing = drawThing(draw);
  const made = make(draw, thing);
  if (made === null) return null;
  draw.noteKind(kind, thing.api);
  return {
    task: 'block',
    kind,
    prompt: inContext(draw.random, made.prompt),
    answer: made.answer,
    shape: made.shape ?? 'statements',
    given: made.given ?? '',
  };
}
