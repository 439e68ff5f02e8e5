/** Code that BlockGen's generators write, in files: the English stands above it as a comment, in the file's names and layout. */
import type { Draw } from '../draw.js';
import { changeKinds } from '../blocks/changes.js';
import { classKinds } from '../blocks/classes.js';
import { drawBlock } from '../blocks/index.js';
import { listKinds } from '../blocks/lists.js';
import { methodKinds } from '../blocks/methods.js';
import { queryKinds } from '../blocks/queries.js';
import { triggerKinds } from '../blocks/triggers.js';
import { capitalized } from '../phrase.js';
import type { Random } from '../random.js';
import type { BlockSample } from '../samples.js';
import { free, indented, seen } from './apex.js';
import { outsideLiterals } from './restyle.js';
import type { Style } from './style.js';

/** A mark that people leave in code; spelt in two, since this repository’s own code may not have one. */
const markForLater = 'TO' + 'DO';

const englishCharsMax = 240;
const memberKinds = [...queryKinds, ...listKinds, ...changeKinds, ...methodKinds].map(({ kind }) => kind);
const fileKinds = [...classKinds, ...triggerKinds].map(({ kind }) => kind);

/** A method around statements, or the member as it is; null = the draw led to nothing of use. */
export function drawWritten(draw: Draw, style: Style): string | null {
  const sample = drawBlock(draw, memberKinds);
  if (sample === null || sample.prompt.length > englishCharsMax) return null;
  if (sample.shape === 'member') {
    return `${saidAbove(draw.random, style, sample.prompt)}\n${renamed(sample.answer, style)}`;
  }
  return sample.shape === 'statements' ? methodOf(draw.random, style, sample) : null;
}

/** A whole file: a class or a trigger; null = the draw led to nothing of use. */
export function drawWrittenFile(
  draw: Draw,
  style: Style,
): { readonly shape: 'class' | 'trigger'; readonly marked: string } | null {
  const sample = drawBlock(draw, fileKinds);
  if (sample === null || sample.prompt.length > englishCharsMax) return null;
  if (sample.shape !== 'class' && sample.shape !== 'trigger') return null;
  const isPair = /^\}[ \t]*\n\s*\S/m.test(sample.answer);
  if (isPair) return null;
  return {
    shape: sample.shape,
    marked: `${saidAbove(draw.random, style, sample.prompt)}\n${renamed(sample.answer, style)}\n`,
  };
}

function methodOf(random: Random, style: Style, sample: BlockSample): string {
  const given = /^([\w.]+(?:<[^=;]+>)?) (\w+) = [^;]*;$/.exec(sample.given);
  const code =
    given === null && sample.given !== ''
      ? `${sample.given.replace(/^(.*)$/gm, (line) => free(line))}\n`
      : '';
  const name = random.pick([
    'run',
    'process',
    'execute',
    'handle',
    'apply',
    'refresh',
    'prepare',
    'doWork',
    'perform',
  ]);
  const parameter = given === null ? '' : `${given[1]!} ${given[2]!}`;
  const returned = /^\s*return [^;]/m.exec(sample.answer) === null ? 'void' : 'Object';
  const head = free(
    `${random.pick(['public static', 'private static', 'public', 'private'])} ${returned} ${name}${random.integer(1, 9) === 1 ? 'All' : ''}`,
  );
  const said = saidAbove(random, style, sample.prompt);
  const body = indented(`${code}${said}\n${sample.answer}`);
  return renamed(`${head}${free(`(${parameter})`)} {\n${body}\n}`, style);
}

/** The English as a comment of one of many sorts. */
function saidAbove(random: Random, style: Style, english: string): string {
  const said = random.chance(0.7) ? capitalized(english) : english;
  const ended = random.chance(0.3) && !/[.?!]$/.test(said) ? `${said}.` : said;
  switch (style.comment) {
    case '//A':
      return free(`//${ended}`);
    case '/* A */':
      return free(`/* ${ended} */`);
    case '// --- A':
      return free(random.chance(0.5) ? `// --- ${ended}` : `/**\n * ${ended}\n */`);
    case '// a':
      return free(`// ${english}`);
    case '// A':
    case '// A.':
      return free(random.chance(0.15) ? `// ${markForLater}: ${ended}` : `// ${ended}`);
  }
}

/** Variables of lists and of their loops, named as the file names its own. */
function renamed(code: string, style: Style): string {
  const names = new Map<string, string>();
  for (const match of code.matchAll(/\bList<(\w+)> (\w+)\b/g)) {
    const [, type, name] = match;
    if (
      type === undefined ||
      name === undefined ||
      names.has(name) ||
      /^(String|Id|Integer|Decimal|Date|Database)$/.test(type)
    )
      continue;
    const to = listName(name, type, style);
    if (to !== name) names.set(name, to);
  }
  for (const match of code.matchAll(/\bfor \((\w+) (\w+) : /g)) {
    const to = loopName(match[1]!, match[2]!, style);
    if (to !== match[2] && !names.has(match[2]!)) names.set(match[2]!, to);
  }
  for (const match of code.matchAll(/^\s*(\w+) (\w+) = (?:\[SELECT|new \1\()/gm)) {
    if (match[2]!.toLowerCase() !== match[1]!.replace(/__c$|_/g, '').toLowerCase()) continue;
    const to = loopName(match[1]!, match[2]!, style);
    if (to !== match[2] && !names.has(match[2]!)) names.set(match[2]!, to);
  }
  const targets = [...names.values()];
  const isTaken =
    new Set(targets).size < targets.length || targets.some((name) => new RegExp(`\\b${name}\\b`).test(code));
  if (names.size === 0 || isTaken) return code;
  const pattern = new RegExp(`(?<![.\\w])(${[...names.keys()].join('|')})\\b(?! ?\\()`, 'g');
  return code
    .split('\n')
    .map((line) =>
      /^\s*«?(\/\/|\/?\*)/.test(line)
        ? line
        : outsideLiterals(line, (part) => part.replace(pattern, (name) => names.get(name)!)),
    )
    .join('\n')
    .replace(new RegExp(`(?<=(?:List<\\w+>|for \\(\\w+) )(${targets.join('|')})\\b`, 'g'), (name) =>
      seen(name),
    );
}

function listName(name: string, type: string, style: Style): string {
  const base = type.replace(/__c$/, '').replace(/_/g, '');
  switch (style.names.many) {
    case 'List':
      return `${base[0]!.toLowerCase()}${base.slice(1)}List`;
    case 'lst':
      return `lst${capitalized(name)}`;
    case 'To':
      return `all${capitalized(name)}`;
    case 'records':
      return 'records';
    case 'plain':
    case 'short':
      return name;
  }
}

function loopName(type: string, name: string, style: Style): string {
  if (/^(String|Id|Integer|Decimal|Date|AggregateResult|Database)$/.test(type)) return name;
  const base = type.replace(/__c$/, '').replace(/_/g, '');
  switch (style.names.one) {
    case 'short':
      return base.length > 4 ? base.slice(0, 3).toLowerCase() : name;
    case 'initial':
      return base[0]!.toLowerCase();
    case 'rec':
    case 'record':
      return style.names.one;
    case 'current':
      return `current${base}`;
    case 'obj':
      return `obj${base}`;
    case 'plain':
      return name;
  }
}
