/**
 * SageMaker Runtime's published service model, and what of it decides about a request: which operation an
 * address is, where each member of its input stands, and which constraints it has. Nothing here knows a
 * field by name; another version of the model is another JSON file.
 */
import modelData from './model/sagemaker-runtime.json' with { type: 'json' };

/** A type of the model; constraints that a type does not have are absent. */
export interface Shape {
  readonly type: string;
  /** Length of strings and blobs, value of numbers; inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** As published; `wholePattern` makes it one of ours. */
  readonly pattern?: string;
  readonly enum?: readonly string[];
  /** Its value must not be repeated in messages and logs. */
  readonly sensitive?: boolean;
}

interface MemberData {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
}

interface StructureData extends Shape {
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, MemberData>>;
  readonly payload?: string;
}

interface ModelData {
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly http: { readonly method: string; readonly requestUri: string };
        readonly input: { readonly shape: string };
      }
    >
  >;
  readonly shapes: Readonly<Record<string, StructureData>>;
}

/** Where a member of an input stands in the HTTP request. */
export const MemberPlace = {
  /** A part of the path. */
  Path: 'path',
  Header: 'header',
  /** The body as it is. */
  Payload: 'payload',
} as const;
export type MemberPlace = (typeof MemberPlace)[keyof typeof MemberPlace];

export interface Member {
  readonly name: string;
  readonly place: MemberPlace;
  /** Name on the wire as published, e.g. `X-Amzn-SageMaker-Session-Id`; the member's own for the body. */
  readonly wireName: string;
  readonly isRequired: boolean;
  readonly shape: Shape;
  /** The shape's pattern over the whole value. */
  readonly pattern: RegExp | null;
}

export interface Operation {
  readonly name: string;
  readonly method: string;
  /** Parts of the path after the first slash; `{Name}` stands for a member. */
  readonly pathParts: readonly string[];
  readonly members: readonly Member[];
  /** Largest body in bytes. */
  readonly bodyBytesMax: number;
}

/**
 * A published pattern as a whole-string expression. The model is written for Java: `\A`, `\z` and
 * `\p{Print}` are spelt differently here, and its anchors do not say that the whole string is meant.
 */
export function wholePattern(published: string): RegExp {
  const ours = published
    .replaceAll('\\A', '')
    .replaceAll('\\z', '')
    .replaceAll('[\\p{Print}]', '[\\x20-\\x7e]')
    .replaceAll('\\p{Print}', '[\\x20-\\x7e]');
  return new RegExp(`^(?:${ours})$`, 'u');
}

/** The operations of a model. */
export function readOperations(model: ModelData): readonly Operation[] {
  return Object.values(model.operations).map(({ name, http, input }) => {
    const structure = shapeOf(model, input.shape);
    const members = Object.entries(structure.members ?? {}).map(([memberName, data]) =>
      readMember(model, structure, memberName, data),
    );
    const body = members.find(({ place }) => place === MemberPlace.Payload);
    return {
      name,
      method: http.method,
      pathParts: http.requestUri.split('/').slice(1),
      members,
      bodyBytesMax: body?.shape.max ?? 0,
    };
  });
}

function readMember(model: ModelData, structure: StructureData, name: string, data: MemberData): Member {
  const shape = shapeOf(model, data.shape);
  return {
    name,
    place: placeOf(structure, name, data),
    wireName: data.locationName ?? name,
    isRequired: structure.required?.includes(name) ?? false,
    shape,
    pattern: shape.pattern === undefined ? null : wholePattern(shape.pattern),
  };
}

function placeOf(structure: StructureData, name: string, data: MemberData): MemberPlace {
  if (data.location === 'uri') return MemberPlace.Path;
  if (data.location === 'header') return MemberPlace.Header;
  if (structure.payload === name) return MemberPlace.Payload;
  throw new Error(`the service model puts ${name} at \`${data.location ?? 'the body'}\`, which is not read here`);
}

function shapeOf(model: ModelData, name: string): StructureData {
  const shape = model.shapes[name];
  if (shape === undefined) throw new Error(`the service model has no shape ${name}`);
  return shape;
}

/** InvokeEndpoint and its siblings. */
export const runtimeOperations: readonly Operation[] = readOperations(modelData);
