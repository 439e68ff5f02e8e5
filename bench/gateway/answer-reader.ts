/** Reads answers off a socket just far enough: where a whole one ends, and which tokens a stream has brought. */
import { tokenText } from './protocol.js';

const headMark = Buffer.from('\r\n\r\n');
const tokenByte = tokenText.charCodeAt(0);
const doneMark = '[DONE]';

/** Of one answer with a content-length after another. */
export class WholeAnswerReader {
  private pending: Buffer | null = null;

  /** Takes bytes; true when an answer is complete with them. Throws when it is not a success. */
  push(bytes: Buffer): boolean {
    const all = this.pending === null ? bytes : Buffer.concat([this.pending, bytes]);
    const headEnd = all.indexOf(headMark);
    if (headEnd !== -1) {
      const head = all.toString('latin1', 0, headEnd);
      if (head.slice(9, 12) !== '200')
        throw new Error(`an answer is no success:\n${all.toString('latin1', 0, 1000)}`);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? NaN);
      if (all.length === headEnd + headMark.length + length) {
        this.pending = null;
        return true;
      }
    }
    this.pending = Buffer.from(all); // the bytes given are only lent
    return false;
  }
}

/** Of one answer in events. */
export class StreamReader {
  tokens = 0;
  private isFirst = true;
  private tail = '';

  get isDone(): boolean {
    return this.tail.includes(doneMark);
  }

  /** How many tokens came with these bytes. Throws when the answer is not a success. */
  push(bytes: Buffer): number {
    if (this.isFirst && bytes.toString('latin1', 9, 12) !== '200') {
      throw new Error(`an answer is no success:\n${bytes.toString('latin1', 0, 1000)}`);
    }
    this.isFirst = false;
    let count = 0;
    for (let at = bytes.indexOf(tokenByte); at !== -1; at = bytes.indexOf(tokenByte, at + 1)) count += 1;
    this.tokens += count;
    this.tail = (this.tail + bytes.toString('latin1', Math.max(0, bytes.length - 32))).slice(-32);
    return count;
  }
}
