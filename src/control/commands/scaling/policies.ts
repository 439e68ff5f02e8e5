/** Scaling policies: the rules by which the capacity of a target follows its load. */
import { arnOf, ResourceKind } from '../../../domain/scope.js';
import {
  policyKey,
  type PolicyRule,
  type ScalingPolicyRecord,
  type StepScalingConfiguration,
  type TargetTrackingConfiguration,
} from '../../../domain/scaling.js';
import { answer, type Call, type CommandResult, creation, type Empty, update } from '../call.js';
import { accountLimits, refuseOneMore } from '../limits.js';
import { namePage } from '../listing.js';
import { invalid } from '../refusals.js';
import { alarmsOfPolicy, changeAlarms } from './policy-alarms.js';
import { checkRule } from './policy-checks.js';
import { removePolicy } from './removal.js';
import {
  checkFilter,
  missing,
  nameTarget,
  pageSize,
  policyArn,
  type TargetFilter,
  type TargetName,
  targetMembers,
  targetOf,
  uuid,
  variantOfResource,
} from './targets-of-calls.js';

/** Policies on a page: as Application Auto Scaling's. */
const pageMax = 10;

export interface PolicyName extends TargetName {
  readonly policyName: string;
}

export interface PutScalingPolicyInput extends PolicyName {
  /** `StepScaling` when left out, or as the policy is. */
  readonly policyType?: PolicyRule['type'];
  readonly stepScalingPolicyConfiguration?: StepScalingConfiguration;
  readonly targetTrackingScalingPolicyConfiguration?: TargetTrackingConfiguration;
}

export interface DescribeScalingPoliciesInput extends TargetFilter {
  readonly policyNames?: readonly string[];
}

interface PolicyAlarm {
  readonly alarmName: string;
  readonly alarmARN: string;
}

interface PutScalingPolicyOutput {
  readonly policyARN: string;
  readonly alarms: readonly PolicyAlarm[];
}

interface ScalingPolicy extends PutScalingPolicyOutput {
  readonly policyName: string;
  readonly serviceNamespace: string;
  readonly resourceId: string;
  readonly scalableDimension: string;
  readonly policyType: PolicyRule['type'];
  readonly stepScalingPolicyConfiguration?: StepScalingConfiguration;
  readonly targetTrackingScalingPolicyConfiguration?: TargetTrackingConfiguration;
  readonly creationTime: number;
}

interface DescribeScalingPoliciesOutput {
  readonly scalingPolicies: readonly ScalingPolicy[];
  readonly nextToken?: string;
}

/** Makes a policy, or gives one that is there a new configuration; its alarms follow in the same commit. */
export function putScalingPolicy({
  view,
  scope,
  input,
  now,
}: Call<PutScalingPolicyInput>): CommandResult<PutScalingPolicyOutput> {
  const name = nameTarget(input);
  const { resourceId, policyName } = { ...input, ...name };
  targetOf(view, scope, name);
  const stored = view.scalingPolicy(scope, policyKey(resourceId, policyName));
  const before = stored?.value;
  const rule = ruleOf(input, before);
  checkRule(rule, name, variantOfResource(view, scope, resourceId));
  const createdAt = before?.createdAt ?? now;
  const policy: Omit<ScalingPolicyRecord, 'alarms'> = {
    kind: 'scaling-policy',
    scope,
    name: policyKey(resourceId, policyName),
    resourceId,
    policyName,
    id: before?.id ?? uuid(scope, createdAt, resourceId, policyName),
    createdAt,
    rule,
  };
  const record: ScalingPolicyRecord = { ...policy, alarms: alarmsOfPolicy(policy) };
  const reason = `asked for by PutScalingPolicy ${policyName}`;
  if (stored === undefined) {
    refuseOneMore(accountLimits.scalingPolicies, view.policiesOf(scope, resourceId).length);
  }
  const change =
    stored === undefined
      ? creation(record, 'policy-created', reason)
      : update(stored, record, 'policy-updated', reason);
  return {
    changes: [change, ...changeAlarms(view, record, before?.alarms ?? [], now, reason)],
    output: answerOf(record),
  };
}

/** Takes its alarms with it. */
export function deleteScalingPolicy({ view, scope, input }: Call<PolicyName>): CommandResult<Empty> {
  const { resourceId } = nameTarget(input);
  const stored = view.scalingPolicy(scope, policyKey(resourceId, input.policyName));
  if (stored === undefined) throw missing('scaling policy', `${input.policyName} of ${resourceId}`);
  const reason = `asked for by DeleteScalingPolicy ${input.policyName}`;
  return { changes: removePolicy(view, stored, reason), output: {} };
}

/** In the order of targets and names; names that are not there are passed over. */
export function describeScalingPolicies({
  view,
  scope,
  input,
}: Call<DescribeScalingPoliciesInput>): CommandResult<DescribeScalingPoliciesOutput> {
  checkFilter(input);
  const { nextToken, maxResults, ...query } = input;
  const { resourceId, policyNames = [] } = query;
  const all = resourceId === undefined ? view.scalingPolicies(scope) : view.policiesOf(scope, resourceId);
  const chosen = all
    .map(({ value }) => value)
    .filter(({ policyName }) => policyNames.length === 0 || policyNames.includes(policyName));
  const page = { query, nextToken, maxResults: pageSize(maxResults, pageMax) };
  const { records, ...rest } = namePage('DescribeScalingPolicies', scope, chosen, page);
  return answer({ scalingPolicies: records.map(policyOutput), ...rest });
}

function ruleOf(input: PutScalingPolicyInput, before: ScalingPolicyRecord | undefined): PolicyRule {
  const { policyType, policyName } = input;
  const { stepScalingPolicyConfiguration: steps, targetTrackingScalingPolicyConfiguration: tracking } = input;
  const type = policyType ?? before?.rule.type ?? 'StepScaling';
  if (before !== undefined && before.rule.type !== type) {
    const problem = `The policy "${policyName}" is of the type ${before.rule.type}, which cannot be changed.`;
    throw invalid('policyType', problem);
  }
  switch (type) {
    case 'TargetTrackingScaling':
      if (steps !== undefined) throw notOfType('stepScalingPolicyConfiguration', type);
      if (tracking !== undefined) return { type, configuration: tracking };
      throw configurationMissing('targetTrackingScalingPolicyConfiguration', type);
    case 'StepScaling':
      if (tracking !== undefined) throw notOfType('targetTrackingScalingPolicyConfiguration', type);
      if (steps !== undefined) return { type, configuration: steps };
      throw configurationMissing('stepScalingPolicyConfiguration', type);
    default:
      return type satisfies never;
  }
}

function notOfType(field: string, type: string): Error {
  return invalid(field, `${pascalCase(field)} is given, but the policy is of the type ${type}.`);
}

function configurationMissing(field: string, type: string): Error {
  return invalid(field, `${pascalCase(field)} is missing; the policy is of the type ${type}.`);
}

function pascalCase(member: string): string {
  return member.charAt(0).toUpperCase() + member.slice(1);
}

function answerOf(policy: ScalingPolicyRecord): PutScalingPolicyOutput {
  const alarms = policy.alarms.map((alarmName) => ({
    alarmName,
    alarmARN: arnOf(policy.scope, ResourceKind.Alarm, alarmName),
  }));
  return { policyARN: policyArn(policy), alarms };
}

function policyOutput(policy: ScalingPolicyRecord): ScalingPolicy {
  const { rule } = policy;
  return {
    ...answerOf(policy),
    policyName: policy.policyName,
    ...targetMembers(policy.resourceId),
    policyType: rule.type,
    ...(rule.type === 'StepScaling'
      ? { stepScalingPolicyConfiguration: rule.configuration }
      : { targetTrackingScalingPolicyConfiguration: rule.configuration }),
    creationTime: policy.createdAt,
  };
}
