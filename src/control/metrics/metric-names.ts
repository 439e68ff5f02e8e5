/**
 * The identities of what control measures, made once for each endpoint, variant and component: a store finds a metric
 * that it knows by the object itself, and thousands of components say a dozen values every ten seconds.
 */
import type { Dimension } from '../../domain/alarm.js';
import type { MetricIdentity } from '../../domain/metric.js';
import { type Scope, scopeKey } from '../../domain/scope.js';

/** Things whose identities are remembered; when there are more, all are made anew. */
const subjectsMax = 100_000;

/** The metrics of one variant, or of one component. */
export class Subject {
  private readonly metrics = new Map<string, MetricIdentity>();

  constructor(
    private readonly scope: Scope,
    private readonly dimensions: readonly Dimension[],
  ) {}

  metric(namespace: string, metricName: string): MetricIdentity {
    const key = `${namespace}|${metricName}`;
    let metric = this.metrics.get(key);
    if (metric === undefined) {
      const { scope, dimensions } = this;
      this.metrics.set(key, (metric = { scope, namespace, metricName, dimensions }));
    }
    return metric;
  }
}

export class Subjects {
  private readonly subjects = new Map<string, Subject>();

  variant(scope: Scope, endpoint: string, variant: string): Subject {
    return this.subject(`${scopeKey(scope)}/${endpoint}/${variant}`, () => [
      scope,
      [
        { name: 'EndpointName', value: endpoint },
        { name: 'VariantName', value: variant },
      ],
    ]);
  }

  component(scope: Scope, component: string): Subject {
    return this.subject(`${scopeKey(scope)}//${component}`, () => [
      scope,
      [{ name: 'InferenceComponentName', value: component }],
    ]);
  }

  private subject(key: string, make: () => readonly [Scope, readonly Dimension[]]): Subject {
    let subject = this.subjects.get(key);
    if (subject === undefined) {
      if (this.subjects.size >= subjectsMax) this.subjects.clear();
      this.subjects.set(key, (subject = new Subject(...make())));
    }
    return subject;
  }
}
