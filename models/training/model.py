"""The Llama that all models of the family are: RMSNorm, rotary positions, grouped-query attention, SwiGLU, tied embeddings."""

import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn

VOCABULARY = 2048
CONTEXT = 1024
NORM_EPSILON = 1e-5
ROPE_BASE = 10000.0


@dataclass(frozen=True)
class Shape:
    """Width, depth and heads of a model. The target's rows are multiples of 256, so that llama.cpp's K-quantizations apply."""

    width: int
    layers: int
    heads: int
    kv_heads: int
    hidden: int
    vocabulary: int = VOCABULARY

    @property
    def head_width(self) -> int:
        return self.width // self.heads

    def as_dict(self) -> dict:
        return asdict(self)


SHAPES = {
    # Every second layer of the target: half the time for a step while all of it is new.
    "trunk": Shape(width=256, layers=6, heads=4, kv_heads=2, hidden=768),
    # 9.18 M parameters: 9.8 MB at Q8_0. Deep and narrow: in decoding each layer costs a step, which is what speculation saves.
    "target": Shape(width=256, layers=11, heads=4, kv_heads=2, hidden=768),
    # 1.05 M parameters, an eighth of the target at most.
    "draft": Shape(width=128, layers=4, heads=4, kv_heads=2, hidden=384),
}


def rms_norm(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return F.rms_norm(x, (x.shape[-1],), weight, NORM_EPSILON)


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary positions on the two halves of each head; x is [batch, time, heads, head width]. Export reorders to llama.cpp's pairs."""
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, first * sin + second * cos], -1)


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        width, hidden, kv_width = shape.width, shape.hidden, shape.kv_heads * shape.head_width

        def matrix(rows: int, columns: int, scale: float = 1.0) -> nn.Parameter:
            return nn.Parameter(torch.randn(rows, columns) * columns**-0.5 * scale)

        # The two matrices that add to the residual begin smaller, so that depth does not widen it (as in GPT-2).
        out_scale = 1 / math.sqrt(2 * shape.layers)
        self.norm_attention = nn.Parameter(torch.ones(width))
        self.norm_feed = nn.Parameter(torch.ones(width))
        self.query = matrix(width, width)
        self.key = matrix(kv_width, width)
        self.value = matrix(kv_width, width)
        self.attention_out = matrix(width, width, out_scale)
        self.gate = matrix(hidden, width)
        self.up = matrix(hidden, width)
        self.down = matrix(width, hidden, out_scale)

    def forward(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = x + F.linear(self.attend(rms_norm(x, self.norm_attention), cos, sin, mask), self.attention_out)
        y = F.linear(rms_norm(x, self.norm_feed), torch.cat([self.gate, self.up]))
        gate, up = y.chunk(2, -1)
        return x + F.linear(F.silu(gate) * up, self.down)

    def attend(self, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Attention without a fused kernel: at these lengths two batched products are quicker on a processor."""
        batch, time, _ = x.shape
        heads, kv_heads, head = self.shape.heads, self.shape.kv_heads, self.shape.head_width
        together = heads // kv_heads
        qkv = F.linear(x, torch.cat([self.query, self.key, self.value])).view(batch, time, heads + 2 * kv_heads, head)
        query, key, value = qkv.split([heads, kv_heads, kv_heads], 2)
        query = (rotate(query, cos, sin) * head**-0.5).transpose(1, 2).reshape(batch * kv_heads, together * time, head)
        key = rotate(key, cos, sin).transpose(1, 2).reshape(batch * kv_heads, time, head)
        value = value.transpose(1, 2).reshape(batch * kv_heads, time, head)
        scores = torch.bmm(query.to(value.dtype), key.to(value.dtype).transpose(1, 2))
        scores = scores.float().view(batch * kv_heads, together, time, time) + mask
        weights = torch.softmax(scores, -1).to(value.dtype).view(batch * kv_heads, together * time, time)
        return torch.bmm(weights, value).view(batch, heads, time, head).transpose(1, 2).reshape(batch, time, heads * head)


class Llama(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Parameter(torch.randn(shape.vocabulary, shape.width) * 0.02)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = nn.Parameter(torch.ones(shape.width))
        frequencies = ROPE_BASE ** (-torch.arange(0, shape.head_width, 2).float() / shape.head_width)
        angles = torch.outer(torch.arange(CONTEXT).float(), frequencies)
        self.register_buffer("cos", angles.cos(), persistent=False)
        self.register_buffer("sin", angles.sin(), persistent=False)
        mask = torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1)
        self.register_buffer("mask", mask, persistent=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Token ids [batch, time], padded at the end → logits [batch, time, vocabulary]."""
        time = tokens.shape[1]
        x = F.embedding(tokens, self.embedding)
        cos, sin, mask = self.cos[:time, None], self.sin[:time, None], self.mask[:time, :time]
        for layer in self.layers:
            x = layer(x, cos, sin, mask)
        return F.linear(rms_norm(x, self.norm), self.embedding)

    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())


def grown(state: dict[str, torch.Tensor], layers: int, layers_wanted: int) -> dict[str, torch.Tensor]:
    """The state of a deeper model that computes the same: between two layers come copies of the first that add nothing yet.

    `layers` - 1 must divide `layers_wanted` - 1. As in function-preserving stacking (Chen et al. 2016, https://arxiv.org/abs/1511.05641).
    """
    apart, rest = divmod(layers_wanted - 1, layers - 1)
    if rest != 0:
        raise ValueError(f"{layers} layers cannot be spread evenly over {layers_wanted}")
    found = {name: tensor for name, tensor in state.items() if not name.startswith("layers.")}
    for layer in range(layers_wanted):
        for name, tensor in state.items():
            _, _, own = name.partition(f"layers.{layer // apart}.")
            if own:
                is_idle = layer % apart != 0 and own in ("attention_out", "down")
                found[f"layers.{layer}.{own}"] = torch.zeros_like(tensor) if is_idle else tensor
    return found
