// SPDX-License-Identifier: MIT
// The numbers of a column copied out of rows that stand at equal distances, and back into them.
#ifndef TRAINLOG_LOG_STRIDED_COPY_HPP
#define TRAINLOG_LOG_STRIDED_COPY_HPP

#include <cstddef>
#include <cstring>

#include "trainlog/detail/wire.hpp"

namespace trainlog::detail {

/// Copies `count` things of `Width` bytes that stand `stride` bytes apart, without gaps.
template <std::size_t Width>
void gather(char* out, char const* from, std::size_t stride, std::size_t count) noexcept {
  for (; count != 0; --count, from += stride, out += Width) std::memcpy(out, from, Width);
}

inline void gather(char* out, char const* from, std::size_t stride, std::size_t count,
                   std::size_t width) noexcept {
  switch (width) {
    case 1:
      return gather<1>(out, from, stride, count);
    case 2:
      return gather<2>(out, from, stride, count);
    case 4:
      return gather<4>(out, from, stride, count);
    case 8:
      return gather<8>(out, from, stride, count);
    default:
      break;
  }
  for (; count != 0; --count, from += stride) out = put_bytes(out, from, width);
}

/// The reverse of gather.
template <std::size_t Width>
void scatter(char* out, std::size_t stride, char const* from, std::size_t count) noexcept {
  for (; count != 0; --count, from += Width, out += stride) std::memcpy(out, from, Width);
}

inline void scatter(char* out, std::size_t stride, char const* from, std::size_t count,
                    std::size_t width) noexcept {
  switch (width) {
    case 1:
      return scatter<1>(out, stride, from, count);
    case 2:
      return scatter<2>(out, stride, from, count);
    case 4:
      return scatter<4>(out, stride, from, count);
    case 8:
      return scatter<8>(out, stride, from, count);
    default:
      break;
  }
  for (; count != 0; --count, from += width, out += stride) put_bytes(out, from, width);
}

}  // namespace trainlog::detail

#endif
