/** What keeps answers in shape, for the vocabulary of one model. */
import type { Engine } from '../../contracts/engine.js';
import type { ConstraintMaker } from '../../contracts/token-constraint.js';
import { toolFormatOf } from '../../decide/grammar/tool-calls.js';
import type { ComponentOptions } from '../../domain/component-options.js';
import { GrammarConstraints } from '../../worker/grammar-constraints.js';

export function makeConstraints(engine: Engine, options: ComponentOptions): ConstraintMaker {
  return new GrammarConstraints(engine, toolFormatOf(options.promptTemplate ?? engine.info.chatTemplate));
}
