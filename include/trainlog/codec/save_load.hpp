// SPDX-License-Identifier: MIT
// Records saved to a file and loaded from it, in the format that the file's extension names.
#ifndef TRAINLOG_CODEC_SAVE_LOAD_HPP
#define TRAINLOG_CODEC_SAVE_LOAD_HPP

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/csv_read.hpp"
#include "trainlog/codec/csv_write.hpp"
#include "trainlog/codec/decode_options.hpp"
#include "trainlog/codec/json_read.hpp"
#include "trainlog/codec/json_write.hpp"
#include "trainlog/codec/json_writer.hpp"
#include "trainlog/codec/record_range.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/codec/text_position.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/record/error.hpp"

namespace trainlog {
namespace detail {

enum class file_format : unsigned char { json, jsonl, csv, tlog };

/// By the path's extension. Throws trainlog::error for any other.
inline file_format format_of(std::string const& path) {
  std::string_view name(path);
  name = name.substr(name.rfind('/') + 1);
  auto const extension = name.substr(std::min(name.rfind('.'), name.size()));
  if (extension == ".json") return file_format::json;
  if (extension == ".jsonl" || extension == ".ndjson") return file_format::jsonl;
  if (extension == ".csv") return file_format::csv;
  if (extension == ".tlog") return file_format::tlog;
  throw error("trainlog: the extension of '" + printable_path(path) +
              "' names no format: expected .json, .jsonl, .ndjson, .csv or .tlog");
}

/// The format of the path. Throws if it has no use for the options, and they are not the default.
inline file_format format_of(std::string const& path, json_options options) {
  auto const format = format_of(path);
  auto const [nonfinite] = options;  // names every option, so that none is forgotten
  bool const json = format == file_format::json || format == file_format::jsonl;
  if (json || nonfinite == nonfinite_as::null) return format;
  throw error("trainlog: json_options other than the default mean nothing for '" +
              printable_path(path) + "'");
}

template <record_range Range>
std::string encode_rows(file_format format, Range&& records, json_options options) {
  switch (format) {
    case file_format::json:
      return trainlog::to_json(records, options) + '\n';
    case file_format::jsonl:
      return trainlog::to_jsonl(records, options);
    case file_format::csv:
      return trainlog::to_csv(records);
    default:
      return trainlog::to_binary(records);
  }
}

template <record T>
T only_row(std::vector<T> rows, std::string_view text) {
  if (rows.size() == 1) return std::move(rows.front());
  throw decode_error("$", position_at(text, 0), "exactly one row", std::to_string(rows.size()));
}

template <decodable T>
T decode_file(file_format format, std::string_view content, decode_options options) {
  if (format == file_format::json) return from_json<T>(content, options);
  if constexpr (record<T>) {
    return detail::only_row(decode_file<std::vector<T>>(format, content, options), content);
  } else {
    using row = typename T::value_type;
    return format == file_format::csv ? from_csv<row>(content, options)
                                      : from_jsonl<row>(content, options);
  }
}

}  // namespace detail

/// Writes a record to a file, in the format of its extension: .json, .jsonl or .ndjson (a line),
/// .csv (a header and a line), .tlog (a binary snapshot). A crash leaves the old file or the new
/// one, whole. The options are for .json, .jsonl and .ndjson: .csv and .tlog hold every number, and
/// any but the default options are an error there.
/// Throws io_error, and trainlog::error for another extension or as the options want it; then no
/// file has changed.
template <record T>
void save(std::string const& path, T const& value, json_options options = {}) {
  auto const format = detail::format_of(path, options);
  detail::replace_file(path,
                       format == detail::file_format::json
                           ? trainlog::to_json(value, options) + '\n'
                           : detail::encode_rows(format, std::span<T const>(&value, 1), options));
}

/// Writes a range of records to a file: a .json array, or a row each.
template <record_range Range>
void save(std::string const& path, Range&& records, json_options options = {}) {
  auto const format = detail::format_of(path, options);
  detail::replace_file(path, detail::encode_rows(format, records, options));
}

template <detail::no_records T>
void save(std::string const&, T&&, json_options = {}) {
  detail::refuse_type<T>();
}

/// Reads what save wrote: a record (a file with rows must have exactly one), or a std::vector of
/// them. Throws io_error; decode_error and validation_error with the file's name and the place in
/// it; schema_error if a .tlog file is of another kind of record, or has or lacks a field that the
/// options do not let it have or lack; trainlog::error for another
/// extension.
template <detail::decodable T>
[[nodiscard]] T load(std::string const& path, decode_options options = {}) {
  auto const format = detail::format_of(path);
  if (format == detail::file_format::tlog) return load_binary<T>(path, options);
  return detail::in_file(
      path, [&] { return detail::decode_file<T>(format, detail::read_file(path), options); });
}

template <class T>
  requires(!detail::decodable<T>)
T load(std::string const&, decode_options = {}) {
  detail::refuse_type<T>();
}

}  // namespace trainlog

#endif
