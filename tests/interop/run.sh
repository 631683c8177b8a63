#!/bin/sh
# SPDX-License-Identifier: MIT
# Shows what trainlog writes to the real TensorBoard: makes a virtual environment with tensorboard and
# tensorboardX (in build/interop), lets a C++ program and examples/digits write runs, and runs every
# check_*.py beside this file on them: one looks at TensorBoard's page in Chromium, one lets a program
# read what the real packages write. Prints one line a check; fails if one does.
set -eu
cd "$(dirname "$0")/../.."

sh tools/setup.sh interop
. tools/parallel.sh
build=build/interop
runs=$build/runs
python=$build/venv/bin/python
mkdir -p $build
[ -x $python ] || python3 -m venv $build/venv
$python -c 'import tensorboard, tensorboardX' 2>/dev/null ||
  $build/venv/bin/pip install --quiet tensorboard tensorboardX numpy

compile() {
  ${CMAKE_CXX_COMPILER_LAUNCHER:-} "${CXX:-g++}" -std=c++20 -O1 -Wall -Wextra -Werror -Iinclude \
    -c "$1" -o "$2.o"
  "${CXX:-g++}" "$2.o" -o "$2" -pthread
}
compile tests/interop/write_runs.cpp $build/write_runs
compile tests/interop/read_runs.cpp $build/read_runs
compile examples/digits/main.cpp $build/digits
rm -rf $runs
./$build/write_runs $runs
./$build/digits $runs/digits examples/data/digits.csv >$build/digits.log

failed=0
for check in tests/interop/check_*.py; do
  $python "$check" $runs || failed=1
done
exit $failed
