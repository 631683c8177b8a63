# SPDX-License-Identifier: MIT
"""What the checks of this directory share: a check is a function that asserts."""

import math
import struct
import sys
import traceback


def histogram_values(count):
    return [i * i % 1009 / 8 - 50 for i in range(count)]


def float32(value):
    """The number as a float32 holds it."""
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


def equal(found, expected, what=""):
    assert found == expected, f"{what}\n  expected {expected!r}\n  found    {found!r}"


SIMPLE = [(step, float32(0.1 * step)) for step in range(-2, 20)]
AS_TENSOR = [(step, float(step * step)) for step in range(-2, 20)]
NOT_FINITE = [(0, math.nan), (1, math.inf), (2, -math.inf), (3, math.inf)]
COUNTED = [(step, float(step)) for step in range(10)]
BAD_NAME = "bad \ufffd name/with spaces"
IMAGES = {"gray": 1, "batch": 3, "channels first": 1, "file": 1}
# Values and buckets, None if as many as by default, by step.
HISTOGRAMS = {
    "weights": {step: (histogram_values(1000 * (step + 1)), None) for step in range(3)},
    "one bucket": {1: (histogram_values(10), 1)},
    "no buckets": {1: (histogram_values(10), 0)},
    "on edges": {1: ([0, 1, 2, 3, 4, 4], 4)},
    "one value": {1: ([0.1] * 5, None)},
    "empty": {1: ([], None)},
    "not finite": {1: ([1.0, 2.0], None)},
}
TETRAHEDRON = {
    "VERTEX": [[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]],
    "FACE": [[0, 1, 2], [0, 2, 3], [0, 3, 1], [1, 3, 2]],
    "COLOR": [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0]],
}
RAW_HISTOGRAM = [[-0.5, 0, 1], [0, 2.5, 2], [2.5, 3, 3]]
# Thresholds and weights, None for those that are 1.
PR_WEIGHTS = [i % 5 / 2 for i in range(2000)]
PR_CURVES = {"curve": (201, None), "weighted": (11, PR_WEIGHTS), "built": (127, None)}
RECORD = {
    "epoch": [(i, float(i)) for i in range(10)],
    "train/loss": [(i, float32(1 / (i + 1))) for i in range(10)],
    "train/accuracy": [(i, float32(i / 10)) for i in range(10)],
    "learning rate": [(i, 0.5) for i in range(10)],
}


def equal_series(found, expected, what):
    """Lists of (step, number), where NaN equals NaN."""
    good = len(found) == len(expected) and all(
        a[0] == b[0] and same(a[1], b[1]) for a, b in zip(found, expected)
    )
    assert good, f"{what}\n  expected {expected!r}\n  found    {found!r}"


def run(checks):
    """Runs the functions; ends the program with status 1 if one fails."""
    failed = 0
    for check in checks:
        try:
            check()
            print(f"passed {check.__name__}")
        except Exception:
            failed += 1
            print(f"FAILED {check.__name__}\n{traceback.format_exc()}")
    sys.exit(1 if failed else 0)
