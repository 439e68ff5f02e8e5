/** `stowage explain`: one row of the error table in words, or why a component or an endpoint is as it is. */
import type {
  ComponentExplanation,
  ComponentList,
  EndpointExplanation,
  RoutingAnswer,
} from '../../api/admin/contract.js';
import { nearest } from '../../domain/nearest.js';
import { errorTable, Fault, StowageError } from '../../domain/errors.js';
import type { ErrorCode } from '../../domain/errors.js';
import { askAdmin } from './admin-client.js';
import type { AdminFlags } from './admin-client.js';
import { whyOf } from './error-page.js';
import { componentLines, endpointLines } from './explanation.js';
import { OutputFormat, renderValue } from './render.js';
import { routingLines } from './routing-lines.js';
import type { Session } from './session.js';
import { isMissing, withNearest } from './missing.js';
import { parseTarget, TargetKind } from './target.js';

const faultSentences: Readonly<Record<Fault, string>> = {
  [Fault.Caller]: 'what was sent or written cannot work as it is',
  [Fault.Access]: 'the caller is not known here, or not allowed to do this',
  [Fault.Missing]: 'something was named that is not there',
  [Fault.Capacity]: 'there is no room or no ready copy at this moment',
  [Fault.Model]: 'the model’s process broke while it worked',
  [Fault.Host]: 'this machine, its libraries or its files are not as they must be',
  [Fault.Stowage]: 'a defect of Stowage itself',
};

export interface ExplainFlags extends AdminFlags {
  /** How its requests find their copies, instead of why it is as it is. */
  readonly routing?: boolean;
}

/** `subject`: a code such as CAP-101, `component/NAME`, `endpoint/NAME`, or just the name of a component. */
export async function explain(subject: string, flags: ExplainFlags, session: Session): Promise<void> {
  if (flags.routing === true) return explainRouting(subject, flags, session);
  if (isCode(subject)) return explainCode(subject, session);
  return explainThing(subject, flags, session);
}

/** A code of the table, what is spelt as one, or nearly one. */
function isCode(subject: string): boolean {
  const written = subject.trim();
  const word = written.toUpperCase();
  if (Object.hasOwn(errorTable, word) || /^[A-Z]+-\d{3}$/.test(written)) return true;
  return /^[A-Z]+-\d{1,4}$/.test(word) && nearest(word, Object.keys(errorTable)) !== null;
}

async function explainThing(subject: string, flags: AdminFlags, session: Session): Promise<void> {
  const { terminal, format } = session;
  const target = parseTarget(subject);
  const isEndpoint = target.kind === TargetKind.Endpoint;
  const name = (isEndpoint ? target.endpoint : target.component) ?? '';
  const path = `/admin/explain/${isEndpoint ? 'endpoint' : 'component'}/${encodeURIComponent(name)}`;
  const answer = await askAdmin<object>(path, {}, flags, session).catch(async (thrown: unknown) => {
    const names = isMissing(thrown) ? await namesOf(isEndpoint, flags, session) : [];
    throw isMissing(thrown)
      ? withNearest(thrown, isEndpoint ? 'endpoint' : 'component', name, names)
      : thrown;
  });
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    terminal.write(renderValue(answer, format));
    return;
  }
  const style = { paint: terminal.paintData, now: Date.now() };
  const lines = isEndpoint
    ? endpointLines(answer as EndpointExplanation, style)
    : componentLines(answer as ComponentExplanation, style);
  terminal.write(`${lines.join('\n')}\n`);
}

async function explainRouting(subject: string, flags: AdminFlags, session: Session): Promise<void> {
  const { component, endpoint, kind } = parseTarget(subject);
  const name = kind === TargetKind.Endpoint ? endpoint : component;
  const query = { component: name ?? '' };
  const answer = await askAdmin<RoutingAnswer>('/admin/v1/routing', query, flags, session);
  const { terminal, format } = session;
  if (format === OutputFormat.Json || format === OutputFormat.Yaml) {
    terminal.write(renderValue(answer, format));
    return;
  }
  terminal.write(`${routingLines(answer, terminal.paintData).join('\n')}\n`);
}

/** What there is in the region, by name; nothing when the server does not tell. */
async function namesOf(isEndpoint: boolean, flags: AdminFlags, session: Session): Promise<readonly string[]> {
  const answer = await askAdmin<ComponentList>('/admin/explain', {}, flags, session).catch(() => null);
  return (answer?.components ?? []).map(({ name, endpoint }) => (isEndpoint ? endpoint : name));
}

function explainCode(code: string, session: Session): void {
  const known = Object.keys(errorTable) as ErrorCode[];
  const found = known.find((candidate) => candidate === code.trim().toUpperCase());
  if (found === undefined) {
    const meant = nearest(code.toUpperCase(), known);
    throw StowageError.of('USE-640', {
      problem: `no error has the code \`${code}\``,
      suggestion:
        meant === null
          ? 'stowage explain CAP-101, or stowage explain component/NAME'
          : `did you mean \`${meant}\`?`,
    });
  }
  const row = { code: found, ...errorTable[found] };
  const why = whyOf(found);
  if (session.format === OutputFormat.Json) {
    session.terminal.write(`${JSON.stringify({ ...row, why: why ?? faultSentences[row.fault] }, null, 2)}\n`);
    return;
  }
  session.terminal.write(
    [
      `${found}  ${slots(row.message)}`,
      `why:    ${why ?? faultSentences[row.fault]}`,
      `again:  ${row.retryable ? 'trying again later can work' : 'trying again changes nothing'}`,
      `mend:   ${slots(row.mend)}`,
      '',
    ].join('\n'),
  );
}

/** `{name}` of the table as `NAME`, as help texts write what changes. */
function slots(text: string): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
}
