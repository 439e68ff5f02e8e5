/** Results as Markdown tables, the same on a terminal and in the model card. */
import type { DraftResult, Evaluation, FileResult } from './evaluate.js';
import { modelOfTask, tasks, type Task } from './questions.js';
import type { Share } from './scores.js';

const titles: Readonly<Record<Task, string>> = {
  inline: 'Inline: completing at the cursor',
  block: 'BlockGen: Apex from English',
  flow: 'FlowGPT: flows from English',
};

/** What a column says that its heading cannot. */
const explanations: Readonly<Record<Task, string>> = {
  inline:
    'exact: the text that was there, up to spacing; similarity: 1 − edit distance / longer length; parses: the whole file with the answer in it.',
  block:
    'right: parses, and every slot (models/TASKS.md) is that of an accepted answer; exact: the same text up to spacing, which no model can always give, as names of variables are free.',
  flow: 'right: valid, and object, event, conditions and steps with all their members; valid: against models/flow.schema.json; exact: with all names.',
};

/** A section for each task that was measured, one for the draft model, and what holds for all; empty where nothing was. */
export function resultTables({ files, drafts }: Evaluation): string {
  const sections = tasks.flatMap((task) => {
    const ofTask = files.filter((file) => file.task === task);
    return ofTask.length === 0 ? [] : [taskSection(task, ofTask)];
  });
  if (drafts.length > 0) sections.push(draftSection(drafts));
  if (files.length > 0) sections.push(errorNote(files));
  return sections.join('\n\n');
}

function taskSection(task: Task, files: readonly FileResult[]): string {
  const [first] = files;
  const heldOut = files.find((file) => file.heldOut !== null)?.heldOut ?? null;
  const names = Object.keys(heldOut?.values ?? {});
  const hasNll = files.some(({ tokenNll }) => tokenNll !== null);
  const freeCount = files.find(({ free }) => free !== null)?.free?.count ?? 0;
  const head = [
    'file',
    'MB',
    ...names.map((name) => (name === 'ends' ? 'ends by itself %' : `${name} %`)),
    ...(hasNll ? ['nats per token'] : []),
    ...(freeCount > 0 ? [`freely worded right (of ${freeCount})`] : []),
  ];
  const rows = files.map((file) => [
    `${file.model}-${file.precision}`,
    (file.bytes / 1e6).toFixed(2),
    ...names.map((name) => percent(file.heldOut?.values[name] ?? 0)),
    ...(hasNll ? [(file.tokenNll ?? NaN).toFixed(4)] : []),
    ...(freeCount > 0 ? [freeText(file)] : []),
  ]);
  const held = heldOut === null ? [] : [`${heldOut.count} held-out prompts; ${explanations[task]}`];
  return [
    `### ${titles[task]}`,
    table(head, rows),
    ...held,
    ...shareLines(`By kind (${first!.precision}), right % (count)`, first!.heldOut?.kinds),
    ...shareLines(`By what was asked for (${first!.precision}), right % (count)`, first!.heldOut?.parts),
  ].join('\n\n');
}

function freeText({ task, free }: FileResult): string {
  if (free === null) return '';
  const right = free.values[task === 'inline' ? 'exact' : 'right'] ?? 0;
  return `${Math.round(right * free.count)} = ${percent(right)} %`;
}

function shareLines(title: string, shares: Readonly<Record<string, Share>> | undefined): string[] {
  const texts = Object.entries(shares ?? {}).map(
    ([name, { right, count }]) => `${name} ${percent(right / count)} (${count})`,
  );
  return texts.length === 0 ? [] : [`${title}: ${texts.join(', ')}.`];
}

function draftSection(drafts: readonly DraftResult[]): string {
  const positions = drafts[0]!.acceptedBehindRight.map((_, at) => `position ${at + 1} %`);
  const rows = drafts.map((draft) => [
    modelOfTask[draft.task],
    ...draft.acceptedBehindRight.map(percent),
    percent(draft.accepted),
    draft.tokensPerTargetPass.toFixed(2),
  ]);
  const { prompts } = drafts[0]!;
  return [
    '### apex-draft proposing for each model',
    table(['target', ...positions, 'all proposed %', 'tokens per target pass'], rows),
    `Both Q8_0, greedy, ${positions.length} tokens ahead, ${prompts} held-out prompts each; a position counts where those before it were right.`,
  ].join('\n\n');
}

function errorNote(files: readonly FileResult[]): string {
  const count = Math.min(...files.map(({ heldOut, free }) => (heldOut ?? free)?.count ?? Infinity));
  if (!Number.isFinite(count)) return 'Greedy decoding.';
  const at = (share: number) => (100 * Math.sqrt((share * (1 - share)) / count)).toFixed(1);
  return `Greedy decoding. Standard errors with ${count} prompts: ${at(0.95)} points at 95 %, ${at(0.8)} at 80 %, ${at(0.5)} at 50 %.`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
