/** How models write calls of functions, and the grammar of such calls. */
import type { ToolDefinition } from '../../domain/inference.js';
import { literal } from './code-points.js';
import {
  choice,
  type Expression,
  type Grammar,
  GrammarProblem,
  repeat,
  rule,
  sequence,
} from './expression.js';
import { schemaExpression } from './json-schema.js';
import { colon, comma, jsonLiteral, jsonRules, wrapped } from './json-values.js';

export const ToolFormat = {
  /** `<tool_call>{"name": …, "arguments": …}</tool_call>`: Hermes, Qwen, and models that were told so. */
  Tagged: 'tagged',
  /** `{"name": …, "parameters": …}`: Llama 3. */
  Object: 'object',
  /** `[TOOL_CALLS][{"name": …, "arguments": …}]`: Mistral. */
  List: 'list',
} as const;
export type ToolFormat = (typeof ToolFormat)[keyof typeof ToolFormat];

/** Calls in one answer when several are allowed. */
const callsMax = 16;

/** The format that a chat template speaks of; tagged where it speaks of none. */
export function toolFormatOf(template: string | null): ToolFormat {
  if (template === null || template.includes('<tool_call>')) return ToolFormat.Tagged;
  if (template.includes('[TOOL_CALLS]')) return ToolFormat.List;
  if (/"parameters":/.test(template) && template.includes('ipython')) return ToolFormat.Object;
  return ToolFormat.Tagged;
}

/**
 * One call, or with `isParallel` up to 16. A mark that is a control token cannot be written by a grammar of bytes: a
 * list is written without its `[TOOL_CALLS]`. Throws GrammarProblem that names the function.
 */
export function toolCallGrammar(
  tools: readonly ToolDefinition[],
  format: ToolFormat,
  isParallel: boolean,
): Grammar {
  const rules = jsonRules({ areLinesAllowed: false });
  const argumentsKey = format === ToolFormat.Object ? 'parameters' : 'arguments';
  for (const [index, tool] of tools.entries()) {
    rules.set(`call ${index}`, callOf(tool, index, argumentsKey, rules));
  }
  rules.set('call', choice(tools.map((_, index) => rule(`call ${index}`))));
  rules.set('calls', callsOf(format, isParallel ? callsMax : 1));
  return { rules, root: 'calls' };
}

function callOf(
  { name, parameters }: ToolDefinition,
  index: number,
  argumentsKey: string,
  rules: Map<string, Expression>,
): Expression {
  let schema: Expression;
  try {
    schema = schemaExpression(parameters, rules, `tool ${index} `);
  } catch (error) {
    if (error instanceof GrammarProblem) throw new GrammarProblem(`of \`${name}\` ${error.message}`);
    throw error;
  }
  const member = (key: string, value: Expression): Expression => sequence(jsonLiteral(key), colon, value);
  const members = sequence(member('name', jsonLiteral(name)), comma, member(argumentsKey, schema));
  return wrapped('{', members, '}');
}

function callsOf(format: ToolFormat, count: number): Expression {
  const call = rule('call');
  switch (format) {
    case ToolFormat.Tagged: {
      const tagged = sequence(literal('<tool_call>\n'), call, literal('\n</tool_call>'));
      return sequence(tagged, repeat(sequence(literal('\n'), tagged), 0, count - 1));
    }
    case ToolFormat.Object:
      return call;
    case ToolFormat.List:
      return wrapped('[', sequence(call, repeat(sequence(comma, call), 0, count - 1)), ']');
    default:
      return format satisfies never;
  }
}
