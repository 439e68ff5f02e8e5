"""PyTorch's greedy answers, for comparing llama.cpp's with: python reference.py CHECKPOINT --tasks block --corpus FOLDER --out FILE.json

The weights are those of the exported file (export.on_grid), computed in float32. Prompts are the first of the dev sets.
Writes {"tasks", "prompts": [token ids], "answers": [token ids], "gaps"}: the gap of an answer is the smallest distance between the two best
logits of any of its choices, which says how near to a tie it was.
"""

import argparse
import json
from pathlib import Path

import torch

from batches import TASKS, Samples
from export import on_grid
from model import Llama, Shape
from tokens import END


@torch.no_grad()
def answer(model: Llama, prompt: list[int], expected: list[int], tokens_max: int) -> tuple[list[int], float]:
    """The greedy answer and its least gap. Without a cache, so nothing can differ from training; one pass settles as many tokens of the
    `expected` answer as are the model's own choices, and the model's first other one."""
    chosen, gap = [], float("inf")
    while len(chosen) < tokens_max and chosen[-1:] != [END]:
        guess = expected[len(chosen) :]
        best = model(torch.tensor([prompt + chosen + guess]))[0, len(prompt) + len(chosen) - 1 :].topk(2)
        for at, (highest, next_highest) in enumerate(best.values.tolist()):
            gap = min(gap, highest - next_highest)
            chosen.append(int(best.indices[at, 0]))
            if at == len(guess) or chosen[-1] != guess[at] or chosen[-1] == END:
                break
    return chosen[:tokens_max], gap


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--tasks", choices=TASKS, nargs="+", required=True, help="prompts are taken of them in turn")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--tokens", type=int, default=128, help="the longest answer")
    given = parser.parse_args()
    kept = torch.load(given.checkpoint, map_location="cpu")
    model = Llama(Shape(**kept["shape"]))
    model.load_state_dict(kept["model"])
    for parameter in model.parameters():
        if parameter.ndim == 2:
            parameter.data = on_grid(parameter)
    samples = [Samples(given.corpus, f"dev-{task}") for task in given.tasks]
    prompts, answers, gaps = [], [], []
    for number in range(given.count):
        place, source = divmod(number, len(samples))
        start, count, prompt_length = samples[source].index[place]
        tokens = samples[source].tokens[start : start + count].tolist()
        prompts.append(tokens[:prompt_length])
        chosen, gap = answer(model, prompts[-1], tokens[prompt_length:], given.tokens)
        answers.append(chosen)
        gaps.append(gap)
    found = {"tasks": given.tasks, "prompts": prompts, "answers": answers, "gaps": [round(gap, 5) for gap in gaps]}
    given.out.write_text(json.dumps(found, separators=(",", ":")) + "\n")
    print(f"{given.out}: {len(prompts)} prompts, {sum(map(len, answers))} tokens, least gap {min(gaps):.4f}")


if __name__ == "__main__":
    main()
