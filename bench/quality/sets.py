"""The tables the quality bench measures on, all from Debian packages, and how each is split.

A task is one split of one set: train.csv and test.csv with the target in the last column, "y". Sets
with a test part of their own keep it; others are split into equal parts, each the test part once.
"""
import csv
import gzip
import json
import pathlib
import random
import subprocess

PACKAGES = ["python3-sklearn", "weka", "libfann-doc", "r-cran-palmerpenguins"]
PARTS = 5  # of a set without a test part
REPEATS = 3  # seeds of a set with one

CLASSES, NUMBER = "classes", "number"


def unpack(folder):
    """The packages' files, unpacked once into the folder, not installed."""
    if (folder / "done").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", "-qq", *PACKAGES], cwd=folder, check=True)
    for archive in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    (folder / "done").touch()


def text_of(folder, pattern):
    found = sorted(folder.rglob(pattern))
    if not found:
        raise FileNotFoundError(pattern)
    data = found[0].read_bytes()
    return (gzip.decompress(data) if found[0].suffix == ".gz" else data).decode()


def csv_rows(pattern, skip=0, target=-1):
    def read(folder):
        rows = list(csv.reader(text_of(folder, pattern).splitlines()))[skip:]
        return [row[:target] + row[target:][1:] + [row[target]] for row in rows]
    return read


def two_files(inputs, targets):
    def read(folder):
        parts = [text_of(folder, name).splitlines() for name in (inputs, targets)]
        return [x.split() + y.split() for x, y in zip(*parts)]
    return read


def penguins(folder):
    """rowid, species, ...: the species is the target."""
    rows = list(csv.reader(text_of(folder, "extdata/penguins.csv").splitlines()))[1:]
    return [row[1:] + [row[0]] for row in rows]


def arff(pattern):
    def read(folder):
        _, _, data = text_of(folder, pattern).replace("@DATA", "@data").partition("@data")
        lines = [line for line in data.splitlines() if line.strip() and not line.startswith("%")]
        rows = csv.reader(lines, quotechar="'", skipinitialspace=True)
        return [["" if cell.strip() == "?" else cell.strip() for cell in row] for row in rows]
    return read


def fann(name, part):
    """Counts, then rows of inputs and outputs; classes are one-hot, of several numbers the first is taken."""
    def read(folder):
        numbers = text_of(folder, f"datasets/{name}.{part}*").split()
        inputs, outputs = int(numbers[1]), int(numbers[2])
        rows = []
        for begin in range(3, len(numbers), inputs + outputs):
            row = numbers[begin:begin + inputs + outputs]
            hot = [float(n) for n in row[inputs:]]
            one_hot = outputs > 1 and set(hot) == {0.0, 1.0} and sum(hot) == 1
            rows.append(row[:inputs] + ([f"class {hot.index(1)}"] if one_hot else [row[inputs]]))
        return rows
    return read


def fann_set(name):
    return fann(name, "train"), fann(name, "test")


#: name → (kind, reader) or (kind, reader of the training part, reader of the test part)
SETS = {
    "labor": (CLASSES, arff("labor.arff")),
    "iris": (CLASSES, csv_rows("data/iris.csv", 1)),
    "wine": (CLASSES, csv_rows("wine_data.csv", 1)),
    "glass": (CLASSES, arff("examples/glass.arff")),
    "breast-cancer": (CLASSES, arff("breast-cancer.arff")),
    "penguins": (CLASSES, penguins),
    "ionosphere": (CLASSES, arff("ionosphere.arff")),
    "vote": (CLASSES, arff("vote.arff")),
    "breast cancer": (CLASSES, csv_rows("breast_cancer.csv", 1)),
    "unbalanced": (CLASSES, arff("unbalanced.arff")),
    "credit-g": (CLASSES, arff("credit-g.arff")),
    "digits": (CLASSES, csv_rows("digits.csv.gz")),
    "segment": (CLASSES, arff("segment-challenge.arff"), arff("segment-test.arff")),
    "soybean": (CLASSES, *fann_set("soybean")),
    "Pima diabetes": (CLASSES, *fann_set("diabetes")),
    "gene": (CLASSES, *fann_set("gene")),
    "thyroid": (CLASSES, *fann_set("thyroid")),
    "mushroom": (CLASSES, *fann_set("mushroom")),
    "cpu": (NUMBER, arff("examples/cpu.arff")),
    "diabetes": (NUMBER, two_files("diabetes_data_raw.csv.gz", "diabetes_target.csv.gz")),
    "pumadyn-32fm": (NUMBER, *fann_set("pumadyn-32fm")),
    "bank32fm": (NUMBER, *fann_set("bank32fm")),
    "bank32nh": (NUMBER, *fann_set("bank32nh")),
    "kin32fm": (NUMBER, *fann_set("kin32fm")),
    "abelone": (NUMBER, *fann_set("abelone")),
    "building": (NUMBER, *fann_set("building")),
    "census-house": (NUMBER, *fann_set("census-house")),
}


def write_csv(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"f{i}" for i in range(len(rows[0]) - 1)] + ["y"])
        writer.writerows(rows)


def write_task(folder, train, test):
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "train.csv", train)
    write_csv(folder / "test.csv", test)


def prepare(packages, folder):
    """Writes all tasks into the folder: [{"set", "kind", "task", "folder", "rows"}]."""
    index = folder / "tasks.json"
    if index.exists():
        return json.loads(index.read_text())
    unpack(packages)
    tasks = []
    for name, (kind, *readers) in SETS.items():
        parts = [reader(packages) for reader in readers]
        for task in range(REPEATS if len(parts) == 2 else PARTS):
            if len(parts) == 2:
                place, (train, test) = folder / name.replace(" ", "_"), parts
            else:
                place, rows = folder / f"{name.replace(' ', '_')}.{task}", parts[0][:]
                random.Random(0).shuffle(rows)
                train = [row for i, row in enumerate(rows) if i % PARTS != task]
                test = rows[task::PARTS]
            write_task(place, train, test)
            tasks.append({"set": name, "kind": kind, "task": task, "folder": str(place),
                          "rows": len(train), "inputs": len(train[0]) - 1})
    index.write_text(json.dumps(tasks))
    return tasks
