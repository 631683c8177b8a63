#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what trainlog reads in event files with what TensorBoard's classes read: in those of other writers,
and in its own. Runs that were taken up again are one clean curve in all readers.

Usage: check_reader.py RUNS    the directory that write_runs has filled; read_runs is beside it
"""

import pathlib
import subprocess
import sys
import tempfile

import checks
import event_lines
import foreign_writers
from checks import equal
from tensorboard.backend.event_processing import event_accumulator, plugin_event_accumulator

RUNS = pathlib.Path(sys.argv[1])
READER = RUNS.parent / "read_runs"
SESSION_START, STEP_BACK = "1", "2"


def read(*arguments):
    found = subprocess.run([READER, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    assert found.returncode == 0, f"read_runs {arguments}: {found.returncode}"
    return found.stdout.splitlines(keepends=True)


def equal_reading(run):
    files = sorted(file for file in run.iterdir() if "tfevents" in file.name)
    equal(read(run), event_lines.lines_of(files), str(run))
    assert files, run


def files_of_other_writers_are_read():
    for write in foreign_writers.WRITERS.values():
        with tempfile.TemporaryDirectory() as directory:
            write(directory)
            equal_reading(pathlib.Path(directory))


def own_files_are_read():
    for run in sorted({file.parent for file in RUNS.rglob("*tfevents*")}):
        equal_reading(run)


def plugin_steps(run, tag):
    accumulator = plugin_event_accumulator.EventAccumulator(str(run), {"tensors": 0})
    accumulator.Reload()
    return [event.step for event in accumulator.Tensors(tag)]


def steps(run, tag, rule):
    return [int(line.split()[0]) for line in read(run, tag, rule)]


def restarts_are_those_of_tensorboard():
    with tempfile.TemporaryDirectory() as directory:
        for begin in (0, 3, 5, 4):
            writer = foreign_writers.tensorboardX.SummaryWriter(
                directory, purge_step=begin, filename_suffix=f".{begin}"
            )
            for step in range(begin, begin + 6):
                writer.add_scalar("loss", begin, step)
            writer.close()
            equal(steps(directory, "loss", SESSION_START), plugin_steps(directory, "loss"))


def runs_of_other_writers_are_resumed():
    """After trainlog has resumed the run, TensorBoard's classes see nothing from that step on."""
    with tempfile.TemporaryDirectory() as directory:
        foreign_writers.pytorch_style(directory)
        read("--resume", directory, 3)
        equal_reading(pathlib.Path(directory))
        legacy = event_accumulator.EventAccumulator(directory).Reload()
        # Its own restart is behind: the points of its second life from step 2 on.
        equal([event.step for event in legacy.Scalars("loss")], [0, 1, 2], "loss")
        equal(legacy.Tags()["images"], [])
        for rule in (SESSION_START, STEP_BACK):
            assert all(step < 3 for step in steps(directory, "loss", rule))


if __name__ == "__main__":
    checks.run(
        [
            files_of_other_writers_are_read,
            own_files_are_read,
            restarts_are_those_of_tensorboard,
            runs_of_other_writers_are_resumed,
        ]
    )
