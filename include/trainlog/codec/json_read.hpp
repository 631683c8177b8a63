// SPDX-License-Identifier: MIT
// Records from JSON (RFC 8259) and JSON Lines text, without a tree in between.
#ifndef TRAINLOG_CODEC_JSON_READ_HPP
#define TRAINLOG_CODEC_JSON_READ_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "trainlog/codec/decode_options.hpp"
#include "trainlog/codec/json_parser.hpp"
#include "trainlog/codec/record_range.hpp"
#include "trainlog/codec/text_decoder.hpp"
#include "trainlog/codec/text_path.hpp"
#include "trainlog/codec/text_position.hpp"
#include "trainlog/codec/text_type.hpp"
#include "trainlog/codec/text_type_of.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/descriptor.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/serializable.hpp"

namespace trainlog {
namespace detail {

/// Fills an object from JSON text; returns what is wrong with it, if anything is.
inline std::optional<decode_failure> try_read_json(std::string_view text, text_type const& type,
                                                   void* target, decode_options options) {
  text_decoder decoder(type, target, options);
  if (json_parser(text, decoder).parse()) [[likely]]
    return {};
  return decoder.failure();
}

/// Throws what is wrong with the value at `path` of the text `whole`.
[[noreturn]] inline void throw_text_failure(std::string_view whole, std::size_t offset,
                                            std::string_view path, decode_failure const& what) {
  auto const position = position_at(whole, offset);
  auto place = std::string(path) + what.path.substr(1);
  if (!what.invalid) throw decode_error(std::move(place), position, what.expected, what.found);
  throw validation_error(what.found + " at " + place + " (line " + std::to_string(position.line) +
                         ", column " + std::to_string(position.column) + ")");
}

/// Says what reads a text that has several records instead of one, or the other way round. `line`
/// is true of a text that is a line of JSON Lines.
inline void add_hint(decode_failure& what, text_type const& type, bool line) {
  if (what.path != "$") return;
  constexpr auto lines = "JSON Lines, which from_jsonl reads, and load from a .jsonl file";
  if (what.expected == "the end of the text" && what.found == "'{'" && !line)
    what.found.append(", as in ").append(lines);
  if (what.expected != shown(type)) return;
  if (what.found == "an object") what.found.append(": one record, or ").append(lines);
  if (what.found == "an array" && type.shape == text_shape::record) {
    what.found += line ? ": JSON, which from_json reads, and load from a .json file"
                       : ": several records, which a std::vector reads";
  }
}

/// Fills an object from the JSON at `begin` of the text `whole`. Throws decode_error.
inline void read_json(std::string_view whole, std::size_t begin, std::size_t size, std::size_t row,
                      text_type const& type, void* target, decode_options options) {
  auto failure = try_read_json(whole.substr(begin, size), type, target, options);
  if (!failure) [[likely]]
    return;
  add_hint(*failure, type, row != npos);
  std::string path = "$";
  if (row != npos) append_element(path, row);
  throw_text_failure(whole, begin + failure->offset, path, *failure);
}

/// Calls read(begin, size, row) for the lines that are not blank.
template <class Read>
void for_each_line(std::string_view text, Read read) {
  std::size_t begin = text_begin(text);
  for (std::size_t row = 0; begin < text.size();) {
    std::size_t const end = std::min(text.find('\n', begin), text.size());
    auto const line = text.substr(begin, end - begin);
    if (line.find_first_not_of(" \t\r") != line.npos) read(begin, line.size(), row++);
    begin = end + 1;
  }
}

}  // namespace detail

/// The record, or the std::vector of records, that a JSON text describes. Fields are found by
/// their names in files or by aka() names, in any order; numbers must fit their fields exactly,
/// floats take any number. NaN and infinities are read in every form that json_options writes.
/// Then post_init and validate.
/// Throws decode_error and validation_error with path, line and column, and what the record's own
/// validate throws.
template <detail::decodable T>
[[nodiscard]] T from_json(std::string_view text, decode_options options = {}) {
  T result = detail::access::blank<T>();
  if constexpr (detail::require_serializer<T>())
    detail::read_json(text, detail::text_begin(text), text.size(), detail::npos,
                      detail::text_type_of<T>, &result, options);
  return result;
}

template <class T>
  requires(!detail::decodable<T>)
T from_json(std::string_view, decode_options = {}) {
  detail::refuse_type<T>();
}

/// The records of a JSON Lines text: an object a line; blank lines are passed over. As from_json.
template <record T>
[[nodiscard]] std::vector<T> from_jsonl(std::string_view text, decode_options options = {}) {
  std::vector<T> rows;
  detail::for_each_line(text, [&](std::size_t begin, std::size_t size, std::size_t row) {
    T& target = rows.emplace_back(detail::access::blank<T>());
    if constexpr (detail::require_serializer<T>())
      detail::read_json(text, begin, size, row, detail::text_type_of<T>, &target, options);
  });
  return rows;
}

template <class T>
  requires(!record<T>)
std::vector<T> from_jsonl(std::string_view, decode_options = {}) {
  detail::refuse_type<T>();
}

}  // namespace trainlog

#endif
