# SPDX-License-Identifier: MIT
"""Prints tests/detail/utf8_expectations.hpp, what CPython makes of ill-formed UTF-8.

    python3 make_utf8_expectations.py > utf8_expectations.hpp
"""
import itertools
import json
import platform

# A byte from each side of every boundary of table 3-7 (well-formed UTF-8 byte sequences).
EDGES = bytes.fromhex("41 7f 80 8f 90 9f a0 bf c0 c1 c2 df e0 e1 ec ed ee ef f0 f1 f3 f4 f5 ff")

CASES = """
  41 c3a9 e282ac f09f9880 efbfbd f48fbfbf ed9fbf ee8080
  80 bf c0 c1 f5 ff fe c080 c1bf e08080 e09fbf f0808080 f08fbfbf
  eda080 edbfbf eda080edb080 f4908080 f7bfbfbf f888808080
  c3 e2 e282 f0 f09f f09f98 c341 e241 e28241 f09f9841
  e28241c3a9 61f180 61f18080e180c262803f80bf64 c3c3a9 f0f09f9880 ed9f e080 f080 f490
  4142434445464748c34142434445464748 4142434445464748e282
"""


def fnv1a(pieces):
    digest = 0xCBF29CE484222325
    for piece in pieces:
        for byte in piece + b"\n":
            digest = (digest ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return digest


def sanitized(raw):
    return raw.decode("utf-8", errors="replace").encode()


def as_json(raw):
    return json.dumps(raw.decode("utf-8", errors="replace"), ensure_ascii=False).encode()


def combinations(alphabet, longest):
    for size in range(1, longest + 1):
        for raw in itertools.product(alphabet, repeat=size):
            yield bytes(raw)


print("// SPDX-License-Identifier: MIT")
print("// Made by make_utf8_expectations.py, CPython", platform.python_version())
print("#ifndef TRAINLOG_TESTS_DETAIL_UTF8_EXPECTATIONS_HPP")
print("#define TRAINLOG_TESTS_DETAIL_UTF8_EXPECTATIONS_HPP")
print("#include <cstdint>")
print("inline constexpr char const* utf8_cases[][2] = {")
for case in CASES.split():
    print(f'    {{"{case}", "{sanitized(bytes.fromhex(case)).hex()}"}},')
print("};")
print("// Every string of one to four edge bytes, replaced: FNV-1a of the results, a line each.")
digest = fnv1a(map(sanitized, combinations(EDGES, 4)))
print(f"inline constexpr std::uint64_t utf8_edges_digest = {digest:#x};")
print("// Every string of one or two bytes, as JSON.")
digest = fnv1a(map(as_json, combinations(range(256), 2)))
print(f"inline constexpr std::uint64_t json_pairs_digest = {digest:#x};")
print("#endif")
