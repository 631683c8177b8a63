// SPDX-License-Identifier: MIT
// The enumerators that a message expects.
#ifndef TRAINLOG_CODEC_ONE_OF_HPP
#define TRAINLOG_CODEC_ONE_OF_HPP

#include <span>
#include <string>
#include <string_view>

namespace trainlog::detail {

/// "one of train, eval".
inline std::string one_of(std::span<std::string_view const> names) {
  std::string text = "one of ";
  for (auto const name : names) text.append(name).append(", ");
  text.resize(text.size() - 2);
  return text;
}

}  // namespace trainlog::detail

#endif
