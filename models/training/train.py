"""Trains one stage of the family: python train.py STAGE --corpus FOLDER --out FOLDER.

    trunk                   all three tasks, from nothing, with every second layer
    inline, block, flow     from the trunk to one task each, with all layers
    sketch                  the small model, from nothing, from the text alone
    draft                   from the sketch to imitating the three, each on its own task

STAGE:MINUTES ends a stage by the clock instead of by its number of steps; the rate follows whichever of the two is nearer its end.
--from FOLDER goes on with an earlier run's weights: each stage begins from what that run made of the same stage.
Writes OUT/STAGE.pt (weights and optimizer: a stopped stage goes on from there) and OUT/STAGE.jsonl (a line every 25 steps).
Seeds fix the data's order and the first weights; sums in bf16 on several threads do not repeat to the last bit.
"""

import processor

PROCESSOR = processor.prepare()  # before torch is loaded

# ruff: noqa: E402
import argparse
import json
import os
import platform
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from batches import LENGTHS, PROMPT_WEIGHTS, TASKS, Mixture, Samples, batches_of
from model import SHAPES, Llama, Shape, grown
from optimizer import Optimizer

LOG_STEPS = 25
SAVE_SECONDS = 60
DEV_STEPS = 500


@dataclass(frozen=True)
class Stage:
    shape: Shape
    shares: dict[str, float]
    steps: int
    begin: str | None = None
    teachers: dict[str, str] = field(default_factory=dict)
    warm_up_steps: int = 0
    # Parts of the full rate at the beginning and the end of the stage; in between it falls in a straight line.
    rate_from: float = 1.0
    rate_to: float = 0.0
    muon_rate: float = 0.02
    adam_rate: float = 3e-3
    tokens_per_batch: int = 8192
    prompt_weights: dict[str, float] = field(default_factory=lambda: PROMPT_WEIGHTS)
    # Of longer samples only a part is taken (batches.Mixture).
    thinned_from: dict[str, int] = field(default_factory=dict)
    # Those that a model already answers are taken less often (difficulty.py).
    hard_first: bool = False
    seed: int = 1


# Once a trunk knows the language of requests, what cannot be known of a request's next word is only noise beside its answer. Of a
# hundred inline tokens 95 are code around the cursor, where names are copied as in answers: they keep a small weight. What counts
# there is where an answer begins and ends, and short samples ask for more answers in the same time.
ANSWERS_FIRST = {"inline": 0.03, "block": 0.0, "flow": 0.0}
SHORT_FIRST = {"inline": 96}
MIXED = {"inline": 0.4, "block": 0.37, "flow": 0.23}
# Of code at the cursor a draft is right least often, so it practises most there.
DRAFTED = {"inline": 0.75, "block": 0.13, "flow": 0.12}
STAGES = {
    "trunk": Stage(SHAPES["trunk"], MIXED, steps=4500, warm_up_steps=100, rate_to=0.5),
    "inline": Stage(
        SHAPES["target"],
        {"inline": 1.0},
        steps=1900,
        begin="trunk",
        rate_from=0.5,
        prompt_weights=ANSWERS_FIRST,
        thinned_from=SHORT_FIRST,
        seed=2,
    ),
    "block": Stage(
        SHAPES["target"], {"block": 1.0}, steps=1700, begin="trunk", rate_from=0.5, prompt_weights=ANSWERS_FIRST, seed=3
    ),
    "flow": Stage(
        SHAPES["target"], {"flow": 1.0}, steps=1300, begin="trunk", rate_from=0.5, prompt_weights=ANSWERS_FIRST, seed=4
    ),
    "sketch": Stage(SHAPES["draft"], MIXED, steps=2500, warm_up_steps=100, rate_to=0.5, seed=5),
    "draft": Stage(
        SHAPES["draft"],
        DRAFTED,
        steps=1500,
        begin="sketch",
        teachers={task: task for task in TASKS},
        rate_from=0.5,
        prompt_weights=ANSWERS_FIRST,
        thinned_from=SHORT_FIRST,
        seed=6,
    ),
}
# Of the draft's loss: how much is the teacher's distribution, the rest is the text itself.
TEACHER_PART = 0.85


def rate_part(stage: Stage, step: int, progress: float) -> float:
    """The part of the full rate at a step; `progress` in [0, 1] of the stage."""
    warm = min(1.0, (step + 1) / stage.warm_up_steps) if stage.warm_up_steps > 0 else 1.0
    return warm * (stage.rate_from + (stage.rate_to - stage.rate_from) * progress)


def text_loss(model: Llama, tokens: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    logits = model(tokens[:, :-1])
    losses = F.cross_entropy(logits.flatten(0, 1).float(), tokens[:, 1:].flatten(), reduction="none")
    return (losses * weights.flatten()).sum() / weights.sum()


def imitation_loss(
    model: Llama, tokens: torch.Tensor, weights: torch.Tensor, teacher_logits: torch.Tensor
) -> torch.Tensor:
    log_parts = F.log_softmax(model(tokens[:, :-1]).flatten(0, 1).float(), -1)
    wanted = torch.softmax(teacher_logits.flatten(0, 1).float(), -1)
    of_text = F.nll_loss(log_parts, tokens[:, 1:].flatten(), reduction="none")
    losses = (1 - TEACHER_PART) * of_text - TEACHER_PART * (wanted * log_parts).sum(-1)
    return (losses * weights.flatten()).sum() / weights.sum()


def logits_of(model: Llama, tokens: torch.Tensor) -> torch.Tensor:
    return model(tokens)


@torch.no_grad()
def likelihood(model: Llama, samples: Samples, tokens_per_batch: int = 8192) -> float:
    """Mean negative log-likelihood of a token of the samples' answers, nats."""
    total, count = 0.0, 0
    for rows, length in batches_of(samples, tokens_per_batch, np.random.default_rng(0)):
        tokens, weights = samples.batch(rows, length)
        weights = (weights == 1).float()
        with torch.autocast("cpu", torch.bfloat16):
            total += float(text_loss(model, tokens, weights)) * float(weights.sum())
        count += int(weights.sum())
    return total / count


def processor_name() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def load_model(path: Path) -> Llama:
    kept = torch.load(path, map_location="cpu")
    model = Llama(Shape(**kept["shape"]))
    model.load_state_dict(kept["model"])
    return model


class Workshop:
    """The models that are trained and what was compiled for them: stages of one shape share both, since compiling takes minutes."""

    def __init__(self) -> None:
        torch._dynamo.config.recompile_limit = 4 * len(LENGTHS)
        self.text_loss = torch.compile(text_loss, dynamic=False)
        self.imitation_loss = torch.compile(imitation_loss, dynamic=False)
        self.logits_of = torch.compile(logits_of, dynamic=False)
        self.models: dict[Shape, Llama] = {}

    def model(self, shape: Shape, seed: int) -> Llama:
        """With first weights by the seed."""
        torch.manual_seed(seed)
        fresh = Llama(shape)
        kept = self.models.setdefault(shape, fresh)
        kept.load_state_dict(fresh.state_dict())
        return kept


class Run:
    def __init__(
        self,
        workshop: Workshop,
        name: str,
        stage: Stage,
        corpus: Path,
        out: Path,
        earlier: Path | None,
        steps: int | None,
        minutes: float | None,
        seed: int,
    ):
        self.name, self.stage, self.out = name, stage, out
        self.steps = steps or (stage.steps if minutes is None else float("inf"))
        self.seconds_max = minutes * 60 if minutes is not None else float("inf")
        self.model = workshop.model(self.stage.shape, self.stage.seed)
        if earlier is not None:
            self.begin_with(load_model(earlier / f"{name}.pt"))
        elif self.stage.begin is not None:
            self.begin_with(load_model(out / f"{self.stage.begin}.pt"))
        self.optimizer = Optimizer(self.model, self.stage.muon_rate, self.stage.adam_rate)
        self.teachers = {task: load_model(out / f"{file}.pt").eval() for task, file in self.stage.teachers.items()}
        self.mixture = Mixture(
            corpus,
            self.stage.shares,
            self.stage.prompt_weights,
            self.stage.tokens_per_batch,
            self.stage.seed + seed,
            self.stage.thinned_from,
            self.stage.hard_first,
        )
        self.dev = {task: Samples(corpus, f"dev-{task}") for task in self.mixture.tasks}
        self.step, self.tokens, self.seconds = 0, 0, 0.0
        self.loss: dict[str, float] = {}
        self.resume()
        self.logits_of = workshop.logits_of
        self.compiled = workshop.imitation_loss if self.teachers else workshop.text_loss
        self.log = (out / f"{name}.jsonl").open("a")

    @property
    def path(self) -> Path:
        return self.out / f"{self.name}.pt"

    def begin_with(self, begin: Llama) -> None:
        state = begin.state_dict()
        if begin.shape != self.stage.shape:
            state = grown(state, begin.shape.layers, self.stage.shape.layers)
        self.model.load_state_dict(state)

    def resume(self) -> None:
        if not self.path.exists():
            return
        kept = torch.load(self.path, map_location="cpu")
        self.model.load_state_dict(kept["model"])
        self.optimizer.load_state_dict(kept["optimizer"])
        self.step, self.tokens, self.seconds = kept["step"], kept["tokens"], kept["seconds"]
        self.mixture.skip(self.step)
        print(f"{self.name}: goes on after step {self.step}", flush=True)

    def save(self) -> None:
        kept = {
            "shape": self.stage.shape.as_dict(),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "tokens": self.tokens,
            "seconds": self.seconds,
        }
        torch.save(kept, self.path.with_suffix(".tmp"))
        self.path.with_suffix(".tmp").replace(self.path)

    def train(self) -> None:
        began = time.monotonic() - self.seconds
        saved = time.monotonic()
        for task, tokens, weights in self.mixture:
            self.seconds = time.monotonic() - began
            progress = max(self.step / self.steps, self.seconds / self.seconds_max)
            if progress >= 1:
                break
            loss = self.take_step(task, tokens, weights, rate_part(self.stage, self.step, progress))
            self.step += 1
            self.tokens += int((weights > 0).sum())
            before = self.loss.get(task, loss)
            self.loss[task] = before + 0.05 * (loss - before)
            if self.step % LOG_STEPS == 0:
                self.report(progress)
            if time.monotonic() - saved > SAVE_SECONDS:
                self.save()
                saved = time.monotonic()
        self.save()
        self.report(1.0, is_last=True)

    def take_step(self, task: str, tokens: torch.Tensor, weights: torch.Tensor, part: float) -> float:
        with torch.autocast("cpu", torch.bfloat16):
            if self.teachers:
                with torch.no_grad():
                    wanted = self.logits_of(self.teachers[task], tokens[:, :-1])
                loss = self.compiled(self.model, tokens, weights, wanted)
            else:
                loss = self.compiled(self.model, tokens, weights)
        loss.backward()
        self.optimizer.step(part)
        self.model.zero_grad(set_to_none=True)
        return float(loss.detach())

    def held_out(self) -> dict[str, float]:
        """By task."""
        return {task: round(likelihood(self.model, samples), 5) for task, samples in self.dev.items()}

    def report(self, progress: float, is_last: bool = False) -> None:
        line = {
            "step": self.step,
            "seconds": round(self.seconds, 1),
            "tokens": self.tokens,
            "rate": round(rate_part(self.stage, self.step, progress), 4),
            "loss": {task: round(loss, 4) for task, loss in sorted(self.loss.items())},
        }
        if is_last or self.step % DEV_STEPS == 0:
            line["dev"] = self.held_out()
        if is_last:
            line["on"] = f"{processor_name()}, {PROCESSOR}, {torch.get_num_threads()} threads, torch {torch.__version__}"
        print(json.dumps(line), flush=True)
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()


def stage_and_minutes(text: str) -> tuple[str, float | None]:
    name, _, minutes = text.partition(":")
    if name not in STAGES:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(STAGES)}")
    return name, float(minutes) if minutes else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stages", type=stage_and_minutes, nargs="+", metavar="STAGE[:MINUTES]", help=", ".join(STAGES))
    parser.add_argument("--corpus", type=Path, required=True, help="the folder that npm run models:corpus wrote")
    parser.add_argument("--out", type=Path, required=True, help="where checkpoints and logs go")
    parser.add_argument("--from", type=Path, dest="earlier", metavar="FOLDER", help="an earlier run's --out, to go on from")
    parser.add_argument("--seed", type=int, default=0, help="another order of the data, for going on with the same corpus")
    parser.add_argument("--rate", type=float, help="part of the full rate to begin at, other than the stage's own: less for few steps more")
    parser.add_argument("--hard", action="store_true", help="take samples that difficulty.py found easy less often")
    parser.add_argument("--steps", type=int, help="other than the stage's own number")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(given.threads)
    workshop = Workshop()
    for name, minutes in given.stages:
        stage = replace(STAGES[name], hard_first=given.hard)
        if given.rate is not None:
            stage = replace(stage, rate_from=given.rate)
        run = Run(workshop, name, stage, given.corpus, given.out, given.earlier, given.steps, minutes, given.seed)
        print(f"{name}: {run.model.parameter_count():,} parameters", file=sys.stderr, flush=True)
        run.train()


if __name__ == "__main__":
    main()
