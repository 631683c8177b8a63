// SPDX-License-Identifier: MIT
// Paths to a value in a record, as messages show them: $.v[1].x and $.scores["a b"].
#ifndef TRAINLOG_CODEC_TEXT_PATH_HPP
#define TRAINLOG_CODEC_TEXT_PATH_HPP

#include <cstddef>
#include <string>
#include <string_view>

#include "trainlog/detail/json_text.hpp"

namespace trainlog::detail {

constexpr bool is_identifier(std::string_view name) noexcept {
  for (char const c : name) {
    bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (c < '0' || c > '9')) return false;
  }
  return !name.empty() && (name[0] < '0' || name[0] > '9');
}

/// What a message shows of a name in a text or file, which may be of any length: its first 60
/// bytes, but no part of a character.
constexpr std::string_view name_beginning(std::string_view name) noexcept {
  std::size_t size = 60;
  if (name.size() <= size) return name;
  while (size > 57 && (static_cast<unsigned char>(name[size]) & 0xc0U) == 0x80) --size;
  return name.substr(0, size);
}

/// ".loss", or ["train/loss"] if the name is no identifier; ["a long one"...] if it is cut.
inline void append_member(std::string& path, std::string_view name) {
  auto const shown = name_beginning(name);
  bool const whole = shown.size() == name.size();
  if (whole && is_identifier(name)) {
    path.append(".").append(name);
  } else {
    append_json_string(path += '[', shown);
    path.append(whole ? "]" : "...]");
  }
}

inline void append_element(std::string& path, std::size_t index) {
  path.append("[").append(std::to_string(index)).append("]");
}

}  // namespace trainlog::detail

#endif
