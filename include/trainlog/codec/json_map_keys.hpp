// SPDX-License-Identifier: MIT
// The keys of maps as JSON has them: text that is not UTF-8 has U+FFFD for what is wrong.
#ifndef TRAINLOG_CODEC_JSON_MAP_KEYS_HPP
#define TRAINLOG_CODEC_JSON_MAP_KEYS_HPP

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "trainlog/detail/utf8.hpp"
#include "trainlog/record/error.hpp"

namespace trainlog::detail {

inline std::string valid_utf8(std::string_view text) {
  std::string result;
  append_utf8_sanitized(result, text);
  return result;
}

/// Throws trainlog::error if two keys of a map or dict would be written as the same text.
template <class Map>
void require_distinct_keys(Map const& entries) {
  auto const is_valid = [](auto const& entry) { return is_valid_utf8(entry.first); };
  if (std::all_of(entries.begin(), entries.end(), is_valid)) [[likely]]
    return;
  std::vector<std::string> keys;
  keys.reserve(entries.size());
  for (auto const& entry : entries) keys.push_back(valid_utf8(entry.first));
  std::sort(keys.begin(), keys.end());
  auto const twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice == keys.end()) return;
  throw error("trainlog: two keys of a map that are not UTF-8 would both be written as '" + *twice +
              "'");
}

}  // namespace trainlog::detail

#endif
