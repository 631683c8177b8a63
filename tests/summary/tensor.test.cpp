// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <trainlog/summary/tensor.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using summary::data_type;
using summary::tensor_view;
using writer_test::temporary_directory;

static_assert(not std::is_constructible_v<summary::shape_size, double>);
static_assert(not std::is_constructible_v<summary::shape_size, bool>);
static_assert(not std::is_convertible_v<int, summary::shape>);

TEST_CASE("a tensor has type, shape and bytes") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::array<std::int32_t, 2> const numbers{1, -2};
  REQUIRE(summary::tensor(writer, "t", tensor_view(numbers, {2, 1}), 1, {.wall_time = 0.0}));
  CHECK(events_in(directory.path()).at(0) ==
        unhex("09 00 00 00 00 00 00 00 00 10 01 2a 2b 0a 29 0a 01 74 42 16 08 03 12 08 12 02 08 02 "
              "12 02 08 01 22 08 01 00 00 00 fe ff ff ff 4a 0c 0a 08 0a 06") +
            "tensor" + unhex("20 02"));
}

TEST_CASE("tensors are of any number, of strings, or of bytes") {
  CHECK(tensor_view(std::vector<float>(6), {2, 3}).type() == data_type::float32);
  CHECK(tensor_view(std::vector<double>(1), {}).type() == data_type::float64);
  CHECK(tensor_view(std::vector<std::uint64_t>(0), {0}).type() == data_type::uint64);
  bool const flags[] = {true, false};
  CHECK(tensor_view(flags, {2}).type() == data_type::boolean);
  CHECK(tensor_view(flags, {2}).content() == std::string_view("\1\0", 2));
  std::int16_t const table[2][1][3] = {{{1, 2, 3}}, {{4, 5, 6}}};
  CHECK(tensor_view(table).type() == data_type::int16);
  CHECK(tensor_view(table).shape().text() == "[2, 1, 3]");
  CHECK(tensor_view(table).content() == std::string_view("\1\0\2\0\3\0\4\0\5\0\6\0", 12));
  std::array<std::string_view, 1> const strings{"a"};
  CHECK(tensor_view(strings, {}).strings().size() == 1);
  CHECK(tensor_view(data_type::bfloat16, {1}, "ab").content() == "ab");
}

TEST_CASE("a shape takes integers of any types") {
  auto const most = std::numeric_limits<std::int64_t>::max();
  std::vector<float> const numbers(6);
  std::size_t const rows = numbers.size() / 3;
  unsigned const columns = 3;
  CHECK(tensor_view(numbers, {rows, columns}).shape() == summary::shape{2, 3});
  CHECK(summary::shape{std::uint8_t{200}, std::int16_t{2}}.text() == "[200, 2]");
  CHECK(summary::shape(std::vector<std::size_t>{2, 3}) == summary::shape{2, 3});
  CHECK(summary::shape(std::array<int, 1>{4}) == summary::shape{4});
  auto const beyond = static_cast<std::uint64_t>(most) + 1;
  CHECK_THROWS_WITH((summary::shape{beyond}), Catch::Contains("9223372036854775808"));
  CHECK_THROWS_WITH((summary::shape{std::int8_t{-1}}), Catch::Contains("[-1]"));
  CHECK_THROWS_AS(summary::shape(std::vector<int>(9)), summary::summary_error);
}

TEST_CASE("a shape that does not match its data is an error that says so") {
  CHECK_THROWS_WITH(tensor_view(std::vector<float>(5), {2, 3}),
                    "trainlog: a tensor_view has 5 elements, but the shape [2, 3]");
  CHECK_THROWS_WITH(tensor_view(data_type::bfloat16, {4}, "ab"),
                    Catch::Contains("1 elements") && Catch::Contains("[4]"));
  CHECK_THROWS_WITH(tensor_view(data_type::bfloat16, {1}, "abc"), Catch::Contains("3 bytes"));
  CHECK_THROWS_WITH(tensor_view(data_type::string, {1}, "a"), Catch::Contains("1 bytes"));
  CHECK_THROWS_WITH((summary::shape{-1, 28}), Catch::Contains("[-1, 28]"));
  CHECK_THROWS_AS((summary::shape{-1}), summary::summary_error);
  CHECK_THROWS_AS((summary::shape{1, 2, 3, 4, 5, 6, 7, 8, 9}), summary::summary_error);
  auto const most = std::numeric_limits<std::int64_t>::max();
  CHECK_THROWS_AS((summary::shape{most, 2}), summary::summary_error);
  CHECK((summary::shape{most, 0, 2}).count() == 0);
  CHECK(summary::shape{2, 3} == tensor_view(std::vector<float>(6), {2, 3}).shape());
  CHECK(summary::shape{2} != summary::shape{2, 0});
}

TEST_CASE("any metadata may be written, once a tag") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  summary::summary_metadata const metadata{.plugin_name = "mine", .content = "c"};
  std::vector<float> const numbers(1);
  for (int step = 0; step < 2; ++step) {
    REQUIRE(summary::write(writer, "t", [&] { return tensor_view(numbers, {1}); }, step, metadata,
                           {.wall_time = 1.5}));
  }
  auto const events = events_in(directory.path());
  CHECK(events.at(0).substr(0, 9) == unhex("09 00 00 00 00 00 00 f8 3f"));
  auto const first = find_field(values_of(events.at(0)).at(0), 9).bytes;
  CHECK(find_field(find_field(first, 1).bytes, 1).bytes == "mine");
  CHECK(find_field(find_field(first, 1).bytes, 2).bytes == "c");
  CHECK(find_field(values_of(events.at(1)).at(0), 9).number == 0);
}
