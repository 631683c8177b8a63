// SPDX-License-Identifier: MIT
// What the reader sees in event files, as lines of text, which event_lines.py beside the interop
// checks makes of them, too, with TensorBoard's own classes.
#ifndef TRAINLOG_TESTS_SUMMARY_EVENT_LINES_HPP
#define TRAINLOG_TESTS_SUMMARY_EVENT_LINES_HPP

#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <trainlog/detail/crc32.hpp>
#include <trainlog/summary/event_reader.hpp>
#include <trainlog/summary/read_tags.hpp>

namespace summary_test {

/// A number's bits: "3ff0000000000000".
inline std::string bits_of(double value) {
  std::string text;
  auto const bits = std::bit_cast<std::uint64_t>(value);
  for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[bits >> shift & 0xFU];
  return text;
}

/// The size of bytes, and a checksum of them: " 5:907060870".
inline std::string bytes_of(std::string_view bytes) {
  auto const crc = trainlog::detail::crc32(bytes);
  return " " + std::to_string(bytes.size()) + ":" + std::to_string(crc);
}

inline std::string tensor_of(trainlog::summary::event_value const& value) {
  auto const tensor = value.tensor();
  if (!tensor) return "tensor none";
  std::string out = "tensor " + std::to_string(static_cast<int>(tensor->type())) + " [";
  for (auto const size : tensor->shape().sizes()) out += std::to_string(size) + ",";
  out += "]";
  for (double const number : tensor->numbers()) out += " " + bits_of(number);
  for (auto const text : tensor->strings()) out += bytes_of(text);
  return out;
}

inline std::string value_of(trainlog::summary::event_value const& value, std::string_view plugin) {
  std::string out(plugin);
  if (plugin == "scalars") {
    if (auto const number = value.scalar()) return out + " " + bits_of(*number);
  } else if (plugin == "histograms") {
    if (auto const histogram = value.histogram()) {
      for (auto const& [left, right, count] : histogram->buckets)
        out += " " + bits_of(left) + "," + bits_of(right) + "," + bits_of(count);
      return out;
    }
  } else if (plugin == "images") {
    for (auto const& [width, height, file] : value.images())
      out += " " + std::to_string(width) + "x" + std::to_string(height) + bytes_of(file);
    return out;
  } else if (plugin == "audio") {
    for (auto const& sound : value.sounds()) out += bytes_of(sound.file);
    return out;
  } else if (plugin == "text") {
    for (auto const text : value.texts()) out += bytes_of(text);
    return out;
  }
  return tensor_of(value);
}

/// A line for each event that is no summary, and for each value of the others.
inline std::string event_lines(trainlog::summary::event_reader& reader) {
  static constexpr std::string_view kinds[] = {"none",         "file_version",  "graph_def",
                                               "summary",      "log_message",   "session_log",
                                               "run_metadata", "meta_graph_def"};
  std::map<std::string, std::string, std::less<>> plugins;
  std::string out;
  for (auto const& event : reader) {
    std::string const head = std::to_string(event.step) + " " + bits_of(event.wall_time) + " ";
    if (event.kind != trainlog::summary::event_kind::summary) {
      out += head;
      out += kinds[static_cast<std::size_t>(event.kind)];
      out += bytes_of(event.content);
      out += "\n";
    }
    for (auto const& value : event.values()) {
      auto& plugin = plugins[std::string(value.tag)];
      if (plugin.empty()) plugin = value.metadata.plugin_name;
      if (plugin.empty()) plugin = trainlog::detail::plugin_of(value.kind);
      out += head;
      out += value.tag;
      out += " " + value_of(value, plugin) + "\n";
    }
  }
  return out;
}

}  // namespace summary_test

#endif
