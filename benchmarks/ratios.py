#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints RATIO <benchmark> <peer> <peer time / our time> from Google Benchmark's JSON.

Benchmarks are named <benchmark>/<who>[/argument]; the one whose <who> is "trainlog" is ours, every
other with the same benchmark and argument is a peer. Times are the medians of the repetitions.
"""

import json
import sys

OURS = "trainlog"


def medians(results):
    """{(benchmark, argument): {who: time}}."""
    times = {}
    for row in results["benchmarks"]:
        if row.get("aggregate_name") != "median":
            continue
        benchmark, who, *argument = row["run_name"].split("/")
        times.setdefault((benchmark, "/".join(argument)), {})[who] = row["cpu_time"]
    return times


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        times = medians(json.load(file))
    for (benchmark, argument), by_name in sorted(times.items()):
        ours = by_name.get(OURS)
        for peer, theirs in sorted(by_name.items()):
            if ours and peer != OURS:
                name = f"{benchmark}/{argument}" if argument else benchmark
                print(f"RATIO {name} {peer} {theirs / ours:.2f}")


if __name__ == "__main__":
    main()
