import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { endpointJsonSchema, endpointSchema } from './schema.js';
import type { JsonSchema } from './schema.js';

const repository = new URL('../../../', import.meta.url);

it('the JSON Schema for editors is what `node scripts/write-schema.mjs` would write', () => {
  const written: unknown = JSON.parse(
    readFileSync(new URL('schema/stowage.schema.json', repository), 'utf8'),
  );
  expect(written).toEqual(endpointJsonSchema());
});

it('every key has a description', () => {
  const without = (schema: JsonSchema, path: string): string[] => [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, child]) => [
      ...(child.description === undefined && key !== 'resources' ? [`${path}.${key}`] : []),
      ...without(child, `${path}.${key}`),
    ]),
    ...(schema.anyOf ?? []).flatMap((branch) => without(branch, path)),
    ...(typeof schema.additionalProperties === 'object'
      ? without(schema.additionalProperties, `${path}.*`)
      : []),
  ];
  expect(without(endpointJsonSchema(), '')).toEqual([]);
});

it('docs/configuration.md has every key, with its default and bounds', () => {
  const page = readFileSync(new URL('docs/configuration.md', repository), 'utf8');
  const rows = (schema: JsonSchema): string[] => [
    ...Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
      const bounds = child.type === 'integer' ? `${child.minimum}..${child.maximum}` : '';
      const byDefault =
        typeof child.default === 'object' || child.default === undefined ? '' : String(child.default);
      return [`\`${key}\`|${byDefault}|${bounds}`, ...rows(child)];
    }),
    ...(schema.anyOf ?? []).flatMap(rows),
    ...(typeof schema.additionalProperties === 'object' ? rows(schema.additionalProperties) : []),
  ];
  const lines = page.split('\n');
  const missing = rows(endpointJsonSchema()).filter((row) => {
    const [key = '', byDefault = '', bounds = ''] = row.split('|');
    return !lines.some(
      (line) => line.startsWith(`| ${key}`) && line.includes(byDefault) && line.includes(bounds),
    );
  });
  expect(missing).toEqual([]);
});

it('defaults satisfy their own rules', () => {
  const filled = endpointSchema.parse({ endpoint: 'a', components: { x: { model: 'm' } } });
  expect(endpointSchema.safeParse(filled).success).toBe(true);
});
