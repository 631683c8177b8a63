// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <trainlog/summary/scalar.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

/// The only event that the function writes.
template <class Write>
std::string event_of(Write write) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  REQUIRE(write(writer));
  auto const events = events_in(directory.path());
  REQUIRE(events.size() == 1);
  return events[0];
}

template <class T>
float number_of(T value) {
  return number_in(event_of([&](auto& to) { return summary::scalar(to, "x", value, 1); }));
}

}  // namespace

TEST_CASE("a scalar is a simple_value, to the byte") {
  auto const event = event_of(
      [](auto& to) { return summary::scalar(to, "train/loss", 0.5, 123456, {.wall_time = 1.5}); });
  CHECK(event == unhex("09 00 00 00 00 00 00 f8 3f 10 c0 c4 07 2a 13 0a 11 0a 0a") + "train/loss" +
                     unhex("15 00 00 00 3f"));
}

TEST_CASE("a scalar as a tensor has its metadata, to the byte") {
  auto const event = event_of([](auto& to) {
    return summary::scalar(
        to, "x", 0.5, 0,
        {.description = "d", .wall_time = 1.5, .style = summary::scalar_style::tensor});
  });
  CHECK(event ==
        unhex("09 00 00 00 00 00 00 f8 3f 2a 23 0a 21 0a 01 78 42 0a 08 01 12 00 2a 04 00 00 "
              "00 3f 4a 10 0a 09 0a 07") +
            "scalars" + unhex("1a 01 64 20 01"));
}

TEST_CASE("a scalar of 0, a negative step and an empty name are written") {
  auto const event =
      event_of([](auto& to) { return summary::scalar(to, "", 0.0, -1, {.wall_time = 0.0}); });
  CHECK(event == unhex("09 00 00 00 00 00 00 00 00 10 ff ff ff ff ff ff ff ff ff 01 2a 09 0a 07 0a "
                       "00 15 00 00 00 00"));
}

TEST_CASE("a scalar is any number") {
  CHECK(number_of(true) == 1.0F);
  CHECK(number_of(std::int8_t{-3}) == -3.0F);
  CHECK(number_of(std::numeric_limits<std::uint64_t>::max()) == 18446744073709551616.0F);
  CHECK(number_of(0.1) == 0.1F);
  CHECK(number_of(2.5L) == 2.5F);
  CHECK(number_of([] { return 7; }) == 7.0F);
}

TEST_CASE("scalars that are not finite are written as they are, and too large ones as infinite") {
  CHECK(std::isnan(number_of(std::nan(""))));
  CHECK(number_of(-std::numeric_limits<double>::infinity()) ==
        -std::numeric_limits<float>::infinity());
  CHECK(number_of(1e300) == std::numeric_limits<float>::infinity());
}

TEST_CASE("names with slashes, spaces and broken UTF-8") {
  auto const name = [](char const* text) {
    return tag_in(event_of([&](auto& to) { return summary::scalar(to, text, 1, 1); }));
  };
  CHECK(name("a/b c//d.e") == "a/b c//d.e");
  CHECK(name("Genauigkeit ä") == "Genauigkeit ä");
  CHECK(name("a\xff") == "a\xEF\xBF\xBD");
}

TEST_CASE("metadata are written once a tag and file") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  for (std::int64_t step = 0; step < 3; ++step) {
    for (auto const* name : {"a", "b"}) {
      REQUIRE(summary::scalar(writer, name, 1, step, {.description = "d"}));
    }
  }
  std::vector<bool> described;
  for (auto const& event : events_in(directory.path())) {
    described.push_back(find_field(values_of(event).at(0), 9).number == 9);
  }
  CHECK(described == std::vector{true, true, false, false, false, false});
}

TEST_CASE("a description may not be valid UTF-8") {
  auto const event = event_of(
      [](auto& to) { return summary::scalar(to, "x", 1, 1, {.description = "\xc3(\x80"}); });
  auto const metadata = find_field(values_of(event).at(0), 9).bytes;
  CHECK(find_field(metadata, 3).bytes == "\xEF\xBF\xBD(\xEF\xBF\xBD");
}
