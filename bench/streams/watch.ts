/** What happens to copies and instances while callers stream, so that a run shows that it went through all of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { pause } from '../bench.js';
import { makeRow, type Row } from '../report.js';
import type { Server } from './streams.js';

const lookMs = 500;

export class Watch {
  private readonly client: SageMakerClient;
  private drained = 0;
  private readonly asleepSeen = new Set<string>();
  private copies: number | null = null;
  private instances: number | null = null;
  private instancesOut = 0;
  private instancesIn = 0;
  private isStopped = false;

  constructor(
    private readonly server: Server,
    private readonly endpoint: string,
  ) {
    const text = readFileSync(path.join(server.dataFolder, 'credentials'), 'utf8');
    const value = (name: string) => new RegExp(`^${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? '';
    this.client = new SageMakerClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: {
        accessKeyId: value('aws_access_key_id'),
        secretAccessKey: value('aws_secret_access_key'),
      },
    });
    void this.look();
  }

  /** Seconds until there is no copy; null when it takes longer. */
  async untilNone(msMax: number): Promise<number | null> {
    const startedAt = performance.now();
    while (performance.now() - startedAt < msMax) {
      if (this.copies === 0) return (performance.now() - startedAt) / 1000;
      await pause(lookMs);
    }
    return null;
  }

  stop(): void {
    this.isStopped = true;
  }

  rows(): readonly Row[] {
    return [
      makeRow('copies that finished what they had and went', 'copies', this.drained),
      makeRow('copies that were seen asleep', 'copies', this.asleepSeen.size),
      makeRow('instances added, times', 'times', this.instancesOut),
      makeRow('instances released, times', 'times', this.instancesIn),
    ];
  }

  private async look(): Promise<void> {
    while (!this.isStopped) {
      await Promise.all([this.lookAtCopies(), this.lookAtInstances()]);
      await pause(lookMs);
    }
  }

  private async lookAtCopies(): Promise<void> {
    const { url, key } = this.server;
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${key}` } });
    const page = await response.text();
    if (!response.ok) return;
    const there = [...page.matchAll(/^stowage_copy_threads\{([^}]*)\}/gm)].map(([, labels = '']) => labels);
    this.drained = 0;
    for (const [, count] of page.matchAll(
      /^stowage_copy_exits_total\{[^}]*reason="drained"[^}]*\} (\d+)/gm,
    )) {
      this.drained += Number(count);
    }
    for (const [, labels = ''] of page.matchAll(/^stowage_copy_asleep\{([^}]*)\} 1$/gm))
      this.asleepSeen.add(labels);
    this.copies = there.length;
  }

  private async lookAtInstances(): Promise<void> {
    const described = await this.client.send(new DescribeEndpointCommand({ EndpointName: this.endpoint }));
    const now = described.ProductionVariants?.[0]?.CurrentInstanceCount ?? 0;
    if (this.instances !== null && now > this.instances) this.instancesOut++;
    if (this.instances !== null && now < this.instances) this.instancesIn++;
    this.instances = now;
  }
}
