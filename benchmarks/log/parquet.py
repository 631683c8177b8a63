#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Log files beside Parquet files of the same rows: sizes, and the time to read one column.

Usage: parquet.py LOG_FILES    the program log_files; works in the current directory

Parquet is written by pyarrow with zstd and BYTE_STREAM_SPLIT for floats, in its default row groups.
"""

import os
import statistics
import subprocess
import sys
import time

import pyarrow
import pyarrow.parquet

INTEGERS = ("step", "epoch", "time_us")
FLOATS = ("loss", "accuracy", "learning_rate", "grad_norm")
KINDS = ("tlog", "parquet", "jsonl", "csv", "events")
ROWS = 400_000


def column(path, kind):
    with open(path, "rb") as file:
        data = pyarrow.py_buffer(file.read())
    return pyarrow.Array.from_buffers(kind, data.size // (kind.bit_width // 8), [None, data])


def write(table, path):
    floats = [f.name for f in table.schema if pyarrow.types.is_floating(f.type)]
    rest = [f.name for f in table.schema if f.name not in floats]
    pyarrow.parquet.write_table(
        table,
        path,
        compression="zstd",
        use_dictionary=False,
        column_encoding={n: "BYTE_STREAM_SPLIT" for n in floats}
        | {n: "DELTA_BINARY_PACKED" for n in rest},
    )


def compare_sizes(program):
    subprocess.run([program, "size"], check=True)
    for name, real in (("size32", pyarrow.float32()), ("size64", pyarrow.float64())):
        columns = {n: column(f"{name}.{n}", pyarrow.int64()) for n in INTEGERS}
        columns |= {n: column(f"{name}.{n}", real) for n in FLOATS}
        write(pyarrow.table(columns), f"{name}.parquet")
        sizes = {e: os.path.getsize(f"{name}.{e}") for e in KINDS}
        shown = ", ".join(f"{e} {size / ROWS:.2f}" for e, size in sizes.items())
        print(f"size, {real}: bytes a row: {shown}")
        suffix = "" if name == "size64" else "/float32"
        for peer in KINDS[1:]:
            label = "parquet_zstd" if peer == "parquet" else peer
            print(f"RATIO size{suffix} {label} {sizes[peer] / sizes['tlog']:.2f}")


def compare_columns(program):
    ours = subprocess.run([program, "column"], check=True, stdout=subprocess.PIPE, text=True)
    ours = float(ours.stdout)
    write(pyarrow.table({"loss": column("column.bin", pyarrow.float64())}), "column.parquet")
    times = {True: [], False: []}
    for _ in range(7):
        for threads in times:
            start = time.perf_counter()
            pyarrow.parquet.read_table("column.parquet", columns=["loss"], use_threads=threads)
            times[threads].append(1000 * (time.perf_counter() - start))
    with_threads, alone = (statistics.median(times[threads]) for threads in (True, False))
    print(
        f"column_read: trainlog {ours:.1f} ms, pyarrow {alone:.1f} ms,"
        f" with its threads {with_threads:.1f} ms"
    )
    print(f"RATIO column_read parquet_zstd {min(alone, with_threads) / ours:.2f}")


def main():
    compare_sizes(sys.argv[1])
    compare_columns(sys.argv[1])


if __name__ == "__main__":
    main()
