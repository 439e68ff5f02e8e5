/** The models' own classifier behind the real program: it says which code answers a comment. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { beforeAll, expect, it } from 'vitest';
import { Tokenizer, type TokenizerFile } from '../../models/corpus/tokenizer/tokenizer.js';
import { clientOptions } from './control-client.js';
import { modelsFolder, startStowage } from './stowage-process.js';

const yaml = `
endpoint: judges
components:
  text-eval:
    model: ${path.join(modelsFolder, 'text-eval.onnx')}
    engine: onnxruntime
    resources: { cpus: 0.5 }
`;

/**
 * A comment, the code that answers it, and code for something else altogether: this shows that the served model tells
 * them apart, not how finely it does. models/MODEL-CARD.md has that, by kind of error (models/evaluation/text-eval.ts).
 */
const questions = [
  {
    comment: 'Get the ten newest accounts in Germany',
    right: `List<Account> accounts = [
    SELECT Id, Name
    FROM Account
    WHERE BillingCountry = 'Germany'
    ORDER BY CreatedDate DESC
    LIMIT 10
];`,
    wrong: "List<Contact> contacts = [SELECT Id, Name FROM Contact WHERE MailingCountry = 'France'];",
  },
  {
    comment: 'Count the cases with priority High',
    right: "Integer caseCount = [SELECT COUNT() FROM Case WHERE Priority = 'High'];",
    wrong: "Integer leadCount = [SELECT COUNT() FROM Lead WHERE Status = 'Open'];",
  },
  {
    comment: 'Delete all invoices with status Draft',
    right:
      "List<Invoice__c> invoices = [SELECT Id FROM Invoice__c WHERE Status__c = 'Draft'];\ndelete invoices;",
    wrong:
      'List<Invoice__c> invoices = [SELECT Id, Name FROM Invoice__c WHERE Due_Date__c < TODAY ORDER BY Amount__c DESC];',
  },
  {
    comment: "Create a task with subject 'Call back' and priority High",
    right: "Task task = new Task(Subject = 'Call back', Priority = 'High');\ninsert task;",
    wrong: "Event eventRecord = new Event(Subject = 'Review', Location = 'Berlin');\ninsert eventRecord;",
  },
  {
    comment: 'If there are no opportunities, return',
    right: 'if (opportunities.isEmpty()) {\n    return;\n}',
    wrong:
      'for (Opportunity opportunity : [SELECT Id, StageName FROM Opportunity WHERE Amount > 5000]) {\n    System.debug(opportunity.StageName);\n}',
  },
] as const;

const tokenizer = new Tokenizer(
  JSON.parse(readFileSync(path.join(modelsFolder, 'tokenizer.json'), 'utf8')) as TokenizerFile,
);
let client: SageMakerRuntimeClient;

beforeAll(async () => {
  client = new SageMakerRuntimeClient(clientOptions(await startStowage({ yaml }), 1));
}, 120_000);

/** As models/evaluation/TEXT-EVAL.md says: two pairs in one call, the shorter padded. */
async function scoresOf(comment: string, codes: readonly string[]): Promise<readonly number[]> {
  const rows = codes.map((code) => [
    tokenizer.control('<|block|>'),
    ...tokenizer.encode(comment),
    tokenizer.control('<|out|>'),
    ...tokenizer.encode(code),
    tokenizer.control('<|endoftext|>'),
  ]);
  const length = Math.max(...rows.map((row) => row.length));
  const padded = (row: readonly number[], by: number) => [
    ...row,
    ...new Array<number>(length - row.length).fill(by),
  ];
  const answer = await client.send(
    new InvokeEndpointCommand({
      EndpointName: 'judges',
      InferenceComponentName: 'text-eval',
      ContentType: 'application/json',
      Body: Buffer.from(
        JSON.stringify({
          inputs: {
            input_ids: rows.map((row) => padded(row, tokenizer.control('<|pad|>'))),
            attention_mask: rows.map((row) =>
              padded(
                row.map(() => 1),
                0,
              ),
            ),
          },
          outputs: ['score'],
        }),
      ),
    }),
  );
  return (JSON.parse(Buffer.from(answer.Body).toString()) as { outputs: { score: number[] } }).outputs.score;
}

it.each(questions)('scores the answer to “$comment” above code that is none', async (question) => {
  const [right, wrong] = await scoresOf(question.comment, [question.right, question.wrong]);
  expect(right).toBeGreaterThan(wrong!);
  for (const score of [right, wrong]) {
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
  }
});

it('gives a pair the same score alone as padded beside another', async () => {
  const [{ comment, right, wrong }] = questions;
  const [together] = await scoresOf(comment, [wrong, right]);
  const [alone] = await scoresOf(comment, [wrong]);
  expect(together).toBeCloseTo(alone!, 4);
});
