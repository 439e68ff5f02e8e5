"""Muon for the matrices of the layers, AdamW for the rest.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/): the momentum of a matrix is made orthogonal by five
steps of a Newton-Schulz iteration with the coefficients of that page. Matrices of one shape are computed together; torch.optim.Muon
takes them one by one, which for matrices as small as these costs more than the training step.
"""

from typing import Callable

import torch
from torch import nn

MOMENTUM = 0.95
DECAY = 0.01


def orthogonal(update: torch.Tensor) -> torch.Tensor:
    """[count, rows, columns], in bf16: singular values come near 1."""
    x = update / (update.norm(dim=(1, 2), keepdim=True) + 1e-7)
    is_tall = x.shape[1] > x.shape[2]
    if is_tall:
        x = x.transpose(1, 2)
    x = x.to(torch.bfloat16).contiguous()
    for _ in range(5):
        square = torch.bmm(x, x.transpose(1, 2))
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=-4.7750, alpha=2.0315), x, beta=3.4445)
    return (x.transpose(1, 2) if is_tall else x).float()


class Muon:
    """`rate` is relative to the spectral norm of a matrix: 0.02 suits these widths."""

    def __init__(self, matrices: list[nn.Parameter]):
        self.groups: dict[tuple[int, ...], list[nn.Parameter]] = {}
        for matrix in matrices:
            self.groups.setdefault(tuple(matrix.shape), []).append(matrix)
        self.momenta = {shape: torch.zeros(len(group), *shape) for shape, group in self.groups.items()}

    @torch.no_grad()
    def step(self, rate: float) -> None:
        for shape, group in self.groups.items():
            gradient = torch.stack([matrix.grad for matrix in group])
            momentum = self.momenta[shape].lerp_(gradient, 1 - MOMENTUM)
            update = orthogonal(gradient.lerp(momentum, MOMENTUM)) * max(1, shape[0] / shape[1]) ** 0.5
            for matrix, change in zip(group, update):
                matrix.mul_(1 - rate * DECAY).add_(change, alpha=-rate)

    def state_dict(self) -> dict:
        return {str(shape): momentum for shape, momentum in self.momenta.items()}

    def load_state_dict(self, state: dict) -> None:
        for shape, momentum in self.momenta.items():
            momentum.copy_(state[str(shape)])


def is_layer_matrix(name: str, parameter: nn.Parameter) -> bool:
    """Of model.Llama: every matrix but the embedding."""
    return parameter.ndim == 2 and name != "embedding"


class Optimizer:
    """Muon for the parameters of which `is_muons(name, parameter)` is true, AdamW for the others; both at their full rates."""

    def __init__(
        self,
        model: nn.Module,
        muon_rate: float,
        adam_rate: float,
        is_muons: Callable[[str, nn.Parameter], bool] = is_layer_matrix,
    ):
        named = list(model.named_parameters())
        matrices = [parameter for name, parameter in named if is_muons(name, parameter)]
        others = [parameter for name, parameter in named if not is_muons(name, parameter)]
        self.muon, self.muon_rate = Muon(matrices), muon_rate
        self.adam = torch.optim.AdamW(others, lr=adam_rate, betas=(0.9, 0.95), weight_decay=0.0)
        self.adam_rate, self.others = adam_rate, others

    def step(self, part: float) -> None:
        """One step with that part of the full rates."""
        nn.utils.clip_grad_norm_(self.others, 1.0)
        for group in self.adam.param_groups:
            group["lr"] = self.adam_rate * part
        self.adam.step()
        self.muon.step(self.muon_rate * part)

    def state_dict(self) -> dict:
        return {"muon": self.muon.state_dict(), "adam": self.adam.state_dict()}

    def load_state_dict(self, state: dict) -> None:
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
