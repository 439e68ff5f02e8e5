import { describe, expect, it } from 'vitest';
import type { ForecastResult } from '../forecast-result.js';
import { forecastPage } from './page.js';

const requests = {
  ...{ arrivals: 3, completed: 2, rejected: { 'CAP-101': 1 }, held: 1 },
  ...{ promptTokens: 1, cachedTokens: 0, generatedTokens: 1 },
  firstTokenMs: { p50: 1000, p95: 2000, p99: 3000 },
  totalMs: null,
};
const result: ForecastResult = {
  ...{ durationMs: 60_000, acceleratorHours: 2, instanceHours: 1, heldAcceleratorHours: 1, copyHours: 1 },
  ...{ cost: 7.5, coldStarts: 4, instanceStarts: 1, utilization: 0.5, requests },
  components: [{ name: '<chat>', ...requests, coldStarts: 4, copyHours: 1, utilization: 0.5, copiesMax: 2 }],
  points: [null, 900, null].map((firstTokenP95Ms, index) => {
    return { atMs: index * 20_000, arrivals: 1, copies: index, instances: 1, firstTokenP95Ms };
  }),
};

describe('the page of a forecast', () => {
  const page = forecastPage({
    ...{
      title: 'Forecast & more',
      facts: { file: '"x".csv' },
      requests: 3,
      assumptions: ['a <b> is assumed'],
    },
    rows: [
      { name: 'as configured', result },
      { name: 'one endpoint per model', result: { ...result, cost: 60 } },
    ],
  });

  it('needs nothing else: no address, no script, no picture of others', () => {
    expect(page).not.toMatch(/https?:|<script|<link|<img|url\(|@import|src=/i);
    expect(page).toContain('prefers-color-scheme:dark');
  });

  it('says what it shows to those who do not see it, and takes no names as markup', () => {
    const charts = [...page.matchAll(/<svg viewBox="0 0 720[^>]*>/g)].map(([tag]) => tag);
    expect(charts).toHaveLength(6);
    for (const chart of charts) expect(chart).toMatch(/role="img" aria-label="[^"]{10,}"/);
    expect(page).toContain('$60.00');
    expect(page).toContain('&#60;chat&#62;');
    expect(page).not.toContain('<chat>');
    expect(page).not.toContain('NaN');
  });
});
