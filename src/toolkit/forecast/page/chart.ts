/**
 * Charts as inline SVG: lines over time and bars side by side. Colours are custom properties of the page, so they
 * follow light and dark; each chart has a name and a sentence for those who do not see it. Pure.
 */

export interface ChartLine {
  readonly name: string;
  /** One for each time; null = there is no value. */
  readonly values: readonly (number | null)[];
}

export interface LineChart {
  readonly title: string;
  readonly unit: string;
  /** Milliseconds between two values. */
  readonly stepMs: number;
  readonly lines: readonly ChartLine[];
  /** True: values hold for their whole stretch. */
  readonly isStepped: boolean;
}

const width = 720;
const height = 220;
const margin = { left: 56, right: 12, top: 12, bottom: 28 } as const;
const plotWidth = width - margin.left - margin.right;
const plotHeight = height - margin.top - margin.bottom;
/** Colours there are; the page defines `--line-0` … */
export const coloursMax = 6;

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function lineChart(chart: LineChart): string {
  const { title, unit, stepMs, lines, isStepped } = chart;
  const count = Math.max(1, ...lines.map(({ values }) => values.length));
  const top = niceMax(
    Math.max(0, ...lines.flatMap(({ values }) => values.filter((value) => value !== null))),
  );
  const x = (index: number) => margin.left + (plotWidth * index) / count;
  const y = (value: number) => margin.top + plotHeight * (1 - value / top);
  const paths = lines.map(({ name, values }, index) => {
    const path = pathOf(values, x, y, isStepped);
    return (
      `<path class="line" style="stroke:var(--line-${index % coloursMax})"` +
      `${index % 2 === 1 ? ' stroke-dasharray="6 3"' : ''} d="${path}"><title>${escapeText(name)}</title></path>`
    );
  });
  const highest = lines
    .map(({ name, values }) => {
      const most = Math.max(0, ...values.filter((value) => value !== null));
      return `${name}: at most ${number(most)} ${unit}`;
    })
    .join('; ');
  return figure(title, highest, [...grid(top, unit, y), ...times(count, stepMs, x), ...paths], legend(lines));
}

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** What is written beside it. */
  readonly text: string;
}

export function barChart(title: string, bars: readonly Bar[]): string {
  const top = Math.max(...bars.map(({ value }) => value), 1e-9);
  const rowHeight = 30;
  const labelWidth = 190;
  const room = width - labelWidth - 110;
  const rows = bars.map(({ name, value, text }, index) => {
    const at = index * rowHeight;
    const size = Math.max(1, (room * value) / top);
    return (
      `<text class="label" x="${labelWidth - 8}" y="${at + 20}" text-anchor="end">${escapeText(name)}</text>` +
      `<rect x="${labelWidth}" y="${at + 6}" width="${size.toFixed(1)}" height="18" rx="2" style="fill:var(--line-${index % coloursMax})"/>` +
      `<text class="label" x="${(labelWidth + size + 8).toFixed(1)}" y="${at + 20}">${escapeText(text)}</text>`
    );
  });
  const sentence = bars.map(({ name, text }) => `${name}: ${text}`).join('; ');
  return figure(title, sentence, rows, '', bars.length * rowHeight + 4);
}

function figure(
  title: string,
  sentence: string,
  parts: readonly string[],
  below: string,
  svgHeight = height,
): string {
  return (
    `<figure><figcaption>${escapeText(title)}</figcaption>` +
    `<svg viewBox="0 0 ${width} ${svgHeight}" role="img" aria-label="${escapeText(`${title}. ${sentence}`)}">` +
    `${parts.join('')}</svg>${below}</figure>`
  );
}

function pathOf(
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
  isStepped: boolean,
): string {
  const parts: string[] = [];
  let isDrawing = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      isDrawing = false;
      continue;
    }
    const at = `${x(index + (isStepped ? 0 : 0.5)).toFixed(1)} ${y(value).toFixed(1)}`;
    parts.push(`${isDrawing ? 'L' : 'M'}${at}`);
    if (isStepped) parts.push(`H${x(index + 1).toFixed(1)}`);
    // A value between two that are missing would not be seen.
    else if (!isDrawing && (values[index + 1] ?? null) === null) parts.push('h2');
    isDrawing = true;
  }
  return parts.join('');
}

function grid(top: number, unit: string, y: (value: number) => number): readonly string[] {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = y(top * part).toFixed(1);
    const text = `${number(top * part)}${part === 1 ? ` ${unit}` : ''}`;
    return (
      `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${at}" y2="${at}"/>` +
      `<text class="axis" x="${margin.left - 6}" y="${Number(at) + 4}" text-anchor="end">${escapeText(text)}</text>`
    );
  });
}

function times(count: number, stepMs: number, x: (index: number) => number): readonly string[] {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle';
    const at = x(count * part).toFixed(1);
    return `<text class="axis" x="${at}" y="${height - 8}" text-anchor="${anchor}">${timeText(count * part * stepMs)}</text>`;
  });
}

function legend(lines: readonly ChartLine[]): string {
  const items = lines.map(({ name }, index) => {
    const mark = `<svg class="mark" viewBox="0 0 24 8" aria-hidden="true"><path class="line" style="stroke:var(--line-${index % coloursMax})"${index % 2 === 1 ? ' stroke-dasharray="6 3"' : ''} d="M0 4H24"/></svg>`;
    return `<li>${mark}${escapeText(name)}</li>`;
  });
  return `<ul class="legend">${items.join('')}</ul>`;
}

/** 1, 2 or 5 times a power of ten. */
function niceMax(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function number(value: number): string {
  if (value === 0 || value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(2)));
}

/** `0:00`, `12:30`, `1:05:00`. */
function timeText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const two = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
