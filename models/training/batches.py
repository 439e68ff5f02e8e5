"""Samples of the corpus, in batches of about one length, in an order that a seed decides."""

from pathlib import Path
from typing import Iterator

import numpy as np
import torch

TASKS = ("inline", "block", "flow")
# What a token of a prompt weighs in the loss, against one of an answer. Prefixes are code, as answers are; English is only asked with.
PROMPT_WEIGHTS = {"inline": 0.3, "block": 0.1, "flow": 0.1}
# A batch has one of these lengths: each is compiled once, and what the compiler knows beforehand runs nearly twice as fast.
LENGTHS = (64, 96, 128, 160, 224, 320, 448, 640, 1024)
# Where difficulty decides: the negative log-likelihood of an answer, nats, from which on all samples are taken, and the part that is taken at least.
HARD_NATS = 0.25
EASY_PART = 0.1


class Samples:
    """One `NAME.bin` (token ids, uint16) with its `NAME.idx` (start, length, length of the prompt: uint32 each)."""

    def __init__(self, folder: Path, name: str, prompt_weight: float = 0.0):
        self.prompt_weight = prompt_weight
        self.tokens = np.memmap(folder / f"{name}.bin", dtype=np.uint16, mode="r")
        self.index_path, self.nats_path = folder / f"{name}.idx", folder / f"{name}.nll"
        self.index = np.fromfile(self.index_path, dtype=np.uint32).reshape(-1, 3).astype(np.int64)

    def __len__(self) -> int:
        return len(self.index)

    def token_count(self) -> int:
        return int(self.index[:, 1].sum())

    def chances_by_difficulty(self) -> np.ndarray:
        """The chance of each to be taken, by what difficulty.py wrote: in [EASY_PART, 1], 0 where it has not read the sample."""
        if not self.nats_path.exists():
            raise FileNotFoundError(f"{self.nats_path} is missing: difficulty.py writes it")
        nats = np.fromfile(self.nats_path, dtype=np.float32)
        if len(nats) > len(self) or self.nats_path.stat().st_mtime < self.index_path.stat().st_mtime:
            raise ValueError(f"{self.nats_path} is of another corpus: run difficulty.py again")
        chances = np.zeros(len(self), np.float32)
        chances[: len(nats)] = np.clip(nats / HARD_NATS, EASY_PART, 1)
        return chances

    def batch(self, rows: np.ndarray, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Token ids [rows, length + 1] and the weight of each prediction [rows, length]: 0 where padding is predicted."""
        tokens = np.zeros((len(rows), length + 1), np.int64)
        weights = np.zeros((len(rows), length), np.float32)
        for row, (start, count, prompt) in enumerate(self.index[rows]):
            tokens[row, :count] = self.tokens[start : start + count]
            weights[row, : prompt - 1] = self.prompt_weight
            weights[row, prompt - 1 : count - 1] = 1.0
        return torch.from_numpy(tokens), torch.from_numpy(weights)


def batches_of(
    samples: Samples, tokens_per_batch: int, random: np.random.Generator, chances: np.ndarray | None = None
) -> list[tuple[np.ndarray, int]]:
    """All samples once, or each by its chance in `chances`, as (rows, length), shuffled; a length's last batch may have fewer rows."""
    buckets = np.searchsorted(np.array(LENGTHS) + 1, samples.index[:, 1])
    if chances is not None:
        buckets[random.random(len(samples)) >= chances] = len(LENGTHS)
    found = []
    for bucket, length in enumerate(LENGTHS):
        rows = random.permutation(np.flatnonzero(buckets == bucket))
        count = tokens_per_batch // length
        found += [(rows[first : first + count], length) for first in range(0, len(rows), count)]
    random.shuffle(found)
    return found


class Mixture:
    """Batches of several tasks without end; each batch is of one task, drawn by its share."""

    def __init__(
        self,
        folder: Path,
        shares: dict[str, float],
        prompt_weights: dict[str, float],
        tokens_per_batch: int,
        seed: int,
        thinned_from: dict[str, int],
        hard_first: bool,
    ):
        """Of a task's samples of a longer length than its `thinned_from` the part `thinned_from / length` is taken, of the others all.
        `hard_first`: each time round, the parts that their difficulties say (difficulty.py)."""
        self.thinned_from = thinned_from
        self.random = np.random.default_rng(seed)
        self.tasks = [task for task in TASKS if shares.get(task, 0) > 0]
        weights = np.array([shares[task] for task in self.tasks])
        self.shares = weights / weights.sum()
        self.samples = {task: Samples(folder, f"train-{task}", prompt_weights[task]) for task in self.tasks}
        self.chances = {task: samples.chances_by_difficulty() if hard_first else None for task, samples in self.samples.items()}
        self.waiting: dict[str, list[tuple[np.ndarray, int]]] = {task: [] for task in self.tasks}
        self.tokens_per_batch = tokens_per_batch

    def next_rows(self) -> tuple[str, np.ndarray, int]:
        """Only whole batches: a smaller one would be a shape of its own to compile."""
        task = self.tasks[int(self.random.choice(len(self.tasks), p=self.shares))]
        while not self.waiting[task]:
            batches = batches_of(self.samples[task], self.tokens_per_batch, self.random, self.chances[task])
            whole = [(rows, length) for rows, length in batches if len(rows) == self.tokens_per_batch // length]
            if not whole:
                raise ValueError(f"{task}: too few samples for one batch of {self.tokens_per_batch} tokens")
            self.waiting[task] = self.thinned(task, whole)
        return task, *self.waiting[task].pop()

    def thinned(self, task: str, batches: list[tuple[np.ndarray, int]]) -> list[tuple[np.ndarray, int]]:
        limit = self.thinned_from.get(task)
        if limit is None:
            return batches
        return [(rows, length) for rows, length in batches if self.random.random() < limit / length]

    def skip(self, steps: int) -> None:
        """As if so many batches had been taken: how a resumed run finds its place."""
        for _ in range(steps):
            self.next_rows()

    def __iter__(self) -> Iterator[tuple[str, torch.Tensor, torch.Tensor]]:
        while True:
            task, rows, length = self.next_rows()
            tokens, weights = self.samples[task].batch(rows, length)
            yield task, tokens, weights
