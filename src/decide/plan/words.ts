/** Members of the control API in the words of `stowage.yaml`, so that a difference reads like the file. */

const words: readonly (readonly [RegExp, string])[] = [
  [/^container\.environment\.OPTION_MODEL_SHA256$/, 'sha256'],
  [/^container\.environment\.OPTION_ENGINE$/, 'engine'],
  [/^container\.environment\.OPTION_ACCELERATORS$/, 'resources.accelerators'],
  [/^container\.environment\.OPTION_ACCELERATOR_MEMORY_MB$/, 'resources.acceleratorMemory (MiB)'],
  [/^container\.(modelDataUrl|modelDataSource\.s3DataSource\.s3Uri)$/, 'model'],
  [/^container\.image$/, 'image'],
  [/^computeResourceRequirements\.numberOfCpuCoresRequired$/, 'resources.cpus'],
  [/^computeResourceRequirements\.numberOfAcceleratorDevicesRequired$/, 'resources.accelerators'],
  [/^computeResourceRequirements\.minMemoryRequiredInMb$/, 'resources.memory.reserve (MiB)'],
  [/^computeResourceRequirements\.maxMemoryRequiredInMb$/, 'resources.memory.limit (MiB)'],
  [/^startupParameters\.modelDataDownloadTimeoutInSeconds$/, 'startup.downloadSeconds'],
  [/^startupParameters\.containerStartupHealthCheckTimeoutInSeconds$/, 'startup.loadSeconds'],
  [/^schedulingConfig\.placementStrategy$/, 'placement.strategy'],
  [/^schedulingConfig\.availabilityZoneBalance\.maxImbalance$/, 'placement.zoneBalance.maxImbalance'],
  [/^instanceType$/, 'instances.type'],
  [/^initialInstanceCount$/, 'instances.count'],
  [/^initialVariantWeight$/, 'weight'],
  [/^managedInstanceScaling\.minInstanceCount$/, 'instances.min'],
  [/^managedInstanceScaling\.maxInstanceCount$/, 'instances.max'],
  [/^managedInstanceScaling\.scaleInPolicy\.strategy$/, 'instances.scaleIn'],
  [/^variantInstanceProvisionTimeoutInSeconds$/, 'instances.provisionSeconds'],
  [/^modelDataDownloadTimeoutInSeconds$/, 'startup.downloadSeconds'],
  [/^containerStartupHealthCheckTimeoutInSeconds$/, 'startup.loadSeconds'],
  [/^routingConfig\.routingStrategy$/, 'routing'],
  [/^routingConfig\.prefixAwareRoutingConfig\.prefixLength$/, 'routing.prefixLength'],
  [/^routingConfig\.prefixAwareRoutingConfig\.concurrencyThreshold$/, 'routing.concurrencyThreshold'],
  [/^executionRoleArn$/, 'role'],
];

/** Members that only say again what another one says. */
const echoes =
  /(^|\.)(s3DataSource\.(s3DataType|compressionType)|enforcementMode|variantName|modelName|managedInstanceScaling\.status)$/;

/** The word for a member of a specification or a variant; null for one that is not worth telling. */
export function wordFor(member: string): string | null {
  if (echoes.test(member)) return null;
  const known = words.find(([pattern]) => pattern.test(member));
  if (known !== undefined) return known[1];
  const option = /^container\.environment\.(?:OPTION|SERVING)_(.+)$/.exec(member)?.[1];
  if (option !== undefined) return `options.${option.toLowerCase()}`;
  const pool = /^instancePools\.(\d+)\.(instanceType|priority)$/.exec(member);
  if (pool !== null) return `instances.pools.${pool[1]}.${pool[2] === 'priority' ? 'priority' : 'type'}`;
  return member;
}

/** What servers fill in by themselves; not saying it means the same. */
const impliedValues: ReadonlyMap<string, string> = new Map([
  ['weight', '1'],
  ['routing', 'RANDOM'],
  ['engine', 'llama.cpp'],
  ['placement.zoneBalance.maxImbalance', '0'],
]);

export function isImplied(word: string, value: string): boolean {
  return impliedValues.get(word) === value;
}
