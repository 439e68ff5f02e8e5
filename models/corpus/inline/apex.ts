/**
 * Apex text with marks, as the makers of files write it.
 *
 * `«…»` encloses what nobody could guess from what stands around it (a free name, a literal said for the first time); an empty pair
 * says so of the place. `‹…›` encloses what can be guessed only when it is to be seen again nearby. No cut asks for marked text.
 * Marked text is in one layout: four spaces a level, braces at the end of the line; restyle.ts gives it another.
 */

type Inserted = string | number | readonly string[];

const dedented = new WeakMap<TemplateStringsArray, readonly string[]>();

function dedent(strings: TemplateStringsArray): readonly string[] {
  const known = dedented.get(strings);
  if (known !== undefined) return known;
  const indents = strings.flatMap((part) =>
    [...part.matchAll(/\n( *)(?=\S|$)/g)].map((match) => match[1]!.length),
  );
  const last = strings.at(-1)!;
  const closing = /\n( *)$/.exec(last);
  const least = Math.min(...(closing === null ? indents : indents.slice(0, -1)), 999);
  const parts = strings.map((part) =>
    part.replace(/\n( *)/g, (_all, blanks: string) => `\n${blanks.slice(least)}`),
  );
  parts[0] = parts[0]!.replace(/^\n/, '');
  parts[parts.length - 1] = parts.at(-1)!.replace(/\n *$/, '');
  dedented.set(strings, parts);
  return parts;
}

/** A template of Apex: its margin is taken away, what is inserted takes the margin of its line, and a line of nothing inserted goes. */
export function apex(strings: TemplateStringsArray, ...values: readonly Inserted[]): string {
  const parts = dedent(strings);
  let text = parts[0]!;
  for (const [index, value] of values.entries()) {
    const inserted = Array.isArray(value) ? value.join('\n') : String(value as string | number);
    const margin = /(?:^|\n)( *)[^\n]*$/.exec(text)![1]!;
    text +=
      inserted === ''
        ? '\0'
        : inserted.includes('\n')
          ? inserted.replace(/\n(?=.)/g, `\n${margin}`)
          : inserted;
    text += parts[index + 1]!;
  }
  return text.includes('\0') ? text.replace(/^ *\0+ *(?:\n|$)/gm, '').replace(/\0/g, '') : text;
}

/** The lines one level further in; blank ones stay blank. */
export function indented(...lines: readonly string[]): string {
  return lines.join('\n').replace(/^(?=.)/gm, '    ');
}

/** A condition and what it guards, without the empty pieces. */
export function when(condition: string, ...body: readonly string[]): string {
  return `if (${condition}) {\n${indented(...body.filter((piece) => piece !== ''))}\n}`;
}

/** Nobody could guess it. */
export function free(text: string): string {
  return `«${text}»`;
}

/** Can be guessed when it is to be seen again nearby. */
export function seen(text: string): string {
  return `‹${text}›`;
}

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly isFree: boolean;
}

/** The text without its marks, and where they were; of marks in marks the outer ones count. */
export function unmarked(marked: string): { readonly text: string; readonly spans: readonly Span[] } {
  const spans: Span[] = [];
  let text = '';
  let depth = 0;
  let start = 0;
  let isFree = false;
  for (const part of marked.split(/([«»‹›])/)) {
    if (part === '«' || part === '‹') {
      if (depth === 0) [start, isFree] = [text.length, part === '«'];
      depth++;
    } else if (part === '»' || part === '›') {
      depth--;
      if (depth === 0) spans.push({ start, end: text.length, isFree });
    } else text += part;
  }
  return { text, spans };
}
