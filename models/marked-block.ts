/** Text between two marks of a Markdown file: the part of it that a program writes. */

/**
 * `text` with `content` (Markdown without a line break at its ends) between `<!-- NAME:begin -->` and
 * `<!-- NAME:end -->`, and an empty line on either side of it. Throws where a mark is missing or the end comes first.
 */
export function withMarkedBlock(text: string, name: string, content: string): string {
  const [beginMark, endMark] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [begin, end] = [text.indexOf(beginMark), text.indexOf(endMark)];
  if (begin < 0 || end < begin) throw new Error(`${beginMark} and ${endMark} behind it are missing`);
  return `${text.slice(0, begin)}${beginMark}\n\n${content}\n\n${text.slice(end)}`;
}
