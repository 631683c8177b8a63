#!/bin/sh
# SPDX-License-Identifier: MIT
# Kills a program that logs, again and again, and counts what is missing. The last line of the
# output is "<N> kills, <R> rows acknowledged, <L> lost, <T> torn, <D> duplicated".
#
# Usage: sh tests/torture/run.sh [--kills N] [--seed S]
set -eu
project=$(cd "$(dirname "$0")/../.." && pwd)
build=${TMPDIR:-/tmp}/trainlog-torture-$(id -u)
mkdir -p "$build"
${CXX:-g++} -std=c++20 -O2 -g -I "$project/include" -I "$project/tests" \
  "$project/tests/torture/kill.cpp" -o "$build/torture" -pthread
exec "$build/torture" "$@"
