#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds the benchmarks (in build/benchmarks) and prints
#   the table of Google Benchmark,
#   RATIO <benchmark> <peer> <peer time / our time>     medians of the same run
#   what logs cost, in bursts and sustained, and files beside Parquet, with RATIO lines too,
#   PNG files beside libpng's: times and sizes, and what event files cost, with RATIO lines,
#   COMPILE <header> <seconds>                          g++ -fsyntax-only, medians
# With --smoke: builds, runs every benchmark for a moment, and measures nothing.
set -eu
cd "$(dirname "$0")/.."

sh tools/setup.sh benchmarks
. tools/parallel.sh
build=build/benchmarks
cmake -S . -B $build -G Ninja -DCMAKE_BUILD_TYPE=Release -DTRAINLOG_BUILD_BENCHMARKS=ON \
  -DTRAINLOG_BUILD_TESTS=OFF -DTRAINLOG_BUILD_EXAMPLES=OFF -DTRAINLOG_INSTALL=OFF
cmake --build $build
program=$build/trainlog_benchmarks

if [ "${1:-}" = --smoke ]; then
  $program --benchmark_min_time=0.001
  cd $build && ./log_burst 0.02 && ./log_throughput 0.1 && ./summary_png 0 && ./summary_events record 1
  exit
fi

$program --benchmark_repetitions=9 --benchmark_min_time=0.2 \
  --benchmark_enable_random_interleaving=true --benchmark_report_aggregates_only=true \
  --benchmark_out=$build/results.json --benchmark_out_format=json
python3 benchmarks/ratios.py $build/results.json
(
  cd $build
  ./log_burst
  ./log_throughput
  ./log_files open
  [ -x venv/bin/python ] || python3 -m venv venv
  venv/bin/python -c 'import pyarrow' 2>/dev/null || venv/bin/pip install --quiet pyarrow
  venv/bin/python ../../benchmarks/log/parquet.py ./log_files
  ./summary_png
  ./summary_events record
  venv/bin/python -c 'import tensorboard, tensorboardX' 2>/dev/null ||
    venv/bin/pip install --quiet tensorboard tensorboardX numpy
  venv/bin/python ../../benchmarks/summary/events.py ./summary_events
)
python3 benchmarks/compile_time.py
