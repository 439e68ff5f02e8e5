/**
 * The query protocol: inputs as flat form fields (`Dimensions.member.1.Name=…`), answers as XML. What a field means is
 * read from the service model's tree, because every value is a text here.
 */
import type { ScalarEncoding } from '../service-model/encode.js';
import type { ListNode, ScalarNode, ShapeNode, StructureNode } from '../service-model/shape-tree.js';

/** One field, and the fields below it. */
interface FieldTree {
  text: string | null;
  readonly parts: Map<string, FieldTree>;
}

/** Fields of the protocol itself. */
const protocolFields: ReadonlySet<string> = new Set(['Action', 'Version']);

/** Plain values as JSON would have them; what is not as the model says is left for its codec to refuse. */
export function queryInput(node: StructureNode, fields: URLSearchParams): unknown {
  const root = newTree();
  for (const [name, text] of fields) {
    if (protocolFields.has(name)) continue;
    let at = root;
    for (const part of name.split('.')) {
      let next = at.parts.get(part);
      if (next === undefined) at.parts.set(part, (next = newTree()));
      at = next;
    }
    at.text = text;
  }
  return structureValue(node, root);
}

function newTree(): FieldTree {
  return { text: null, parts: new Map() };
}

function value(node: ShapeNode, tree: FieldTree): unknown {
  switch (node.kind) {
    case 'structure':
      return structureValue(node, tree);
    case 'list':
      return listValue(node, tree);
    case 'map':
      // The only maps of inputs are of entities, which are refused whatever is in them.
      return Object.fromEntries([...tree.parts].map(([name, part]) => [name, part.text]));
    default:
      return scalarValue(node, tree);
  }
}

function structureValue(node: StructureNode, tree: FieldTree): unknown {
  const entries = [...tree.parts].map(([name, part]): readonly [string, unknown] => {
    const member = node.members.get(name);
    return [name, member === undefined ? part.text : value(member.node, part)];
  });
  return Object.fromEntries(entries);
}

/** `X.member.1`, `X.member.2` …; an empty `X=` is an empty list. */
function listValue(node: ListNode, tree: FieldTree): unknown {
  const members = tree.parts.get('member');
  if (members === undefined) return tree.text === '' ? [] : tree.text;
  return [...members.parts]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, part]) => value(node.element, part));
}

const numberPattern = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

function scalarValue(node: ScalarNode, { text }: FieldTree): unknown {
  if (text === null) return {};
  switch (node.kind) {
    case 'integer':
    case 'float':
      return numberPattern.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'timestamp': {
      const milliseconds = Date.parse(text);
      return Number.isNaN(milliseconds) ? text : milliseconds / 1000;
    }
    case 'string':
    case 'blob':
      return text;
    default:
      return node.kind satisfies never;
  }
}

export const queryScalars: ScalarEncoding = {
  timestamp: (milliseconds) => new Date(milliseconds).toISOString(),
  blob: (bytes) => Buffer.from(bytes).toString('base64'),
  map: (entries) => new XmlMap(entries),
};

/** A map, which the query protocol writes as `entry` elements with a `key` and a `value` each. */
class XmlMap {
  constructor(readonly entries: readonly (readonly [string, unknown])[]) {}
}

/** Plain values as XML elements; elements of lists are called `member`. */
export function xmlElements(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, one]) => `<${name}>${xmlContent(one)}</${name}>`)
    .join('');
}

function xmlContent(one: unknown): string {
  if (Array.isArray(one)) return one.map((element) => `<member>${xmlContent(element)}</member>`).join('');
  if (one instanceof XmlMap) {
    return one.entries.map(([key, value]) => `<entry>${xmlElements({ key, value })}</entry>`).join('');
  }
  if (typeof one === 'object' && one !== null) return xmlElements(one as Readonly<Record<string, unknown>>);
  return xmlText(String(one));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Text of an element; characters that XML cannot say become the replacement character. */
export function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
