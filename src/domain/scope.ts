/**
 * Whose and where: resources of one account in one region. Things of different scopes never meet; a name is unique
 * within its scope and kind. ARNs are spelled as SageMaker's.
 */

export interface Scope {
  /** Twelve digits. */
  readonly account: string;
  /** As the caller signed for, e.g. `us-east-1`. */
  readonly region: string;
}

/** What has an ARN of its own; the values are spelled as ARNs spell them. */
export const ResourceKind = {
  Model: 'model',
  EndpointConfig: 'endpoint-config',
  Endpoint: 'endpoint',
  InferenceComponent: 'inference-component',
  Alarm: 'alarm',
} as const;
export type ResourceKind = (typeof ResourceKind)[keyof typeof ResourceKind];

/** `account/region`, for maps and logs. */
export function scopeKey(scope: Scope): string {
  return `${scope.account}/${scope.region}`;
}

export function sameScope(a: Scope, b: Scope): boolean {
  return a.account === b.account && a.region === b.region;
}

/** `arn:aws:sagemaker:REGION:ACCOUNT:KIND/NAME`; alarms are CloudWatch's: `arn:aws:cloudwatch:…:alarm:NAME`. */
export function arnOf(scope: Scope, kind: ResourceKind, name: string): string {
  if (kind === ResourceKind.Alarm) return `arn:aws:cloudwatch:${scope.region}:${scope.account}:alarm:${name}`;
  return `arn:aws:sagemaker:${scope.region}:${scope.account}:${kind}/${name}`;
}

/** The parts of an ARN that `arnOf` makes; null for anything else. */
export function parseArn(arn: string): { scope: Scope; kind: ResourceKind; name: string } | null {
  const match = /^arn:aws[a-z-]*:(sagemaker|cloudwatch):([a-z0-9-]*):(\d{12}):([a-z-]+)[/:](.+)$/.exec(arn);
  if (match === null) return null;
  const [, service, region = '', account = '', kind, name = ''] = match;
  const known = Object.values(ResourceKind).find((one) => one === kind);
  if (known === undefined || (known === ResourceKind.Alarm) !== (service === 'cloudwatch')) return null;
  return { scope: { account, region }, kind: known, name };
}
