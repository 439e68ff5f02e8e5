/** Why things are as they are, as people read it. Pure. */
import type { ComponentExplanation, CopyExplanation, EndpointExplanation } from '../../api/admin/contract.js';
import type { LedgerEntry } from '../../contracts/store.js';
import type { Scope } from '../../domain/scope.js';
import { Paint } from './paint.js';
import { duration } from './progress.js';
import { scalingLines } from './scaling-lines.js';

interface ExplanationStyle {
  readonly paint: (paint: Paint, text: string) => string;
  /** Wall clock, milliseconds. */
  readonly now: number;
}

/** Newest decisions shown of each thing. */
const historyLinesMax = 10;

export function endpointLines(explanation: EndpointExplanation, style: ExplanationStyle): string[] {
  return inScope(explanation.scope, endpointText(explanation, style));
}

export function componentLines(explanation: ComponentExplanation, style: ExplanationStyle): string[] {
  return inScope(explanation.scope, componentText(explanation, style));
}

/** Names of the asker's own scope are told without it. */
function inScope({ account, region }: Scope, lines: readonly string[]): string[] {
  return lines.map((line) => line.replaceAll(`${account}/${region}/`, ''));
}

function endpointText(explanation: EndpointExplanation, style: ExplanationStyle): string[] {
  const { name, status, failureReason, deployment, instances, components, history } = explanation;
  return [
    `${style.paint(Paint.Bold, `endpoint/${name}`)}  ${status}`,
    ...(failureReason === null ? [] : [`  ${status === 'Failed' ? 'failed' : 'reason'}: ${failureReason}`]),
    ...(deployment === null ? [] : [`  deployment: ${deployment}`]),
    ...instances.map(
      ({ id, type, zone, state, since, reason }) =>
        `  instance ${id}  ${type} in ${zone}  ${state} for ${age(since, style)}: ${reason}`,
    ),
    ...historyLines(history, style),
    ...components.flatMap((component) => ['', ...componentText(component, style)]),
  ];
}

function componentText(explanation: ComponentExplanation, style: ExplanationStyle): string[] {
  const { name, endpoint, status, copiesReady, copiesWanted, failureReason, copies, history } = explanation;
  return [
    `${style.paint(Paint.Bold, `component/${name}`)} on ${endpoint}  ${status}, ${copiesReady} of ${copiesWanted} copies ready`,
    ...(failureReason === null ? [] : [`  ${status === 'Failed' ? 'failed' : 'reason'}: ${failureReason}`]),
    ...(explanation.scaling === null ? [] : scalingLines(explanation.scaling, style)),
    ...alike(copies).flatMap((group) => groupLines(group, style)),
    ...historyLines(history, style),
  ];
}

/** Copies that wait for the same reason are one group, at the place of the first; others are each their own. */
function alike(copies: readonly CopyExplanation[]): CopyExplanation[][] {
  const groups = new Map<string, CopyExplanation[]>();
  for (const copy of copies) {
    const { id, incarnation, state, reason, error } = copy;
    const key = incarnation === null ? JSON.stringify([state, reason, error]) : id;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [copy]);
    else group.push(copy);
  }
  return [...groups.values()];
}

function groupLines(group: readonly CopyExplanation[], style: ExplanationStyle): string[] {
  const [first] = group;
  if (first === undefined) return [];
  if (group.length === 1) return copyLines(first, style);
  const times = group.flatMap(({ nextAt }) => (nextAt !== null && nextAt > style.now ? [nextAt] : []));
  const next = times.length === 0 ? '' : `; next in ${duration(Math.min(...times) - style.now)}`;
  return [`  ${group.length} copies wait: ${first.reason}${next}`, ...errorLines(first)];
}

function copyLines(copy: CopyExplanation, style: ExplanationStyle): string[] {
  const { id, state, since, reason, instance, loading, nextAt } = copy;
  const where = instance === null ? '' : ` on ${instance}`;
  const when = since === null ? '' : ` for ${age(since, style)}`;
  const next = nextAt === null || nextAt <= style.now ? '' : `; next in ${duration(nextAt - style.now)}`;
  const how = loading === null ? '' : `, ${loading.phase} ${Math.floor(loading.fraction * 100)} %`;
  return [`  ${id}${where}  ${state}${when}${how}: ${reason}${next}`, ...errorLines(copy)];
}

function errorLines({ error }: CopyExplanation): string[] {
  return error === null ? [] : [`    ${error.code}: ${error.message}`, `    mend: ${error.mend}`];
}

function historyLines(history: readonly LedgerEntry[], style: ExplanationStyle): string[] {
  return history
    .slice(0, historyLinesMax)
    .map(({ at, event, reason }) =>
      style.paint(Paint.Dim, `  ${new Date(at).toISOString().slice(0, 19)}Z  ${event}: ${reason}`),
    );
}

function age(since: number, { now }: ExplanationStyle): string {
  return duration(Math.max(0, now - since));
}
