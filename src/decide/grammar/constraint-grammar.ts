/** From what a caller wants an answer to be to its grammar. Throws GrammarProblem. */
import type { Constraint } from '../../domain/inference.js';
import { literal } from './code-points.js';
import { choice, type Expression, type Grammar, GrammarProblem, sequence } from './expression.js';
import { anyObjectGrammar, schemaGrammar } from './json-schema.js';
import { parseGbnf } from './parse-gbnf.js';
import { parseRegex } from './parse-regex.js';
import { toolCallGrammar, type ToolFormat } from './tool-calls.js';

/** Characters of a schema, a pattern, a grammar, or of all choices or functions together. */
export const constraintCharactersMax = 128 * 1024;

/** `format`: how the model writes calls. */
export function grammarOf(constraint: Constraint, format: ToolFormat): Grammar {
  switch (constraint.kind) {
    case 'json-object':
      return anyObjectGrammar();
    case 'json-schema':
      return schemaGrammar(bounded(constraint.schema));
    case 'regex':
      return single(parseRegex(bounded(constraint.pattern)).expression);
    case 'choice':
      bounded(constraint.choices.join(''));
      return single(choice(constraint.choices.map(literal)));
    case 'grammar':
      return parseGbnf(bounded(constraint.grammar));
    case 'tool-calls':
      bounded(constraint.tools.map(({ name, parameters }) => name + parameters).join(''));
      return toolCallGrammar(constraint.tools, format, constraint.isParallel);
    default:
      return constraint satisfies never;
  }
}

function single(expression: Expression): Grammar {
  return { rules: new Map([['root', sequence(expression)]]), root: 'root' };
}

function bounded(text: string): string {
  if (text.length <= constraintCharactersMax) return text;
  throw new GrammarProblem(`has more than ${constraintCharactersMax} characters`);
}
