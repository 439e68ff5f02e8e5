/**
 * docs/wire-coverage.md from the published service models and the tables of coverage: for each operation and each member
 * of its input what is done with it. Nothing in the page is written by hand but its opening.
 */
import { scalingService } from '../../src/api/application-autoscaling/coverage.js';
import { monitoringService } from '../../src/api/cloudwatch/coverage.js';
import { controlService } from '../../src/api/sagemaker/control/coverage.js';
import type { Coverage, ServiceDescription } from '../../src/api/service-model/coverage.js';
import type { ModelMember, ModelShape } from '../../src/api/service-model/service-model.js';

const opening = `# Wire coverage

Which operations of AWS's services Stowage answers, and what it does with each member of their inputs. Requests are
validated against the published service models: names, types, lengths, ranges, patterns and closed sets are those of
SageMaker, CloudWatch and Application Auto Scaling, and so are the texts of the refusals. Answers have the members of the models' outputs.

- **acted on**: it decides something, or describes what is there and is shown again.
- **stored only**: it is checked, kept with all that is in it, and shown again; nothing depends on it.
- **refused**: a call that has it is answered with \`ValidationException\` that names it and gives this reason. Empty lists
  and maps ask for nothing and are taken.

A member that is in no table is not in the model, and is refused by name as well. A star marks what must be given.

This page is made from the models and from the tables beside them in \`src/api\`; a test compares the two. After a change:
\`node scripts/write-wire-coverage.mjs\`.
`;

interface Chapter {
  readonly title: string;
  readonly says: string;
  readonly service: ServiceDescription;
}

const chapters: readonly Chapter[] = [
  {
    title: 'SageMaker',
    says: '`POST /`, `X-Amz-Target: SageMaker.OPERATION`, `application/x-amz-json-1.1`.',
    service: controlService,
  },
  {
    title: 'CloudWatch',
    says:
      '`POST /`, `X-Amz-Target: GraniteServiceVersion20100801.OPERATION`, `application/x-amz-json-1.0`; the same in the ' +
      'query protocol (forms and XML) and in Smithy’s RPC with CBOR.',
    service: monitoringService,
  },
  {
    title: 'Application Auto Scaling',
    says: '`POST /`, `X-Amz-Target: AnyScaleFrontendService.OPERATION`, `application/x-amz-json-1.1`.',
    service: scalingService,
  },
];

export function renderCoveragePage(): string {
  return opening + chapters.map(renderChapter).join('');
}

function renderChapter({ title, says, service }: Chapter): string {
  const { model, coverage } = service;
  const operations = Object.values(model.operations);
  const total = operations.length + model.notServed.length;
  const inputs = operations.flatMap(({ name, input }) => (input === undefined ? [] : [[name, input.shape]]));
  const inputShapes = new Set(inputs.map(([, shape]) => shape));
  const structures = Object.keys(coverage).filter((shape) => !inputShapes.has(shape));
  return [
    `\n## ${title}\n\n${says} Version of the model: ${model.metadata.apiVersion}.\n`,
    `\n${operations.length} of ${total} operations are served; of their inputs' members ${countsOf(service)}.\n`,
    ...inputs.map(([name = '', shape = '']) => `\n### ${name}\n\n${renderMembers(service, shape)}`),
    `\n### Structures of ${title}\n`,
    ...structures.sort().map((shape) => `\n#### ${shape}\n\n${renderMembers(service, shape)}`),
    `\n### Operations of ${title} that are not served\n\nThey are answered with \`UnknownOperationException\`.\n`,
    `\n${model.notServed.join(', ')}\n`,
  ].join('');
}

function countsOf({ coverage }: ServiceDescription): string {
  const all = Object.values(coverage).flatMap((members) => Object.values(members));
  const count = (kind: Coverage['kind']): number => all.filter((one) => one.kind === kind).length;
  return `${count('acted')} are acted on, ${count('stored')} stored only, ${count('refused')} refused`;
}

function renderMembers(service: ServiceDescription, shapeName: string): string {
  const { members = {}, required = [] } = service.model.shapes[shapeName] ?? {};
  const rows = Object.entries(members).map(([name, member]) => {
    const coverage = service.coverage[shapeName]?.[name];
    if (coverage === undefined) throw new Error(`no coverage of ${shapeName}.${name}`);
    const star = required.includes(name) ? ' \\*' : '';
    return `| \`${name}\`${star} | ${kindText(coverage)} | ${notesOn(service, member, coverage).join('; ')} |\n`;
  });
  return `| member | coverage | notes |\n|---|---|---|\n${rows.join('')}`;
}

function kindText({ kind }: Coverage): string {
  switch (kind) {
    case 'acted':
      return 'acted on';
    case 'stored':
      return 'stored only';
    case 'refused':
      return '**refused**';
    default:
      return kind satisfies never;
  }
}

function notesOn(service: ServiceDescription, member: ModelMember, coverage: Coverage): readonly string[] {
  switch (coverage.kind) {
    case 'refused': {
      const neutral = coverage.neutral.map((value) => `\`${String(value)}\` is taken`);
      return [coverage.reason, ...neutral];
    }
    case 'stored':
      return [];
    case 'acted': {
      const refusals = Object.entries(coverage.refusedValues).map(
        ([value, reason]) => `\`${value}\` is refused: ${reason}`,
      );
      const count =
        coverage.countMax === Infinity
          ? []
          : [`more than ${coverage.countMax} are refused: ${coverage.countReason}`];
      return [...shapeNotes(service, member.shape), ...refusals, ...count];
    }
    default:
      return coverage satisfies never;
  }
}

/** Where its own members are told, and which values are taken beyond the model's. */
function shapeNotes({ model, extensions }: ServiceDescription, name: string): readonly string[] {
  const shape: ModelShape | undefined = model.shapes[name];
  const inner = shape?.member?.shape ?? name;
  const isStructure = model.shapes[inner]?.type === 'structure';
  const link = isStructure
    ? [`${inner === name ? 'a' : 'a list of'} [${inner}](#${inner.toLowerCase()})`]
    : [];
  const extension = extensions[name];
  return extension === undefined ? link : [...link, `beyond the model: ${extension.says}`];
}
