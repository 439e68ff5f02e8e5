/**
 * Turns the bytes of generated tokens into text that is safe to send: whole UTF-8 characters, nothing of a
 * stop string and nothing that might become the beginning of one.
 *
 * What has been released after n tokens is a function of those n tokens. A continued request replays its
 * tokens through a fresh assembler and goes on where the first one stood.
 */

export interface Released {
  readonly text: string;
  /** The stop string that was found; `text` ends just before it and nothing follows. */
  readonly stop: string | null;
}

export class TextAssembler {
  private readonly decoder = new TextDecoder('utf-8');
  /** Decoded and not released: at most as long as the longest stop string. */
  private held = '';

  constructor(private readonly stops: readonly string[]) {}

  /** Adds one token's bytes. */
  push(bytes: Uint8Array): Released {
    const fresh = this.decoder.decode(bytes, { stream: true });
    if (this.stops.length === 0) return { text: fresh, stop: null };
    const text = this.held + fresh;
    const found = this.findStop(text);
    if (found !== null) {
      this.held = '';
      return { text: text.slice(0, found.at), stop: found.stop };
    }
    const heldLength = this.possibleStopLength(text);
    this.held = heldLength === 0 ? '' : text.slice(text.length - heldLength);
    return { text: text.slice(0, text.length - heldLength), stop: null };
  }

  /** What was held back, when the answer ends without a stop string. A cut-off character is dropped. */
  finish(): string {
    const text = this.held;
    this.held = '';
    return text;
  }

  /** The earliest stop string in the text; of two at one place the longer. */
  private findStop(text: string): { at: number; stop: string } | null {
    let best: { at: number; stop: string } | null = null;
    for (const stop of this.stops) {
      const at = text.indexOf(stop);
      if (at < 0) continue;
      if (best === null || at < best.at || (at === best.at && stop.length > best.stop.length)) {
        best = { at, stop };
      }
    }
    return best;
  }

  /** Length of the longest end of the text that begins a stop string. */
  private possibleStopLength(text: string): number {
    let longest = 0;
    for (const stop of this.stops) {
      for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
        if (text.endsWith(stop.slice(0, length))) {
          longest = length;
          break;
        }
      }
    }
    return longest;
  }
}
