/** Parts of a sentence that may be changed: what stands in quotes is as the user wants it and stays. */

const quoted =
  /("[^"]*"|“[^”]*”|‘[^’]*’|`[^`]*`|(?<![\p{L}\p{N}])'(?:[^']|(?<=\p{L})'(?=\p{L}))*'(?!\p{L}))/u;

/** `text` with every part outside of quotes changed. */
export function outsideQuotes(text: string, change: (part: string) => string): string {
  return text
    .split(quoted)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('');
}

/** `text` with every word outside of quotes changed; `before` is what stands before it in its part. */
export function eachWord(text: string, change: (word: string, before: string) => string): string {
  return outsideQuotes(text, (part) =>
    part.replace(/[\p{L}\p{N}_'.]*[\p{L}\p{N}_]/gu, (word, at: number) => change(word, part.slice(0, at))),
  );
}
