/** Why things are as they are, as people read it. Pure. */
import type { ComponentExplanation, CopyExplanation, EndpointExplanation } from '../../api/admin/contract.js';
import type { LedgerEntry } from '../../contracts/store.js';
import { Paint } from './paint.js';
import { duration } from './progress.js';

interface ExplanationStyle {
  readonly paint: (paint: Paint, text: string) => string;
  /** Wall clock, milliseconds. */
  readonly now: number;
}

/** Newest decisions shown of each thing. */
const historyLinesMax = 10;

export function endpointLines(explanation: EndpointExplanation, style: ExplanationStyle): string[] {
  const { name, status, failureReason, deployment, instances, components, history } = explanation;
  return [
    `${style.paint(Paint.Bold, `endpoint/${name}`)}  ${status}`,
    ...(failureReason === null ? [] : [`  failed: ${failureReason}`]),
    ...(deployment === null ? [] : [`  deployment: ${deployment}`]),
    ...instances.map(
      ({ id, type, zone, state, since, reason }) =>
        `  instance ${id}  ${type} in ${zone}  ${state} for ${age(since, style)}: ${reason}`,
    ),
    ...historyLines(history, style),
    ...components.flatMap((component) => ['', ...componentLines(component, style)]),
  ];
}

export function componentLines(explanation: ComponentExplanation, style: ExplanationStyle): string[] {
  const { name, endpoint, status, copiesReady, copiesWanted, failureReason, copies, history } = explanation;
  return [
    `${style.paint(Paint.Bold, `component/${name}`)} on ${endpoint}  ${status}, ${copiesReady} of ${copiesWanted} copies ready`,
    ...(failureReason === null ? [] : [`  failed: ${failureReason}`]),
    ...copies.flatMap((copy) => copyLines(copy, style)),
    ...historyLines(history, style),
  ];
}

function copyLines(copy: CopyExplanation, style: ExplanationStyle): string[] {
  const { id, state, since, reason, instance, loading, nextAt, error } = copy;
  const where = instance === null ? '' : ` on ${instance}`;
  const when = since === null ? '' : ` for ${age(since, style)}`;
  const next = nextAt === null || nextAt <= style.now ? '' : `; next in ${duration(nextAt - style.now)}`;
  const how = loading === null ? '' : `, ${loading.phase} ${Math.floor(loading.fraction * 100)} %`;
  return [
    `  ${id}${where}  ${state}${when}${how}: ${reason}${next}`,
    ...(error === null ? [] : [`    ${error.code}: ${error.message}`, `    mend: ${error.mend}`]),
  ];
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
