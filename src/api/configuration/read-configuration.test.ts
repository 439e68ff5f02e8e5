import { defaultComponentOptions } from '../../domain/component.js';
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

describe('a configuration', () => {
  it('of the fewest words has every default', () => {
    const { endpoints, notices, examples } = read('endpoint: a\ncomponents:\n  x: { model: m.gguf }\n');
    expect(endpoints).toEqual([
      {
        name: 'a',
        routing: 'RANDOM',
        components: [
          {
            endpoint: 'a',
            name: 'x',
            generation: 1,
            model: { path: '/base/m.gguf' },
            engine: 'llama.cpp',
            resources: { cpus: 1, memoryBytesMax: 0 },
            copies: { min: 1, max: 1 },
            options: {
              ...defaultComponentOptions,
            },
          },
        ],
      },
    ]);
    expect(notices).toEqual([]);
    expect(examples.size).toBe(0);
  });

  it('with every key means what it says', () => {
    const { endpoints, examples } = read(`
endpoint: a
routing: LEAST_OUTSTANDING_REQUESTS
instances: { type: local.cpu, count: 1 }
components:
  x:
    model: /models/m.gguf
    sha256: "${'AB'.repeat(32)}"
    engine: simulated
    resources: { cpus: 0.5, memory: 1.5Gi }
    copies: 3
    options:
      max_rolling_batch_size: 1
      job_queue_size: 2
      max_model_len: 3
      max_num_batched_tokens: 16
      predict_timeout: 5
      queue_timeout: 6
      max_new_tokens: 7
      prompt_template: "{{ prompt }}"
      prompt_keep_chars: 8
      suffix_keep_chars: 9
      allow_special_tokens: true
      n_gpu_layers: 10
    example: { prompt: p, suffix: s }
`);
    expect(endpoints[0]?.routing).toBe('LEAST_OUTSTANDING_REQUESTS');
    expect(endpoints[0]?.components[0]).toEqual({
      endpoint: 'a',
      name: 'x',
      generation: 1,
      model: { path: '/models/m.gguf', sha256: 'ab'.repeat(32) },
      engine: 'simulated',
      resources: { cpus: 0.5, memoryBytesMax: 1.5 * 2 ** 30 },
      copies: { min: 3, max: 3 },
      options: {
        rollingBatchSizeMax: 1,
        jobQueueLengthMax: 2,
        modelTokensMax: 3,
        stepTokensMax: 16,
        predictSecondsMax: 5,
        queueSecondsMax: 6,
        newTokensDefault: 7,
        promptTemplate: '{{ prompt }}',
        promptKeepChars: 8,
        suffixKeepChars: 9,
        specialTokensAllowed: true,
        gpuLayers: 10,
      },
    });
    expect(examples.get('a/x')).toEqual({ prompt: 'p', suffix: 's' });
  });

  it.each([
    ['128Mi', 128 * 2 ** 20],
    ['2Gi', 2 * 2 ** 30],
    ['1Ti', 2 ** 40],
    ['200000Ki', 200_000 * 1024],
    ['500M', 500e6],
    ['3G', 3e9],
    ['0.5Gi', 2 ** 29],
  ])('takes memory %s as %d bytes', (memory, bytes) => {
    const { endpoints } = read(
      `endpoint: a\ncomponents: { x: { model: m, resources: { memory: ${memory} } } }`,
    );
    expect(endpoints[0]?.components[0]?.resources.memoryBytesMax).toBe(bytes);
  });

  it('of several documents is several endpoints, and empty documents are none', () => {
    const document = (name: string) => `endpoint: ${name}\ncomponents: { x: { model: m } }\n`;
    const { endpoints } = read(`---\n# nothing\n---\n${document('a')}---\n${document('b')}---\n`);
    expect(endpoints.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('shares parts with anchors and merge keys', () => {
    const { endpoints } = read(
      'endpoint: a\ncomponents:\n  x: &x { model: m.gguf, copies: 2 }\n  y: { <<: *x, copies: 1 }\n',
    );
    expect(endpoints[0]?.components.map(({ model, copies }) => [model.path, copies.min])).toEqual([
      ['/base/m.gguf', 2],
      ['/base/m.gguf', 1],
    ]);
  });

  it('begins with a byte order mark if its editor wants that', () => {
    expect(read('\uFEFFendpoint: a\ncomponents: { x: { model: m } }').endpoints).toHaveLength(1);
  });

  it('says what of it is not acted on yet, and where', () => {
    const { endpoints, notices } = read(`endpoint: a
instances: { count: 2, min: 0, max: 4, scaleIn: CONSOLIDATION }
components:
  x: { model: m, copies: { min: 0, max: 4, target: { concurrentRequestsPerCopy: 4 } } }
  y: { model: m, copies: 0 }
`);
    expect(endpoints[0]?.components.map(({ copies }) => copies)).toEqual([
      { min: 0, max: 4 },
      { min: 0, max: 0 },
    ]);
    expect(notices.map(({ location, message }) => `${location} ${message.split(':')[0]}`)).toEqual([
      'stowage.yaml:2:14 `instances.count`',
      'stowage.yaml:2:24 `instances.min`',
      'stowage.yaml:2:32 `instances.max`',
      'stowage.yaml:2:40 `instances.scaleIn`',
      'stowage.yaml:4:18 `components.x.copies`',
      'stowage.yaml:4:36 `components.x.copies.max`',
      'stowage.yaml:4:44 `components.x.copies.target`',
      'stowage.yaml:5:18 `components.y.copies`',
    ]);
  });
});

describe('a wrong configuration', () => {
  const known = '`model`, `sha256`, `engine`, `resources`, `copies`, `options`, `example`';

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
      '2:10 FILE-012 `routing`: expected `RANDOM` or `LEAST_OUTSTANDING_REQUESTS`, found `random` → did you mean `RANDOM`?',
      '3:1 FILE-011 unknown key `instance` → did you mean `instances`?',
      '4:1 FILE-011 unknown key `max_rolling_batch_size` → move it under `components.NAME.options`',
      '8:5 FILE-011 unknown key `replica` → did you mean `copies`?',
      '9:18 FILE-011 unknown key `cpu` → did you mean `cpus`?',
      '9:34 FILE-012 `components.x.resources.memory`: expected a size with its unit, such as 512Mi or 2Gi, found `lots` → write `memory: 512Mi`',
      '11:7 FILE-011 unknown key `max_rolling_batch` → did you mean `max_rolling_batch_size`?',
      '12:31 FILE-012 `components.x.options.max_num_batched_tokens`: expected a whole number from 16 to 8192, found `15` → write `max_num_batched_tokens: 512`',
      '13:23 FILE-012 `components.x.options.job_queue_size`: expected a whole number from 0 to 100000, found `many` → write `job_queue_size: 1000`',
      '14:29 FILE-012 `components.x.options.allow_special_tokens`: expected `true` or `false`, found `yes` → write `allow_special_tokens: true`',
      '15:3 FILE-012 `components`: `a b` cannot be a name: expected letters, digits and single dashes between them, 1 to 63 characters → name it `a-b`',
      '15:28 FILE-012 `components.a b.engine`: expected `llama.cpp` or `simulated`, found `lama.cpp` → did you mean `llama.cpp`?',
      '16:39 FILE-012 `components.c.resources.memory`: expected at least 128Mi, found `12Mi` → write `memory: 512Mi`, or leave it out for no limit',
      '16:70 FILE-012 `components.c.copies.max`: 2 is less than `min`, 3 → write `max: 3` or more',
      `17:8 FILE-011 unknown key \`foo\` → known here: ${known}`,
      `18:3 FILE-012 \`components.e\`: expected the keys ${known}, found nothing → correct \`e\``,
    ]);
  });

  it.each(['hf', 's3', 'https', 'S3'])('is one whose model is at %s://', (scheme) => {
    expect(problemsOf(`endpoint: a\ncomponents: { x: { model: ${scheme}://b/c } }`)).toEqual([
      `2:27 FILE-012 \`components.x.model\`: models are not yet served from ${scheme.toLowerCase()}:// → fetch the file and give its path, such as \`./models/FILE.gguf\``,
    ]);
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
      // endpoint and components are missing as well
      expect(errors.length + omitted).toBe(5002);
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
