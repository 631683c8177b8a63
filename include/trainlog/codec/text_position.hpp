// SPDX-License-Identifier: MIT
// Lines and columns of a text.
#ifndef TRAINLOG_CODEC_TEXT_POSITION_HPP
#define TRAINLOG_CODEC_TEXT_POSITION_HPP

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "trainlog/record/error.hpp"

namespace trainlog::detail {

/// What some programs write before UTF-8; not a part of the text.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Where the text begins: behind the mark, if there is one.
constexpr std::size_t text_begin(std::string_view text) noexcept {
  return text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
}

/// Line and column of an offset.
inline source_position position_at(std::string_view text, std::size_t offset) noexcept {
  auto const before = text.substr(0, offset);
  auto const newlines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  return {before.size(), newlines + 1, before.size() - (before.rfind('\n') + 1) + 1};
}

}  // namespace trainlog::detail

#endif
