#!/bin/sh
# SPDX-License-Identifier: MIT
# Shows what trainlog writes to the real TensorBoard: makes a virtual environment with tensorboard and
# tensorboardX (in build/interop), lets a C++ program write runs, and runs every check_*.py beside this
# file on them. Prints one line a check; fails if one does.
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

${CMAKE_CXX_COMPILER_LAUNCHER:-} "${CXX:-g++}" -std=c++20 -O1 -Wall -Wextra -Werror -Iinclude \
  -c tests/interop/write_runs.cpp -o $build/write_runs.o
"${CXX:-g++}" $build/write_runs.o -o $build/write_runs
rm -rf $runs
./$build/write_runs $runs

failed=0
for check in tests/interop/check_*.py; do
  $python "$check" $runs || failed=1
done
exit $failed
