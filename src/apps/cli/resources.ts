/** The kinds of things that commands name, how each is listed and described, and the columns of its table. */
import { nearest } from '../../domain/nearest.js';
import { StowageError } from '../../domain/errors.js';
import type { ControlCall } from './control-api/control-api.js';
import type { Column } from './render.js';

/** A description with its members as the domain spells them. */
export type Description = Readonly<Record<string, unknown>>;

export interface ResourceKind {
  /** As in `kind/NAME`. */
  readonly word: string;
  readonly list: ControlCall;
  readonly describe: ControlCall;
  readonly remove: ControlCall;
  /** Member of the listing's answer. */
  readonly listMember: string;
  /** Member that holds the name, in inputs and descriptions. */
  readonly nameMember: string;
  readonly columns: readonly Column<Description>[];
}

const kinds: readonly ResourceKind[] = [
  {
    word: 'component',
    list: 'ListInferenceComponents',
    describe: 'DescribeInferenceComponent',
    remove: 'DeleteInferenceComponent',
    listMember: 'inferenceComponents',
    nameMember: 'inferenceComponentName',
    columns: [
      column('component', 'inferenceComponentName'),
      column('endpoint', 'endpointName'),
      column('status', 'inferenceComponentStatus'),
      { title: 'copies', cell: copiesText },
      { title: 'changed', cell: (one) => timeText(one['lastModifiedTime']) },
      { ...column('variant', 'variantName'), isWideOnly: true },
      { title: 'model', isWideOnly: true, cell: modelText },
      { ...column('reason', 'failureReason'), isWideOnly: true },
    ],
  },
  {
    word: 'endpoint',
    list: 'ListEndpoints',
    describe: 'DescribeEndpoint',
    remove: 'DeleteEndpoint',
    listMember: 'endpoints',
    nameMember: 'endpointName',
    columns: [
      column('endpoint', 'endpointName'),
      column('status', 'endpointStatus'),
      { title: 'instances', cell: instancesText },
      { title: 'changed', cell: (one) => timeText(one['lastModifiedTime']) },
      { ...column('configuration', 'endpointConfigName'), isWideOnly: true },
      { ...column('reason', 'failureReason'), isWideOnly: true },
    ],
  },
  {
    word: 'endpoint-config',
    list: 'ListEndpointConfigs',
    describe: 'DescribeEndpointConfig',
    remove: 'DeleteEndpointConfig',
    listMember: 'endpointConfigs',
    nameMember: 'endpointConfigName',
    columns: [
      column('endpoint-config', 'endpointConfigName'),
      { title: 'variants', cell: variantsText },
      { title: 'created', cell: (one) => timeText(one['creationTime']) },
    ],
  },
  {
    word: 'model',
    list: 'ListModels',
    describe: 'DescribeModel',
    remove: 'DeleteModel',
    listMember: 'models',
    nameMember: 'modelName',
    columns: [
      column('model', 'modelName'),
      { title: 'data', cell: dataText },
      { title: 'created', cell: (one) => timeText(one['creationTime']) },
    ],
  },
];

/** `component`, `components`, `inference-component` … Throws USE-640. */
export function kindOf(text: string): ResourceKind {
  const word = text.toLowerCase().replace(/^inference-/, '');
  const found = kinds.find((kind) => kind.word === word || `${kind.word}s` === word);
  if (found !== undefined) return found;
  const words = kinds.map((kind) => kind.word);
  const meant = nearest(word.replace(/s$/, ''), words);
  throw StowageError.of('USE-640', {
    problem: `there is no kind \`${text}\``,
    suggestion: meant === null ? `use one of ${words.join(', ')}` : `did you mean \`${meant}\`?`,
  });
}

/** `kind/NAME`. Throws USE-640. */
export function resourceOf(text: string): { kind: ResourceKind; name: string } {
  const [kind, name, ...rest] = text.split('/');
  if (kind !== undefined && name !== undefined && name !== '' && rest.length === 0) {
    return { kind: kindOf(kind), name };
  }
  throw StowageError.of('USE-640', {
    problem: `\`${text}\` does not name anything`,
    suggestion: 'write `component/NAME`, `endpoint/NAME`, `endpoint-config/NAME` or `model/NAME`',
  });
}

export function nameIn(kind: ResourceKind, description: Description): string {
  return textOf(description[kind.nameMember]);
}

/** Copies of a component, or instances of an endpoint, that are there now. */
export function liveCount(description: Description): number {
  const runtime = description['runtimeConfig'] as { currentCopyCount?: number } | undefined;
  const variants = description['productionVariants'] as { currentInstanceCount?: number }[] | undefined;
  return (
    runtime?.currentCopyCount ??
    (variants ?? []).reduce((sum, { currentInstanceCount = 0 }) => sum + currentInstanceCount, 0)
  );
}

function column(title: string, member: string): Column<Description> {
  return { title, cell: (one) => textOf(one[member]) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '-';
}

function timeText(value: unknown): string {
  return typeof value === 'number' ? new Date(value).toISOString().slice(0, 19).replace('T', ' ') : '-';
}

function copiesText({ runtimeConfig }: Description): string {
  const { currentCopyCount, desiredCopyCount } = (runtimeConfig ?? {}) as Record<string, number | undefined>;
  return `${currentCopyCount ?? 0}/${desiredCopyCount ?? 0}`;
}

function modelText({ specification, specifications }: Description): string {
  const all = (specifications ?? [specification ?? {}]) as { modelName?: string }[];
  return all.map(({ modelName = '-' }) => modelName).join(', ');
}

function instancesText({ productionVariants }: Description): string {
  const variants = (productionVariants ?? []) as Record<string, number | undefined>[];
  const sum = (member: string) => variants.reduce((total, variant) => total + (variant[member] ?? 0), 0);
  return `${sum('currentInstanceCount')}/${sum('desiredInstanceCount')}`;
}

function variantsText({ productionVariants }: Description): string {
  const variants = (productionVariants ?? []) as Record<string, string | number | undefined>[];
  return variants
    .map(({ variantName, initialInstanceCount, instanceType }) =>
      [variantName, initialInstanceCount, instanceType].filter((part) => part !== undefined).join(' '),
    )
    .join(', ');
}

function dataText({ primaryContainer, containers }: Description): string {
  const container = (primaryContainer ?? (containers as unknown[] | undefined)?.[0] ?? {}) as {
    modelDataUrl?: string;
    modelDataSource?: { s3DataSource?: { s3Uri?: string } };
  };
  return container.modelDataUrl ?? container.modelDataSource?.s3DataSource?.s3Uri ?? '-';
}
