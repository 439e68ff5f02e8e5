/**
 * The one door to the commands: an operation's name and input to the changes it makes and its answer. Pure: the caller
 * commits the changes before it answers.
 */
import type { Scope } from '../../domain/scope.js';
import type { ControlOperation } from '../facade.js';
import type { StateView } from '../state-view.js';
import { describeAlarmHistory } from './alarm-history.js';
import { listTagsForResource, tagResource, untagResource } from './alarm-tags.js';
import {
  deleteAlarms,
  describeAlarms,
  describeAlarmsForMetric,
  disableAlarmActions,
  enableAlarmActions,
  putMetricAlarm,
  setAlarmState,
} from './alarms.js';
import type { Command, CommandContext, CommandResult } from './call.js';
import {
  createInferenceComponent,
  deleteInferenceComponent,
  listInferenceComponents,
  updateInferenceComponent,
  updateInferenceComponentRuntimeConfig,
} from './components.js';
import { describeInferenceComponent } from './describe-component.js';
import { describeEndpoint } from './describe-endpoint.js';
import {
  createEndpointConfig,
  deleteEndpointConfig,
  describeEndpointConfig,
  listEndpointConfigs,
} from './endpoint-configs.js';
import { createEndpoint, deleteEndpoint, listEndpoints } from './endpoints.js';
import { getMetricData } from './metric-data.js';
import { getMetricStatistics, listMetrics, putMetricData } from './metrics.js';
import { createModel, deleteModel, describeModel, listModels } from './models.js';
import { describeScalingActivities } from './scaling/activities.js';
import { deleteScalingPolicy, describeScalingPolicies, putScalingPolicy } from './scaling/policies.js';
import {
  deleteScheduledAction,
  describeScheduledActions,
  putScheduledAction,
} from './scaling/scheduled-actions.js';
import { listTagsOfScalableTarget, tagScalableTarget, untagScalableTarget } from './scaling/tags.js';
import {
  deregisterScalableTarget,
  describeScalableTargets,
  registerScalableTarget,
} from './scaling/targets.js';
import { addTags, deleteTags, listTags } from './tags.js';
import { updateEndpoint, updateEndpointWeightsAndCapacities } from './update-endpoint.js';

export type { CommandContext, CommandResult } from './call.js';

const commands = {
  CreateModel: createModel,
  DescribeModel: describeModel,
  ListModels: listModels,
  DeleteModel: deleteModel,
  CreateEndpointConfig: createEndpointConfig,
  DescribeEndpointConfig: describeEndpointConfig,
  ListEndpointConfigs: listEndpointConfigs,
  DeleteEndpointConfig: deleteEndpointConfig,
  CreateEndpoint: createEndpoint,
  DescribeEndpoint: describeEndpoint,
  ListEndpoints: listEndpoints,
  UpdateEndpoint: updateEndpoint,
  UpdateEndpointWeightsAndCapacities: updateEndpointWeightsAndCapacities,
  DeleteEndpoint: deleteEndpoint,
  CreateInferenceComponent: createInferenceComponent,
  DescribeInferenceComponent: describeInferenceComponent,
  ListInferenceComponents: listInferenceComponents,
  UpdateInferenceComponent: updateInferenceComponent,
  UpdateInferenceComponentRuntimeConfig: updateInferenceComponentRuntimeConfig,
  DeleteInferenceComponent: deleteInferenceComponent,
  AddTags: addTags,
  ListTags: listTags,
  DeleteTags: deleteTags,
  PutMetricAlarm: putMetricAlarm,
  DescribeAlarms: describeAlarms,
  DeleteAlarms: deleteAlarms,
  SetAlarmState: setAlarmState,
  DescribeAlarmsForMetric: describeAlarmsForMetric,
  DescribeAlarmHistory: describeAlarmHistory,
  EnableAlarmActions: enableAlarmActions,
  DisableAlarmActions: disableAlarmActions,
  GetMetricData: getMetricData,
  GetMetricStatistics: getMetricStatistics,
  ListMetrics: listMetrics,
  PutMetricData: putMetricData,
  TagResource: tagResource,
  UntagResource: untagResource,
  ListTagsForResource: listTagsForResource,
  RegisterScalableTarget: registerScalableTarget,
  DeregisterScalableTarget: deregisterScalableTarget,
  DescribeScalableTargets: describeScalableTargets,
  PutScalingPolicy: putScalingPolicy,
  DeleteScalingPolicy: deleteScalingPolicy,
  DescribeScalingPolicies: describeScalingPolicies,
  PutScheduledAction: putScheduledAction,
  DeleteScheduledAction: deleteScheduledAction,
  DescribeScheduledActions: describeScheduledActions,
  DescribeScalingActivities: describeScalingActivities,
  TagScalableTarget: tagScalableTarget,
  UntagScalableTarget: untagScalableTarget,
  ListTagsOfScalableTarget: listTagsOfScalableTarget,
} as const satisfies Record<ControlOperation, Command<never, object>>;

/** What each operation takes. */
export type InputOf<O extends ControlOperation> = Parameters<(typeof commands)[O]>[0]['input'];
/** What each operation answers. */
export type OutputOf<O extends ControlOperation> = ReturnType<(typeof commands)[O]>['output'];

/**
 * Runs one operation on what the view shows now. `input` was validated against the model. Throws rows of the error
 * table; then nothing is to change.
 */
export function executeOperation(
  operation: ControlOperation,
  view: StateView,
  scope: Scope,
  input: object,
  context: CommandContext,
): CommandResult {
  const command = commands[operation] as Command<object, object>;
  return command({ ...context, view, scope, input });
}
