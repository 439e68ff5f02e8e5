export interface LlamaCppPrograms {
  /** Absolute paths. */
  readonly server: string;
  readonly batchedBench: string;
  /** To be added to the environment they run in. */
  readonly env: Record<string, string>;
  /** `shipped`: they run with the libraries that Stowage runs with. */
  readonly libraries: 'shipped' | 'built';
}

export function ensureLlamaCppPrograms(options?: {
  readonly cacheDir?: string;
  readonly log?: (line: string) => void;
}): Promise<LlamaCppPrograms>;
