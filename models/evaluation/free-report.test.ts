import { describe, expect, it } from 'vitest';
import { freeReport } from './free-report.js';
import type { AnyQuestion } from './questions.js';
import { scoreAnswer } from './scores.js';

const about = { id: 'free-1', kind: 'free' };

/** The report of one answer. */
function reportOf(question: AnyQuestion, text: string): string {
  const scores = scoreAnswer(question, text, true);
  return freeReport([{ file: 'one', answered: [{ question, text, isEnded: true, scores }] }]);
}

const query = (rest: string) => `List<Account> accounts = [SELECT Id, Name FROM Account WHERE ${rest}];`;
const block: AnyQuestion = {
  ...about,
  task: 'block',
  prompt: 'seven accounts in Berlin',
  shape: 'statements',
  given: '',
  accepted: [
    query("BillingCountry = 'Germany' ORDER BY Name LIMIT 5"),
    query("BillingCity = 'Berlin' LIMIT 7"),
  ],
};

const flowOf = (object: string, event: string, queue: string) =>
  JSON.stringify({
    flow: 'Case_On_Create',
    object,
    on: event,
    when: [],
    steps: [{ name: 'Assign', type: 'assign', queue }],
  });
const flow: AnyQuestion = {
  ...about,
  task: 'flow',
  prompt: 'route new cases',
  accepted: [flowOf('Lead', 'update', 'Sales'), flowOf('Case', 'create', 'Triage')],
};

describe('a wrong answer stands beside the nearest accepted one', () => {
  it('of Apex, with the slots that differ from it and no others', () => {
    const report = reportOf(block, query("BillingCity = 'Berlin' LIMIT 5"));
    expect(report).toContain(`Expected (the nearest of several):\n\n\`\`\`apex\n${block.accepted[1]}`);
    expect(report).toMatch(/^- limit: expected .*7.*, given .*5/m);
    expect(report.match(/^- /gm)).toHaveLength(1);
  });

  it('of Apex that does not parse, whether slots differ or not', () => {
    const differing = reportOf(block, query("BillingCity = 'Berlin' LIMIT 5").slice(0, -1));
    expect(differing).toMatch(/^- does not parse\n- limit: expected .*7/m);
    const same = reportOf(block, block.accepted[1]!.slice(0, -1));
    expect(same).toMatch(/^- does not parse$/m);
    expect(same.match(/^- /gm)).toHaveLength(1);
  });

  it('of flows, with the parts that differ from it and no others', () => {
    const report = reportOf(flow, flowOf('Case', 'create', 'Trash'));
    expect(report).toMatch(/^- steps: expected .*Triage.*, given .*Trash/m);
    expect(report.match(/^- /gm)).toHaveLength(1);
  });

  it('of flows that are none', () => {
    expect(reportOf(flow, '{"flow":')).toMatch(/^- is no JSON$/m);
    expect(reportOf(flow, '[]')).toMatch(/^- object: expected "Lead", given nothing$/m);
    expect(reportOf(flow, flowOf('Case', 'sometimes', 'Triage'))).toMatch(
      /^- is not valid\n- event: expected "create", given "sometimes"$/m,
    );
  });

  it('of completions', () => {
    const [before, after] = ['public class A {\n    void run() {\n        ', '\n    }\n}\n'];
    const accepted = ['insert accounts;', 'update accountList;'];
    const file = { shape: 'class', before, after } as const;
    const asked = { ...about, task: 'inline', prefix: before, suffix: after, file, accepted } as const;
    const report = reportOf(asked, 'update accountList');
    expect(report).toContain('several):\n\n```apex\nupdate accountList;');
    expect(report).toMatch(/^- does not parse$/m);
  });
});
