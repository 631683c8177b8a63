#!/bin/sh
# SPDX-License-Identifier: MIT
# Kills a program that logs, again and again, and looks whether a row is missing, torn, or there twice.
# Usage: sh tests/torture/run.sh --kills N    at random moments
#        sh tests/torture/run.sh --points N   N times at each of the named places in the library
# Its last line is "<N> kills, <R> rows acknowledged, <L> lost, <T> torn, <D> duplicated".
set -eu
cd "$(dirname "$0")/../.."

sh tools/setup.sh build
. tools/parallel.sh
build=build/torture
mkdir -p $build
${CMAKE_CXX_COMPILER_LAUNCHER-} ${CXX:-g++} -std=c++20 -O2 -I include -c tests/torture/torture.cpp \
  -o $build/torture.o
${CXX:-g++} $build/torture.o -o $build/torture -pthread
exec $build/torture --directory $build "$@"
