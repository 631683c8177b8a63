// SPDX-License-Identifier: MIT
// Records with one field of any type, and what goes wrong when they are decoded.
#ifndef TRAINLOG_TESTS_CODEC_ONE_FIELD_HPP
#define TRAINLOG_TESTS_CODEC_ONE_FIELD_HPP

#include <trainlog/binary.hpp>

#include <string>

#include "catch.hpp"

namespace tlog_test {

template <class Field>
struct Row {
  Field x{};
  TRAINLOG_RECORD(Row, x)
};

/// The value, written in a field of one type and read in a field of another.
template <class To, class From>
To reread(From const& value) {
  return trainlog::from_binary<Row<To>>(trainlog::to_binary(Row<From>{value})).x;
}

template <class T>
trainlog::decode_error failure(std::string const& file) {
  try {
    static_cast<void>(trainlog::from_binary<T>(file));
  } catch (trainlog::decode_error const& error) {
    return error;
  }
  FAIL("no error");
  throw;
}

inline std::string place(trainlog::decode_error const& error) {
  return error.path() + ": " + error.expected() + ", found " + error.found();
}

}  // namespace tlog_test

#endif
