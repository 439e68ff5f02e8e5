/**
 * The models' held-out tasks through the whole HTTP path, scored by the models' own metrics: what a caller gets
 * is as good as the model card says. The file that `npm start` serves, with the prompts and options of its
 * configuration; `STOWAGE_QUALITY_FILES=f16,Q8_0` measures others, too.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { type PromptRow, promptRows, referenceTokenizer } from './apex-prompts.js';
import { modelsFolder, repository, type StowageProcess, startStowage } from './stowage-process.js';

/** Of each task; the card's own number. */
const rowCount = 300;
/** As the card's evaluation: longer answers count as cut off. */
const newTokensMax = 380;
const requestsAtOnce = 24;
/** How far a figure may be from the card's, in points. */
const pointsMax = 0.5;
const files = (process.env['STOWAGE_QUALITY_FILES'] ?? 'Q8_0').split(',');

interface Output {
  readonly text: string;
  readonly stopped: boolean;
  readonly promptTokens: number;
}
type Scores = Readonly<Record<string, number>>;
type Metrics = Readonly<Record<PromptRow['task'], (rows: readonly PromptRow[], outputs: Output[]) => Scores>>;

/** Columns of the card's two tables, in order, and what the metrics call them. */
const columns = {
  blockAndFlow: [
    null,
    ['block', 'parse'],
    ['block', 'allSlots'],
    ['block', 'exact'],
    null,
    ['flow', 'json'],
    ['flow', 'triggerAndObject'],
    ['flow', 'when'],
    ['flow', 'stepMatch'],
    ['flow', 'exact'],
  ],
  inline: [
    ['inline', 'parse'],
    ['inline', 'exact'],
    ['inline', 'firstLine'],
  ],
} as const;
const componentOf = { block: 'blockgen', flow: 'flowgpt', inline: 'inline' } as const;

interface Expected {
  readonly task: PromptRow['task'];
  readonly metric: string;
  readonly card: number;
}

/** The card's figures for one file. */
function cardOf(file: string): readonly Expected[] {
  const card = readFileSync(path.join(modelsFolder, 'MODEL-CARD.md'), 'utf8');
  const tables = [card.split('### BlockGen and FlowGPT')[1]!, card.split('### Inline')[1]!];
  return [columns.blockAndFlow, columns.inline].flatMap((names, index) => {
    const line = tables[index]!.split('\n').find((row) => row.startsWith(`| ${file} |`));
    if (line === undefined) throw new Error(`the card has no row for ${file}`);
    const cells = line
      .split('|')
      .slice(2)
      .map((cell) => Number(cell));
    return names.flatMap((name, column) =>
      name === null ? [] : [{ task: name[0], metric: name[1], card: cells[column]! }],
    );
  });
}

async function generate(server: StowageProcess, row: PromptRow): Promise<Output> {
  const input = row.task === 'inline' ? { prompt: row.p, suffix: row.s } : { prompt: row.prompt };
  const response = await fetch(`${server.url}/v1/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: componentOf[row.task],
      ...input,
      temperature: 0,
      max_tokens: newTokensMax,
    }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  const { choices, usage } = (await response.json()) as {
    choices: [{ text: string; finish_reason: string }];
    usage: { prompt_tokens: number };
  };
  const [{ text, finish_reason: reason }] = choices;
  return { text, stopped: reason === 'stop', promptTokens: usage.prompt_tokens };
}

/** All rows, some at a time; outputs in the order of the rows. */
async function generateAll(server: StowageProcess, rows: readonly PromptRow[]): Promise<Output[]> {
  const outputs: Output[] = [];
  const waiting = rows.entries();
  const client = async () => {
    for (const [index, row] of waiting) outputs[index] = await generate(server, row);
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, client));
  return outputs;
}

it.each(files)('%s scores through HTTP what the model card says, within half a point', async (file) => {
  const metrics = (await import(
    pathToFileURL(path.join(modelsFolder, 'eval', 'metrics.mjs')).href
  )) as Metrics;
  const yaml = readFileSync(path.join(repository, 'stowage.yaml'), 'utf8').replaceAll(
    /\.\/models\/apex-target-\w+\.gguf/g,
    path.join(modelsFolder, `apex-target-${file}.gguf`),
  );
  const server = await startStowage({ yaml });
  const reference = await referenceTokenizer();
  const measured = new Map<string, number>();
  for (const task of ['block', 'flow', 'inline'] as const) {
    const rows = promptRows(task).slice(0, rowCount);
    const startedAt = performance.now();
    const outputs = await generateAll(server, rows);
    // Exactly the card's prompts: nothing cut off, no control token more or less.
    expect(outputs.map(({ promptTokens }) => promptTokens)).toEqual(
      rows.map((row) => reference.encode(reference.promptOf(row)).length),
    );
    const scores = metrics[task](rows, outputs);
    for (const [name, value] of Object.entries(scores)) measured.set(`${task} ${name}`, value);
    console.log(
      `${file} ${task}: ${rows.length} answers in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    );
  }
  measured.set(
    'flow triggerAndObject',
    Math.min(measured.get('flow trigger') ?? NaN, measured.get('flow object') ?? NaN),
  );
  const table = cardOf(file).map((expected) => {
    const value = measured.get(`${expected.task} ${expected.metric}`) ?? NaN;
    return { ...expected, measured: value, difference: Math.round((value - expected.card) * 10) / 10 };
  });
  console.table(table);
  expect(table).toHaveLength(11);
  for (const row of table)
    expect(Math.abs(row.difference), JSON.stringify(row)).toBeLessThanOrEqual(pointsMax);
});
