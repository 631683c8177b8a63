#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what the library writes and reads with what read_tlog.py makes of it.

Usage: compare_logs.py random PROGRAM FIRST COUNT     reads the logs that random_logs writes
       compare_logs.py damaged PROGRAM DIR COUNT      reads COUNT damaged copies of each golden log
                                                      of DIR, as read_logs does
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

from tlog_blocks import END, INDEX, Scan
from read_tlog import journal_beside, lines_of, read_log
from tlog_log import Log
from tlog_types import Malformed

SECTOR = 512


def rows_of_log(log):
    return [each for each in log.items if isinstance(each, dict)]


def normal(lines):
    return lines_of(map(json.loads, lines))


def faults_of_random(path):
    *rows, last = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
    log, expected = read_log(path), json.loads(last)[0]
    expected.update(rows=len(rows), lost=0, missing=0, damaged=0, recovered=log.recovered)
    if log.counts() != expected:
        yield f"counts {log.counts()}, not {expected}"
    if lines_of(rows_of_log(log)) != normal(rows):
        yield "other rows"
    if log.scan.damage:
        yield f"damage {log.scan.damage}"


def compare_random(program, first, count):
    faults = rows = 0
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([program, directory, first, count], check=True)
        for path in sorted(pathlib.Path(directory).glob("*.tlog")):
            for fault in faults_of_random(path):
                print(path.name, fault)
                faults += 1
            rows += read_log(path).rows
    print(f"{count} random logs, {rows} rows, {faults} faults")
    return 1 if faults or not rows else 0


# Damage


def flip(data, numbers):
    at = numbers.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << numbers.randrange(8)]) + data[at + 1 :]


def cut(data, numbers):
    return data[: numbers.randrange(len(data))]


def zero(data, numbers):
    at = numbers.randrange(len(data)) // SECTOR * SECTOR
    size = len(data[at : at + SECTOR])
    return data[:at] + bytes(size) + data[at + size :]


def swap(data, numbers):
    sectors = [data[at : at + SECTOR] for at in range(0, len(data), SECTOR)]
    a, b = numbers.randrange(len(sectors)), numbers.randrange(len(sectors))
    sectors[a], sectors[b] = sectors[b], sectors[a]
    return b"".join(sectors)


def insert(data, numbers):
    at = numbers.randrange(64, len(data))
    return data[:at] + data[at - 64 : at - numbers.randrange(64)] + data[at:]


def delete(data, numbers):
    at = numbers.randrange(64, len(data))
    return data[:at] + data[at + 1 + numbers.randrange(200) :]


def repeat(data, numbers):
    at = numbers.randrange(len(data)) // SECTOR * SECTOR
    return data[: at + SECTOR] + data[at:]


DAMAGE = (flip, cut, zero, swap, insert, delete, repeat)


def without_end(log):
    """A log as it was before it was closed."""
    left = [each for each in Scan(log).blocks() if each.kind not in (INDEX, END)]
    return log[: left[-1].after]


def write_damaged(path, directory, count):
    """Damaged copies of a log, or of its journal."""
    numbers = random.Random(path.name)
    for i in range(count):
        log, journal = path.read_bytes(), journal_beside(path)
        how = DAMAGE[i % len(DAMAGE)]
        if i % 2:
            log = without_end(log)
        if journal and i % 3 == 0:
            journal = how(journal, numbers)
        else:
            log = how(log, numbers)
        copy = directory / f"{i}-{how.__name__}.tlog"
        copy.write_bytes(log)
        if journal:
            copy.with_name(copy.name + "-journal").write_bytes(journal)
        yield copy


def by_library(program, name, copies):
    """The lines that the library reads of each copy."""
    output = subprocess.run([program, name, *copies], check=True, capture_output=True).stdout
    lines = []
    for line in output.decode(errors="backslashreplace").splitlines():
        lines.append(line)
        if line.startswith("["):
            yield lines
            lines = []


def by_python(path):
    try:
        log = read_log(path)
    except Malformed as fault:
        return [json.dumps([str(fault)])]
    return lines_of(rows_of_log(log) + [[log.counts()]])


def differences(name, theirs, ours):
    refused = [isinstance(json.loads(each[-1])[0], str) for each in (theirs, ours)]
    if any(refused):
        if not all(refused):
            yield f"refused by {'the library' if refused[0] else 'Python'}: {theirs[-1]} {ours[-1]}"
        return
    theirs = normal(theirs)
    if theirs[-1] != ours[-1]:
        yield f"library {theirs[-1]} Python {ours[-1]}"
    if theirs[:-1] != ours[:-1] and name != "log_evolved":
        yield "other rows"


def compare_damaged(program, golden, count):
    faults = copies = 0
    for path in sorted(pathlib.Path(golden).glob("log_*.tlog")):
        with tempfile.TemporaryDirectory() as directory:
            files = list(write_damaged(path, pathlib.Path(directory), int(count)))
            for file, theirs in zip(files, by_library(program, path.stem, files)):
                copies += 1
                for each in differences(path.stem, theirs, by_python(file)):
                    print(path.stem, file.name, each)
                    faults += 1
    print(f"{copies} damaged logs, {faults} faults")
    return 1 if faults or not copies else 0


def main(arguments):
    commands = {"random": compare_random, "damaged": compare_damaged}
    if len(arguments) != 4 or arguments[0] not in commands:
        print(__doc__, file=sys.stderr)
        return 2
    return commands[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
