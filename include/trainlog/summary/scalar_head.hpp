// SPDX-License-Identifier: MIT
// A scalar's value in an event, made when compiling but for the number: tags of a record's fields
// are known then.
#ifndef TRAINLOG_SUMMARY_SCALAR_HEAD_HPP
#define TRAINLOG_SUMMARY_SCALAR_HEAD_HPP

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "trainlog/detail/endian.hpp"
#include "trainlog/summary/event.hpp"

namespace trainlog::detail {

/// What append_scalar_value writes before the number, for a short tag of ASCII.
class scalar_head {
 public:
  constexpr scalar_head() noexcept = default;
  constexpr explicit scalar_head(std::string_view tag) noexcept {
    if (tag.size() > max_tag) return;
    for (char const letter : tag) {
      if (static_cast<unsigned char>(letter) >= 0x80) return;
    }
    add(proto_key(1, proto_type::bytes));
    add(static_cast<char>(1 + 1 + tag.size() + 1 + number_size));
    add(proto_key(value_field::tag, proto_type::bytes));
    add(static_cast<char>(tag.size()));
    for (char const letter : tag) add(letter);
    add(proto_key(value_field::simple_value, proto_type::fixed32));
  }

  /// False for a tag of another kind.
  constexpr bool is_made() const noexcept { return size_ != 0; }

  void append(std::string& out, float number) const {
    std::array<char, capacity> bytes = bytes_;
    put_le(bytes.data() + size_, number);
    out.append(bytes.data(), size_ + number_size);
  }

 private:
  static constexpr std::size_t capacity = 64;
  static constexpr std::size_t number_size = sizeof(float);
  static constexpr std::size_t max_tag = capacity - number_size - 5;

  constexpr void add(char byte) noexcept { bytes_[size_++] = byte; }

  std::array<char, capacity> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace trainlog::detail

#endif
