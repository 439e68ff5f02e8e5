"""Where a model's tensors stand in a GGUF file, and how rows of rotated heads are ordered there."""

from typing import Iterator

import torch

from model import Shape

OF_LAYERS = {
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


def names_of(shape: Shape) -> Iterator[tuple[str, str, int | None]]:
    """(name in the file, name in model.Llama, heads whose rows are rotated or None) of every tensor, in the order of the file."""
    yield "token_embd.weight", "embedding", None
    yield "output_norm.weight", "norm", None
    rotated = {"query": shape.heads, "key": shape.kv_heads}
    for layer in range(shape.layers):
        for name, own in OF_LAYERS.items():
            yield f"blk.{layer}.{name}.weight", f"layers.{layer}.{own}", rotated.get(own)


def paired(weights: torch.Tensor, heads: int) -> torch.Tensor:
    """Rows of each head from halves (as trained) to pairs (as llama.cpp rotates plain Llama models)."""
    head_width = weights.shape[0] // heads
    return weights.view(heads, 2, head_width // 2, -1).transpose(1, 2).reshape(weights.shape)


def halved(weights: torch.Tensor, heads: int) -> torch.Tensor:
    """`paired` reversed."""
    head_width = weights.shape[0] // heads
    return weights.view(heads, head_width // 2, 2, -1).transpose(1, 2).reshape(weights.shape)
