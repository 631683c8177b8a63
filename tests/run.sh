#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs what is missing, builds and runs the whole test suite (preset dev, in build/dev).
set -eu
cd "$(dirname "$0")/.."

sh tools/setup.sh tests
. tools/parallel.sh
exec cmake --workflow --preset dev
