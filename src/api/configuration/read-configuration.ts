/**
 * `stowage.yaml` becomes domain values here, once, at the edge.
 *
 * Any text either gives a configuration or a `ConfigurationErrors` that holds every problem with its
 * place; nothing else is ever thrown. Each YAML document of the text is one endpoint.
 */
import type { Endpoint } from '../../domain/component.js';
import type { StowageError } from '../../domain/errors.js';
import { ConfigurationErrors, configurationErrorsMax } from './configuration-errors.js';
import { findingsOfIssues, meaningFinding } from './problems.js';
import type { Finding } from './problems.js';
import { componentSchema, endpointSchema } from './schema.js';
import { toComponent, toEndpoint } from './to-domain.js';
import type { ExampleCall, Notice, Reading } from './to-domain.js';
import { parseYaml } from './yaml-document.js';
import type { LocatedDocument } from './yaml-document.js';

export interface Configuration {
  readonly endpoints: readonly Endpoint[];
  /** What was understood and has no effect yet. */
  readonly notices: readonly Notice[];
  /** Calls worth showing, by `componentKey`. */
  readonly examples: ReadonlyMap<string, ExampleCall>;
}

interface ReadOptions {
  /** Whether a model file is there; when left out nobody looks. */
  readonly fileExists?: (path: string) => boolean;
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
  { fileExists = () => true }: ReadOptions = {},
): Configuration {
  const parsed = parseYaml(text.replace(/^\uFEFF/, ''), fileName);
  const errors: StowageError[] = [...parsed.errors];
  const endpoints: Endpoint[] = [];
  const notices: Notice[] = [];
  const examples = new Map<string, ExampleCall>();
  let uncounted = 0;
  for (const document of parsed.documents) {
    const findings: Finding[] = [];
    const reading: Reading = { document, baseDir, fileExists, findings, notices, examples };
    const checked = endpointSchema.safeParse(document.value);
    if (checked.success) {
      const endpoint = toEndpoint(checked.data, reading);
      findings.push(...sameNameAsEarlier(endpoint, endpoints, document));
      endpoints.push(endpoint);
    } else {
      findings.push(...findingsOfIssues(checked.error.issues, document));
      readSoundComponents(document.value, reading);
    }
    findings.sort((a, b) => a.offset - b.offset);
    const room = Math.max(0, configurationErrorsMax - errors.length);
    errors.push(...findings.slice(0, room).map((finding) => finding.word()));
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
    if (checked.success) toComponent('', name, checked.data, reading);
  }
}

function sameNameAsEarlier(
  endpoint: Endpoint,
  earlier: readonly Endpoint[],
  document: LocatedDocument,
): Finding[] {
  if (!earlier.some((other) => other.name === endpoint.name)) return [];
  const problem = `\`${endpoint.name}\` is the name of an earlier document too`;
  return [meaningFinding(document, ['endpoint'], problem, 'give each endpoint its own name')];
}
