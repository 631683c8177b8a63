// SPDX-License-Identifier: MIT
// The first thing every front header includes: a clear message for a compiler in the wrong mode.
#ifndef TRAINLOG_DETAIL_LANGUAGE_HPP
#define TRAINLOG_DETAIL_LANGUAGE_HPP

#if defined(_MSVC_LANG)
#define TRAINLOG_DETAIL_LANGUAGE _MSVC_LANG
#else
#define TRAINLOG_DETAIL_LANGUAGE __cplusplus
#endif

#if TRAINLOG_DETAIL_LANGUAGE < 202002L
#error "trainlog needs C++20: compile with -std=c++20"
#endif

#if !defined(__cpp_exceptions)
#error "trainlog needs exceptions: compile without -fno-exceptions"
#endif

#undef TRAINLOG_DETAIL_LANGUAGE

#endif
