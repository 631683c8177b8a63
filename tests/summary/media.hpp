// SPDX-License-Identifier: MIT
// What the tests of images and audio look at: the strings of a tensor, and its shape.
#ifndef TRAINLOG_TESTS_SUMMARY_MEDIA_HPP
#define TRAINLOG_TESTS_SUMMARY_MEDIA_HPP

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "summary/event_files.hpp"

namespace summary_test {

struct string_tensor {
  std::vector<std::int64_t> shape;
  std::vector<std::string> strings;
};

/// Of the first value of an event.
inline string_tensor string_tensor_in(std::string_view event) {
  auto const tensor = find_field(values_of(event).at(0), 8).bytes;
  if (find_field(tensor, 1).bits != 7) throw std::runtime_error("no tensor of strings");
  string_tensor read;
  trainlog::detail::proto_reader shape(find_field(tensor, 2).bytes);
  for (proto_field dim; shape.next(dim);) {
    read.shape.push_back(find_field(dim.bytes, 1).as_int());
  }
  trainlog::detail::proto_reader fields(tensor);
  for (proto_field field; fields.next(field);) {
    if (field.number == 8) read.strings.emplace_back(field.bytes);
  }
  return read;
}

}  // namespace summary_test

#endif
