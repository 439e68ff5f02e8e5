/** Whole files: what kinds there are, and how their parts are put together. */
import type { Draw } from '../draw.js';
import { drawThing } from '../nouns.js';
import { pascalCase } from '../phrase.js';
import { free } from './apex.js';
import { builder, constants, constructed, wrapper } from './members-data.js';
import { changedOnes, parents, partialSuccess, related, savepoint, updating, validating } from './members-changes.js';
import { controllerMethod, controllerSave, mapBy, selector } from './members-queries.js';
import { Part, type Member } from './part.js';
import { drawStyle, namesOf, type Style } from './style.js';

export interface MadeFile {
  readonly kind: string;
  readonly shape: 'class' | 'trigger';
  /** With the marks of apex.ts, in the makers' layout. */
  readonly marked: string;
  readonly style: Style;
}

interface FileKind {
  readonly kind: string;
  readonly weight: number;
  readonly suffixes: readonly string[];
  readonly members: readonly (readonly [weight: number, member: Member])[];
  readonly least: number;
  readonly most: number;
}

const service: readonly (readonly [number, Member])[] = [
  [3, updating],
  [2, partialSuccess],
  [2, related],
  [2, mapBy],
  [2, parents],
  [1, savepoint],
  [1, changedOnes],
  [1, validating],
  [1, constants],
];

const kinds: readonly FileKind[] = [
  { kind: 'service', weight: 5, suffixes: ['Service', 'Manager', 'Helper', 'Util', 'Processor'], members: service, least: 1, most: 4 },
  { kind: 'selector', weight: 2, suffixes: ['Selector', 'Repository', 'Queries', 'Dao'], members: [[3, selector], [1, mapBy], [1, parents]], least: 1, most: 2 },
  { kind: 'controller', weight: 2, suffixes: ['Controller', 'Ctrl', 'ListController'], members: [[2, controllerMethod], [2, controllerSave]], least: 2, most: 4 },
  { kind: 'wrapper', weight: 3, suffixes: ['Wrapper', 'Dto', 'DTO', 'Data', 'Model', 'Row'], members: [[1, wrapper]], least: 1, most: 1 },
  { kind: 'value', weight: 2, suffixes: ['Info', 'Request', 'Result', 'Options', 'Config'], members: [[1, constructed]], least: 1, most: 1 },
  { kind: 'builder', weight: 2, suffixes: ['Builder', 'Factory', 'Fixture'], members: [[1, builder]], least: 1, most: 1 },
  { kind: 'handler', weight: 2, suffixes: ['TriggerHandler', 'Handler', 'Trigger_Handler'], members: [[2, changedOnes], [2, validating], [1, related], [1, parents], [1, updating]], least: 2, most: 4 },
  { kind: 'constants', weight: 1, suffixes: ['Constants', 'Status', 'Rules'], members: [[1, constants]], least: 1, most: 1 },
];

const triesMax = 8;

/** null = the draw led to nothing. */
export function drawFile(draw: Draw): MadeFile | null {
  const { random } = draw;
  const style = drawStyle(random);
  const thing = drawThing(draw);
  const choice = random.weighted(kinds.map((kind) => [kind.weight, kind] as const));
  const className = `${thing.className}${random.pick(choice.suffixes)}`;
  const part = new Part(draw, style, thing, namesOf(style, thing), className);
  draw.noteKind(`inline ${choice.kind}`, thing.api);
  const members = drawMembers(part, choice);
  if (members.length === 0) return null;
  return { kind: choice.kind, shape: 'class', marked: classOf(part, members), style };
}

function drawMembers(part: Part, choice: FileKind): readonly string[] {
  const count = part.random.integer(choice.least, choice.most);
  const made = new Map<Member, string>();
  for (let tries = 0; tries < triesMax && made.size < count; tries++) {
    const member = part.random.weighted(choice.members);
    if (made.has(member)) continue;
    const text = member(part);
    if (text !== null) made.set(member, text);
  }
  return [...made.values()];
}

function classOf(part: Part, members: readonly string[]): string {
  const { style, thing, className } = part;
  const header = free(`${style.access}${style.sharing === '' ? '' : ` ${style.sharing}`} class ${className}`);
  const about = part.random.chance(0.3) ? `${part.doc(`what is done with ${thing.plural}`) || part.comment(`${pascalCase(thing.plural)} and what is done with them`)}\n` : '';
  const inner = members.join('\n\n').replace(/^(?=.)/gm, '    ');
  return `${about}${header} {${style.isOpeningAiry ? '\n' : ''}\n${inner}\n}\n`;
}
