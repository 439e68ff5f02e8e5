"""How hard each sample of a task is for a model: python difficulty.py FILE.pt --corpus FOLDER --task flow

Writes FOLDER/train-flow.nll: of each sample the negative log-likelihood of the whole answer, nats, float32, in the order of the index.
A model that is nearly always right learns from the few samples where it is not; train.py --hard takes those more often
(importance sampling: Katharopoulos and Fleuret 2018, https://arxiv.org/abs/1803.00942).
"""

import argparse
import os
import time
from pathlib import Path

from train import load_model  # before torch: it prepares the processor

# ruff: noqa: E402, I001
import numpy as np
import torch
import torch.nn.functional as F

from batches import LENGTHS, TASKS, Samples, batches_of
from model import Llama

TOKENS_PER_BATCH = 8192
REPORT_SECONDS = 60


def answer_losses(model: Llama, tokens: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """[rows]: nats of each row's answer."""
    logits = model(tokens[:, :-1])
    losses = F.cross_entropy(logits.flatten(0, 1).float(), tokens[:, 1:].flatten(), reduction="none")
    return (losses.view(weights.shape) * weights).sum(1)


@torch.no_grad()
def difficulties(model: Llama, samples: Samples) -> np.ndarray:
    found = np.zeros(len(samples), np.float32)
    torch._dynamo.config.recompile_limit = 4 * len(LENGTHS)
    compiled = torch.compile(answer_losses, dynamic=False)
    reported, done = time.monotonic(), 0
    for rows, length in batches_of(samples, TOKENS_PER_BATCH, np.random.default_rng(0)):
        whole = np.resize(rows, TOKENS_PER_BATCH // length)  # a smaller batch would be a shape of its own to compile
        tokens, weights = samples.batch(whole, length)
        with torch.autocast("cpu", torch.bfloat16):
            found[rows] = compiled(model, tokens, weights)[: len(rows)].float().numpy()
        done += len(rows)
        if time.monotonic() - reported > REPORT_SECONDS:
            print(f"{done:,} of {len(samples):,} samples", flush=True)
            reported = time.monotonic()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, metavar="FILE.pt")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--task", choices=TASKS, required=True)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--samples", type=int, help="only the first so many")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    samples = Samples(given.corpus, f"train-{given.task}")
    samples.index = samples.index[: given.samples]
    found = difficulties(load_model(given.checkpoint).eval(), samples)
    found.tofile(given.corpus / f"train-{given.task}.nll")
    for nats in (0.01, 0.1, 0.5, 1, 2):
        print(f"{100 * (found > nats).mean():.1f} % of the samples above {nats} nats, {100 * found[found > nats].sum() / found.sum():.1f} % of the loss")


if __name__ == "__main__":
    main()
