#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Decodes the images that write_png.cpp writes, with Python's zlib, and with PIL where there is one.

Usage: read_png.py PROGRAM. Ends with status 1 if one is not as its pixels say.
"""

import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

CHANNELS = {0: 1, 4: 2, 2: 3, 6: 4}


def chunks(file):
    assert file[:8] == b"\x89PNG\r\n\x1a\n", "no signature"
    at = 8
    while at < len(file):
        size, kind = struct.unpack(">I4s", file[at : at + 8])
        data = file[at + 8 : at + 8 + size]
        (crc,) = struct.unpack(">I", file[at + 8 + size : at + 12 + size])
        assert crc == zlib.crc32(kind + data), f"checksum of {kind}"
        yield kind, data
        at += 12 + size


def paeth(a, b, c):
    p = a + b - c
    return min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]


PREDICTIONS = [
    lambda a, b, c: 0,
    lambda a, b, c: a,
    lambda a, b, c: b,
    lambda a, b, c: (a + b) // 2,
    paeth,
]


def pixels_of(file):
    parts = list(chunks(file))
    assert [kind for kind, _ in parts] == [b"IHDR", b"IDAT", b"IEND"]
    width, height, depth, kind, *rest = struct.unpack(">IIBBBBB", parts[0][1])
    assert depth == 8 and rest == [0, 0, 0]
    step = CHANNELS[kind]
    size = width * step
    rows = zlib.decompress(parts[1][1])
    assert len(rows) == height * (size + 1), "length of the rows"
    pixels, above = bytearray(), bytearray(size + step)
    for y in range(height):
        filtered = rows[y * (size + 1) : (y + 1) * (size + 1)]
        predict = PREDICTIONS[filtered[0]]
        row = bytearray(size + step)  # with a pixel of zeros before it
        for x in range(size):
            guess = predict(row[x], above[x + step], above[x])
            row[x + step] = (filtered[x + 1] + guess) & 255
        pixels += row[step:]
        above = row
    return bytes(pixels)


def pil_pixels(path):
    try:
        from PIL import Image
    except ImportError:
        return None
    with Image.open(path) as image:
        return image.tobytes()


def main():
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([sys.argv[1], directory], check=True)
        files = sorted(pathlib.Path(directory).glob("*.png"))
        assert len(files) == 7, "not as many files as there should be"
        for path in files:
            expected = path.with_suffix(".raw").read_bytes()
            assert pixels_of(path.read_bytes()) == expected, path.name
            assert pil_pixels(path) in (None, expected), f"{path.name} by PIL"
            print(path.name, path.stat().st_size, "bytes of", len(expected))


if __name__ == "__main__":
    main()
