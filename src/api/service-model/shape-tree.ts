/**
 * A service model made ready for reading and writing: each operation's input and output as a tree of nodes with their
 * rules, and in inputs what is done with each member. Built once; shapes that are used twice are one node.
 */
import { type ScalarRule, scalarRule } from './constraints.js';
import { type Coverage, type ServiceDescription, stored } from './coverage.js';
import { camelCase, type ModelShape } from './service-model.js';

export type ShapeNode = StructureNode | ListNode | MapNode | ScalarNode;

export interface StructureNode {
  readonly kind: 'structure';
  readonly shape: string;
  /** By the names of the wire, in the model's order. */
  readonly members: ReadonlyMap<string, MemberNode>;
  readonly isUnion: boolean;
}

export interface MemberNode {
  /** As callers spell it, e.g. `ModelName`. */
  readonly wireName: string;
  /** As `domain` spells it, e.g. `modelName`. */
  readonly name: string;
  readonly isRequired: boolean;
  readonly coverage: Coverage;
  readonly node: ShapeNode;
}

export interface ListNode {
  readonly kind: 'list';
  readonly element: ShapeNode;
  readonly min: number;
  readonly max: number;
}

export interface MapNode {
  readonly kind: 'map';
  readonly key: ScalarNode;
  readonly value: ShapeNode;
  readonly min: number;
  readonly max: number;
}

export interface ScalarNode {
  readonly kind: 'string' | 'integer' | 'float' | 'boolean' | 'timestamp' | 'blob';
  readonly rule: ScalarRule;
  readonly isSensitive: boolean;
}

/** The tree of an input; throws when the table of coverage has no row for a structure that is acted on. */
export function inputTree(service: ServiceDescription, shape: string): StructureNode {
  return structureOf(new TreeBuilder(service), shape, 'covered');
}

/** The tree of an output, where nothing is refused. */
export function outputTree(service: ServiceDescription, shape: string): StructureNode {
  return structureOf(new TreeBuilder(service), shape, 'whole');
}

function structureOf(builder: TreeBuilder, shape: string, depth: Depth): StructureNode {
  const node = builder.node(shape, depth);
  if (node.kind !== 'structure') throw new Error(`${shape} is not a structure`);
  return node;
}

/** Whether the table says what is done with a structure's members, or all of it is taken as it is. */
type Depth = 'covered' | 'whole';

const scalarKinds: Readonly<Record<string, ScalarNode['kind']>> = {
  string: 'string',
  character: 'string',
  integer: 'integer',
  long: 'integer',
  float: 'float',
  double: 'float',
  boolean: 'boolean',
  timestamp: 'timestamp',
  blob: 'blob',
};

class TreeBuilder {
  private readonly known = new Map<string, ShapeNode>();

  constructor(private readonly service: ServiceDescription) {}

  node(name: string, depth: Depth): ShapeNode {
    const key = `${depth} ${name}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const shape = this.service.model.shapes[name];
    if (shape === undefined) throw new Error(`the service model has no shape ${name}`);
    const node = this.build(name, shape, depth);
    this.known.set(key, node);
    return node;
  }

  private build(name: string, shape: ModelShape, depth: Depth): ShapeNode {
    const { min = -Infinity, max = Infinity } = shape;
    switch (shape.type) {
      case 'structure':
        return this.structure(name, shape, depth);
      case 'list':
        return { kind: 'list', element: this.node(shape.member?.shape ?? '', depth), min, max };
      case 'map': {
        const key = this.node(shape.key?.shape ?? '', depth);
        if (!isScalar(key)) throw new Error(`the keys of ${name} are not scalars`);
        return { kind: 'map', key, value: this.node(shape.value?.shape ?? '', depth), min, max };
      }
      default: {
        const kind = scalarKinds[shape.type];
        if (kind === undefined) throw new Error(`${name} is of the unknown type ${shape.type}`);
        const extension = this.service.extensions[name]?.expression ?? null;
        return { kind, rule: scalarRule(shape, extension), isSensitive: shape.sensitive === true };
      }
    }
  }

  private structure(name: string, shape: ModelShape, depth: Depth): StructureNode {
    const members = new Map<string, MemberNode>();
    for (const [wireName, { shape: memberShape }] of Object.entries(shape.members ?? {})) {
      const coverage = depth === 'whole' ? stored : this.coverage(name, wireName);
      members.set(wireName, {
        wireName,
        name: camelCase(wireName),
        isRequired: shape.required?.includes(wireName) === true,
        coverage,
        node: this.node(memberShape, coverage.kind === 'acted' ? 'covered' : 'whole'),
      });
    }
    return { kind: 'structure', shape: name, members, isUnion: shape.union === true };
  }

  private coverage(shape: string, member: string): Coverage {
    const coverage = this.service.coverage[shape]?.[member];
    if (coverage === undefined) throw new Error(`the table of coverage has no row for ${shape}.${member}`);
    return coverage;
  }
}

export function isScalar(node: ShapeNode): node is ScalarNode {
  return node.kind !== 'structure' && node.kind !== 'list' && node.kind !== 'map';
}
