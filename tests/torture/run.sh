#!/bin/sh
# SPDX-License-Identifier: MIT
# Kills a program that logs, again and again, and looks whether a row is missing, torn, or there twice.
# Usage: sh tests/torture/run.sh --kills N    at random moments
#        sh tests/torture/run.sh --points N   N times at each of the named places in the library
# Its last line is "<N> kills, <R> rows acknowledged, <L> lost, <T> torn, <D> duplicated".
#
#        sh tests/torture/run.sh --replays N  takes the power away N times
# Its last line is "<N> power losses, <R> rows synchronised, <L> lost, <W> wrong".
#
#        sh tests/torture/run.sh --summaries N  kills programs that log summaries, N times
# Its last line is "<N> kills, <E> events acknowledged, <L> lost, <D> damaged, <O> other failures".
#
#        sh tests/torture/run.sh --most KIB   small disks that are full, of up to KIB KiB; for root
set -eu
cd "$(dirname "$0")/../.."

sh tools/setup.sh build
. tools/parallel.sh
build=build/torture
mkdir -p $build
case ${1-} in
  --replays) program=power_loss directory= ;;
  --most) program=full_disk directory=$build ;;
  --summaries)
    shift
    set -- --kills "$@"
    program=summaries directory=$build
    ;;
  *) program=torture directory=$build ;;
esac
${CMAKE_CXX_COMPILER_LAUNCHER-} ${CXX:-g++} -std=c++20 -O2 -I include \
  -c tests/torture/$program.cpp -o $build/$program.o
${CXX:-g++} $build/$program.o -o $build/$program -pthread
exec $build/$program ${directory:+--directory $directory} "$@"
