#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints COMPILE <header> <seconds>: what including a header costs, with g++ -fsyntax-only.

The line record.hpp+64_fields is what a record with 64 fields, made, printed and compared, costs
beyond record.hpp. <string> and <nlohmann/json.hpp> stand beside as yardsticks. Processor time of
the compiler; medians of rounds, in each of which every source is compiled once.
"""

import os
import pathlib
import resource
import statistics
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
COMPILER = os.environ.get("CXX", "g++")
COMMAND = [COMPILER, "-std=c++20", "-fsyntax-only", f"-I{PROJECT / 'include'}", "-x", "c++", "-"]
ROUNDS = 9
HEADERS = ["record.hpp", "schema.hpp", "binary.hpp", "log.hpp", "csv.hpp", "json.hpp", "trainlog.hpp"]
YARDSTICKS = ["string", "nlohmann/json.hpp"]
WIDE = "record.hpp+64_fields"


def wide_record():
    names = [f"field_{i}" for i in range(64)]
    members = "".join(f"  double {name} = 0;\n" for name in names)
    return (
        f"#include <trainlog/record.hpp>\nstruct wide {{\n{members}"
        f"  TRAINLOG_RECORD(wide, {', '.join(names)})\n}};\n"
        "using namespace trainlog::literals;\n"
        'wide make() { return trainlog::make<wide>("field_63"_field = 1.0); }\n'
        "std::string print(wide const& a) { return trainlog::repr(a); }\n"
        "bool compare(wide const& a, wide const& b) { return a == b; }\n"
    )


def seconds(source):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(COMMAND, input=source, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    sources = {header: f"#include <trainlog/{header}>\n" for header in HEADERS}
    sources[WIDE] = wide_record()
    sources |= {f"<{header}>": f"#include <{header}>\n" for header in YARDSTICKS}
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    times = [{name: seconds(source) for name, source in sources.items()} for _ in range(rounds)]
    medians = {name: statistics.median(time[name] for time in times) for name in sources}
    medians[WIDE] -= medians["record.hpp"]
    for name, value in medians.items():
        print(f"COMPILE {name} {value:.2f}")


if __name__ == "__main__":
    main()
