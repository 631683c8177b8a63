#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Event files beside the Python writers and readers of them.

Usage: events.py SUMMARY_EVENTS    the program summary_events; works in the current directory

tensorboardX is its SummaryWriter; tensorboard is its EventFileWriter, which PyTorch uses, and for
reading its EventAccumulator, which keeps all scalars. Medians of runs that end with a flush.
"""

import shutil
import statistics
import subprocess
import sys
import time

import numpy
import tensorboardX
from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter

DIRECTORY = "events.python"
CALLS = 20_000


def ours(program, *arguments):
    result = subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return float(result.stdout)


def median(runs, work):
    """The median time of `work`, in seconds; it starts with an empty directory."""
    times = []
    for _ in range(runs):
        shutil.rmtree(DIRECTORY, ignore_errors=True)
        times.append(work())
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    return statistics.median(times)


def tensorboardx_scalars():
    writer = tensorboardX.SummaryWriter(DIRECTORY)
    start = time.perf_counter()
    for step in range(CALLS):
        writer.add_scalar("loss", 1.0 / (step + 1), step)
    writer.flush()
    seconds = time.perf_counter() - start
    writer.close()
    return seconds / CALLS


def tensorboard_scalars():
    writer = EventFileWriter(DIRECTORY)
    start = time.perf_counter()
    for step in range(CALLS):
        value = summary_pb2.Summary.Value(tag="loss", simple_value=1.0 / (step + 1))
        summary = summary_pb2.Summary(value=[value])
        writer.add_event(event_pb2.Event(wall_time=time.time(), step=step, summary=summary))
    writer.flush()
    seconds = time.perf_counter() - start
    writer.close()
    return seconds / CALLS


def tensorboardx_histogram():
    values = numpy.random.default_rng(1).standard_normal(1_000_000, numpy.float32)
    writer = tensorboardX.SummaryWriter(DIRECTORY)
    start = time.perf_counter()
    writer.add_histogram("weights", values, 1)
    writer.flush()
    seconds = time.perf_counter() - start
    writer.close()
    return seconds


def compare_scalars(program):
    peers = {
        "tensorboardX": median(3, tensorboardx_scalars),
        "tensorboard": median(3, tensorboard_scalars),
    }
    for name in ("scalar_write", "scalar_write_buffered"):
        mine = ours(program, name)
        times = ", ".join(f"{peer} {1e6 * seconds:.1f} us" for peer, seconds in peers.items())
        print(f"{name}: trainlog {mine / 1000:.3f} us, {times}")
        for peer, seconds in peers.items():
            print(f"RATIO {name} {peer} {1e9 * seconds / mine:.0f}")


def compare_histograms(program):
    mine = ours(program, "histogram_1m")
    peer = median(3, tensorboardx_histogram)
    print(f"histogram_1m: trainlog {mine / 1e6:.2f} ms, tensorboardX {1000 * peer:.1f} ms")
    print(f"RATIO histogram_1m tensorboardX {1e9 * peer / mine:.1f}")


def read_by_tensorboard():
    start = time.perf_counter()
    reader = event_accumulator.EventAccumulator("read", {event_accumulator.SCALARS: 0})
    reader.Reload()
    points = len(reader.Scalars("loss"))
    seconds = time.perf_counter() - start
    assert points == 100_000, points
    return seconds


def compare_readers(program):
    mine = ours(program, "event_read")
    peer = statistics.median(read_by_tensorboard() for _ in range(3))
    shutil.rmtree("read")
    print(f"event_read: trainlog {mine / 1e6:.2f} ms, tensorboard {1000 * peer:.0f} ms")
    print(f"RATIO event_read tensorboard {1e9 * peer / mine:.0f}")


def main():
    program = sys.argv[1]
    compare_scalars(program)
    compare_histograms(program)
    compare_readers(program)


if __name__ == "__main__":
    main()
