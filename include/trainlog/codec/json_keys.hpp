// SPDX-License-Identifier: MIT
// The keys of a record's JSON object as compile-time text.
#ifndef TRAINLOG_CODEC_JSON_KEYS_HPP
#define TRAINLOG_CODEC_JSON_KEYS_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "trainlog/detail/utf8.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog::detail {

/// The key under which a JSON object names its numbers that are not finite.
inline constexpr std::string_view nonfinite_key = "_nonfinite";

template <class Names>
constexpr std::size_t count_used(Names const& names) noexcept {
  std::size_t count = 0;
  for (auto const name : names) count += name.empty() ? 0U : 1U;
  return count;
}

/// The fields that are in files.
template <class T>
inline constexpr std::size_t file_size = count_used(file_names<T>);

/// True for UTF-8 without control characters.
constexpr bool is_plain_name(std::string_view name) noexcept {
  while (!name.empty()) {
    auto const unit = next_utf8_unit(name);
    if (!unit.valid || static_cast<unsigned char>(name[0]) < 0x20) return false;
    name.remove_prefix(unit.size);
  }
  return true;
}

template <class Names>
constexpr bool all_plain_names(Names const& names) noexcept {
  for (auto const name : names) {
    if (!is_plain_name(name)) return false;
  }
  return true;
}

/// Where a key stands in json_keys::text; a size of 0 if the field is not in files.
struct json_key {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

/// Chars that put_json_key may write past the key's end.
inline constexpr std::size_t json_key_slack = 32;

/// Hands `put` each char of a key: `{"epoch":` if it is the first, else `,"loss":`.
template <class Put>
constexpr void put_key_text(std::string_view name, bool first, Put put) {
  put(first ? '{' : ',');
  put('"');
  for (char const c : name) {
    if (c == '"' || c == '\\') put('\\');
    put(c);
  }
  put('"');
  put(':');
}

/// The keys of T's object, one behind the other, with the punctuation before and after each.
template <class T>
struct json_keys {
  static constexpr auto const& names = file_names<T>;
  static_assert(find_name(names, nonfinite_key) == npos,
                "trainlog: '_nonfinite' is no name for a field in files");
  static_assert(file_names_differ<T>,
                "trainlog: two fields of a record have the same name in files");
  static_assert(all_plain_names(names),
                "trainlog: a field's name in files is UTF-8 without control characters");

  static constexpr std::size_t size = [] {
    std::size_t count = 0;
    for (auto const name : names) {
      if (!name.empty()) put_key_text(name, false, [&](char) { ++count; });
    }
    return count;
  }();
  static constexpr auto text = [] {
    std::array<char, size + json_key_slack> all{};
    std::size_t at = 0;
    for (auto const name : names) {
      if (!name.empty()) put_key_text(name, at == 0, [&](char c) { all[at++] = c; });
    }
    return all;
  }();
  static constexpr auto keys = [] {
    std::array<json_key, names.size()> all{};
    std::uint32_t at = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (names[i].empty()) continue;
      all[i].offset = at;
      put_key_text(names[i], at == 0, [&](char) { ++at; });
      all[i].size = at - all[i].offset;
    }
    return all;
  }();
};

/// Copies a key. May write json_key_slack chars past its end.
inline char* put_json_key(char* out, char const* text, json_key key) noexcept {
  std::memcpy(out, text + key.offset, json_key_slack);
  if (key.size > json_key_slack) [[unlikely]]
    std::memcpy(out, text + key.offset, key.size);
  return out + key.size;
}

}  // namespace trainlog::detail

#endif
