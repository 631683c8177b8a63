// SPDX-License-Identifier: MIT
// Whether code for AVX2 can be compiled (TRAINLOG_DETAIL_AVX2), and whether the processor has it.
#ifndef TRAINLOG_LOG_AVX2_HPP
#define TRAINLOG_LOG_AVX2_HPP

#if defined(__x86_64__) && defined(__GNUC__)
#define TRAINLOG_DETAIL_AVX2 1
#include <immintrin.h>

namespace trainlog::detail {

inline bool has_avx2() noexcept { return __builtin_cpu_supports("avx2") != 0; }

}  // namespace trainlog::detail
#endif

#endif
