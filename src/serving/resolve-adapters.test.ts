import { describe, expect, it } from 'vitest';
import type { AdapterRef } from '../domain/adapter.js';
import type { StowageError } from '../domain/errors.js';
import { componentNamed, endpointRoute, modelOfVariant, scopeA } from '../../test/simulation/route-tables.js';
import { resolveCall } from './resolve.js';
import { RouteIndex } from './route-index.js';

const option = (name: string): AdapterRef => ({ name, id: name, isComponent: false });
const component = (name: string): AdapterRef => ({ name, id: `${name}#3`, isComponent: true });

const llama = { ...componentNamed('llama'), adapters: [component('sql'), option('chat'), option('both')] };
const qwen = { ...componentNamed('qwen'), adapters: [option('both'), option('llama')] };
const own = { ...modelOfVariant('AllTraffic', { endpoint: 'single' }), adapters: [option('mine')] };
const endpoints = [endpointRoute([llama, qwen]), endpointRoute([own], { name: 'single' })];
const index = new RouteIndex({ revision: 1, endpoints, copies: [] });
const shop = llama.endpoint;

function resolve(endpoint: string | null, name: string | null): string {
  try {
    const found = resolveCall(index, scopeA, endpoint, name, null, () => 0);
    return `${found.name} with ${found.adapter?.id ?? 'none'}`;
  } catch (error) {
    const { code, message, mend } = error as StowageError;
    return `${code} ${message}; ${mend}`;
  }
}

describe('names of adapters', () => {
  it.each([
    [null, 'llama', 'llama with none'],
    [null, 'sql', 'llama with sql#3'],
    [shop, 'sql', 'llama with sql#3'],
    [null, 'llama:sql', 'llama with sql#3'],
    [null, 'llama:both', 'llama with both'],
    [shop, 'qwen:both', 'qwen with both'],
    [null, `${shop}/qwen:both`, 'qwen with both'],
    [null, 'chat', 'llama with chat'],
    [shop, 'chat', 'llama with chat'],
    [null, 'mine', 'AllTraffic with mine'],
    [null, 'single:mine', 'AllTraffic with mine'],
    ['single', 'AllTraffic:mine', 'AllTraffic with mine'],
    ['single', 'single:mine', 'AllTraffic with mine'],
    // A component's own name comes before an adapter's.
    [null, 'qwen:llama', 'qwen with llama'],
  ])('%s, %s: %s', (endpoint, name, expected) => {
    expect(resolve(endpoint, name)).toBe(expected);
  });

  it('that are not there are refused with those that are', () => {
    expect(resolve(null, 'llama:cha')).toBe(
      'NAME-404 no component `llama:cha`; the adapters of `llama` are: sql, chat, both',
    );
    expect(resolve('single', 'AllTraffic:')).toContain('are: mine');
    expect(resolve(null, 'both')).toContain(
      `NAME-407 endpoint \`*\` has several components: ${shop}/llama:both`,
    );
    expect(resolve(shop, 'chta')).toContain('did you mean `chat`?');
    expect(resolve(null, 'nothing:sql')).toContain('NAME-404 no component `nothing`');
  });
});
