"""Reads a shipped Q8_0 file back as a checkpoint: python restore.py models/apex-flow-Q8_0.gguf --out RUN/flow.pt

To train on from the files when the run that made them is gone: train.py flow --from RUN. What was rounded stays rounded, and the
optimizer is in no file, so a stage begins from such a checkpoint but does not resume.
"""

import argparse
from pathlib import Path

import torch
from gguf import GGUFReader, Keys, dequantize

from layout import halved, names_of
from model import SHAPES, Shape


def shape_of(file: GGUFReader) -> Shape:
    keys = (Keys.LLM.EMBEDDING_LENGTH, Keys.LLM.BLOCK_COUNT)
    width, layers = (file.get_field(key.format(arch="llama")).contents() for key in keys)
    for shape in SHAPES.values():
        if (shape.width, shape.layers) == (width, layers):
            return shape
    raise ValueError(f"width {width} with {layers} layers is no shape of the family")


def state_of(file: GGUFReader, shape: Shape) -> dict[str, torch.Tensor]:
    """Of model.Llama, in float32."""
    tensors = {tensor.name: tensor for tensor in file.tensors}
    state = {}
    for name, own, heads in names_of(shape):
        weights = torch.tensor(dequantize(tensors[name].data, tensors[name].tensor_type))
        state[own] = weights if heads is None else halved(weights, heads)
    return state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the checkpoint, named as its stage: RUN/flow.pt")
    given = parser.parse_args()
    file = GGUFReader(given.file)
    shape = shape_of(file)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"shape": shape.as_dict(), "model": state_of(file, shape)}, given.out)


if __name__ == "__main__":
    main()
