/** How requests find their copies, as people read it. Pure. */
import type { RouteCandidate, RouteRecord, RoutingExplanation } from '../../api/admin/contract.js';
import { Paint } from './paint.js';

type Painter = (paint: Paint, text: string) => string;

/** Choices shown; `-o json` has all that are kept. */
const recordsShownMax = 10;

export function routingLines(explanation: RoutingExplanation, paint: Painter): string[] {
  const { component, endpoint, strategy, prefix, choices, sampledEvery, sessions, records } = explanation;
  const settings =
    prefix === undefined
      ? ''
      : ` (first ${prefix.prefixLength} characters, spills at ${prefix.concurrencyThreshold} requests)`;
  return [
    `${paint(Paint.Bold, `component/${component}`)} on ${endpoint}  ${strategy}${settings}`,
    `  ${choices} choices since the server started, one in ${sampledEvery} recorded; ${sessions} sessions`,
    ...records.slice(0, recordsShownMax).flatMap(recordLines),
  ];
}

function recordLines({ at, request, picked, reason, strategy, copies }: RouteRecord): string[] {
  return [
    `  ${new Date(at).toISOString()}  ${request} -> ${picked}  by ${reason === 'strategy' ? strategy : reason}`,
    ...copies.map((copy) => candidateLine(copy, copy.copy === picked)),
  ];
}

function candidateLine(candidate: RouteCandidate, isPicked: boolean): string {
  const { copy, outstanding, capacity, fellFor, score, terms } = candidate;
  const said = Object.entries(terms).map(([name, value]) => `${name} ${rounded(value)}`);
  const why = fellFor ?? [`score ${rounded(score ?? 0)}`, ...said].join(', ');
  return `    ${isPicked ? '*' : ' '} ${copy}  ${outstanding} of ${capacity} requests: ${why}`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(4)));
}
