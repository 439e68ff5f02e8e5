/** TextEval in this process, through the optional package onnxruntime-node. */
import type * as Library from 'onnxruntime-node';

/** `<|pad|>`. */
const padToken = 2041;
/** Pairs computed together have about one length. */
const batchRowsMax = 16;

export interface TextEval {
  /**
   * Of each pair's tokens (corpus/build/text-eval.ts): how probable it is (0 to 1) that the code answers the comment, in
   * the order of the pairs. `onDone` is told how many are scored.
   */
  scoresOf(
    pairs: readonly (readonly number[])[],
    onDone?: (done: number) => void,
  ): Promise<readonly number[]>;
  close(): Promise<void>;
}

/**
 * The model of an ONNX file on `threads` (≥ 1) of the processor. Rejects where the package onnxruntime-node is not
 * installed or does not take the file. The caller closes it.
 */
export async function openTextEval(modelPath: string, threads: number): Promise<TextEval> {
  const loaded = (await import('onnxruntime-node')) as typeof Library & { default?: typeof Library };
  const library = loaded.default ?? loaded;
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const session = await library.InferenceSession.create(modelPath, options);
  return {
    scoresOf: async (pairs, onDone) => {
      const scores = new Array<number>(pairs.length);
      const order = [...pairs.keys()].sort((left, right) => pairs[left]!.length - pairs[right]!.length);
      for (let start = 0; start < order.length; start += batchRowsMax) {
        const rows = order.slice(start, start + batchRowsMax);
        const results = await session.run(
          inputsOf(
            library,
            rows.map((row) => pairs[row]!),
          ),
          ['score'],
        );
        const values = results['score']!.data as Float32Array;
        for (const [at, row] of rows.entries()) scores[row] = values[at]!;
        onDone?.(start + rows.length);
      }
      return scores;
    },
    close: () => session.release(),
  };
}

function inputsOf(
  library: typeof Library,
  rows: readonly (readonly number[])[],
): Record<string, Library.Tensor> {
  const length = Math.max(...rows.map((row) => row.length));
  const tokens = new BigInt64Array(rows.length * length).fill(BigInt(padToken));
  const mask = new BigInt64Array(rows.length * length);
  for (const [row, own] of rows.entries()) {
    for (const [at, token] of own.entries()) {
      tokens[row * length + at] = BigInt(token);
      mask[row * length + at] = 1n;
    }
  }
  const shape = [rows.length, length];
  return {
    input_ids: new library.Tensor('int64', tokens, shape),
    attention_mask: new library.Tensor('int64', mask, shape),
  };
}
