"""Writes a trained model as Q8_0 GGUF: python export.py CHECKPOINT TOKENIZER OUT.gguf --name NAME

The weights are rounded once, to the grid of Q8_0 with scales of four significant bits: int8 times such a scale has at most
eleven significant bits, which an f16 number holds. So Q8_0 loses nothing against f16, and the f16 file is rebuilt from this one
by dequantizing. (Q8_0: blocks of 32 weights, an f16 scale and 32 int8; ggml's block_q8_0.)
"""

import argparse
import json
import struct
from pathlib import Path

import numpy as np
import torch

from model import CONTEXT, NORM_EPSILON, ROPE_BASE, Shape

BLOCK = 32
ALIGNMENT = 32
F32, Q8_0 = 0, 8
SCALE_BITS = 4


def to_grid(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a multiple of 32 float32 → (scales f32 [blocks], int8 [blocks, 32])."""
    blocks = weights.astype(np.float64).reshape(-1, BLOCK)
    least = np.maximum(np.abs(blocks).max(axis=1), 1e-6) / 127
    # The next larger number with four significant bits, so that no weight passes 127 steps.
    exponent = np.floor(np.log2(least)) - (SCALE_BITS - 1)
    scales = np.ceil(least / 2.0**exponent) * 2.0**exponent
    # Below this a product with an int8 would be subnormal in f16 and lose bits.
    scales = np.maximum(scales, 2.0**-14)
    steps = np.clip(np.rint(blocks / scales[:, None]), -127, 127).astype(np.int8)
    return scales.astype(np.float32), steps


def on_grid(weights: torch.Tensor) -> torch.Tensor:
    """What the file holds, as float32: for comparing PyTorch with llama.cpp."""
    scales, steps = to_grid(weights.detach().float().numpy())
    return torch.from_numpy(steps.astype(np.float32) * scales[:, None]).view(weights.shape)


def paired(weights: torch.Tensor, heads: int) -> torch.Tensor:
    """Rows of each head from halves (as trained) to pairs (as llama.cpp rotates plain Llama models)."""
    head_width = weights.shape[0] // heads
    return weights.view(heads, 2, head_width // 2, -1).transpose(1, 2).reshape(weights.shape)


def tensors_of(model: dict, shape: Shape) -> list[tuple[str, torch.Tensor]]:
    found = [("token_embd.weight", model["embedding"]), ("output_norm.weight", model["norm"])]
    for layer in range(shape.layers):
        of = lambda name: model[f"layers.{layer}.{name}"]  # noqa: E731
        found += [
            (f"blk.{layer}.attn_norm.weight", of("norm_attention")),
            (f"blk.{layer}.attn_q.weight", paired(of("query"), shape.heads)),
            (f"blk.{layer}.attn_k.weight", paired(of("key"), shape.kv_heads)),
            (f"blk.{layer}.attn_v.weight", of("value")),
            (f"blk.{layer}.attn_output.weight", of("attention_out")),
            (f"blk.{layer}.ffn_norm.weight", of("norm_feed")),
            (f"blk.{layer}.ffn_gate.weight", of("gate")),
            (f"blk.{layer}.ffn_up.weight", of("up")),
            (f"blk.{layer}.ffn_down.weight", of("down")),
        ]
    return found


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


class Metadata:
    """GGUF's key-value pairs (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md)."""

    def __init__(self) -> None:
        self.pairs: list[bytes] = []

    def integer(self, key: str, value: int) -> None:
        self.pairs.append(text(key) + struct.pack("<II", 4, value))

    def number(self, key: str, value: float) -> None:
        self.pairs.append(text(key) + struct.pack("<If", 6, value))

    def truth(self, key: str, value: bool) -> None:
        self.pairs.append(text(key) + struct.pack("<IB", 7, int(value)))

    def string(self, key: str, value: str) -> None:
        self.pairs.append(text(key) + struct.pack("<I", 8) + text(value))

    def strings(self, key: str, values: list[str]) -> None:
        head = struct.pack("<IIQ", 9, 8, len(values))
        self.pairs.append(text(key) + head + b"".join(text(value) for value in values))

    def integers(self, key: str, values: list[int]) -> None:
        head = struct.pack("<IIQ", 9, 5, len(values))
        self.pairs.append(text(key) + head + struct.pack(f"<{len(values)}i", *values))


CHAT_TEMPLATE = (
    "{%% for m in messages %%}{%% if m.role == 'user' %%}<|%s|>{{ m.content }}<|out|>"
    "{%% elif m.role == 'assistant' %%}{{ m.content }}<|endoftext|>{%% endif %%}{%% endfor %%}"
)


def metadata_of(name: str, shape: Shape, tokenizer: dict) -> Metadata:
    found, tokens = Metadata(), tokenizer["tokens"]
    ids = {token: index for index, token in enumerate(tokens)}
    special = [token for token in tokens if len(token) > 4 and token.startswith("<|") and token.endswith("|>")]
    found.string("general.architecture", "llama")
    found.string("general.name", name)
    found.string("general.license", "apache-2.0")
    found.integer("general.file_type", 7)
    found.integer("general.quantization_version", 2)
    found.integer("llama.block_count", shape.layers)
    found.integer("llama.context_length", CONTEXT)
    found.integer("llama.embedding_length", shape.width)
    found.integer("llama.feed_forward_length", shape.hidden)
    found.integer("llama.attention.head_count", shape.heads)
    found.integer("llama.attention.head_count_kv", shape.kv_heads)
    found.number("llama.attention.layer_norm_rms_epsilon", NORM_EPSILON)
    found.integer("llama.rope.dimension_count", shape.head_width)
    found.number("llama.rope.freq_base", ROPE_BASE)
    found.integer("llama.vocab_size", shape.vocabulary)
    found.string("tokenizer.ggml.model", "gpt2")
    found.string("tokenizer.ggml.pre", "gpt-2")
    found.strings("tokenizer.ggml.tokens", tokens)
    found.integers("tokenizer.ggml.token_type", [3 if token in special else 1 for token in tokens])
    found.strings("tokenizer.ggml.merges", tokenizer["merges"])
    for key, token in [
        ("bos", "<|endoftext|>"),
        ("eos", "<|endoftext|>"),
        ("padding", "<|pad|>"),
        ("fim_pre", "<|fim_prefix|>"),
        ("fim_suf", "<|fim_suffix|>"),
        ("fim_mid", "<|fim_middle|>"),
    ]:
        found.integer(f"tokenizer.ggml.{key}_token_id", ids[token])
    found.truth("tokenizer.ggml.add_bos_token", False)
    found.truth("tokenizer.ggml.add_eos_token", False)
    found.string("tokenizer.chat_template", CHAT_TEMPLATE % ("flow" if "flow" in name else "block"))
    return found


def padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % ALIGNMENT)


def write(path: Path, metadata: Metadata, tensors: list[tuple[str, torch.Tensor]]) -> int:
    infos, data, offset = b"", [], 0
    for name, weights in tensors:
        if weights.ndim == 1:
            kind, content = F32, weights.detach().float().numpy().tobytes()
        else:
            scales, steps = to_grid(weights.detach().float().numpy())
            blocks = np.empty(len(scales), dtype=[("scale", "<f2"), ("steps", "i1", BLOCK)])
            blocks["scale"], blocks["steps"] = scales, steps
            kind, content = Q8_0, blocks.tobytes()
        sizes = list(reversed(weights.shape))
        infos += text(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, kind, offset)
        data.append(padded(content))
        offset += len(data[-1])
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata.pairs)) + b"".join(metadata.pairs) + infos
    whole = padded(head) + b"".join(data)
    path.write_bytes(whole)
    return len(whole)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", required=True, help="as the file says it: apex-inline")
    given = parser.parse_args()
    kept = torch.load(given.checkpoint, map_location="cpu")
    shape = Shape(**kept["shape"])
    tokenizer = json.loads(given.tokenizer.read_text())
    size = write(given.out, metadata_of(given.name, shape, tokenizer), tensors_of(kept["model"], shape))
    print(f"{given.out}: {size:,} bytes")


if __name__ == "__main__":
    main()
