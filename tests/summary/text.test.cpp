// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <trainlog/summary/text.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

struct read_tensor {
  std::vector<std::int64_t> shape;
  std::vector<std::string> strings;
  friend bool operator==(read_tensor const&, read_tensor const&) = default;
};

read_tensor tensor_in(std::string_view event) {
  auto const tensor = find_field(values_of(event).at(0), 8).bytes;
  CHECK(find_field(tensor, 1).bits == 7);
  read_tensor read;
  detail::proto_reader shape(find_field(tensor, 2).bytes);
  for (proto_field dim; shape.next(dim);) {
    read.shape.push_back(find_field(dim.bytes, 1).as_int());
  }
  detail::proto_reader fields(tensor);
  for (proto_field field; fields.next(field);) {
    if (field.number == 8) read.strings.emplace_back(field.bytes);
  }
  return read;
}

/// What is in the file after the value has been written.
template <class Value>
read_tensor written(Value const& value) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  REQUIRE(summary::text(writer, "note", value, 1));
  auto const events = events_in(directory.path());
  REQUIRE(events.size() == 1);
  return tensor_in(events[0]);
}

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("a text is a tensor without a shape, to the byte") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  REQUIRE(summary::text(writer, "x", "**b**", 2, {.wall_time = 1.5}));
  CHECK(events_in(directory.path()).at(0) ==
        unhex("09 00 00 00 00 00 00 f8 3f 10 02 2a 1e 0a 1c 0a 01 78 42 0b 08 07 12 00 42 05") +
            "**b**" + unhex("4a 0a 0a 06 0a 04") + "text" + unhex("20 02"));
}

TEST_CASE("texts, lists and tables have 0, 1 and 2 dimensions") {
  CHECK(written(std::string("a")) == read_tensor{{}, {"a"}});
  CHECK(written(std::string_view("")) == read_tensor{{}, {""}});
  CHECK(written(list{"a", "", "c"}) == read_tensor{{3}, {"a", "", "c"}});
  CHECK(written(std::array{"a", "b"}) == read_tensor{{2}, {"a", "b"}});
  CHECK(written(std::vector<list>{{"a", "b"}, {"c", "d"}}) ==
        read_tensor{{2, 2}, {"a", "b", "c", "d"}});
  CHECK(written([] { return list{"a"}; }) == read_tensor{{1}, {"a"}});
}

TEST_CASE("tables may have rows of several lengths, and nothing in them") {
  CHECK(written(std::vector<list>{{"a"}, {}, {"b", "c"}}) ==
        read_tensor{{3, 2}, {"a", "", "", "", "b", "c"}});
  CHECK(written(list{}) == read_tensor{{0}, {}});
  CHECK(written(std::vector<list>{}) == read_tensor{{0, 0}, {}});
}

TEST_CASE("a text that is no UTF-8 is written as one that is") {
  CHECK(written(list{"\xff", "a\xe2\x82"}) == read_tensor{{2}, {"\xEF\xBF\xBD", "a\xEF\xBF\xBD"}});
}
