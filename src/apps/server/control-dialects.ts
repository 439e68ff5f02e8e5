/** The dialects that control answers, in the order they are asked: those that share an address are told apart so. */
import { createScalingFrontEnd } from '../../api/application-autoscaling/front-end.js';
import { createExplainFrontEnd } from '../../api/admin/explain-front-end.js';
import { createCloudWatchCborFrontEnd } from '../../api/cloudwatch/cbor-front-end.js';
import { createCloudWatchFrontEnd } from '../../api/cloudwatch/front-end.js';
import { createCloudWatchQueryFrontEnd } from '../../api/cloudwatch/query-front-end.js';
import type { FrontEnd } from '../../api/http/exchange.js';
import { createControlFrontEnd } from '../../api/sagemaker/control/front-end.js';
import type { Control } from '../../control/facade.js';
import { StowageError } from '../../domain/errors.js';

type AskedControl = Pick<Control, 'execute' | 'explain' | 'explainComponent' | 'explainEndpoint' | 'logs'>;

export interface ControlDialectsParts {
  readonly control: AskedControl;
  /** What callers without a region mean. */
  readonly homeRegion: string;
}

export function controlDialects(parts: ControlDialectsParts): readonly [FrontEnd, ...FrontEnd[]] {
  return [
    createCloudWatchFrontEnd(parts),
    createCloudWatchCborFrontEnd(parts),
    createCloudWatchQueryFrontEnd(parts),
    createScalingFrontEnd(parts),
    createControlFrontEnd(parts),
    createExplainFrontEnd(parts),
  ];
}

/** For a process that only has to recognize what is control's. */
export const absentControl: AskedControl = {
  execute: refuse,
  explain: refuse,
  explainComponent: refuse,
  explainEndpoint: refuse,
  logs: refuse,
};

function refuse(): never {
  throw StowageError.of('RUN-310', {});
}
