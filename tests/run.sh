#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds and runs the whole test suite (preset dev, in build/dev).
set -eu
cd "$(dirname "$0")/.."

echo "The whole test suite takes about 8 minutes on 2 cores, most of it compiling."
sh tools/setup.sh tests
. tools/parallel.sh
exec cmake --workflow --preset dev
