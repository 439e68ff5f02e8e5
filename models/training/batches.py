"""Samples of the corpus, in batches of about one length, in an order that a seed decides."""

from pathlib import Path
from typing import Iterator

import numpy as np
import torch

TASKS = ("inline", "block", "flow")
# What a token of a prompt weighs in the loss, against one of an answer: prompts are worth learning, too, but it is answers that are asked for.
PROMPT_WEIGHT = 0.1
# Batches are padded to a multiple of this, so that few shapes occur.
LENGTH_STEP = 32


class Samples:
    """One `NAME.bin` (token ids, uint16) with its `NAME.idx` (start, length, length of the prompt: uint32 each)."""

    def __init__(self, folder: Path, name: str):
        self.tokens = np.memmap(folder / f"{name}.bin", dtype=np.uint16, mode="r")
        self.index = np.fromfile(folder / f"{name}.idx", dtype=np.uint32).reshape(-1, 3).astype(np.int64)

    def __len__(self) -> int:
        return len(self.index)

    def token_count(self) -> int:
        return int(self.index[:, 1].sum())

    def batch(self, rows: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids [rows, length] and, one shorter, the weight of each prediction: 0 where padding is predicted."""
        longest = int(self.index[rows, 1].max())
        length = -(-longest // LENGTH_STEP) * LENGTH_STEP
        tokens = np.zeros((len(rows), length + 1), np.int64)
        weights = np.zeros((len(rows), length), np.float32)
        for row, (start, count, prompt) in enumerate(self.index[rows]):
            tokens[row, :count] = self.tokens[start : start + count]
            weights[row, : prompt - 1] = PROMPT_WEIGHT
            weights[row, prompt - 1 : count - 1] = 1.0
        return torch.from_numpy(tokens), torch.from_numpy(weights)


def batches_of(samples: Samples, tokens_per_batch: int, random: np.random.Generator) -> list[np.ndarray]:
    """All samples once: neighbours in length share a batch, and the batches are shuffled."""
    lengths = samples.index[:, 1]
    order = np.argsort(lengths + random.random(len(lengths)) * 16, kind="stable")
    found, first = [], 0
    while first < len(order):
        last = first + 1
        longest = lengths[order[first]]
        while last < len(order):
            longest = max(longest, lengths[order[last]])
            padded = -(-int(longest) // LENGTH_STEP) * LENGTH_STEP
            if padded * (last + 1 - first) > tokens_per_batch:
                break
            last += 1
        found.append(order[first:last])
        first = last
    random.shuffle(found)
    return found


class Mixture:
    """Batches of several tasks without end; each batch is of one task, drawn by its share."""

    def __init__(self, folder: Path, shares: dict[str, float], tokens_per_batch: int, seed: int):
        self.random = np.random.default_rng(seed)
        self.tasks = [task for task in TASKS if shares.get(task, 0) > 0]
        weights = np.array([shares[task] for task in self.tasks])
        self.shares = weights / weights.sum()
        self.samples = {task: Samples(folder, f"train-{task}") for task in self.tasks}
        self.waiting: dict[str, list[np.ndarray]] = {task: [] for task in self.tasks}
        self.tokens_per_batch = tokens_per_batch

    def next_rows(self) -> tuple[str, np.ndarray]:
        task = self.tasks[int(self.random.choice(len(self.tasks), p=self.shares))]
        if not self.waiting[task]:
            self.waiting[task] = batches_of(self.samples[task], self.tokens_per_batch, self.random)
        return task, self.waiting[task].pop()

    def skip(self, steps: int) -> None:
        """As if so many batches had been taken: how a resumed run finds its place."""
        for _ in range(steps):
            self.next_rows()

    def __iter__(self) -> Iterator[tuple[str, torch.Tensor, torch.Tensor]]:
        while True:
            task, rows = self.next_rows()
            tokens, weights = self.samples[task].batch(rows)
            yield task, tokens, weights
