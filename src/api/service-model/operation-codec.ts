/** A service's operations, ready to read what callers send and to write what they are answered. */
import type { ServiceDescription } from './coverage.js';
import { decodeInput } from './decode.js';
import { encodeOutput, type ScalarEncoding } from './encode.js';
import { inputTree, outputTree, type StructureNode } from './shape-tree.js';

export class OperationCodec {
  constructor(
    readonly name: string,
    readonly input: StructureNode,
    /** Null = it answers nothing. */
    readonly output: StructureNode | null,
  ) {}

  /** The checked input of a call, of plain JSON values. Throws REQ-210 and REQ-212. */
  decode(value: unknown): object {
    return decodeInput(this.name, this.input, value);
  }

  /** The answer as plain JSON values, or null when there is none. */
  encode(output: object, scalars?: ScalarEncoding): Readonly<Record<string, unknown>> | null {
    return this.output === null ? null : encodeOutput(this.output, output, scalars);
  }
}

/** The codecs of all operations of a service, by name. Throws when its table of coverage is not complete. */
export function operationCodecs(service: ServiceDescription): ReadonlyMap<string, OperationCodec> {
  const nothing: StructureNode = { kind: 'structure', shape: '', members: new Map(), isUnion: false };
  const codecs = Object.values(service.model.operations).map(({ name, input, output }) => {
    const inputNode = input === undefined ? nothing : inputTree(service, input.shape);
    const outputNode = output === undefined ? null : outputTree(service, output.shape);
    return new OperationCodec(name, inputNode, outputNode);
  });
  return new Map(codecs.map((codec) => [codec.name, codec]));
}
