/** Whole files: which there are, and how their parts are put together. */
import type { Draw } from '../draw.js';
import { drawThing } from '../nouns.js';
import { pascalCase } from '../phrase.js';
import { unknownName } from '../words/invented.js';
import { free, indented } from './apex.js';
import {
  countingTrigger,
  defaultingTrigger,
  followingTrigger,
  guardingTrigger,
  switchingTrigger,
} from './bulk/trigger-files.js';
import type { FileKind } from './file-kind.js';
import { fileKinds } from './kinds.js';
import { Part, type Member } from './part.js';
import { drawStyle, namesOf, type Style } from './style.js';
import { triggerText } from './triggers.js';
import { drawWritten, drawWrittenFile } from './written.js';

interface MadeFile {
  readonly shape: 'class' | 'trigger';
  /** With the marks of apex.ts, in the makers' layout. */
  readonly marked: string;
  readonly style: Style;
}

const triesMax = 8;
const classShare = 0.72;
const triggerShare = 0.1;
const triggerFiles = [
  [3, triggerText],
  [2, guardingTrigger],
  [2, defaultingTrigger],
  [2, followingTrigger],
  [1, countingTrigger],
  [1.5, switchingTrigger],
] as const;
/** How many classes are called after something else than the object that they are about. */
const ownClassShare = 0.12;

/** null = the draw led to nothing. */
export function drawFile(draw: Draw): MadeFile | null {
  const style = drawStyle(draw.random);
  const which = draw.random.weighted([
    [classShare, 'class'],
    [triggerShare, 'trigger'],
    [1 - classShare - triggerShare, 'written'],
  ] as const);
  if (which === 'written') {
    const made = drawWrittenFile(draw, style);
    return made === null ? null : { ...made, style };
  }
  const thing = drawThing(draw);
  const choice = draw.random.weighted(fileKinds.map((kind) => [kind.weight, kind] as const));
  const subject = draw.random.chance(ownClassShare) ? pascalCase(unknownName(draw.random)) : thing.className;
  const className = `${subject}${draw.random.pick(choice.suffixes)}`;
  const part = new Part(draw, style, thing, namesOf(style, thing), className);
  if (which === 'trigger') {
    draw.noteKind('inline trigger', thing.api);
    const trigger = draw.random.weighted(triggerFiles)(part);
    return trigger === null ? null : { shape: 'trigger', marked: trigger, style };
  }
  if (choice.kind !== 'written') draw.noteKind(`inline ${choice.kind}`, thing.api);
  const members = drawMembers(part, choice);
  if (members.length === 0) return null;
  return { shape: 'class', marked: classOf(part, choice, members), style };
}

function drawMembers(part: Part, choice: FileKind): readonly string[] {
  const first = choice.first?.(part);
  if (first === null) return [];
  const count = part.random.integer(choice.least, choice.most);
  const made = new Map<Member, string>();
  for (let tries = 0; tries < triesMax && made.size < count; tries++) {
    const member = part.random.weighted(choice.members);
    if (made.has(member)) continue;
    const text = member(part);
    if (text !== null) made.set(member, text);
  }
  const members = [...(first === undefined ? [] : [first]), ...made.values()];
  const writtenCount = drawWrittenCount(part, choice);
  for (let tries = 0; tries < writtenCount * 2 && members.length < made.size + writtenCount; tries++) {
    const written = drawWritten(part.draw, part.style);
    if (written !== null) members.push(written);
  }
  return members;
}

/** How many members are to be written by BlockGen, the first counted. */
function drawWrittenCount({ random }: Part, { members, writtenMax }: FileKind): number {
  const isAllWritten = members.length === 0;
  if (isAllWritten) return random.integer(1, writtenMax);
  return random.chance(0.4) ? writtenMax : 0;
}

function classOf(part: Part, choice: FileKind, members: readonly string[]): string {
  const { style, thing, className } = part;
  const words = [
    choice.isTest === true ? part.pick('private', 'public') : (choice.access ?? style.access),
    choice.isTest === true ? '' : style.sharing,
    'class',
    className,
  ].filter((word) => word !== '');
  const above = choice.superclass === undefined ? '' : ` extends ${choice.superclass}`;
  const promise = choice.interfaces === undefined ? '' : ` implements ${part.pick(...choice.interfaces)}`;
  const about = part.random.chance(0.3)
    ? `${part.doc(`what is done with ${thing.plural}`) || part.comment(`${thing.plural} and what is done with them`)}\n`
    : '';
  const annotation = choice.annotation === undefined ? '' : `${choice.annotation(part)}\n`;
  const inner = indented(members.join('\n\n'));
  return `${about}${annotation}${free(words.join(' ') + above + promise)} {${style.isOpeningAiry ? '\n' : ''}\n${inner}\n}\n`;
}
