import { expect, it } from 'vitest';
import { Outcome } from '../../../domain/inference.js';
import { createPrometheusTelemetry } from './telemetry.js';

const inline = '111111111111/us-east-1/apex/inline';
const same = '222222222222/us-east-1/apex/inline';
const model = '111111111111/us-east-1/apex/variant:blue';
const facts = {
  seconds: 1,
  firstTokenSeconds: 0.5,
  queueSeconds: 0.1,
  promptTokens: 3,
  generatedTokens: 4,
};

async function linesOf(
  telemetry: ReturnType<typeof createPrometheusTelemetry>,
  name: string,
): Promise<readonly string[]> {
  const page = await telemetry.page();
  return page.split('\n').filter((line) => line.startsWith(`${name}{`));
}

it('keeps the same names of two scopes apart', async () => {
  const telemetry = createPrometheusTelemetry();
  for (const component of [inline, same, same, model]) {
    telemetry.requestEnded(component, Outcome.Completed, facts);
    telemetry.load(component, 1, 2);
  }
  expect(await linesOf(telemetry, 'stowage_requests_total')).toEqual([
    'stowage_requests_total{scope="111111111111/us-east-1",component="apex/inline",outcome="completed"} 1',
    'stowage_requests_total{scope="222222222222/us-east-1",component="apex/inline",outcome="completed"} 2',
    'stowage_requests_total{scope="111111111111/us-east-1",component="apex/variant:blue",outcome="completed"} 1',
  ]);
  expect(await linesOf(telemetry, 'stowage_num_requests_running')).toHaveLength(3);
});

it('forgets what is gone, and begins again when it comes back', async () => {
  const telemetry = createPrometheusTelemetry();
  telemetry.requestEnded(inline, Outcome.Completed, facts);
  telemetry.load(inline, 0, 1);
  telemetry.requestEnded(same, Outcome.Completed, facts);
  telemetry.componentGone(inline);
  telemetry.componentGone(model);
  const page = await telemetry.page();
  expect(page).not.toContain('111111111111');
  expect(page).toContain('222222222222');
  telemetry.requestEnded(inline, Outcome.Completed, facts);
  expect(await linesOf(telemetry, 'stowage_prompt_tokens_total')).toHaveLength(2);
});
