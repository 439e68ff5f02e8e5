"""The losses of all stages as a plot and a table: python report.py OUT … --plot FILE.svg (reads OUT/STAGE.jsonl, prints the table)

Of several runs, each of which went on from the one before it, the stages of the second and later ones are numbered.
"""

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

STAGES = ("trunk", "inline", "block", "flow", "sketch", "draft")
COLOURS = {"inline": "#4269d0", "block": "#efb118", "flow": "#3ca951"}


def lines_of(path: Path) -> list[dict]:
    """By step; of a stage that was stopped and went on, what was said last of each step."""
    found = {}
    for line in path.read_text().splitlines():
        said = json.loads(line)
        found[said["step"]] = {**found.get(said["step"], {}), **said}
    return [found[step] for step in sorted(found)]


def table(stages: dict[str, list[dict]]) -> str:
    rows = ["| stage | steps | tokens in the loss | loss | dev (nats a token) | minutes |", "|---|---|---|---|---|---|"]
    for stage, lines in stages.items():
        last = lines[-1]
        said = lambda values: ", ".join(f"{task} {value:.4f}" for task, value in values.items())  # noqa: E731
        rows.append(
            f"| {stage} | {last['step']:,} | {last['tokens']:,} | {said(last['loss'])} "
            f"| {said(last.get('dev', {}))} | {last['seconds'] / 60:.1f} |"
        )
    return "\n".join(rows + ["", "On: " + "; ".join(sorted({lines[-1].get("on", "?") for lines in stages.values()}))])


def plot(stages: dict[str, list[dict]], path: Path) -> None:
    figure, axes = pyplot.subplots(1, len(stages), figsize=(2.4 * len(stages), 3), sharey=True, layout="constrained", squeeze=False)
    for axis, (stage, lines) in zip(axes[0], stages.items()):
        for task, colour in COLOURS.items():
            points = [(line["step"], line["loss"][task]) for line in lines if task in line["loss"]]
            held = [(line["step"], line["dev"][task]) for line in lines if task in line.get("dev", {})]
            if points:
                axis.plot(*zip(*points), color=colour, linewidth=1, label=f"{task}, training")
            if held:
                axis.plot(*zip(*held), color=colour, linestyle="none", marker="o", markersize=3, label=f"{task}, dev")
        axis.set_title(stage)
        axis.set_xlabel("step")
        axis.set_yscale("log")
        axis.grid(alpha=0.3)
    axes[0][0].set_ylabel("loss, nats a token")
    axes[0][0].legend(fontsize=6)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="+")
    parser.add_argument("--plot", type=Path, required=True)
    given = parser.parse_args()
    stages = {
        stage if number == 1 else f"{stage} {number}": lines_of(run / f"{stage}.jsonl")
        for number, run in enumerate(given.out, 1)
        for stage in STAGES
        if (run / f"{stage}.jsonl").exists()
    }
    print(table(stages))
    plot(stages, given.plot)


if __name__ == "__main__":
    main()
