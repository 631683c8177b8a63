// SPDX-License-Identifier: MIT
// Preprocessor iteration: apply a macro to each argument of a list (up to 1,365 of them).
#ifndef TRAINLOG_RECORD_FOR_EACH_HPP
#define TRAINLOG_RECORD_FOR_EACH_HPP

// Keeps the hundreds of expansions below out of the messages about a mistake in a list.
#pragma GCC system_header

// A macro cannot call itself, but it may leave behind the call of a macro that is only expanded by
// the next rescan. EXPAND forces 4^5 + 4^4 + ... = 1,365 rescans, one for each list element.
#define TRAINLOG_DETAIL_PARENS ()
#define TRAINLOG_DETAIL_EXPAND(...) \
  TRAINLOG_DETAIL_EXPAND4(          \
      TRAINLOG_DETAIL_EXPAND4(TRAINLOG_DETAIL_EXPAND4(TRAINLOG_DETAIL_EXPAND4(__VA_ARGS__))))
#define TRAINLOG_DETAIL_EXPAND4(...) \
  TRAINLOG_DETAIL_EXPAND3(           \
      TRAINLOG_DETAIL_EXPAND3(TRAINLOG_DETAIL_EXPAND3(TRAINLOG_DETAIL_EXPAND3(__VA_ARGS__))))
#define TRAINLOG_DETAIL_EXPAND3(...) \
  TRAINLOG_DETAIL_EXPAND2(           \
      TRAINLOG_DETAIL_EXPAND2(TRAINLOG_DETAIL_EXPAND2(TRAINLOG_DETAIL_EXPAND2(__VA_ARGS__))))
#define TRAINLOG_DETAIL_EXPAND2(...) \
  TRAINLOG_DETAIL_EXPAND1(           \
      TRAINLOG_DETAIL_EXPAND1(TRAINLOG_DETAIL_EXPAND1(TRAINLOG_DETAIL_EXPAND1(__VA_ARGS__))))
#define TRAINLOG_DETAIL_EXPAND1(...) \
  TRAINLOG_DETAIL_EXPAND0(           \
      TRAINLOG_DETAIL_EXPAND0(TRAINLOG_DETAIL_EXPAND0(TRAINLOG_DETAIL_EXPAND0(__VA_ARGS__))))
#define TRAINLOG_DETAIL_EXPAND0(...) __VA_ARGS__

// FOR_EACH(macro, data, a, b, ...) is macro(data, a) macro(data, b) ...
#define TRAINLOG_DETAIL_FOR_EACH(macro, data, ...) \
  __VA_OPT__(TRAINLOG_DETAIL_EXPAND(TRAINLOG_DETAIL_FOR_EACH_STEP(macro, data, __VA_ARGS__)))
#define TRAINLOG_DETAIL_FOR_EACH_STEP(macro, data, first, ...) \
  macro(data, first)                                           \
      __VA_OPT__(TRAINLOG_DETAIL_FOR_EACH_AGAIN TRAINLOG_DETAIL_PARENS(macro, data, __VA_ARGS__))
#define TRAINLOG_DETAIL_FOR_EACH_AGAIN() TRAINLOG_DETAIL_FOR_EACH_STEP

// The same with commas between the results.
#define TRAINLOG_DETAIL_FOR_EACH_COMMA(macro, data, ...) \
  __VA_OPT__(TRAINLOG_DETAIL_EXPAND(TRAINLOG_DETAIL_COMMA_STEP(macro, data, __VA_ARGS__)))
#define TRAINLOG_DETAIL_COMMA_STEP(macro, data, first, ...) \
  macro(data, first)                                        \
      __VA_OPT__(, TRAINLOG_DETAIL_COMMA_AGAIN TRAINLOG_DETAIL_PARENS(macro, data, __VA_ARGS__))
#define TRAINLOG_DETAIL_COMMA_AGAIN() TRAINLOG_DETAIL_COMMA_STEP

// UNPAREN((std::array<int, 3>)) and UNPAREN(int): the type without its optional parentheses.
#define TRAINLOG_DETAIL_UNPAREN(x) TRAINLOG_DETAIL_UNPAREN_2(TRAINLOG_DETAIL_UNPAREN_1 x)
#define TRAINLOG_DETAIL_UNPAREN_1(...) TRAINLOG_DETAIL_UNPAREN_1 __VA_ARGS__
#define TRAINLOG_DETAIL_UNPAREN_2(...) TRAINLOG_DETAIL_UNPAREN_3(__VA_ARGS__)
#define TRAINLOG_DETAIL_UNPAREN_3(...) TRAINLOG_DETAIL_EMPTY_##__VA_ARGS__
#define TRAINLOG_DETAIL_EMPTY_TRAINLOG_DETAIL_UNPAREN_1

#endif
