// SPDX-License-Identifier: MIT
// Lists of 100 to 600 field names, made by the preprocessor: f000 to f599.
#ifndef TRAINLOG_TESTS_RECORD_WIDE_HPP
#define TRAINLOG_TESTS_RECORD_WIDE_HPP

#define WIDE_10(f, p) \
  f(p##0), f(p##1), f(p##2), f(p##3), f(p##4), f(p##5), f(p##6), f(p##7), f(p##8), f(p##9)
#define WIDE_100(f, p)                                                                      \
  WIDE_10(f, p##0), WIDE_10(f, p##1), WIDE_10(f, p##2), WIDE_10(f, p##3), WIDE_10(f, p##4), \
      WIDE_10(f, p##5), WIDE_10(f, p##6), WIDE_10(f, p##7), WIDE_10(f, p##8), WIDE_10(f, p##9)
#define WIDE_512(f)                                                                    \
  WIDE_100(f, f0), WIDE_100(f, f1), WIDE_100(f, f2), WIDE_100(f, f3), WIDE_100(f, f4), \
      WIDE_10(f, f50), f(f510), f(f511)
#define WIDE_600(f)                                                                    \
  WIDE_100(f, f0), WIDE_100(f, f1), WIDE_100(f, f2), WIDE_100(f, f3), WIDE_100(f, f4), \
      WIDE_100(f, f5)

#define WIDE_NAME(name) name
#define WIDE_ZERO(name) name = 0
#define WIDE_DOUBLE(name) (double, name, 0)

// The macros under test stringify their arguments: these expand them first.
#define WIDE_RECORD(...) TRAINLOG_RECORD(__VA_ARGS__)
#define WIDE_DESCRIBE(...) TRAINLOG_DESCRIBE(__VA_ARGS__)
#define WIDE_NAMEDTUPLE(...) TRAINLOG_NAMEDTUPLE(__VA_ARGS__)

#endif
