/**
 * Patterns of AWS's service models as JavaScript's regular expressions. The models write them in Java's
 * dialect and leave out the anchors: a pattern is meant for the whole string.
 */

/** Java's spellings that JavaScript does not know, in the order in which they are replaced. */
const rewrites: readonly (readonly [RegExp, string])[] = [
  [/\\A/g, '^'],
  [/\\[zZ]/g, '$'],
  [/\[\\p\{Print\}\]/g, '[\\x20-\\x7e]'],
  [/\\p\{Print\}/g, '[\\x20-\\x7e]'],
];

/** The expression that matches exactly the strings a model's pattern allows. Throws SyntaxError. */
export function modelPattern(pattern: string): RegExp {
  const rewritten = rewrites.reduce((text, [from, to]) => text.replace(from, to), pattern);
  return new RegExp(`^(?:${rewritten})$`, 'u');
}
