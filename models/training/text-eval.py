"""TextEval: says whether Apex answers its comment. A small encoder, trained on pairs of a comment and code.

    python text-eval.py train  --data FOLDER --out FOLDER [--minutes 15]    goes on where OUT/text-eval.pt stops
    python text-eval.py export --out FOLDER --onnx ../text-eval.onnx        and checks it against PyTorch

FOLDER of the data: `npm run models -- text-eval --out FOLDER --tokenizer tokenizer.json`. OUT/text-eval.jsonl gets a line
every 20 steps; the last one says how long it took, and on what.
"""

import processor

PROCESSOR = processor.prepare()  # before torch is loaded

# ruff: noqa: E402
import argparse
import json
import platform
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from model import VOCABULARY
from optimizer import Optimizer
from tokens import OUT, PAD

WIDTH, LAYERS, HEADS, HIDDEN, KERNEL = 128, 4, 4, 512, 5
TOKENS_PER_BATCH = 3072
SEED = 1
WARM_UP_STEPS = 20
# Of a run: the last part, over which the rate falls to nothing.
DECAY = 0.6
MUON_RATE, ADAM_RATE = 0.02, 4e-3
MARK_WEIGHT = 1.0
LOG_STEPS, DEV_STEPS, SAVE_SECONDS = 20, 200, 60
LETTERS_MAX = 3


def plain(token: str) -> str:
    """Without its leading blank, in small letters: `Ġstatus` and `Status` are one word."""
    return token.replace("Ġ", "").lower() or token


def words_of(tokenizer: Path) -> list[str]:
    return json.loads(tokenizer.read_text())["tokens"]


def classes_of(tokens: list[str]) -> torch.Tensor:
    """Tokens with the same plain text have the same class; the graph compares classes."""
    first: dict[str, int] = {}
    return torch.tensor([first.setdefault(plain(token), len(first)) for token in tokens])


def first_embedding(tokens: list[str], width: int) -> torch.Tensor:
    """Tokens begin alike where they are spelled alike: sums of random vectors of their plain text's pieces of letters."""
    vectors: dict[str, torch.Tensor] = {}
    rows = []
    for token in tokens:
        text = f"^{plain(token)}$"
        pieces = [text] + [text[at : at + LETTERS_MAX] for at in range(max(1, len(text) - LETTERS_MAX + 1))]
        for piece in pieces:
            if piece not in vectors:
                vectors[piece] = torch.randn(width)
        rows.append(sum(vectors[piece] for piece in pieces) / len(pieces) ** 0.5 * width**-0.5)
    return torch.stack(rows)


class Layer(nn.Module):
    """Neighbours by a convolution, then the whole pair by attention, then each token for itself."""

    def __init__(self):
        super().__init__()
        out = (3 * LAYERS) ** -0.5
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in range(3))
        self.near = nn.Conv1d(WIDTH, WIDTH, KERNEL, padding=KERNEL // 2, groups=WIDTH)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.attention_out = nn.Linear(WIDTH, WIDTH)
        self.up = nn.Linear(WIDTH, HIDDEN)
        self.down = nn.Linear(HIDDEN, WIDTH)
        # Per head: what attention gains where the words are the same, where their neighbours are, too, and on the other side of `<|out|>`.
        self.gains = nn.Parameter(torch.tensor([[2.0, 2.0, 1.0], [1.0, 3.0, 1.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]))
        with torch.no_grad():
            self.attention_out.weight.mul_(out)
            self.down.weight.mul_(out)

    def forward(self, x: torch.Tensor, relations: torch.Tensor, hidden: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        near = self.near((self.norms[0](x) * present).transpose(1, 2)).transpose(1, 2)
        x = x + F.gelu(near)
        x = x + self.attention_out(self.attend(self.norms[1](x), relations, hidden))
        return x + self.down(F.gelu(self.up(self.norms[2](x))))

    def attend(self, x: torch.Tensor, relations: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        query, key, value = (part.unflatten(2, (HEADS, -1)).transpose(1, 2) for part in self.qkv(x).chunk(3, 2))
        bias = (relations @ self.gains.T).permute(0, 3, 1, 2)
        scores = query @ key.transpose(2, 3) * (WIDTH // HEADS) ** -0.5 + bias + hidden
        return (torch.softmax(scores, 3) @ value).transpose(1, 2).flatten(2)


class TextEval(nn.Module):
    def __init__(self, tokens: list[str]):
        super().__init__()
        self.register_buffer("classes", classes_of(tokens))
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.sides = nn.Parameter(torch.randn(2, WIDTH) * 0.1)
        # Whether a word is also on the other side, and whether it is there with the one before, with the one behind.
        self.found = nn.Linear(3, WIDTH, bias=False)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.mark = nn.Linear(WIDTH, 1)
        self.worst = nn.Parameter(torch.ones(1))
        self.whole = nn.Linear(WIDTH, 1)
        with torch.no_grad():
            self.embedding.weight.copy_(first_embedding(tokens, WIDTH))
            self.mark.bias.fill_(-3.0)
            self.whole.bias.fill_(1.0)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens and their mask [batch, sequence] → the logit that the code is right [batch], and that a token is wrong."""
        mask = attention_mask.to(torch.float32)
        ends = (input_ids == OUT).to(torch.float32)
        is_code = ((ends.cumsum(1) - ends) > 0).to(torch.float32) * mask
        same, pairs, across = self.relations(input_ids, mask, is_code)
        relations = torch.stack([same, pairs, across], 3)
        before = F.pad(same[:, :-1, :-1], (1, 0, 1, 0))
        behind = F.pad(same[:, 1:, 1:], (0, 1, 0, 1))
        found = torch.stack([(near * across).amax(2) for near in (same, same * before, same * behind)], 2)
        side = is_code.unsqueeze(2)
        x = self.embedding(input_ids) + self.sides[0] * (1 - side) + self.sides[1] * side + self.found(found)
        hidden = ((1 - mask) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, relations, hidden, mask.unsqueeze(2))
        x = self.norm(x)
        marks = self.mark(x).squeeze(2)
        worst = torch.logsumexp(marks + (1 - is_code) * -1e4, 1)
        mean = (x * mask.unsqueeze(2)).sum(1) / mask.sum(1, keepdim=True)
        return self.whole(mean).squeeze(1) - self.worst * worst, marks

    def relations(self, input_ids: torch.Tensor, mask: torch.Tensor, is_code: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Of each two tokens: the same word, with the same neighbour, one in the comment and one in the code."""
        classes = self.classes[input_ids]
        same = (classes.unsqueeze(2) == classes.unsqueeze(1)).to(torch.float32)
        before = F.pad(same[:, :-1, :-1], (1, 0, 1, 0))
        behind = F.pad(same[:, 1:, 1:], (0, 1, 0, 1))
        across = (is_code.unsqueeze(2) - is_code.unsqueeze(1)).abs() * mask.unsqueeze(2) * mask.unsqueeze(1)
        return same, same * torch.maximum(before, behind), across


class Scored(nn.Module):
    """As it is served: a probability, and the logit."""

    def __init__(self, model: TextEval):
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        logits, _ = self.model(input_ids, attention_mask)
        return torch.sigmoid(logits), logits


class Pairs:
    """SET.bin, SET.marks and SET.idx of `npm run models -- text-eval`."""

    def __init__(self, folder: Path, name: str):
        self.tokens = np.memmap(folder / f"{name}.bin", dtype=np.uint16, mode="r")
        self.marks = np.memmap(folder / f"{name}.marks", dtype=np.uint8, mode="r")
        self.index = np.fromfile(folder / f"{name}.idx", dtype=np.uint32).reshape(-1, 4).astype(np.int64)

    def __len__(self) -> int:
        return len(self.index)

    def batch(self, rows: np.ndarray) -> dict[str, torch.Tensor]:
        length = int(self.index[rows, 1].max())
        tokens = np.full((len(rows), length), PAD, np.int64)
        mask = np.zeros((len(rows), length), np.int64)
        marks = np.zeros((len(rows), length), np.float32)
        code = np.zeros((len(rows), length), np.float32)
        for row, (start, count, comment, _) in enumerate(self.index[rows]):
            tokens[row, :count] = self.tokens[start : start + count]
            mask[row, :count] = 1
            marks[row, :count] = self.marks[start : start + count]
            code[row, comment:count] = 1
        right = self.index[rows, 3].astype(np.float32)
        named = {"tokens": tokens, "mask": mask, "marks": marks, "code": code, "right": right}
        return {name: torch.from_numpy(array) for name, array in named.items()}

    def batches(self, random: np.random.Generator) -> list[np.ndarray]:
        """All pairs once, those of about one length together."""
        noisy = self.index[:, 1] * random.uniform(0.9, 1.1, len(self))
        order = np.argsort(noisy, kind="stable")
        batches, first = [], 0
        while first < len(order):
            end = first + 1
            while end < len(order) and self.index[order[first : end + 1], 1].max() * (end + 1 - first) <= TOKENS_PER_BATCH:
                end += 1
            batches.append(order[first:end])
            first = end
        random.shuffle(batches)
        return batches


def is_wide_matrix(name: str, parameter: nn.Parameter) -> bool:
    """The matrices of the layers that Muon takes, without the few numbers of `gains`."""
    return name.startswith("layers.") and parameter.ndim == 2 and parameter.shape[0] >= WIDTH


def loss_of(model: TextEval, batch: dict[str, torch.Tensor]) -> torch.Tensor:
    logits, marks = model(batch["tokens"], batch["mask"])
    of_pairs = F.binary_cross_entropy_with_logits(logits, batch["right"])
    of_marks = F.binary_cross_entropy_with_logits(marks, batch["marks"], weight=batch["code"], reduction="sum")
    return of_pairs + MARK_WEIGHT * of_marks / batch["code"].sum()


def area(scores: np.ndarray, right: np.ndarray) -> float:
    """Under the curve of true against false positives: how often a right pair scores above a wrong one; equal ones count half."""
    order = np.argsort(scores, kind="stable")
    values, places, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    ranks = np.empty(len(scores))
    ranks[order] = (np.cumsum(counts) - (counts - 1) / 2)[places]
    positives = right.sum()
    return float((ranks[right == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(right) - positives)))


@torch.no_grad()
def measured(model: TextEval, pairs: Pairs) -> float:
    scores = np.zeros(len(pairs), np.float32)
    for rows in pairs.batches(np.random.default_rng(0)):
        batch = pairs.batch(rows)
        scores[rows] = model(batch["tokens"], batch["mask"])[0].numpy()
    return area(scores, pairs.index[:, 3])


class Run:
    """The rate falls with the processor's seconds, not the clock's: other programs do not shorten the training."""

    def __init__(self, data: Path, out: Path, minutes: float, pair_count: int | None):
        self.path, self.seconds_max = out / "text-eval.pt", minutes * 60
        torch.manual_seed(SEED)
        self.tokens = words_of(data / "tokenizer.json")
        self.model = TextEval(self.tokens)
        self.optimizer = Optimizer(self.model, MUON_RATE, ADAM_RATE, is_wide_matrix)
        self.train_set, self.dev_set = Pairs(data, "train"), Pairs(data, "dev")
        if pair_count is not None:
            self.train_set.index = self.train_set.index[:pair_count]
        self.step, self.pairs, self.seconds, self.clock_seconds = 0, 0, 0.0, 0.0
        if self.path.exists():
            kept = torch.load(self.path, map_location="cpu")
            self.model.load_state_dict(kept["model"])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.step, self.pairs = kept["step"], kept["pairs"]
            self.seconds, self.clock_seconds = kept["seconds"], kept["clock_seconds"]
            print(f"goes on after step {self.step}", flush=True)
        self.log = (out / "text-eval.jsonl").open("a")

    def save(self) -> None:
        kept = {
            "tokens": self.tokens,
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "pairs": self.pairs,
            "seconds": self.seconds,
            "clock_seconds": self.clock_seconds,
        }
        torch.save(kept, self.path.with_suffix(".tmp"))
        self.path.with_suffix(".tmp").replace(self.path)

    def batches(self):
        """The same order in every run of the seed; a run that goes on skips what it has seen."""
        random, seen = np.random.default_rng(SEED), 0
        while True:
            for rows in self.train_set.batches(random):
                seen += 1
                if seen > self.step:
                    yield rows

    def run(self) -> None:
        began, began_clock = time.process_time() - self.seconds, time.monotonic() - self.clock_seconds
        saved, mean_loss = time.monotonic(), None
        for rows in self.batches():
            self.seconds, self.clock_seconds = time.process_time() - began, time.monotonic() - began_clock
            progress = self.seconds / self.seconds_max
            if progress >= 1:
                break
            part = min(1.0, (self.step + 1) / WARM_UP_STEPS) * min(1.0, (1 - progress) / DECAY)
            loss = loss_of(self.model, self.train_set.batch(rows))
            loss.backward()
            self.optimizer.step(part)
            self.model.zero_grad(set_to_none=True)
            self.step += 1
            self.pairs += len(rows)
            mean_loss = float(loss.detach()) if mean_loss is None else mean_loss + 0.05 * (float(loss.detach()) - mean_loss)
            if self.step % LOG_STEPS == 0:
                self.report({"rate": round(part, 3), "loss": round(mean_loss, 4)}, self.step % DEV_STEPS == 0)
            if time.monotonic() - saved > SAVE_SECONDS:
                self.save()
                saved = time.monotonic()
        self.save()
        on = f"{platform.machine()}, {PROCESSOR}, {torch.get_num_threads()} threads, torch {torch.__version__}"
        self.report({"seed": SEED, "on": on, "parameters": sum(p.numel() for p in self.model.parameters())}, True)

    def report(self, more: dict, has_dev: bool) -> None:
        line = {"step": self.step, "pairs": self.pairs, "seconds": round(self.seconds, 1)}
        line |= {"clock_seconds": round(self.clock_seconds), **more}
        if has_dev:
            line["dev_auc"] = round(measured(self.model, self.dev_set), 4)
        print(json.dumps(line), flush=True)
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()


def export(checkpoint: Path, onnx_path: Path) -> None:
    import onnxruntime

    kept = torch.load(checkpoint, map_location="cpu")
    model = TextEval(kept["tokens"])
    model.load_state_dict(kept["model"])
    scored = Scored(model).eval()
    ids, mask = sample_input(3, 24)
    names = {"input_names": ["input_ids", "attention_mask"], "output_names": ["score", "logits"]}
    batch, sequence = torch.export.Dim("batch"), torch.export.Dim("sequence", min=2, max=1024)
    shapes = {"input_ids": {0: batch, 1: sequence}, "attention_mask": {0: batch, 1: sequence}}
    torch.onnx.export(
        scored, (ids, mask), str(onnx_path), dynamo=True, dynamic_shapes=shapes, opset_version=18, external_data=False, **names
    )
    remove_traces(onnx_path)
    session = onnxruntime.InferenceSession(str(onnx_path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for rows, length in ((1, 7), (3, 24), (5, 180)):
        ids, mask = sample_input(rows, length)
        with torch.no_grad():
            wanted = scored(ids, mask)[0].numpy()
        got = session.run(["score"], {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0]
        worst = max(worst, float(np.abs(got - wanted).max()))
    print(f"{onnx_path.name}: {onnx_path.stat().st_size:,} bytes, scores differ by at most {worst:.1e}")
    if worst > 1e-4:
        raise SystemExit("too much")


def remove_traces(path: Path) -> None:
    """What the exporter notes of this program and where it lay: nobody who serves the file needs it."""
    import onnx

    model = onnx.load(path)
    for place in (model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info):
        del place.metadata_props[:]
        place.doc_string = ""
    onnx.save(model, path)


def sample_input(rows: int, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(rows)
    ids = torch.randint(0, 2000, (rows, length), generator=random)
    ids[:, length // 3] = OUT
    mask = torch.ones(rows, length, dtype=torch.int64)
    for row in range(1, rows):
        ids[row, length - row :] = PAD
        mask[row, length - row :] = 0
    return ids, mask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["train", "export"])
    parser.add_argument("--data", type=Path, help="the folder that npm run models -- text-eval wrote")
    parser.add_argument("--out", type=Path, required=True, help="where the checkpoint and the log are")
    parser.add_argument("--onnx", type=Path, help="the model to write")
    parser.add_argument("--minutes", type=float, default=15, help="of the processor, all runs together")
    parser.add_argument("--pairs", type=int, help="only the first so many of the data")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    needed = "data" if given.what == "train" else "onnx"
    if getattr(given, needed) is None:
        parser.error(f"{given.what} needs --{needed}")
    torch.set_num_threads(given.threads)
    given.out.mkdir(parents=True, exist_ok=True)
    if given.what == "train":
        Run(given.data, given.out, given.minutes, given.pairs).run()
    else:
        export(given.out / "text-eval.pt", given.onnx)


if __name__ == "__main__":
    main()
