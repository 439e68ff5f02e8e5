import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndpointRoute } from '../contracts/route-feed.js';
import { componentKey, type InferenceComponent } from '../domain/component.js';
import type { Scope } from '../domain/scope.js';
import { StowageError } from '../domain/errors.js';
import {
  componentNamed,
  endpointRoute,
  modelOfVariant,
  scopeA,
  variantRoute,
} from '../../test/simulation/route-tables.js';
import { resolveCall } from './resolve.js';
import { RouteIndex } from './route-index.js';

const otherAccount: Scope = { account: '222222222222', region: 'us-east-1' };
const otherRegion: Scope = { account: '111111111111', region: 'eu-west-1' };

/** Components only; models only; both; one component; and the same names where others cannot see them. */
const single = modelOfVariant('AllTraffic', { endpoint: 'single' });
const blue = modelOfVariant('blue', { endpoint: 'hybrid' });
const green = modelOfVariant('green', { endpoint: 'hybrid' });
const shade = modelOfVariant('shade', { endpoint: 'hybrid' });
const mixed = componentNamed('mixed', { endpoint: 'hybrid', variant: 'pool' });
const hybrid: EndpointRoute = {
  scope: scopeA,
  name: 'hybrid',
  variants: [
    variantRoute('blue', blue, { weight: 3 }),
    variantRoute('green', green, { weight: 1 }),
    variantRoute('pool'),
    variantRoute('shade', shade, { shadow: 1 }),
  ],
  components: [blue, green, shade, mixed].map((component) => ({ component, shares: [], refusal: null })),
};
const endpoints: readonly EndpointRoute[] = [
  endpointRoute([componentNamed('inline'), componentNamed('block', { variant: 'other' })]),
  endpointRoute([componentNamed('alone', { endpoint: 'one' })], { name: 'one' }),
  endpointRoute([single], { name: 'single' }),
  hybrid,
  endpointRoute([componentNamed('secret', { scope: otherAccount, endpoint: 'hidden' })], {
    scope: otherAccount,
    name: 'hidden',
  }),
  endpointRoute([componentNamed('far', { scope: otherRegion, endpoint: 'away' })], {
    scope: otherRegion,
    name: 'away',
  }),
];
const index = new RouteIndex({ revision: 1, endpoints, copies: [] });

type Names = readonly [endpoint: string | null, name: string | null, variant: string | null];

function resolve([endpoint, name, variant]: Names, scope = scopeA, chance = 0): InferenceComponent {
  return resolveCall(index, scope, endpoint, name, variant, () => chance);
}

function refusal(names: Names, scope = scopeA): string {
  try {
    return componentKey(resolve(names, scope));
  } catch (error) {
    const { code, message, mend } = error as StowageError;
    return `${code} ${message}; ${mend}`;
  }
}

describe('resolveCall', () => {
  it.each([
    [[null, 'inline', null], 'e/inline'],
    [[null, 'e/inline', null], 'e/inline'],
    [['e', 'inline', null], 'e/inline'],
    [['e', 'block', 'other'], 'e/block'],
    [['e', null, 'other'], 'e/block'],
    [['one', null, null], 'one/alone'],
    [['one', 'one', null], 'one/alone'],
    [[null, 'one', null], 'one/alone'],
    [[null, 'one/', null], 'one/alone'],
    [['single', null, null], 'single/variant:AllTraffic'],
    [[null, 'single', null], 'single/variant:AllTraffic'],
    [['single', 'AllTraffic', null], 'single/variant:AllTraffic'],
    [['single', null, 'AllTraffic'], 'single/variant:AllTraffic'],
    [['hybrid', null, 'green'], 'hybrid/variant:green'],
    [['hybrid', null, 'pool'], 'hybrid/mixed'],
    [['hybrid', 'mixed', null], 'hybrid/mixed'],
    [[null, 'mixed', null], 'hybrid/mixed'],
  ] as const)('%o is %s', (names, expected) => {
    expect(componentKey(resolve(names))).toBe(`111111111111/us-east-1/${expected}`);
  });

  it.each([
    [[null, 'inlin', null], 'NAME-404 no component `inlin`; did you mean `inline`?'],
    [['e', 'inlin', null], 'NAME-404 no component `inlin`; did you mean `inline`?'],
    [['e', 'inline', 'other'], 'NAME-404 no component `inline`; it is on the variant `blue`, not on `other`'],
    [['hybird', null, null], 'NAME-405 no endpoint `hybird`; did you mean `hybrid`?'],
    [
      ['e', null, null],
      'NAME-407 endpoint `e` has several components: inline, block; name one: the header ' +
        'X-Amzn-SageMaker-Inference-Component, or `model` in the body',
    ],
    [
      ['hybrid', null, 'red'],
      'NAME-412 Variant "red" not found in endpoint "hybrid"; it has: blue, green, pool.; name one of its variants',
    ],
    [
      ['hybrid', null, 'shade'],
      'NAME-412 Variant "shade" not found in endpoint "hybrid"; it has: blue, green, pool.; name one of its variants',
    ],
    [['hybrid', 'shade', null], 'NAME-404 no component `shade`; there are: mixed, blue, green'],
    [
      [null, 'far', null],
      'NAME-404 no component `far`; it is in the region eu-west-1: sign the call for that region',
    ],
    [
      ['away', 'far', null],
      'NAME-405 no endpoint `away`; it is in the region eu-west-1: sign the call for that region',
    ],
    [['hidden', null, null], 'NAME-405 no endpoint `hidden`; there are: e, one, single, hybrid'],
    [
      [null, 'secret', null],
      'NAME-404 no component `secret`; there are: inline, block, alone, mixed, e, one, single, hybrid',
    ],
  ] as const)('%o is refused: %s', (names, expected) => {
    expect(refusal(names)).toBe(expected);
  });

  it('tells a scope without anything that there is nothing, and nothing else', () => {
    const empty: Scope = { account: '333333333333', region: 'us-east-1' };
    expect(refusal(['e', null, null], empty)).toBe('NAME-405 no endpoint `e`; nothing is configured');
    expect(refusal([null, null, null], empty)).toContain(
      'NAME-407 endpoint `*` has several components: none',
    );
  });

  it('never leads to, or speaks of, what is another account’s', () => {
    const words = fc.constantFrom(
      'e',
      'inline',
      'inlin',
      'hidden',
      'secret',
      'secre',
      'hidden/secret',
      'red',
    );
    const maybe = fc.option(words);
    fc.assert(
      fc.property(maybe, maybe, maybe, (endpoint, name, variant) => {
        const asked = [endpoint, name, variant].join(' ');
        for (const told of [
          refusal([endpoint, name, variant]),
          refusal([endpoint, name, variant], otherAccount),
        ]) {
          const foreign = told.includes('222222222222/') ? ['inline', 'hybrid'] : [];
          for (const word of foreign) expect(told).not.toContain(word);
        }
        const told = refusal([endpoint, name, variant]);
        for (const word of ['hidden', 'secret']) if (!asked.includes(word)) expect(told).not.toContain(word);
        expect(told).not.toContain('222222222222');
      }),
    );
  });

  it('chooses among production variants with their own models by weight', () => {
    const chances = Array.from({ length: 400 }, (_, place) => place / 400);
    const found = chances.map((chance) => resolve(['hybrid', null, null], scopeA, chance).name);
    expect(found.filter((name) => name === 'blue')).toHaveLength(300);
    expect(found.filter((name) => name === 'green')).toHaveLength(100);
  });

  it('asks for the endpoint where several have a component of that name', () => {
    const twins = ['a', 'b'].map((name) =>
      endpointRoute([componentNamed('same', { endpoint: name })], { name }),
    );
    const both = new RouteIndex({ revision: 1, endpoints: twins, copies: [] });
    expect(resolveCall(both, scopeA, null, 'b/same', null, () => 0).endpoint).toBe('b');
    expect(() => resolveCall(both, scopeA, null, 'same', null, () => 0)).toThrow('a/same, b/same');
  });

  it('answers wrong names among ten thousand within a few milliseconds', () => {
    const components = Array.from({ length: 10_000 }, (_, place) => componentNamed(`component-${place}`));
    const large = new RouteIndex({ revision: 1, endpoints: [endpointRoute(components)], copies: [] });
    const began = performance.now();
    for (const name of ['component-x', 'nothing', 'x'.repeat(5000)]) {
      expect(() => resolveCall(large, scopeA, null, name, null, () => 0)).toThrow(StowageError);
    }
    expect(() => resolveCall(large, scopeA, 'e', null, null, () => 0)).toThrow('and 9990 more');
    expect(performance.now() - began).toBeLessThan(200);
  });
});
