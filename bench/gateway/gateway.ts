import type { Bench } from '../bench.js';
export const gatewayBench: Bench = { name: 'gateway', measures: '', run: () => Promise.resolve([]) };
