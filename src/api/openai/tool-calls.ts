/**
 * Finds calls of functions in an answer's text, piece by piece, in the ways that models write them:
 *
 * | | |
 * |---|---|
 * | Hermes, Qwen | `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, anywhere in the text |
 * | Mistral | `[TOOL_CALLS]` and a list of such objects; or the list alone at the start, the mark being a control token |
 * | Llama 3 | `{"name": …, "parameters": {…}}` at the start |
 *
 * Only calls of functions that the caller named count; everything else stays text. Arguments are passed on as they
 * come, in the model's own spelling.
 */

/** What a step adds to one call. */
export interface CallDelta {
  readonly index: number;
  /** Present when the call begins. */
  readonly begins?: { readonly id: string; readonly name: string };
  /** JSON text that follows what came before. */
  readonly arguments: string;
}

/** What a step adds to an answer. */
export interface Found {
  readonly text: string;
  readonly calls: readonly CallDelta[];
}

const tagOpen = '<tool_call>';
const tagClose = '</tool_call>';
const listMark = '[TOOL_CALLS]';
/** Up to the brace of the arguments. */
const header = /^\{\s*"name"\s*:\s*"([^"\\]*)"\s*,\s*"(?:arguments|parameters)"\s*:\s*\{$/;

/**
 * `text`: outside of calls. `opening`: after a mark, before the object. `object`: within one. `closing`: after one, before
 * what ends it.
 */
type Mode = 'text' | 'opening' | 'object' | 'closing';
type Style = 'tag' | 'list' | 'bare';

export class ToolCallReader {
  private mode: Mode = 'text';
  private style: Style = 'bare';
  /** Text that may turn out to be a mark; in `object`, all since the mark began. */
  private held = '';
  /** Nothing but white space came yet, or since the last call. */
  private isAtStart = true;
  private object = new ObjectScanner();
  private areArgumentsOpen = false;
  private hasBegun = false;
  private text = '';
  private calls: { index: number; begins?: { id: string; name: string }; arguments: string }[] = [];
  private count = 0;
  /** A call more than there may be has begun. */
  private isOver = false;

  constructor(
    private readonly names: ReadonlySet<string>,
    private readonly newId: () => string,
    /** From the next call on nothing is passed on. */
    private readonly callsMax = Infinity,
  ) {}

  /** Calls that have begun so far. */
  get callCount(): number {
    return this.count;
  }

  push(text: string): Found {
    let rest = text;
    while (rest !== '' && !this.isOver) {
      if (this.mode === 'text') rest = this.readText(rest);
      else {
        const [character] = rest;
        rest = rest.slice(character!.length);
        this.readCharacter(character!);
      }
    }
    return this.take();
  }

  /** What was held back when the answer ended. */
  end(): Found {
    if (!this.isOver && !this.hasBegun && this.mode !== 'closing')
      this.release(this.mode === 'text' && this.count > 0);
    return this.take();
  }

  private take(): Found {
    const found = { text: this.text, calls: this.calls };
    this.text = '';
    this.calls = [];
    return found;
  }

  /** Outside of calls. Returns what comes after a mark; '' when all was read or is held. */
  private readText(fresh: string): string {
    const text = this.held + fresh;
    this.held = '';
    if (this.isAtStart) {
      const start = text.trimStart();
      if (start === '' || (start.length < listMark.length && listMark.startsWith(start))) {
        this.held = text;
        return '';
      }
      if (start[0] === '{') return this.open('bare', text.slice(0, text.length - start.length), start);
      if (/^\[\s*$/.test(start)) {
        this.held = text;
        return '';
      }
      if (/^\[\s*\{/.test(start)) {
        const space = text.indexOf('{');
        return this.open('list', text.slice(0, space), text.slice(space));
      }
    }
    const marks = [tagOpen, listMark].map((mark) => [text.indexOf(mark), mark] as const);
    const [at, mark] = marks.filter(([place]) => place >= 0).sort((a, b) => a[0] - b[0])[0] ?? [-1, ''];
    if (mark === '') {
      const length = possibleMarkLength(text);
      this.write(text.slice(0, text.length - length));
      this.held = text.slice(text.length - length);
      return '';
    }
    this.write(text.slice(0, at));
    return this.open(mark === tagOpen ? 'tag' : 'list', mark, text.slice(at + mark.length));
  }

  private open(style: Style, mark: string, rest: string): string {
    this.style = style;
    this.mode = 'opening';
    this.held = mark;
    return rest;
  }

  private readCharacter(character: string): void {
    switch (this.mode) {
      case 'opening':
        this.held += character;
        if (character === '{') this.beginObject(character);
        else if (!/\s/.test(character) && !(this.style === 'list' && character === '[')) this.release(false);
        return;
      case 'object':
        this.held += character;
        this.readObject(character);
        return;
      case 'closing':
        this.readClosing(character);
        return;
      case 'text':
        throw new Error('text is read in pieces');
      default:
        this.mode satisfies never;
    }
  }

  private beginObject(brace: string): void {
    this.mode = 'object';
    this.object = new ObjectScanner();
    this.hasBegun = false;
    this.readObject(brace);
  }

  private readObject(character: string): void {
    const { object } = this;
    object.push(character);
    if (this.areArgumentsOpen) {
      this.addArguments(character);
      if (object.depth === 1) this.areArgumentsOpen = false;
    } else if (!this.hasBegun && character === '{' && object.depth === 2) {
      const name = header.exec(object.text)?.[1];
      if (name !== undefined && this.names.has(name)) {
        this.begin(name);
        this.areArgumentsOpen = true;
        this.addArguments(character);
      }
    }
    if (object.depth === 0) this.endObject();
    else if (this.style === 'bare' && !this.hasBegun && !mayBeCall(object.text)) this.release(false);
  }

  private endObject(): void {
    if (!this.hasBegun && !this.beginWhole()) {
      this.release(false);
      return;
    }
    this.hasBegun = false;
    this.held = '';
    this.isAtStart = true;
    this.mode = this.style === 'bare' ? 'text' : 'closing';
  }

  /** A call whose members come in another order, or whose arguments are JSON within a string. */
  private beginWhole(): boolean {
    let called: unknown;
    try {
      called = JSON.parse(this.object.text);
    } catch {
      return false;
    }
    const { name, arguments: given, parameters } = called as Record<string, unknown>;
    if (typeof name !== 'string' || !this.names.has(name)) return false;
    this.begin(name);
    const value = given ?? parameters ?? {};
    this.addArguments(typeof value === 'string' ? value : JSON.stringify(value));
    return true;
  }

  private readClosing(character: string): void {
    if (this.style === 'list') {
      if (character === '{') this.beginObject((this.held = character));
      else if (character === ']') this.mode = 'text';
      else if (!/[\s,]/.test(character)) this.release(false, character);
      return;
    }
    this.held = (this.held + character).trimStart();
    if (this.held === tagClose) {
      this.held = '';
      this.mode = 'text';
    } else if (!tagClose.startsWith(this.held)) this.release(false);
  }

  /** What is held is text after all, unless it is dropped. */
  private release(isDropped: boolean, more = ''): void {
    const text = this.held + more;
    this.held = '';
    this.mode = 'text';
    if (!isDropped || text.trim() !== '') this.write(text);
    if (text !== '') this.isAtStart = false;
  }

  private write(text: string): void {
    if (text === '') return;
    // White space between calls says nothing.
    if (this.count > 0 && this.isAtStart && text.trim() === '') return;
    if (text.trim() !== '') this.isAtStart = false;
    this.text += text;
  }

  private begin(name: string): void {
    this.hasBegun = true;
    this.isOver = this.count >= this.callsMax;
    if (this.isOver) return;
    this.calls.push({ index: this.count, begins: { id: this.newId(), name }, arguments: '' });
    this.count += 1;
  }

  private addArguments(text: string): void {
    if (this.isOver) return;
    const index = this.count - 1;
    const last = this.calls.at(-1);
    if (last?.index === index) last.arguments += text;
    else this.calls.push({ index, arguments: text });
  }
}

/** Follows one JSON object to its end. */
class ObjectScanner {
  text = '';
  depth = 0;
  private isInString = false;
  private isEscaped = false;

  push(character: string): void {
    this.text += character;
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (character === '\\') this.isEscaped = true;
      else if (character === '"') this.isInString = false;
      return;
    }
    if (character === '"') this.isInString = true;
    else if (character === '{' || character === '[') this.depth += 1;
    else if (character === '}' || character === ']') this.depth -= 1;
  }
}

/** Whether an object may still turn out to begin with a name. */
function mayBeCall(text: string): boolean {
  const start = text.slice(0, 64).replace(/\s+/g, '');
  const wanted = '{"name"';
  return start.length < wanted.length ? wanted.startsWith(start) : start.startsWith(wanted);
}

/** Length of the longest end of the text that begins a mark. */
function possibleMarkLength(text: string): number {
  for (let length = Math.min(listMark.length, text.length); length > 0; length -= 1) {
    const end = text.slice(text.length - length);
    if (tagOpen.startsWith(end) || listMark.startsWith(end)) return length;
  }
  return 0;
}
