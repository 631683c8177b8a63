// SPDX-License-Identifier: MIT
// A program of docs/from-python.md, in a file that nvcc compiles.
#include "../../../examples/namedtuple.cpp"
