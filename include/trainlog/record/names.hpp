// SPDX-License-Identifier: MIT
// Names at compile time: string literals as template arguments, and lists split from macro text.
#ifndef TRAINLOG_RECORD_NAMES_HPP
#define TRAINLOG_RECORD_NAMES_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// A type of the global namespace: as a function argument it lets descriptions that were written
/// there be found beside those in a type's own namespace.
struct trainlog_global_scope {};

namespace trainlog {

/// A string literal as a template argument: `get<"loss">(record)`.
template <std::size_t N>
struct fixed_string {
  char text[N]{};

  constexpr fixed_string(char const (&literal)[N]) noexcept {  // NOLINT: implicit on purpose
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
  constexpr operator std::string_view() const noexcept { return {text, N - 1}; }  // NOLINT
};

namespace detail {

/// Names a type in an argument list without an object of it, and without conversions to its bases.
template <class T>
struct type_tag {
  using type = T;
};

inline constexpr std::size_t npos = static_cast<std::size_t>(-1);

/// 64-bit FNV-1a.
constexpr std::uint64_t fnv1a(std::string_view text,
                              std::uint64_t hash = 0xcbf29ce484222325U) noexcept {
  for (char const c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return hash;
}

constexpr std::size_t count_names(std::string_view list) noexcept {
  std::size_t count = 0;
  bool inside = false;
  for (char const c : list) {
    if (c == ',') inside = false;
    if (c != ',' && c != ' ' && !inside) {
      inside = true;
      ++count;
    }
  }
  return count;
}

/// Splits macro text, "a, b, c", into its names.
template <std::size_t N>
constexpr std::array<std::string_view, N> split_names(std::string_view list) noexcept {
  std::array<std::string_view, N> names{};
  std::size_t begin = 0;
  for (auto& name : names) {
    while (list[begin] == ' ' || list[begin] == ',') ++begin;
    std::size_t end = begin;
    while (end < list.size() && list[end] != ',' && list[end] != ' ') ++end;
    name = list.substr(begin, end - begin);
    begin = end;
  }
  return names;
}

template <std::size_t N>
constexpr std::size_t find_name(std::array<std::string_view, N> const& names,
                                std::string_view name) noexcept {
  std::size_t index = 0;
  for (auto const candidate : names) {
    if (candidate == name) return index;
    ++index;
  }
  return npos;
}

/// True if no two of the names are equal, but for empty ones, which stand for none. Compilers count
/// the steps of this, and some records have hundreds of fields.
template <std::size_t N>
constexpr bool all_different(std::array<std::string_view, N> const& names) noexcept {
  std::array<std::string_view, 2 * N + 1> seen{};  // a hash table, at most half full
  for (auto const name : names) {
    std::size_t slot = fnv1a(name) % seen.size();
    for (; !seen[slot].empty(); slot = (slot + 1) % seen.size()) {
      if (seen[slot] == name) return false;
    }
    seen[slot] = name;
  }
  return true;
}

}  // namespace detail
}  // namespace trainlog

#endif
