/** The freely worded prompts that were answered wrong, for a person to read. */
import { scoreBlock } from './block-scores.js';
import type { Evaluation } from './evaluate.js';
import { flowParts, scoreFlow, type FlowParts } from './flow-scores.js';
import { scoreInline } from './inline-scores.js';
import type { AnyQuestion, BlockQuestion, InlineQuestion } from './questions.js';
import type { Answered } from './scores.js';
import { slotsOf } from './slots.js';

/** Markdown: a section for each file, and in it each prompt with the nearest accepted answer, the one given, and what differs. */
export function freeReport(wrongFree: Evaluation['wrongFree']): string {
  const sections = wrongFree.map(
    ({ file, answered }) => `## ${file}: ${answered.length} wrong\n\n${answered.map(oneWrong).join('\n\n')}`,
  );
  return `# Freely worded prompts that were answered wrong\n\nTo be read; nothing is tuned on them.\n\n${sections.join('\n\n')}\n`;
}

function oneWrong({ question, text, isEnded }: Answered): string {
  const fence = question.task === 'flow' ? 'json' : 'apex';
  const code = (title: string, content: string) => `${title}:\n\n\`\`\`${fence}\n${content}\n\`\`\``;
  const { accepted, differences } = comparedWith(question, text);
  return [
    `### ${question.id}`,
    question.task === 'inline'
      ? code('Around the cursor ▮', `${question.prefix}▮${question.suffix}`)
      : `Prompt: ${question.prompt}`,
    code(question.accepted.length > 1 ? 'Expected (the nearest of several)' : 'Expected', accepted),
    code(isEnded ? 'Given' : 'Given (did not end by itself)', text),
    ...(differences.length > 0 ? [differences.map((line) => `- ${line}`).join('\n')] : []),
  ].join('\n\n');
}

/** An answer beside an accepted one. */
interface Compared {
  readonly accepted: string;
  /** The least is the nearest, as the scores have it. */
  readonly distance: number;
  readonly differences: readonly string[];
}

/** With the nearest accepted answer; of equally near ones the first. */
function comparedWith(question: AnyQuestion, text: string): Compared {
  const compared = question.accepted.map((accepted) => compare(question, accepted, text));
  return compared.reduce((nearest, one) => (one.distance < nearest.distance ? one : nearest));
}

function compare(question: AnyQuestion, accepted: string, text: string): Compared {
  switch (question.task) {
    case 'block':
      return compareBlock(question, accepted, text);
    case 'flow':
      return compareFlow(accepted, text);
    case 'inline':
      return compareInline(question, accepted, text);
    default:
      return question satisfies never;
  }
}

function compareBlock(question: BlockQuestion, accepted: string, text: string): Compared {
  const { parses, wrongSlots } = scoreBlock({ ...question, accepted: [accepted] }, text);
  const [expected, given] = [slotsOf(accepted), slotsOf(text)];
  const wrong = wrongSlots.map((name) =>
    difference(name, JSON.stringify(expected[name]), JSON.stringify(given[name])),
  );
  return {
    accepted,
    distance: wrongSlots.length,
    differences: parses ? wrong : ['does not parse', ...wrong],
  };
}

const flowPartNames = [
  'object',
  'event',
  'conditions',
  'steps',
] as const satisfies readonly (keyof FlowParts)[];

function compareFlow(accepted: string, text: string): Compared {
  const { isJson, isValid, ...scores } = scoreFlow([accepted], text);
  if (!isJson) return { accepted, distance: flowPartNames.length, differences: ['is no JSON'] };
  const [expected, given] = [flowParts(JSON.parse(accepted)), flowParts(JSON.parse(text))];
  const wrong = flowPartNames.filter((name) => !scores[name]);
  const differences = wrong.map((name) => difference(name, expected?.[name], given?.[name]));
  return {
    accepted,
    distance: wrong.length,
    differences: isValid ? differences : ['is not valid', ...differences],
  };
}

function compareInline(question: InlineQuestion, accepted: string, text: string): Compared {
  const { parses, similarity } = scoreInline({ ...question, accepted: [accepted] }, text);
  return { accepted, distance: 1 - similarity, differences: parses ? [] : ['does not parse'] };
}

function difference(name: string, expected = 'nothing', given = 'nothing'): string {
  return `${name}: expected ${expected}, given ${given}`;
}
