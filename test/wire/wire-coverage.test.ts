import path from 'node:path';
import { expect, it } from 'vitest';
import { scalingService } from '../../src/api/application-autoscaling/coverage.js';
import { monitoringService } from '../../src/api/cloudwatch/coverage.js';
import { controlService } from '../../src/api/sagemaker/control/coverage.js';
import { operationCodecs } from '../../src/api/service-model/operation-codec.js';
import { controlOperations } from '../../src/control/facade.js';
import { renderCoveragePage } from './coverage-page.js';

const page = path.resolve(import.meta.dirname, '../../docs/wire-coverage.md');

it('docs/wire-coverage.md says what the models and the tables say', async () => {
  await expect(renderCoveragePage()).toMatchFileSnapshot(page);
});

it('every operation of control has a wire, and no wire has another', () => {
  const served = [controlService, monitoringService, scalingService].flatMap((service) =>
    [...operationCodecs(service).keys()].map((name) => service.aliases?.[name] ?? name),
  );
  expect(served.sort()).toEqual([...controlOperations].sort());
});

it.each([
  ['SageMaker', controlService],
  ['CloudWatch', monitoringService],
  ['Application Auto Scaling', scalingService],
])('the table of %s names no structure that no input has', (_, service) => {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    const shape = service.model.shapes[name];
    for (const [member, { shape: inner }] of Object.entries(shape?.members ?? {})) {
      if (service.coverage[name]?.[member]?.kind === 'acted') visit(inner);
    }
    if (shape?.member !== undefined) visit(shape.member.shape);
  };
  for (const { input } of Object.values(service.model.operations)) visit(input?.shape ?? '');
  expect(Object.keys(service.coverage).filter((shape) => !reached.has(shape))).toEqual([]);
});
