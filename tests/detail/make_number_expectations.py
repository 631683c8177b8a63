# SPDX-License-Identifier: MIT
"""Prints tests/detail/number_expectations.hpp, what CPython's repr makes of floats.

    python3 make_number_expectations.py > number_expectations.hpp

A 32-bit float has no repr in Python: it is that of the decimal with the fewest digits (of these,
the closest) that reads back as the same 32 bits.
"""
import decimal
import math
import platform
import struct

DOUBLES = """
  0.0 -0.0 1.0 -1.0 0.1 -0.5 0.3333333333333333 0.30000000000000004 100.0 123.456 3.141592653589793
  1000000.0 12345678.0 123456789.5 4.35 4.349999999999999 70.0 0.25 1.00390625 65535.99609375
  9007199254740991.0 9007199254740992.0 9007199254740994.0 999999999999999.9 1e15
  1234567890123456.0 -9999999999999998.0 1e16 12345678901234568.0 1e17 1e21 1e22 1e23 9.5e22
  0.001 0.0003 0.0001 0.00012345 9.999e-05 1e-05 1.5e-05 1.234567890123457e-05 1e-07 5.8e-05
  2.2250738585072014e-308 2.225073858507201e-308 5e-324 1e-323 1.5e-323 1.7976931348623157e308
  4.450147717014403e-308 1152921504606846976.0 9.5367431640625e-07 1.2676506002282294e+30 1e100
  -1e-100 9e-265 5.684341886080802e-14 9.007199254740992e+22 inf -inf nan
"""

FLOATS = """
  0.0 -0.0 1.0 0.1 0.33333334 16777215.0 16777216.0 10000000.0 123456.79 1e10 1e15 1e16 3.4028235e38
  1.1754944e-38 1e-45 1e-44 0.0001 1e-05 0.00012345 9.536743e-07 1.2379400392853803e+27 8.589935e9 3.1415927
  -2.5 0.3 1e23 33554430.0 4.7019774e-38 inf -inf nan
"""


def bits(code, value):
    return int.from_bytes(struct.pack(">" + code, value), "big")


def float32(number):
    try:
        return struct.unpack("f", struct.pack("f", float(number)))[0]
    except OverflowError:
        return math.inf


def repr32(value):
    if not math.isfinite(value) or value == 0:
        return repr(value)
    exact = decimal.Decimal(value)
    for digits in range(1, 10):
        unit = decimal.Decimal((0, (1,), exact.adjusted() - digits + 1))
        near = [exact.quantize(unit, way) for way in (decimal.ROUND_DOWN, decimal.ROUND_UP)]
        good = [d for d in near if float32(d) == value]
        if good:
            return repr(float(min(good, key=lambda d: abs(d - exact))))


decimal.getcontext().prec = 200
print(f"""// SPDX-License-Identifier: MIT
// Made by make_number_expectations.py, CPython {platform.python_version()}
#ifndef TRAINLOG_TESTS_DETAIL_NUMBER_EXPECTATIONS_HPP
#define TRAINLOG_TESTS_DETAIL_NUMBER_EXPECTATIONS_HPP
#include <cstdint>
template <class Bits>
struct number_case {{
  Bits bits;
  char const* text;
}};
inline constexpr number_case<std::uint64_t> double_cases[] = {{""")
for text in DOUBLES.split():
    print(f'    {{0x{bits("d", float(text)):016x}U, "{float(text)!r}"}},')
print("};\ninline constexpr number_case<std::uint32_t> float_cases[] = {")
for text in FLOATS.split():
    print(f'    {{0x{bits("f", float(text)):08x}U, "{repr32(float32(text))}"}},')
print("};\n#endif  // TRAINLOG_TESTS_DETAIL_NUMBER_EXPECTATIONS_HPP")
