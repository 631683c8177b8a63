// SPDX-License-Identifier: MIT
// What the tests of summaries look at: the event files of a directory, record by record.
#ifndef TRAINLOG_TESTS_SUMMARY_EVENT_FILES_HPP
#define TRAINLOG_TESTS_SUMMARY_EVENT_FILES_HPP

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <trainlog/detail/file.hpp>
#include <trainlog/detail/protobuf.hpp>

#include "summary/tfrecords.hpp"

namespace summary_test {

/// The bytes of a text such as "09 ff 00".
inline std::string unhex(std::string_view text) {
  std::string bytes;
  int digits = 0;
  int value = 0;
  for (char const c : text) {
    if (c == ' ') continue;
    value = 16 * value + (c <= '9' ? c - '0' : c - 'a' + 10);
    if (++digits % 2 == 0) bytes.push_back(static_cast<char>(std::exchange(value, 0)));
  }
  return bytes;
}

/// The event files below a directory, by name.
inline std::vector<std::string> files_in(std::string const& directory) {
  std::vector<std::string> files;
  for (auto const& each : std::filesystem::directory_iterator(directory)) {
    if (each.is_regular_file()) files.push_back(each.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// The data of each record. Throws unless all are good, and the last one whole or `may_be_torn`.
inline std::vector<std::string> records_of(std::string const& path, bool may_be_torn = false) {
  std::string const bytes = trainlog::detail::read_file(path);
  tfrecord_reader reader(bytes);
  std::vector<std::string> records;
  std::string_view data;
  auto state = reader.next(data);
  for (; state == record_state::record; state = reader.next(data)) {
    records.emplace_back(data);
  }
  bool const torn = may_be_torn && state == record_state::torn;
  if (state != record_state::end && !torn) {
    throw std::runtime_error("damaged " + path);
  }
  return records;
}

/// The records of the only file in the directory but the first, which says the version.
inline std::vector<std::string> events_in(std::string const& directory) {
  auto const files = files_in(directory);
  if (files.size() != 1) throw std::runtime_error("not one file in " + directory);
  auto records = records_of(files[0]);
  if (!records.empty()) records.erase(records.begin());
  return records;
}

using trainlog::detail::proto_field;

/// The first field of that number; an empty one if there is none.
inline proto_field find_field(std::string_view message, std::uint32_t number) {
  trainlog::detail::proto_reader reader(message);
  for (proto_field field; reader.next(field);) {
    if (field.number == number) return field;
  }
  return {};
}

/// The values of a summary event.
inline std::vector<std::string_view> values_of(std::string_view event) {
  std::vector<std::string_view> values;
  trainlog::detail::proto_reader reader(find_field(event, 5).bytes);
  for (proto_field field; reader.next(field);) values.push_back(field.bytes);
  return values;
}

inline std::string tag_of(std::string_view value) {
  return std::string(find_field(value, 1).bytes);
}
/// Of the first value of an event.
inline std::string tag_in(std::string_view event) { return tag_of(values_of(event).at(0)); }
inline float number_in(std::string_view event) {
  return find_field(values_of(event).at(0), 2).as_float();
}
inline std::int64_t step_of(std::string_view event) { return find_field(event, 2).as_int(); }

}  // namespace summary_test

#endif
