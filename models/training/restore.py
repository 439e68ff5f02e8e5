"""Reads a shipped Q8_0 file back as a checkpoint: python restore.py models/apex-flow-Q8_0.gguf --out RUN/flow.pt

To train on from the files when the run that made them is gone: train.py flow --from RUN. What was rounded stays rounded, and the
optimizer is in no file, so a stage begins from such a checkpoint but does not resume.
"""

import argparse
import struct
from pathlib import Path
from typing import Iterator

import numpy as np
import torch

from export import ALIGNMENT, BLOCK, F32, Q8_0
from model import SHAPES, Shape

NUMBERS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
STRING, ARRAY = 8, 9
LAYER_NAMES = {
    "attn_norm": "norm_attention",
    "attn_q": "query",
    "attn_k": "key",
    "attn_v": "value",
    "attn_output": "attention_out",
    "ffn_norm": "norm_feed",
    "ffn_gate": "gate",
    "ffn_up": "up",
    "ffn_down": "down",
}
OWN_NAMES = {"token_embd.weight": "embedding", "output_norm.weight": "norm"}


class Reader:
    """GGUF from its start (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md)."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def number(self, form: str) -> int | float:
        (value,) = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def text(self) -> str:
        count = self.number("<Q")
        self.at += count
        return self.data[self.at - count : self.at].decode()

    def value(self, kind: int) -> object:
        if kind == STRING:
            return self.text()
        if kind == ARRAY:
            of, count = self.number("<I"), self.number("<Q")
            return [self.value(of) for _ in range(count)]
        return self.number(NUMBERS[kind])

    def head(self) -> tuple[dict, list[tuple[str, list[int], int, int]]]:
        """Metadata, and (name, sizes with the fastest first, type, offset in the data) of each tensor; ends where the data begins."""
        if self.data[:4] != b"GGUF":
            raise ValueError("no GGUF file")
        self.at = 8
        tensors, pairs = self.number("<Q"), self.number("<Q")
        metadata = {self.text(): self.value(self.number("<I")) for _ in range(pairs)}
        infos = []
        for _ in range(tensors):
            name, dimensions = self.text(), self.number("<I")
            sizes = [self.number("<Q") for _ in range(dimensions)]
            infos.append((name, sizes, self.number("<I"), self.number("<Q")))
        self.at += -self.at % ALIGNMENT
        return metadata, infos


def tensors_in(data: bytes) -> Iterator[tuple[str, torch.Tensor]]:
    reader = Reader(data)
    _, infos = reader.head()
    for name, sizes, kind, offset in infos:
        count, start = int(np.prod(sizes)), reader.at + offset
        if kind == F32:
            values = np.frombuffer(data, "<f4", count, start).copy()
        elif kind == Q8_0:
            blocks = np.frombuffer(data, [("scale", "<f2"), ("steps", "i1", BLOCK)], count // BLOCK, start)
            values = blocks["steps"].astype(np.float32) * blocks["scale"].astype(np.float32)[:, None]
        else:
            raise ValueError(f"{name} is of type {kind}; only F32 and Q8_0 are read")
        yield name, torch.from_numpy(values).view(*reversed(sizes))


def halved(weights: torch.Tensor, heads: int) -> torch.Tensor:
    """Rows of each head from pairs, as llama.cpp rotates, to halves, as trained: export.paired reversed."""
    head_width = weights.shape[0] // heads
    return weights.view(heads, head_width // 2, 2, -1).transpose(1, 2).reshape(weights.shape)


def trained(name: str, weights: torch.Tensor, shape: Shape) -> tuple[str, torch.Tensor]:
    if name in OWN_NAMES:
        return OWN_NAMES[name], weights
    _, layer, own, _ = name.split(".")
    heads = {"attn_q": shape.heads, "attn_k": shape.kv_heads}.get(own)
    return f"layers.{layer}.{LAYER_NAMES[own]}", weights if heads is None else halved(weights, heads)


def shape_of(data: bytes) -> Shape:
    metadata, _ = Reader(data).head()
    width, layers = metadata["llama.embedding_length"], metadata["llama.block_count"]
    for shape in SHAPES.values():
        if (shape.width, shape.layers) == (width, layers):
            return shape
    raise ValueError(f"width {width} with {layers} layers is no shape of the family")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the checkpoint, named as its stage: RUN/flow.pt")
    given = parser.parse_args()
    data = given.file.read_bytes()
    shape = shape_of(data)
    state = dict(trained(name, weights, shape) for name, weights in tensors_in(data))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"shape": shape.as_dict(), "model": state}, given.out)


if __name__ == "__main__":
    main()
