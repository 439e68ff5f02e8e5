/** The freely worded prompts that were answered wrong, for a person to read. */
import { differingSlots } from './block-scores.js';
import type { Evaluation } from './evaluate.js';
import { flowParts } from './flow-scores.js';
import type { AnyQuestion } from './questions.js';
import type { Answered } from './scores.js';
import { slotsOf } from './slots.js';

export function freeReport(wrongFree: Evaluation['wrongFree']): string {
  const sections = wrongFree.map(
    ({ file, answered }) => `## ${file}: ${answered.length} wrong\n\n${answered.map(oneWrong).join('\n\n')}`,
  );
  return `# Freely worded prompts that were answered wrong\n\nTo be read; nothing is tuned on them.\n\n${sections.join('\n\n')}\n`;
}

function oneWrong({ question, text, isEnded }: Answered): string {
  const fence = question.task === 'flow' ? 'json' : 'apex';
  const code = (title: string, content: string) => `${title}:\n\n\`\`\`${fence}\n${content}\n\`\`\``;
  return [
    `### ${question.id}`,
    question.task === 'inline'
      ? code('Around the cursor ▮', `${question.prefix}▮${question.suffix}`)
      : `Prompt: ${question.prompt}`,
    code('Expected', question.accepted[0]!),
    code(isEnded ? 'Given' : 'Given (did not end by itself)', text),
    ...differences(question, text),
  ].join('\n\n');
}

function differences(question: AnyQuestion, text: string): string[] {
  const shown = (name: string, expected: unknown, given: unknown) =>
    `- ${name}: expected ${JSON.stringify(expected)}, given ${JSON.stringify(given)}`;
  if (question.task === 'block') {
    const [expected, given] = [slotsOf(question.accepted[0]!), slotsOf(text)];
    const wrong = differingSlots(expected, given, question.prompt);
    return [wrong.map((name) => shown(name, expected[name], given[name])).join('\n') || '- does not parse'];
  }
  if (question.task === 'inline') return [];
  const expected = flowParts(JSON.parse(question.accepted[0]!));
  const given = partsOfText(text);
  if (expected === null || given === null) return ['- no flow'];
  const names = (['object', 'event', 'conditions', 'steps'] as const).filter(
    (name) => expected[name] !== given[name],
  );
  return [names.map((name) => shown(name, expected[name], given[name])).join('\n')];
}

function partsOfText(text: string) {
  try {
    return flowParts(JSON.parse(text));
  } catch {
    return null;
  }
}
