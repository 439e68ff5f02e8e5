/**
 * Tells pickles of protocols 0 and 1 from other files. They have no magic, so their instructions are followed, as
 * the unpickler would: a file is one if that works and a name is fetched that can be called. Runs nothing. Pure.
 */

/** What stands after an instruction. */
const Operand = {
  None: 'none',
  Decimal: 'decimal',
  Quoted: 'quoted',
  Line: 'line',
  TwoNames: 'two-names',
} as const;
type Operand = (typeof Operand)[keyof typeof Operand];

const operands: ReadonlyMap<string, Operand> = new Map([
  ...[...'(.012NRabd}elo]stu)Q'].map((code) => [code, Operand.None] as const),
  ...[...'ILgp'].map((code) => [code, Operand.Decimal] as const),
  ['S', Operand.Quoted],
  ...[...'FVP'].map((code) => [code, Operand.Line] as const),
  ...[...'ci'].map((code) => [code, Operand.TwoNames] as const),
]);
/** Bytes after an instruction. */
const fixedBytes: ReadonlyMap<string, number> = new Map([
  ...[...'Khq'].map((code) => [code, 1] as const),
  ['M', 2],
  ...[...'Jjr'].map((code) => [code, 4] as const),
  ['G', 8],
]);
/** Bytes of the length before a text. */
const lengthBytes: ReadonlyMap<string, number> = new Map([
  ['U', 1],
  ['T', 4],
  ['X', 4],
]);
const decimal = /^-?\d{1,20}L?$/;
const quoted = /^(['"]).*\1$/;
const dottedName = /^[A-Za-z_][\w.]*$/;

/** Whether a file that begins with `head`, and is no longer than it unless `isCut`, is such a pickle. */
export function isOldPickle(head: Buffer, isCut: boolean): boolean {
  let hasName = false;
  for (let at = 0; at < head.length;) {
    const code = String.fromCharCode(head[at] ?? 0);
    if (code === '.') return hasName;
    const next = afterInstruction(head, at + 1, code);
    if (next === null) return false;
    hasName ||= code === 'c' || code === 'i';
    at = next;
  }
  return isCut && hasName;
}

/** Where the next instruction begins, past the end when `head` is cut; null = this is none. */
function afterInstruction(head: Buffer, at: number, code: string): number | null {
  const fixed = fixedBytes.get(code);
  if (fixed !== undefined) return at + fixed;
  const prefix = lengthBytes.get(code);
  if (prefix !== undefined) {
    return at + prefix > head.length ? head.length : at + prefix + head.readUIntLE(at, prefix);
  }
  switch (operands.get(code)) {
    case Operand.None:
      return at;
    case Operand.Decimal:
      return afterLine(head, at, decimal);
    case Operand.Quoted:
      return afterLine(head, at, quoted);
    case Operand.Line:
      return afterLine(head, at, null);
    case Operand.TwoNames: {
      const second = afterLine(head, at, dottedName);
      return second === null ? null : afterLine(head, second, dottedName);
    }
    case undefined:
      return null;
  }
}

function afterLine(head: Buffer, at: number, pattern: RegExp | null): number | null {
  const end = head.indexOf(0x0a, at);
  if (end === -1) return pattern === null ? head.length : null;
  return pattern === null || pattern.test(head.toString('latin1', at, end)) ? end + 1 : null;
}
