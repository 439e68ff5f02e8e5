/**
 * Application Auto Scaling's operations as Stowage serves them: what is done with each member of their inputs. A member
 * that the model has and this table has not does not compile.
 */
import { acted, type CoverageOf, type ServiceDescription, stored } from '../service-model/coverage.js';
import model from './scaling-2016-02-06.json' with { type: 'json' };

type Shapes = typeof model.shapes;

const scaling = {
  RegisterScalableTargetRequest: {
    ServiceNamespace: acted,
    ResourceId: acted,
    ScalableDimension: acted,
    MinCapacity: acted,
    MaxCapacity: acted,
    RoleARN: stored,
    SuspendedState: acted,
    Tags: stored,
  },
  SuspendedState: {
    DynamicScalingInSuspended: acted,
    DynamicScalingOutSuspended: acted,
    ScheduledScalingSuspended: acted,
  },
  DescribeScalableTargetsRequest: {
    ServiceNamespace: acted,
    ResourceIds: acted,
    ScalableDimension: acted,
    MaxResults: acted,
    NextToken: acted,
  },
  DescribeScalingActivitiesRequest: {
    ServiceNamespace: acted,
    ResourceId: acted,
    ScalableDimension: acted,
    MaxResults: acted,
    NextToken: acted,
    IncludeNotScaledActivities: acted,
  },
} satisfies CoverageOf<Shapes>;

/** What is served of Application Auto Scaling. */
export const scalingService: ServiceDescription = { model, coverage: scaling, extensions: {} };
