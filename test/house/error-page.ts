/**
 * docs/errors.md from the table of errors. What happened, the mend, whose fault and whether to try again
 * come from the table; the "why" of each code is written by hand in the page and kept.
 */
import { errorTable, Fault } from '../../src/domain/errors.js';
import type { ErrorCode } from '../../src/domain/errors.js';

const families: Readonly<Record<string, string>> = {
  FILE: 'The configuration',
  MODEL: 'Model files',
  CAP: 'No room',
  CTX: 'The prompt',
  REQ: 'The request',
  RUN: 'While it ran',
  KEY: 'Credentials',
  NAME: 'Names and addresses',
  STATE: 'Resources and their states',
  LIMIT: 'Limits',
  COLD: 'No ready copy',
  HOST: 'The machine',
  USE: 'The command line',
  INT: 'Stowage itself',
};

const faults: Readonly<Record<Fault, string>> = {
  [Fault.Caller]: 'the request or its author',
  [Fault.Access]: 'the credentials',
  [Fault.Missing]: 'the name',
  [Fault.Capacity]: 'the load of this moment',
  [Fault.Model]: 'the model’s process',
  [Fault.Host]: 'the host, its libraries or files',
  [Fault.Stowage]: 'Stowage',
};

const opening = `# Errors

Every refusal and failure of Stowage, on any wire, in any log and on any terminal, is one of these. The code
never changes its meaning. \`{words}\` stand for the particulars of the case. OpenAI's and SageMaker's clients
find the code at the beginning of the message and in the header \`x-stowage-error\`; violations of the constraints in
SageMaker's own model carry AWS's text to the letter, with the code in the header alone.

The texts come from the table in \`src/domain/errors.ts\`; only the lines after **Why** are written here. A
test compares the two. After a change of the table: \`npx vitest run --project house -u\`.
`;

const missingWhy = '(to be written)';

/** The page for the present table; \`existing\` is the page of before, whose reasons are kept. */
export function renderErrorPage(existing: string): string {
  let family = '';
  let page = opening;
  for (const [code, row] of Object.entries(errorTable)) {
    const prefix = code.slice(0, code.indexOf('-'));
    if (prefix !== family) page += `\n## ${families[prefix] ?? prefix}\n`;
    family = prefix;
    page += `\n### ${code}\n\n> ${row.message}\n\n`;
    page += `**Why:** ${readReason(existing, code as ErrorCode) ?? missingWhy}\n\n`;
    page += `**Mend:** ${row.mend === '{suggestion}' ? 'said with the error, since it depends on the case' : row.mend}\n\n`;
    page += `At fault: ${faults[row.fault]}. ${row.retryable ? 'The same request may succeed later.' : 'Trying again does not help.'}\n`;
  }
  return page;
}

/** The hand-written reason of a code in a page, on one line; undefined where there is none yet. */
export function readReason(page: string, code: ErrorCode): string | undefined {
  const start = page.indexOf(`\n### ${code}\n`);
  if (start < 0) return undefined;
  const end = page.indexOf('\n### ', start + 1);
  const reason = /\*\*Why:\*\* (.+)/.exec(page.slice(start, end < 0 ? undefined : end))?.[1];
  return reason === missingWhy ? undefined : reason;
}
