/** A plan as text: what changes first, with what it means; what stays is counted. Pure. */
import type { PlannedChange } from '../../../decide/plan/step.js';
import { Paint } from '../paint.js';
import type { EndpointDifference, RegionPlan } from './plan-file.js';

interface PlanStyle {
  readonly paint: (paint: Paint, text: string) => string;
  /** List what stays too. */
  readonly all: boolean;
}

const marks = { create: '+', update: '~', replace: '±', delete: '-' } as const;
const paints = {
  create: Paint.Green,
  update: Paint.Yellow,
  replace: Paint.Red,
  delete: Paint.Red,
} as const;

/** Ends with a line's end. */
export function renderPlan(regions: readonly RegionPlan[], style: PlanStyle): string {
  const lines = regions.flatMap(({ region, endpoints }) => [
    ...(regions.length > 1 ? [style.paint(Paint.Bold, `# ${region}`)] : []),
    ...endpoints.flatMap(({ difference: { changes, leftAlone, warnings, unchanged } }) => [
      ...changes.flatMap((change) => changeLines(change, style)),
      ...warnings.map((warning) => `! ${warning}`),
      ...leftAlone.map(({ name, reason }) => `  component/${name}  stays: ${reason}`),
      ...(style.all ? unchanged.map((name) => `  ${name}`) : []),
    ]),
  ]);
  return [...lines, summaryLine(regions, style)].map((line) => `${line}\n`).join('');
}

function changeLines(change: PlannedChange, { paint }: PlanStyle): string[] {
  const title = `${marks[change.change]} ${change.kind}/${change.name}`;
  const width = Math.max(0, ...change.details.map(({ path }) => path.length));
  return [
    `${paint(paints[change.change], title.padEnd(24))}  ${change.meaning}`,
    ...change.details.map(
      ({ path, from, to }) => `    ${path.padEnd(width)}  ${shown(from)} -> ${shown(to)}`,
    ),
    ...(change.confirmation === null || change.confirmation === change.meaning
      ? []
      : [`    ! ${change.confirmation}`]),
  ];
}

function summaryLine(regions: readonly RegionPlan[], { all }: PlanStyle): string {
  const differences = regions.flatMap(({ endpoints }) => endpoints.map(({ difference }) => difference));
  const changes = differences.reduce((sum, one) => sum + one.changes.length, 0);
  const unchanged = differences.reduce((sum, one) => sum + one.unchanged.length, 0);
  const counts = `${changes === 0 ? 'nothing to change' : `${changes} to change`}, ${unchanged} unchanged`;
  return `${counts}${unchanged > 0 && !all ? ' (--all)' : ''}${priceText(differences)}`;
}

/** Nothing where a price is not known, or costs nothing before and after. */
function priceText(differences: readonly EndpointDifference['difference'][]): string {
  if (differences.some(({ pricePerHour }) => pricePerHour.to === null)) return '';
  const from = differences.reduce((sum, { pricePerHour }) => sum + (pricePerHour.from ?? 0), 0);
  const to = differences.reduce((sum, { pricePerHour }) => sum + (pricePerHour.to ?? 0), 0);
  if (from === 0 && to === 0) return '';
  return `     peak $${from.toFixed(2)}/h -> $${to.toFixed(2)}/h`;
}

/** One short line, without what a terminal would obey. */
function shown(value: string | null): string {
  if (value === null) return '(none)';
  const text = value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '·');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text === '' ? '""' : text;
}

/** The plan for programs. */
export function planValue(regions: readonly RegionPlan[]): object {
  return {
    hasChanges: hasChanges(regions),
    regions: regions.map(({ region, endpoints }) => ({
      region,
      endpoints: endpoints.map(({ difference }) => {
        const { endpoint, changes, unchanged, leftAlone, warnings, pricePerHour } = difference;
        return { endpoint, changes, unchanged, leftAlone, warnings, pricePerHour };
      }),
    })),
  };
}

export function hasChanges(regions: readonly RegionPlan[]): boolean {
  return regions.some(({ endpoints }) => endpoints.some(({ difference }) => difference.changes.length > 0));
}
