import type { Bench } from '../bench.js';
export const firstTokenBench: Bench = { name: 'first-token', measures: '', run: () => Promise.resolve([]) };
