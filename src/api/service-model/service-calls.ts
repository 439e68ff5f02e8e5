/**
 * The calls of one service's operations, whatever protocol they come in: from an operation's name and plain JSON values
 * to the answer's. A front end reads bytes, asks here, and writes bytes.
 */
import { type Control, type ControlOperation, controlOperations } from '../../control/facade.js';
import { StowageError } from '../../domain/errors.js';
import { nearest } from '../../domain/nearest.js';
import type { Exchange } from '../http/exchange.js';
import { scopeOfCall } from '../http/scope-of-call.js';
import type { ServiceDescription } from './coverage.js';
import type { ScalarEncoding } from './encode.js';
import { type OperationCodec, operationCodecs } from './operation-codec.js';

export interface ServiceCallsParts {
  readonly control: Pick<Control, 'execute'>;
  /** What callers without a region mean. */
  readonly homeRegion: string;
}

/** Room for the body of a call, in any protocol: many times what the largest operation needs. */
export const callBodyBytesMax = 1024 * 1024;

export interface ServedOperation {
  /** Control's; the wire's is the codec's. */
  readonly name: ControlOperation;
  readonly codec: OperationCodec;
}

export class ServiceCalls {
  /** By their names on the wire. */
  private readonly operations: ReadonlyMap<string, ServedOperation>;

  /** `serviceName` is for messages, e.g. `SageMaker`. Throws when control does not know one of the operations. */
  constructor(
    private readonly serviceName: string,
    private readonly service: ServiceDescription,
    private readonly parts: ServiceCallsParts,
  ) {
    this.operations = new Map(
      [...operationCodecs(service).values()].map((codec) => {
        const wanted: string = service.aliases?.[codec.name] ?? codec.name;
        const name = controlOperations.find((one) => one === wanted);
        if (name === undefined) throw new Error(`control has no operation ${wanted}`);
        return [codec.name, { name, codec }];
      }),
    );
  }

  get all(): readonly ServedOperation[] {
    return [...this.operations.values()];
  }

  /** Throws NAME-406, saying whether the service has the operation at all. */
  operation(name: string): ServedOperation {
    const operation = this.operations.get(name);
    if (operation !== undefined) return operation;
    const shown = name.slice(0, 100).replace(/[^\x20-\x7e]/g, '?');
    const path = `${this.service.model.metadata.targetPrefix}.${shown}`;
    throw StowageError.of('NAME-406', { path }, { reason: this.whyUnknown(name) });
  }

  /** The answer as plain values, or null when the operation answers nothing. Throws rows of the table. */
  run(
    { name, codec }: ServedOperation,
    exchange: Exchange,
    value: unknown,
    scalars?: ScalarEncoding,
  ): Readonly<Record<string, unknown>> | null {
    const { control, homeRegion } = this.parts;
    const input = codec.decode(value);
    return codec.encode(control.execute(name, scopeOfCall(exchange.principal, homeRegion), input), scalars);
  }

  private whyUnknown(name: string): string {
    if (this.service.model.notServed.includes(name)) {
      return `Stowage does not have this operation of ${this.serviceName}’s, docs/wire-coverage.md lists those it has`;
    }
    const known = nearest(name, [...this.operations.keys()]);
    const hint = known === null ? '' : `, did you mean ${known}?`;
    return `${this.serviceName} has no such operation${hint}`;
  }
}
