"""PyTorch's greedy answers, for comparing llama.cpp's with: python reference.py CHECKPOINT --task block --corpus FOLDER --out FILE.json

The weights are those of the exported file (export.on_grid), computed in float32. Prompts are the first of the dev set.
Writes {"task", "prompts": [token ids], "answers": [token ids], "leastGap"}: the smallest distance between the two best logits,
which says how near to a tie any choice was.
"""

import argparse
import json
from pathlib import Path

import torch

from batches import TASKS, Samples
from export import on_grid
from model import Llama, Shape

END = 2040


@torch.no_grad()
def answer(model: Llama, prompt: list[int], tokens_max: int) -> tuple[list[int], float]:
    """Without a cache: slower, and nothing that could differ from training."""
    tokens, gap = list(prompt), float("inf")
    while len(tokens) - len(prompt) < tokens_max:
        best = model(torch.tensor([tokens]))[0, -1].topk(2)
        gap = min(gap, float(best.values[0] - best.values[1]))
        tokens.append(int(best.indices[0]))
        if tokens[-1] == END:
            break
    return tokens[len(prompt) :], gap


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--task", choices=TASKS, required=True)
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
    samples = Samples(given.corpus, f"dev-{given.task}")
    prompts, answers, gaps = [], [], []
    for start, _, prompt_length in samples.index[: given.count]:
        prompts.append(samples.tokens[start : start + prompt_length].tolist())
        tokens, gap = answer(model, prompts[-1], given.tokens)
        answers.append(tokens)
        gaps.append(gap)
    found = {"task": given.task, "leastGap": min(gaps), "prompts": prompts, "answers": answers}
    given.out.write_text(json.dumps(found, separators=(",", ":")) + "\n")
    print(f"{given.out}: {len(prompts)} prompts, least gap {min(gaps):.4f}")


if __name__ == "__main__":
    main()
