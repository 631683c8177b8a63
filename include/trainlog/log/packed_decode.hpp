// SPDX-License-Identifier: MIT
// Packed numbers read back (docs/format.md, Streams of numbers).
#ifndef TRAINLOG_LOG_PACKED_DECODE_HPP
#define TRAINLOG_LOG_PACKED_DECODE_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "trainlog/detail/endian.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/bit_pack.hpp"
#include "trainlog/log/number_layout.hpp"
#include "trainlog/log/planes.hpp"

namespace trainlog::detail {

/// What stands before the numbers.
struct packed_head {
  std::uint64_t base = 0;
  std::uint64_t step = 0;
  std::uint8_t rest = 0;
  std::uint8_t planes = 0;
};

inline bool read_packed_head(wire_reader& in, std::size_t width, packed_head& out) {
  std::string_view base;
  if (!in.bytes(width, base) || !in.varint(out.step) || !in.number(out.rest) ||
      !in.number(out.planes)) {
    return false;
  }
  std::array<char, 8> bytes{};
  put_bytes(bytes.data(), base.data(), base.size());
  out.base = load_number<std::uint64_t>(bytes.data());
  return (out.step != 0 && out.planes <= width && out.rest <= 8 * width) ||
         in.fail("a step, and no more planes and bits than a number has", "others");
}

/// Reads the numbers in two passes: planes first, as they stand, then the rest of the bits.
template <class T>
class packed_reader {
  using word = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

 public:
  packed_reader(wire_reader& in, std::span<char> out, byte_vector& scratch)
      : in_(in), out_(out.data()), count_(out.size() / sizeof(T)), scratch_(scratch) {}

  bool read() {
    if (!read_packed_head(in_, sizeof(T), head_)) return false;
    scratch_.resize(count_ * head_.planes);
    for (std::size_t i = 0; i < head_.planes; ++i) {
      std::uint8_t shift = 0;
      if (!in_.number(shift)) return false;
      if (shift >= 64) return in_.fail("a shift below 64", std::to_string(shift), 1);
      steps_[i] = static_cast<word>(head_.step << shift);
      if (!read_plane(in_, plane(i))) return false;
    }
    std::string_view rest;
    if (!in_.bytes(packed_size(count_, head_.rest), rest)) return false;
    if (head_.planes == 0) read_rest(rest, [](std::size_t) { return word{0}; });
    else read_rest(rest, last_plane());
    for (std::size_t i = 0; i + 1 < head_.planes; ++i) add_plane(i);
    return true;
  }

 private:
  std::span<std::uint8_t> plane(std::size_t i) noexcept {
    return std::span(scratch_).subspan(i * count_, count_);
  }
  auto last_plane() noexcept {
    auto const* const bytes = plane(head_.planes - 1U).data();
    return [bytes, step = steps_[head_.planes - 1U]](std::size_t i) { return bytes[i] * step; };
  }

  void put(std::size_t i, word value) noexcept {
    put_le(out_ + i * sizeof(T), static_cast<T>(value));
  }

  template <class Upper>
  void read_rest(std::string_view rest, Upper upper) noexcept {
    auto const base = static_cast<word>(head_.base);
    auto const step = static_cast<word>(head_.step);
    if (head_.rest == 0) {
      for (std::size_t i = 0; i < count_; ++i) put(i, base + upper(i));
      return;
    }
    visit_bits(rest, count_, head_.rest, [&](std::size_t i, std::uint64_t bits) {
      put(i, base + upper(i) + static_cast<word>(bits) * step);
    });
  }

  void add_plane(std::size_t index) noexcept {
    auto const* const bytes = plane(index).data();
    word const step = steps_[index];
    for (std::size_t i = 0; i < count_; ++i) {
      put(i, load_number<T>(out_ + i * sizeof(T)) + bytes[i] * step);
    }
  }

  wire_reader& in_;
  char* out_;
  std::size_t count_;
  byte_vector& scratch_;
  packed_head head_;
  std::array<word, 8> steps_{};  // of each plane, from one value to the next
};

}  // namespace trainlog::detail

#endif
