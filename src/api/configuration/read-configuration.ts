/**
 * `stowage.yaml` becomes endpoint plans here, once, at the edge.
 *
 * Any text either gives a configuration or a `ConfigurationErrors` that holds every problem with its
 * place; nothing else is ever thrown. Each YAML document of the text is one endpoint.
 */
import type { EndpointPlan } from '../../domain/endpoint-plan.js';
import type { StowageError } from '../../domain/errors.js';
import { ConfigurationErrors, configurationErrorsMax } from './configuration-errors.js';
import { findingsOfIssues, meaningFinding } from './problems.js';
import type { Finding } from './problems.js';
import type { ExampleCall, Notice, Reading } from './reading.js';
import { endpointSchema } from './schema.js';
import { componentSchema } from './schema-component.js';
import { toComponent } from './to-component.js';
import { toPlan } from './to-plan.js';
import { parseYaml } from './yaml-document.js';
import type { LocatedDocument } from './yaml-document.js';

export interface Configuration {
  readonly endpoints: readonly EndpointPlan[];
  /** What was understood and has no effect yet. */
  readonly notices: readonly Notice[];
  /** Calls worth showing, by `endpoint/component`. */
  readonly examples: ReadonlyMap<string, ExampleCall>;
}

interface ReadOptions {
  /** Whether a model file is there; when left out nobody looks. */
  readonly fileExists?: (path: string) => boolean;
  /** Where documents that name no region are wanted; names must be unique within a region. */
  readonly region?: string;
  /** Names of the instance types that there are; when left out any will do. */
  readonly instanceTypes?: readonly string[] | null;
}

/**
 * Reads a whole configuration.
 *
 * @param fileName how the reader calls the file; locations begin with it
 * @param baseDir absolute folder that relative model paths start at
 * @throws ConfigurationErrors of FILE-010, FILE-011 and FILE-012
 */
export function readConfiguration(
  text: string,
  fileName: string,
  baseDir: string,
  { fileExists = () => true, region = '', instanceTypes = null }: ReadOptions = {},
): Configuration {
  const parsed = parseYaml(text.replace(/^\uFEFF/, ''), fileName);
  const errors: StowageError[] = [...parsed.errors];
  const endpoints: EndpointPlan[] = [];
  const names = new TakenNames(region);
  const notices: Notice[] = [];
  const examples = new Map<string, ExampleCall>();
  let uncounted = 0;
  for (const document of parsed.documents) {
    const findings: Finding[] = [];
    const reading: Reading = {
      document,
      baseDir,
      fileExists,
      instanceTypes,
      findings,
      notices,
      examples,
    };
    const checked = endpointSchema.safeParse(document.value);
    if (checked.success) {
      const endpoint = toPlan(checked.data, reading);
      findings.push(...names.take(endpoint, document));
      endpoints.push(endpoint);
    } else {
      findings.push(...findingsOfIssues(checked.error.issues, document));
      readSoundComponents(document.value, reading);
    }
    findings.sort((a, b) => a.offset - b.offset);
    const room = Math.max(0, configurationErrorsMax - errors.length);
    errors.push(...worded(findings.slice(0, room)));
    uncounted += Math.max(0, findings.length - room);
  }
  const [first, ...others] = errors;
  if (first !== undefined) throw new ConfigurationErrors([first, ...others], uncounted);
  return { endpoints, notices, examples };
}

/** Looks for problems of meaning beside those of shape, so that one look at the file mends both. */
function readSoundComponents(value: unknown, reading: Reading): void {
  const components = (value as { components?: unknown } | null)?.components;
  if (typeof components !== 'object' || components === null || Array.isArray(components)) return;
  for (const [name, component] of Object.entries(components)) {
    const checked = componentSchema.safeParse(component);
    const place = { variant: '', path: ['components', name], reading };
    if (checked.success) toComponent('', name, checked.data, place);
  }
}

/** A thing that several parts of a document share is told once. */
function worded(findings: readonly Finding[]): StowageError[] {
  const told = new Set<string>();
  return findings.flatMap((finding) => {
    const error = finding.word();
    const text = `${error.location}\n${error.message}`;
    if (told.has(text)) return [];
    told.add(text);
    return [error];
  });
}

/** Names of endpoints and of components that earlier documents have, by region. */
class TakenNames {
  private readonly endpoints = new Set<string>();
  private readonly components = new Map<string, string>();

  constructor(private readonly regionDefault: string) {}

  take(plan: EndpointPlan, document: LocatedDocument): Finding[] {
    const regions = plan.regions.length === 0 ? [this.regionDefault] : plan.regions;
    const findings: Finding[] = [];
    if (regions.some((region) => this.endpoints.has(`${region}/${plan.name}`))) {
      const problem = `\`${plan.name}\` is the name of an earlier document too`;
      return [meaningFinding(document, ['endpoint'], problem, 'give each endpoint its own name')];
    }
    for (const { name } of plan.components) {
      const owner = regions
        .map((region) => this.components.get(`${region}/${name}`))
        .find((endpoint) => endpoint !== undefined);
      if (owner === undefined) continue;
      const problem = `endpoint \`${owner}\` has a component of this name too, and names are unique in a region`;
      const suggestion = `name it \`${plan.name}-${name}\``;
      findings.push(meaningFinding(document, ['components', name], problem, suggestion, 'key'));
    }
    for (const region of regions) {
      this.endpoints.add(`${region}/${plan.name}`);
      for (const { name } of plan.components) this.components.set(`${region}/${name}`, plan.name);
    }
    return findings;
  }
}
