#!/usr/bin/python3
"""Reads a CSV file with pandas' C engine and prints its speed as the other programs do."""
import argparse
import json
import pathlib
import statistics
import time

import pandas

parser = argparse.ArgumentParser()
for name in ("workload", "threads", "seconds", "csv", "model", "started-at"):
    parser.add_argument("--" + name)
options = parser.parse_args()

times = []
start = time.monotonic()
while not times or time.monotonic() - start < float(options.seconds):
    before = time.monotonic()
    table = pandas.read_csv(options.csv, engine="c")
    times.append(time.monotonic() - before)
    del table
megabytes = pathlib.Path(options.csv).stat().st_size / 1e6
print(json.dumps({"peer": "pandas-" + pandas.__version__, "workload": options.workload,
                  "threads": int(options.threads), "metric": "megabytes_per_s",
                  "value": megabytes / statistics.median(times)}))
