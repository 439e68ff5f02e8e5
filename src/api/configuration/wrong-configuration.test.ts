import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigurationErrors, configurationErrorsMax } from './configuration-errors.js';
import { readConfiguration } from './read-configuration.js';

const base = '/base';

function read(text: string, fileExists?: (path: string) => boolean) {
  return readConfiguration(text, 'stowage.yaml', base, fileExists === undefined ? {} : { fileExists });
}

/** `line:column CODE message → mend` of each problem. */
function problemsOf(text: string, fileExists?: (path: string) => boolean): string[] {
  try {
    read(text, fileExists);
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationErrors)) throw thrown;
    return thrown.errors.map(
      ({ location, code, message, mend }) =>
        `${location?.replace('stowage.yaml:', '')} ${code} ${message} → ${mend}`,
    );
  }
  return [];
}

describe('a wrong configuration', () => {
  const known =
    '`model`, `sha256`, `image`, `engine`, `variant`, `resources`, `copies`, `options`, `adapters`, `placement`, ' +
    '`specifications`, `startup`, `rollout`, `example`';

  it('is answered with every problem at its place, in the order of the file', () => {
    const text = `endpoint: apex guru
routing: random
instance: {}
max_rolling_batch_size: 4
components:
  x:
    model: hf://org/model
    replica: 3
    resources: { cpu: 1, memory: lots }
    options:
      max_rolling_batch: 300
      max_num_batched_tokens: 15
      job_queue_size: many
      allow_special_tokens: yes
  a b: { model: m, engine: lama.cpp }
  c: { model: m, resources: { memory: 12Mi }, copies: { min: 3, max: 2 } }
  d: { foo: 1 }
  e:
`;
    expect(problemsOf(text)).toEqual([
      '1:11 FILE-012 `endpoint`: expected letters, digits and single dashes between them, 1 to 63 characters, found `apex guru` → write `endpoint: "apex-guru"`',
      '2:10 FILE-012 `routing`: expected `RANDOM`, `LEAST_OUTSTANDING_REQUESTS`, `PREFIX_AWARE` or `FASTEST_FIRST_TOKEN` or the keys `strategy`, `prefixLength`, `concurrencyThreshold`, found `random` → did you mean `RANDOM`?',
      '3:1 FILE-011 unknown key `instance` → did you mean `instances`?',
      '4:1 FILE-011 unknown key `max_rolling_batch_size` → move it under `components.NAME.options`',
      '8:5 FILE-011 unknown key `replica` → did you mean `copies`?',
      '9:18 FILE-011 unknown key `cpu` → did you mean `cpus`?',
      '9:34 FILE-012 `components.x.resources.memory`: expected a size with its unit, such as 512Mi or 2Gi or the keys `reserve`, `limit`, found `lots` → write `memory: 512Mi`',
      '11:7 FILE-011 unknown key `max_rolling_batch` → did you mean `max_rolling_batch_size`?',
      '12:31 FILE-012 `components.x.options.max_num_batched_tokens`: expected a whole number from 16 to 8192, found `15` → write `max_num_batched_tokens: 2048`',
      '13:23 FILE-012 `components.x.options.job_queue_size`: expected a whole number from 0 to 100000, found `many` → write `job_queue_size: 1000`',
      '14:29 FILE-012 `components.x.options.allow_special_tokens`: expected `true` or `false`, found `yes` → write `allow_special_tokens: true`',
      '15:3 FILE-012 `components`: `a b` cannot be a name: expected letters, digits and single dashes between them, 1 to 63 characters → name it `a-b`',
      '15:28 FILE-012 `components.a b.engine`: expected `llama.cpp`, `onnxruntime`, `llama-server`, `vllm`, `sglang`, `tensorrt-llm`, `container` or `simulated`, found `lama.cpp` → did you mean `llama.cpp`?',
      '16:39 FILE-012 `components.c.resources.memory`: expected at least 128Mi, found `12Mi` → write `memory: 512Mi`, or leave it out',
      '16:70 FILE-012 `components.c.copies.max`: 2 is less than `min`, 3 → write `max: 3` or more',
      `17:8 FILE-011 unknown key \`foo\` → known here: ${known}`,
      `18:3 FILE-012 \`components.e\`: expected the keys ${known}, found nothing → correct \`e\``,
    ]);
  });

  it.each([
    ['ftp://a/b', 'models are not served from ftp:// → use a file’s path, `s3://`, `https://` or `hf://`'],
    ['http://a/b', 'models are not served from http:// → use a file’s path, `s3://`, `https://` or `hf://`'],
    ['https://a', 'expected a host and a path → write `https://HOST/PATH`'],
    [
      'https://a/b',
      'a model from the web needs its digest → add `sha256:` beside it (behind the address of an adapter or a draft `#sha256=`), as `sha256sum FILE` prints it',
    ],
    ['S3://bucket', 'expected a bucket and a key → write `s3://BUCKET/KEY`'],
    ['hf://a/b', 'expected a repository, a commit and a file → write `hf://OWNER/NAME@COMMIT/FILE.gguf`'],
    [
      'hf://a/b@main/c',
      'without the full hash of a commit its files can change → write the 40 digits of the commit after @ (the repository’s page “Files” → “History” shows them)',
    ],
  ])('is one whose model is at %s', (model, words) => {
    expect(problemsOf(`endpoint: a\ncomponents: { x: { model: "${model}" } }`)).toEqual([
      `2:27 FILE-012 \`components.x.model\`: ${words}`,
    ]);
  });

  it.each([
    ['{ max: 2, target: {} }', 'target`: exactly one target is followed, found 0'],
    [
      '{ target: { invocationsPerCopy: 1, concurrentRequestsPerCopy: 1 } }',
      'target`: exactly one target is foll',
    ],
    ['{ max: 2, schedules: [{ name: a, schedule: rate(1 day) }] }', 'schedules.0`: it changes nothing'],
    [
      '{ schedules: [{ name: a, schedule: daily, min: 1 }] }',
      'schedules.0.schedule`: expected at(2026-12-24T18',
    ],
    [
      '{ schedules: [{ name: a, schedule: rate(1 day), min: 2, max: 1 }] }',
      'schedules.0.max`: 1 is less than',
    ],
  ])('is one whose copies are %s', (copies, words) => {
    const problems = problemsOf(`endpoint: a\ncomponents: { x: { model: m, copies: ${copies} } }`);
    expect(problems.join('\n')).toContain(`FILE-012 \`components.x.copies.${words}`);
  });

  it.each([
    ['region: a\nregions: [b]', '4:10 FILE-012 `regions`: there is `region` too → leave one of the two out'],
    ['tags: { "aws:x": y }', '3:9 FILE-012 `tags`: `aws:x` cannot be a name'],
    ['rollout: { type: canary }', '3:1 FILE-012 `rollout.size`: is missing: `canary` needs one'],
    ['rollout: { size: 1 }', '3:18 FILE-012 `rollout.size`: says nothing with `type: all-at-once`'],
    ['rollout: { type: linear, size: 5% }', '3:32 FILE-012 `rollout.size`: expected 10% to 50%, found `5%`'],
    [
      'rollout: { size: 0% }',
      '3:18 FILE-012 `rollout.size`: expected a whole number from 1 to 1000 or a perc',
    ],
    ['rollout: { alarms: [] }', '3:20 FILE-012 `rollout.alarms`: expected a list of 1 to 10 entries'],
    ['role: me', '3:7 FILE-012 `role`: expected the ARN of a role'],
    [
      'instances: { type: local }',
      '3:20 FILE-012 `instances.type`: expected an instance type, such as local.cpu',
    ],
    [
      'instances: { type: local.cpu, pools: [{ type: a.b }] }',
      '3:38 FILE-012 `instances.pools`: there is `type` too',
    ],
    [
      'instances: { pools: [{ kind: a.b }] }',
      '3:24 FILE-011 unknown key `kind` → known here: `type`, `priority`',
    ],
    [
      'instances: { count: 3, max: 2 }',
      '3:29 FILE-012 `instances.max`: expected min ≤ count ≤ max, found 2, 3 and 2',
    ],
    [
      'variants: { v: {}, w: {} }',
      '2:18 FILE-012 `components.x`: there are several variants for components: `v`, `w`',
    ],
    [
      'variants: { v: { engine: simulated } }',
      '2:18 FILE-012 `components.x`: every variant has a model of its own',
    ],
    ['variants: { v: { shadow: true } }', '3:11 FILE-012 `variants`: all are shadows'],
    ['variants: { v: {}, w: { shadow: true } }', '3:33 FILE-012 `variants.w.shadow`: a shadow needs a model'],
    ['variants: {}', '3:11 FILE-012 `variants`: names no variant'],
    ['variants: { v: {} }\ninstances: {}', '4:12 FILE-012 `instances`: there are `variants`'],
  ])('is one with %j', (line, words) => {
    const text = `endpoint: a\ncomponents: { x: { engine: simulated } }\n${line}`;
    expect(problemsOf(text).map((problem) => problem.slice(0, words.length))).toContain(words);
  });

  it.each([
    [
      'resources: { accelerators: 1.5 }',
      'resources.accelerators`: expected a share below 1 or a whole number',
    ],
    ['resources: { acceleratorMemory: 1Gi }', 'resources.acceleratorMemory`: says nothing without'],
    [
      'resources: { memory: { reserve: 2Gi, limit: 1Gi } }',
      'resources.memory.limit`: is less than `reserve`',
    ],
    ['resources: { memory: { reserve: 2 } }', 'resources.memory.reserve`: expected a size with its unit'],
    ['variant: v', 'variant`: no variant `v` for components → use one of `AllTraffic`'],
    ['rollout: { size: 60% }', 'rollout.size`: expected 5% to 50%, found `60%`'],
    ['specifications: [{ type: a.b }, { type: a.b }]', 'specifications.1.type`: `a.b` has an entry already'],
    ['placement: { strategy: SPRED }', 'placement.strategy`: expected `SPREAD` or `BINPACK`'],
    ['startup: { loadSeconds: 1 }', 'startup.loadSeconds`: expected a whole number from 60 to 3600'],
  ])('is one with a component of %j', (line, words) => {
    const [problem = ''] = problemsOf(`endpoint: a\ncomponents: { x: { engine: simulated, ${line} } }`);
    expect(problem.split('`components.x.')[1]?.slice(0, words.length)).toBe(words);
  });

  it('is one whose model file is not there, when somebody looks', () => {
    const text = 'endpoint: a\ncomponents: { x: { model: m.gguf }, y: { engine: simulated } }';
    expect(problemsOf(text, (path) => path === '/base/m.gguf')).toEqual([]);
    expect(problemsOf(text, () => false)).toEqual([
      '2:27 FILE-012 `components.x.model`: there is no such file → correct the path; a relative one starts at this file’s folder',
    ]);
  });

  it.each([
    ['', '1:1 FILE-010 stowage.yaml: the file is empty'],
    ['# only words\n---\n', '1:1 FILE-010 stowage.yaml: the file is empty'],
    ['\ta: 1', '1:1 FILE-010 stowage.yaml: tabs are not allowed as indentation'],
    ['a: [\n', '2:1 FILE-010 stowage.yaml: flow sequence in block collection'],
    ['endpoint: a\nendpoint: b\n', '2:1 FILE-010 stowage.yaml: the key `endpoint` is there twice'],
    ['components: { __proto__: {} }', '1:15 FILE-010 stowage.yaml: the key `__proto__` is not allowed'],
    ['endpoint: !!js/function x', '1:11 FILE-010 stowage.yaml: unresolved tag'],
    ['- a', '1:1 FILE-012 `the document`: expected the keys'],
    ['endpoint: a\n', '1:1 FILE-012 `components`: is missing'],
    ['endpoint: a\ncomponents: {}', '2:13 FILE-012 `components`: names no component'],
    ['endpoint: a\ncomponents: { x: {} }', '2:15 FILE-012 `components.x.model`: is missing'],
    ['a: *b', '1:1 FILE-010 stowage.yaml: unresolved alias'],
  ])('such as %j is told apart', (text, beginning) => {
    expect(problemsOf(text)[0]?.slice(0, beginning.length)).toBe(beginning);
  });

  it('has the second of two endpoints with one component’s name in a region', () => {
    const document = (name: string, more = '') =>
      `endpoint: ${name}\ncomponents: { x: { model: m } }\n${more}`;
    expect(problemsOf(`${document('a')}---\n${document('b')}`)).toEqual([
      '5:15 FILE-012 `components.x`: endpoint `a` has a component of this name too, and names are unique in a region → name it `b-x`',
    ]);
    expect(problemsOf(`${document('a')}---\n${document('b', 'region: eu-west-1')}`)).toEqual([]);
    expect(problemsOf(`${document('a', 'region: eu-west-1\n')}---\n${document('a')}`)).toEqual([]);
  });

  it('has the second of two documents with one name', () => {
    const document = 'endpoint: a\ncomponents: { x: { model: m } }\n';
    expect(problemsOf(`${document}---\n${document}`)).toEqual([
      '4:11 FILE-012 `endpoint`: `a` is the name of an earlier document too → give each endpoint its own name',
    ]);
  });

  it('shows nothing of a stranger’s text that a terminal would obey', () => {
    const [problem] = problemsOf('endpoint: "\\e[31mred"\ncomponents: { x: { model: m } }');
    expect(problem).toContain('`·[31mred`');
  });
});

describe('hostile text', () => {
  const bomb = Array.from({ length: 10 }, (_, level) =>
    level === 0
      ? 'a0: &a0 [x, x, x, x, x, x]'
      : `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
  ).join('\n');

  it.each([
    ['aliases that multiply', bomb, 'excessive alias count'],
    ['brackets without end', '['.repeat(100_000), 'nested more than'],
    ['sequences in sequences', '- '.repeat(50_000), 'nested more than'],
    ['many documents', '---\n'.repeat(200_000), 'too many values'],
    ['a megabyte and one', 'x'.repeat(1024 * 1024 + 1), 'larger than 1048576 bytes'],
    ['more bytes than characters', 'é'.repeat(600_000), 'larger than 1048576 bytes'],
  ])('of %s is refused', (_, text, words) => {
    expect(problemsOf(text)[0]).toContain(words);
  });

  it('with thousands of problems shows the first ones and counts the rest', () => {
    const text = Array.from({ length: 5000 }, (_, index) => `key${index}: 1`).join('\n');
    try {
      read(text);
      expect.unreachable();
    } catch (thrown) {
      const { errors, omitted } = thrown as ConfigurationErrors;
      expect(errors).toHaveLength(configurationErrorsMax);
      // endpoint is missing as well
      expect(errors.length + omitted).toBe(5001);
    }
  });

  it('gives a configuration or located errors, whatever it is', () => {
    const word = fc.constantFrom(
      ...[
        'endpoint',
        'components',
        'model',
        'copies',
        'options',
        'resources',
        'instances',
        'routing',
        'a',
        'x',
      ],
      ...[
        'min',
        'max',
        'memory',
        '512Mi',
        '1',
        '-1',
        '1.5',
        '0x10',
        '.inf',
        'true',
        'null',
        '~',
        'RANDOM',
        'hf://a',
      ],
      ...[
        ': ',
        ':',
        '\n',
        '\n  ',
        '\n    ',
        '- ',
        '? ',
        '{',
        '}',
        '[',
        ']',
        ', ',
        '&a ',
        '*a',
        '<<',
        '|',
        '>-',
        '"',
        "'",
      ],
      ...[
        '---\n',
        '...\n',
        '%YAML 1.1\n',
        '!!binary ',
        '!foo ',
        '#',
        '\t',
        '\u0000',
        '\u2028',
        '🙂',
        '__proto__',
        'constructor',
      ],
    );
    const text = fc.oneof(
      fc.string({ maxLength: 200, unit: 'binary' }),
      fc.array(word, { maxLength: 60 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(text, (hostile) => {
        for (const problem of problemsOf(hostile)) expect(problem).toMatch(/^\d+:\d+ FILE-01[012] /);
      }),
      { numRuns: 2000 },
    );
  });

  it('made of the right keys with wrong values is never a crash either', () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const component = fc.dictionary(
      fc.constantFrom('model', 'sha256', 'engine', 'resources', 'copies', 'options', 'example', 'modle'),
      fc.oneof(value, fc.constantFrom('m.gguf', 'llama.cpp', 1, { min: 1, max: 0 }, { memory: '1Mi' })),
    );
    const document = fc.record(
      {
        endpoint: fc.oneof(fc.constant('a'), value),
        routing: value,
        instances: value,
        components: fc.oneof(fc.dictionary(fc.string({ maxLength: 8 }), component, { maxKeys: 3 }), value),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(document, (wrong) => {
        for (const problem of problemsOf(JSON.stringify(wrong)))
          expect(problem).toMatch(/^\d+:\d+ FILE-01[012] /);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an instance type', () => {
  const text = 'endpoint: a\ninstances: { type: ml.g5.xlrge }\ncomponents: { x: { engine: simulated } }\n';
  const typesOf = (instanceTypes: readonly string[]) => () =>
    readConfiguration(text, 'stowage.yaml', base, { instanceTypes });

  it('that the catalogue does not have is refused at its place, with the nearest one', () => {
    expect(typesOf(['local.cpu', 'ml.g5.xlarge'])).toThrow(
      expect.objectContaining({
        errors: [
          expect.objectContaining({
            code: 'FILE-012',
            location: 'stowage.yaml:2:20',
            mend: 'did you mean `ml.g5.xlarge`?',
          }),
        ],
      }),
    );
  });

  it('is not looked at where the catalogue is not known', () => {
    expect(typesOf([])).not.toThrow();
    expect(problemsOf(text)).toEqual([]);
  });
});
