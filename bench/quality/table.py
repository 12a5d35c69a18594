"""Results as one markdown table, and what they say together."""
import csv
import math
import random
import statistics

OFFSET = 0.01  # of the geometric mean: an error of 0 is not infinitely better than one of 0.001


def deviation_of(task):
    with open(f"{task['folder']}/test.csv", newline="") as file:
        return statistics.pstdev(float(row[-1]) for row in list(csv.reader(file))[1:])


def error(result, deviation):
    """The share of wrong classes, or RMSE / standard deviation of the target."""
    metrics = result["metrics"]
    return 1 - metrics["accuracy"] if "accuracy" in metrics else metrics["rmse"] / deviation


def mean_errors(results, tasks):
    """{set: {learner: [error of each task]}}"""
    deviations = {(t["set"], t["task"]): deviation_of(t) for t in tasks if t["kind"] == "number"}
    errors = {}
    for result in results:
        deviation = deviations.get((result["set"], result["task"]))
        errors.setdefault(result["set"], {}).setdefault(result["learner"], []).append(
            error(result, deviation))
    return errors


def ranks(row):
    """From 1, the best; equals share the mean of their ranks."""
    def rank(x):
        return 1 + sum(y < x - 1e-9 for y in row) + sum(abs(y - x) <= 1e-9 for y in row) / 2 - 0.5
    return [rank(x) for x in row]


def geometric_mean(values):
    return math.exp(statistics.mean(math.log(v + OFFSET) for v in values)) - OFFSET


def interval(values, of):
    """The middle 95 % of `of` over sets drawn anew (bootstrap)."""
    draw = random.Random(0)
    drawn = sorted(of(draw.choices(values, k=len(values))) for _ in range(2000))
    return drawn[50], drawn[-51]


def markdown(results, tasks):
    errors = mean_errors(results, tasks)
    learners = list(dict.fromkeys(result["learner"] for result in results))
    rows = {task["set"]: (task["rows"], task["inputs"]) for task in tasks}
    lines = ["| table | rows x inputs | " + " | ".join(learners) + " |",
             "|---|---|" + "---|" * len(learners)]
    for name, by_learner in errors.items():
        means = [statistics.mean(by_learner[learner]) for learner in learners]
        cells = [f"{mean:.4f} ± {statistics.stdev(values) / len(values) ** 0.5:.4f}"
                 if len(values := by_learner[learner]) > 1 else f"{mean:.4f}"
                 for mean, learner in zip(means, learners)]
        best = min(means)
        cells = [f"**{c}**" if m <= best + 1e-9 else c for c, m in zip(cells, means)]
        lines.append(f"| {name} | {rows[name][0]} x {rows[name][1]} | " + " | ".join(cells) + " |")
    return "\n".join(lines + summary(results, errors, learners))


def summary(results, errors, learners):
    means = [[statistics.mean(row[learner]) for learner in learners] for row in errors.values()]
    ranked = [ranks(row) for row in means]
    cells = {"geometric mean": [], "its 95 % interval": [], "mean rank": [], "seconds a run": []}
    for i, learner in enumerate(learners):
        column = [row[i] for row in means]
        low, high = interval(column, geometric_mean)
        cells["geometric mean"].append(f"{geometric_mean(column):.4f}")
        cells["its 95 % interval"].append(f"{low:.3f} to {high:.3f}")
        cells["mean rank"].append(f"{statistics.mean(row[i] for row in ranked):.2f}")
        seconds = [r["seconds"] for r in results if r["learner"] == learner]
        cells["seconds a run"].append(f"{statistics.median(seconds):.1f}, at most {max(seconds):.1f}")
    # What really compares two learners: how the first one's error relates to the other's, set by set.
    ratios = ["1"]
    for i in range(1, len(learners)):
        logs = [math.log((row[0] + OFFSET) / (row[i] + OFFSET)) for row in means]
        low, high = interval(logs, statistics.mean)
        ratios.append(f"{math.exp(statistics.mean(logs)):.3f} ({math.exp(low):.3f} to {math.exp(high):.3f})")
    cells[f"{learners[0]}'s error / this one's"] = ratios
    return [f"| **{name}** | | " + " | ".join(values) + " |" for name, values in cells.items()]
