/** Which file of a folder is the model, and how large it is with everything that belongs to it. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { StowageError } from '../../../domain/errors.js';

export interface OnnxFiles {
  readonly modelPath: string;
  /** How messages call it. */
  readonly modelLabel: string;
  /** The model's file, and all that is in its folder: weights may be in files beside it. */
  readonly bytes: number;
}

/** A folder with more files is no model's, count. */
const filesMax = 10_000;

/**
 * The file itself; of a folder `model.onnx`, or the only `.onnx` file in it. Throws MODEL-035 when there is none, or
 * several.
 */
export function findOnnxFiles(
  place: { path: string; name: string; isFolder: boolean },
  url: string,
): OnnxFiles {
  if (!place.isFolder) {
    return { modelPath: place.path, modelLabel: place.name, bytes: statSync(place.path).size };
  }
  const names = readdirSync(place.path, { recursive: true, encoding: 'utf8' }).slice(0, filesMax);
  const models = names.filter((name) => name.endsWith('.onnx')).sort();
  const named = models.filter((name) => path.basename(name) === 'model.onnx');
  const [model, ...others] = named.length === 1 ? named : models;
  if (model === undefined || others.length > 0) {
    const few = models.slice(0, 3).join(', ');
    const problem =
      model === undefined
        ? 'none of its files ends in .onnx'
        : `it has ${models.length} ONNX files (${few}); call the one that is meant model.onnx`;
    throw StowageError.of('MODEL-035', { url, problem });
  }
  const modelPath = path.join(place.path, model);
  const folder = path.dirname(modelPath);
  const beside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const isPart = (name: string) => !name.endsWith('.onnx') || name === path.basename(model);
  const bytes = beside
    .filter(({ name }) => isPart(name))
    .reduce((sum, { name }) => sum + statSync(path.join(folder, name)).size, 0);
  return { modelPath, modelLabel: path.basename(model), bytes };
}
