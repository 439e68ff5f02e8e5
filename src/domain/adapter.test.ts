import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adapterSourceOf,
  adaptersMax,
  problemOfLoraModules,
  readLoraModules,
  writeLoraModules,
} from './adapter.js';

const digest = 'ab'.repeat(32);

describe('lora_modules', () => {
  it('names adapters and their files', () => {
    expect(
      readLoraModules('{"sql":"s3://b/sql.gguf","c-1.x":"https://h/a.tar.gz#sha256=' + digest + '"}'),
    ).toEqual([
      { id: 'sql', source: { url: 's3://b/sql.gguf', form: 'object' } },
      { id: 'c-1.x', source: { url: 'https://h/a.tar.gz', form: 'archive', sha256: digest } },
    ]);
    expect(readLoraModules(null)).toEqual([]);
  });

  it('is read as it was written', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
    const address = fc.record({
      url: fc.stringMatching(/^s3:\/\/[a-z]{1,9}\/[a-z]{1,9}\.gguf$/),
      sha256: fc.option(fc.constant(digest), { nil: null }),
    });
    fc.assert(
      fc.property(
        fc.dictionary(name, address, { minKeys: 1, maxKeys: adaptersMax, noNullPrototype: true }),
        (all) => {
          const text = writeLoraModules(Object.entries(all));
          expect(problemOfLoraModules(text)).toBeNull();
          const read = readLoraModules(text);
          expect(new Set(read.map(({ id }) => id))).toEqual(new Set(Object.keys(all)));
          for (const { id, source } of read) expect(source.url).toBe(all[id]!.url);
        },
      ),
    );
  });

  it.each([
    ['{', 'not JSON'],
    ['[]', 'not a JSON object'],
    ['{}', 'names 0 adapters'],
    ['{"a b":"s3://b/k"}', "no adapter's name"],
    ['{"a:b":"s3://b/k"}', "no adapter's name"],
    ['{"a":"s3://b/x","--chat-template":"s3://b/y"}', "no adapter's name"],
    ['{".a":"s3://b/k"}', "no adapter's name"],
    ['{"a":"./file.gguf"}', 'has no address'],
    ['{"a":"file:///etc/passwd"}', 'has no address'],
    ['{"a":1}', 'has no address'],
    [
      JSON.stringify(Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`a${n}`, 's3://b/k']))),
      '65 adapters',
    ],
  ])('refuses %s', (text, problem) => {
    expect(problemOfLoraModules(text)).toContain(problem);
  });

  it('takes an archive by its name', () => {
    expect(adapterSourceOf('s3://b/sql.TGZ').form).toBe('archive');
  });
});
