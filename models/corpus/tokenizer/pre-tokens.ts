/**
 * How GPT-2's tokenizer cuts a text before it merges, exactly as llama.cpp does for `tokenizer.ggml.pre` = `gpt-2`:
 * its white space is Unicode's property, which JavaScript's `\s` is not. No merge crosses a cut.
 */

const cuts =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

export function preTokens(text: string): readonly string[] {
  return text.match(cuts) ?? [];
}

/** The letter that stands for each byte: itself where it prints, else one from U+0100 on. */
export const byteLetters: readonly string[] = lettersOfBytes();

function lettersOfBytes(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrinted = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCharCode(isPrinted ? byte : next++);
  });
}

/** The letters of a text's bytes in UTF-8. */
export function lettersOf(text: string): string[] {
  return Array.from(Buffer.from(text, 'utf8'), (byte) => byteLetters[byte]!);
}
