"""Trains and exports the whole family: python family.py --corpus FOLDER --out FOLDER

Runs train.py for the stages that are not finished, then export.py and reference.py. May be stopped and started again. The finished files
go to OUT/files; copy them to models/ when they are better than those that are there.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# In this order: the tasks begin from the trunk, the draft imitates the tasks.
STAGES = ("trunk", "inline", "block", "flow", "sketch", "draft")
FILES = {"inline": "apex-inline", "block": "apex-blockgen", "flow": "apex-flow", "draft": "apex-draft"}


def run(program: str, *arguments: str | Path) -> None:
    subprocess.run([sys.executable, str(HERE / program), *map(str, arguments)], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    files = given.out / "files"
    (files / "pytorch").mkdir(parents=True, exist_ok=True)
    run("train.py", *STAGES, "--corpus", given.corpus, "--out", given.out)
    for stage, name in FILES.items():
        checkpoint = given.out / f"{stage}.pt"
        run("export.py", checkpoint, given.corpus / "tokenizer.json", files / f"{name}-Q8_0.gguf", "--name", name)
    for stage, name in FILES.items():
        tasks = ("inline", "block", "flow") if stage == "draft" else (stage,)
        out = files / "pytorch" / f"{name}.json"
        run("reference.py", given.out / f"{stage}.pt", "--tasks", *tasks, "--corpus", given.corpus, "--out", out)
    run("report.py", given.out, "--plot", files / "losses.svg")


if __name__ == "__main__":
    main()
