/**
 * `node scripts/cut-service-model.mjs control|monitoring|scaling FILE`: writes the part of a published service model that
 * Stowage answers (operations, the shapes they reach, their errors) to where the front end reads it. FILE is
 * botocore's `service-2.json` of the service, with or without its documentation.
 *
 * Operations that are not served keep their names only: those of the file, and those that the official client in
 * node_modules knows.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const cuts = {
  control: {
    file: 'src/api/sagemaker/control/control-2017-07-24.json',
    client: '@aws-sdk/client-sagemaker',
    operations: [
      ...['Create', 'Describe', 'Delete'].flatMap((verb) =>
        ['Model', 'EndpointConfig', 'Endpoint', 'InferenceComponent'].map((noun) => verb + noun),
      ),
      ...['ListModels', 'ListEndpointConfigs', 'ListEndpoints', 'ListInferenceComponents'],
      ...['UpdateEndpoint', 'UpdateEndpointWeightsAndCapacities'],
      ...['UpdateInferenceComponent', 'UpdateInferenceComponentRuntimeConfig'],
      ...['AddTags', 'ListTags', 'DeleteTags'],
    ],
    errors: ['ResourceNotFound', 'ResourceInUse', 'ResourceLimitExceeded', 'ConflictException'],
  },
  monitoring: {
    file: 'src/api/cloudwatch/monitoring-2010-08-01.json',
    client: '@aws-sdk/client-cloudwatch',
    operations: [
      ...['PutMetricAlarm', 'DescribeAlarms', 'DeleteAlarms', 'SetAlarmState'],
      ...['DescribeAlarmsForMetric', 'DescribeAlarmHistory', 'EnableAlarmActions', 'DisableAlarmActions'],
      ...['GetMetricData', 'GetMetricStatistics', 'ListMetrics', 'PutMetricData'],
      ...['TagResource', 'UntagResource', 'ListTagsForResource'],
    ],
    errors: [
      'ResourceNotFound',
      'ResourceConflict',
      'InvalidNextToken',
      'InvalidFormatFault',
      'InvalidParameterValueException',
      'InvalidParameterCombinationException',
      'ResourceNotFoundException',
      'MissingRequiredParameterException',
      'InternalServiceFault',
      'LimitExceededFault',
    ],
  },
  scaling: {
    file: 'src/api/application-autoscaling/scaling-2016-02-06.json',
    client: '@aws-sdk/client-application-auto-scaling',
    operations: [
      ...['RegisterScalableTarget', 'DeregisterScalableTarget', 'DescribeScalableTargets'],
      ...['PutScalingPolicy', 'DeleteScalingPolicy', 'DescribeScalingPolicies'],
      ...['PutScheduledAction', 'DeleteScheduledAction', 'DescribeScheduledActions'],
      ...['TagResource', 'UntagResource', 'ListTagsForResource', 'DescribeScalingActivities'],
    ],
    errors: [
      'ValidationException',
      'ObjectNotFoundException',
      'ResourceNotFoundException',
      'LimitExceededException',
      'ConcurrentUpdateException',
      'InvalidNextTokenException',
      'InternalServiceException',
      'TooManyTagsException',
    ],
  },
};

/** Every shape that the named ones are made of, in the order of their names. */
function reached(shapes, names) {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name)) return;
    found.add(name);
    const { members = {}, member, key, value } = shapes[name];
    for (const part of [...Object.values(members), member, key, value]) if (part) visit(part.shape);
  };
  names.forEach(visit);
  return Object.fromEntries([...found].sort().map((name) => [name, withoutTexts(shapes[name])]));
}

function withoutTexts(value) {
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([name, part]) => !(typeof part === 'string' && /^documentation/.test(name)),
  );
  return Object.fromEntries(kept.map(([name, part]) => [name, withoutTexts(part)]));
}

async function namesOfClient(client) {
  const exported = Object.keys(await import(client));
  return exported.flatMap((name) => (/^(\w+)Command$/.exec(name)?.[1] ? [name.slice(0, -7)] : []));
}

async function cut({ file, client, operations, errors }, source) {
  const { metadata, operations: all, shapes } = JSON.parse(await readFile(source, 'utf8'));
  const served = operations.toSorted();
  const names = served.flatMap((name) => [all[name].input?.shape, all[name].output?.shape]).filter(Boolean);
  const known = new Set([...Object.keys(all), ...(await namesOfClient(client))]);
  const text = JSON.stringify({
    metadata,
    operations: Object.fromEntries(served.map((name) => [name, withoutTexts(all[name])])),
    shapes: reached(shapes, [...names, ...errors]),
    notServed: [...known].filter((name) => name !== '' && !served.includes(name)).sort(),
  });
  const target = path.join(root, file);
  await writeFile(target, await format(text, { ...(await resolveConfig(target)), filepath: target }));
}

const [name = '', source] = process.argv.slice(2);
if (cuts[name] === undefined || source === undefined) {
  console.error('usage: node scripts/cut-service-model.mjs control|monitoring|scaling FILE');
  process.exitCode = 1;
} else {
  await cut(cuts[name], source);
}
