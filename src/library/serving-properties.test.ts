import { expect, it } from 'vitest';
import { defaultComponentOptions } from '../domain/component-options.js';
import { parseServingProperties, withProperties } from './serving-properties.js';

const text = `# of the model's author
engine=Python
option.model_id=s3://somewhere/else
option.rolling_batch=vllm
option.max_rolling_batch_size=64
option.max_rolling_batch_prefill_tokens = 4096
option.tensor_parallel_degree: 2
! another comment
option.dtype=bfloat16
option.trust_remote_code=true
option.entryPoint=/opt/evil.py
option.speculative_model=https://evil/draft
option.speculative_draft_model=s3://evil/draft
option.lora_modules={"a":"s3://evil/a"}
job_queue_size=5
`;

it('options of the table are read, others are named, and nothing names a program', () => {
  expect(parseServingProperties(text)).toEqual({
    options: {
      rollingBatchSizeMax: 64,
      stepTokensMax: 4096,
      tensorParallelDegree: 2,
      weightType: 'bfloat16',
      jobQueueLengthMax: 5,
    },
    unknown: [
      'option.trust_remote_code',
      'option.speculative_model',
      'option.speculative_draft_model',
      'option.lora_modules',
    ],
  });
});

it('what the environment says stands above them', () => {
  const options = { ...defaultComponentOptions, rollingBatchSizeMax: 8 };
  const merged = withProperties(options, parseServingProperties(text));
  expect(merged).toMatchObject({ rollingBatchSizeMax: 8, stepTokensMax: 4096 });
  expect(merged.modelTokensMax).toBe(defaultComponentOptions.modelTokensMax);
});

it('a value that an option cannot have is refused', () => {
  const refused = expect.objectContaining({ code: 'REQ-210' }) as Error;
  expect(() => parseServingProperties('option.max_rolling_batch_size=many')).toThrow(refused);
});
