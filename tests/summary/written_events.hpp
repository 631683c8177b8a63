// SPDX-License-Identifier: MIT
// Event files that no op of trainlog would write, event by event.
#ifndef TRAINLOG_TESTS_SUMMARY_WRITTEN_EVENTS_HPP
#define TRAINLOG_TESTS_SUMMARY_WRITTEN_EVENTS_HPP

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include <trainlog/detail/protobuf.hpp>
#include <trainlog/summary/event.hpp>

#include "summary/tfrecords.hpp"

namespace summary_test {

inline void write_file(std::string const& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string record_of(std::string_view data) {
  std::string out;
  append_tfrecord(out, data);
  return out;
}

inline std::string version_record() {
  std::string data;
  trainlog::detail::append_file_version(data, 1.5);
  return record_of(data);
}

inline std::string scalar_event(std::int64_t step, std::string_view tag, float value) {
  std::string out;
  trainlog::detail::append_event_head(out, 1.5, step);
  trainlog::detail::append_proto_message(out, 5, [&] {
    trainlog::detail::append_summary_value(
        out, {"", tag}, [&] { trainlog::detail::append_simple_value(out, value); });
  });
  return out;
}
/// Of the tag "x", whose value is the step.
inline std::string scalar_event(std::int64_t step) {
  return scalar_event(step, "x", static_cast<float>(step));
}

/// A tensor of one number, with metadata if there is a plugin.
inline std::string tensor_event(std::int64_t step, std::string_view tag,
                                trainlog::summary::data_type type, double value,
                                std::string_view plugin = "scalars") {
  using enum trainlog::summary::data_type;
  std::string content;
  if (type == float64) trainlog::detail::append_le(content, value);
  if (type == float32) trainlog::detail::append_le(content, static_cast<float>(value));
  if (type == int64) trainlog::detail::append_le(content, static_cast<std::int64_t>(value));
  std::string out;
  trainlog::detail::append_event_head(out, 1.5, step);
  trainlog::detail::append_proto_message(out, 5, [&] {
    trainlog::detail::append_summary_value(out, {"", tag}, [&] {
      trainlog::detail::append_number_tensor(out, type, {}, content);
      if (!plugin.empty()) trainlog::detail::append_summary_metadata(out, {.plugin_name = plugin});
    });
  });
  return out;
}

/// A session starts (1) or stops (2).
inline std::string session_event(std::int64_t step, int status = 1) {
  std::string out;
  trainlog::detail::append_event_head(out, 1.5, step);
  trainlog::detail::append_proto_message(
      out, 7, [&] { trainlog::detail::append_proto_int(out, 1, status); });
  return out;
}

}  // namespace summary_test

#endif
