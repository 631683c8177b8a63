#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds the examples (in build/examples) and runs the main one: a small
# neural network learns to read digits and logs its training to runs/digits.
set -eu
cd "$(dirname "$0")/.."

sh tools/setup.sh build
. tools/parallel.sh
log=build/examples.log
mkdir -p build
echo "building the examples in build/examples ..."
if ! {
  cmake -S . -B build/examples -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DTRAINLOG_BUILD_TESTS=OFF -DTRAINLOG_BUILD_EXAMPLES=ON -DTRAINLOG_INSTALL=OFF &&
    cmake --build build/examples
} >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

./build/examples/digits "$@"
