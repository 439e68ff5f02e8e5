"""Writes a trained model as Q8_0 GGUF: python export.py CHECKPOINT TOKENIZER OUT.gguf --name NAME

The weights are rounded once, to the grid of Q8_0 with scales of four significant bits: int8 times such a scale has at most
eleven significant bits, which an f16 number holds. So Q8_0 loses nothing against f16, and the f16 file is rebuilt from this one
by dequantizing. (Q8_0: blocks of 32 weights, an f16 scale and 32 int8; ggml's block_q8_0.)
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter, LlamaFileType, TokenType
from gguf.constants import GGML_QUANT_VERSION

from layout import names_of, paired
from model import CONTEXT, NORM_EPSILON, ROPE_BASE, Shape

BLOCK = 32
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


def as_q8_0(weights: np.ndarray) -> np.ndarray:
    """Float32 [rows, columns] → the bytes of their blocks, uint8 [rows, columns / 32 × 34]."""
    scales, steps = to_grid(weights)
    blocks = np.empty(len(scales), dtype=[("scale", "<f2"), ("steps", "i1", BLOCK)])
    blocks["scale"], blocks["steps"] = scales, steps
    return blocks.view(np.uint8).reshape(len(weights), -1)


CHAT_TEMPLATE = (
    "{%% for m in messages %%}{%% if m.role == 'user' %%}<|%s|>{{ m.content }}<|out|>"
    "{%% elif m.role == 'assistant' %%}{{ m.content }}<|endoftext|>{%% endif %%}{%% endfor %%}"
)


def describe(file: GGUFWriter, name: str, shape: Shape) -> None:
    file.add_name(name)
    file.add_license("apache-2.0")
    file.add_file_type(LlamaFileType.MOSTLY_Q8_0)
    file.add_quantization_version(GGML_QUANT_VERSION)
    file.add_block_count(shape.layers)
    file.add_context_length(CONTEXT)
    file.add_embedding_length(shape.width)
    file.add_feed_forward_length(shape.hidden)
    file.add_head_count(shape.heads)
    file.add_head_count_kv(shape.kv_heads)
    file.add_layer_norm_rms_eps(NORM_EPSILON)
    file.add_rope_dimension_count(shape.head_width)
    file.add_rope_freq_base(ROPE_BASE)
    file.add_vocab_size(shape.vocabulary)


def add_tokenizer(file: GGUFWriter, tokenizer: dict, task: str) -> None:
    """A byte-level BPE; `task` names the token that a chat's message begins with."""
    tokens = tokenizer["tokens"]
    ids = {token: index for index, token in enumerate(tokens)}
    special = {token for token in tokens if len(token) > 4 and token.startswith("<|") and token.endswith("|>")}
    file.add_tokenizer_model("gpt2")
    file.add_tokenizer_pre("gpt-2")
    file.add_token_list(tokens)
    file.add_token_types([TokenType.CONTROL if token in special else TokenType.NORMAL for token in tokens])
    file.add_token_merges(tokenizer["merges"])
    file.add_bos_token_id(ids["<|endoftext|>"])
    file.add_eos_token_id(ids["<|endoftext|>"])
    file.add_pad_token_id(ids["<|pad|>"])
    for key, token in [("pre", "<|fim_prefix|>"), ("suf", "<|fim_suffix|>"), ("mid", "<|fim_middle|>")]:
        file.add_uint32(f"tokenizer.ggml.fim_{key}_token_id", ids[token])
    file.add_add_bos_token(False)
    file.add_add_eos_token(False)
    file.add_chat_template(CHAT_TEMPLATE % task)


def add_weights(file: GGUFWriter, model: dict[str, torch.Tensor], shape: Shape) -> None:
    """Matrices as Q8_0, vectors as float32."""
    for name, own, heads in names_of(shape):
        weights = model[own] if heads is None else paired(model[own], heads)
        values = weights.detach().float().numpy()
        if values.ndim == 1:
            file.add_tensor(name, values)
        else:
            file.add_tensor(name, as_q8_0(values), raw_dtype=GGMLQuantizationType.Q8_0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("tokenizer", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", required=True, help="as the file says it: apex-inline")
    given = parser.parse_args()
    kept = torch.load(given.checkpoint, map_location="cpu")
    shape = Shape(**kept["shape"])
    file = GGUFWriter(given.out, "llama")
    describe(file, given.name, shape)
    add_tokenizer(file, json.loads(given.tokenizer.read_text()), "flow" if "flow" in given.name else "block")
    add_weights(file, kept["model"], shape)
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()
    print(f"{given.out}: {given.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
