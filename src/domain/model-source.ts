/** Where the bytes of a model, or of an adapter, come from. */

/** What an address names by its end alone, where it is one file. */
export function formOfFile(url: string): 'object' | 'archive' {
  return /\.(tar\.gz|tgz)$/i.test(url) ? 'archive' : 'object';
}

/** Where a model's bytes are. */
export interface ModelSource {
  /**
   * `s3://`, `https://`, `hf://` as `library` fetches them, or the absolute path of a file on this machine
   * (only what the library itself put there: the wire takes no paths).
   */
  readonly url: string;
  /** What the address names: one object, all objects below a prefix, or a gzipped tar to unpack. */
  readonly form: 'object' | 'prefix' | 'archive';
  /** Lower-case hex; when given the file (of an archive: the archive) is verified before each load. */
  readonly sha256?: string;
}
