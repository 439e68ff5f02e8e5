"""The mean of the weights of two finished stages of one shape: python average.py ONE.pt OTHER.pt --out MEAN.pt

For two rounds of one stage, the second begun from the first (train.py --from): each may end at its own side of the same valley, and their mean
lie lower than both (Izmailov et al. 2018, https://arxiv.org/abs/1803.05407). Take it where its likelihood of the dev set says so:

    python average.py first/block.pt second/block.pt --out second/block-mean.pt --corpus FOLDER --task block

prints the three likelihoods, nats a token of an answer. No optimizer goes into the file: a stage does not go on from it, another begins with it.
"""

import argparse
from pathlib import Path

from train import likelihood, load_model  # before torch: it prepares the processor

# ruff: noqa: E402, I001
import torch

from batches import TASKS, Samples
from model import Llama


def mean_of(one: Llama, other: Llama, part: float) -> Llama:
    """With `part` of the other, in [0, 1]."""
    if one.shape != other.shape:
        raise ValueError(f"one is {one.shape}, the other {other.shape}")
    mean = Llama(one.shape)
    state, others = one.state_dict(), other.state_dict()
    mean.load_state_dict({name: (1 - part) * weights + part * others[name] for name, weights in state.items()})
    return mean


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs=2, metavar="FILE.pt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--part", type=float, default=0.5, help="what the second weighs, 0 to 1")
    parser.add_argument("--corpus", type=Path, help="to measure the two and their mean on its dev set")
    parser.add_argument("--task", choices=TASKS, action="append", default=[], help="whose dev set; may be given several times")
    given = parser.parse_args()
    if given.task and given.corpus is None:
        parser.error("--task needs --corpus")
    if not 0 <= given.part <= 1:
        parser.error("--part must lie in 0 to 1")
    models = [load_model(file) for file in given.checkpoints]
    mean = mean_of(*models, given.part)
    for task in given.task:
        for name, model in zip([*map(str, given.checkpoints), "their mean"], [*models, mean], strict=True):
            print(f"{task}: {likelihood(model, Samples(given.corpus, f'dev-{task}')):.5f} {name}", flush=True)
    torch.save({"shape": mean.shape.as_dict(), "model": mean.state_dict()}, given.out)


if __name__ == "__main__":
    main()
