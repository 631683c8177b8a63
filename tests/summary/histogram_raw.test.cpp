// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/summary/histogram_raw.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

std::string message_of(summary::raw_histogram const& histogram) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  try {
    summary::histogram_raw(writer, "h", histogram, 1);
  } catch (summary::summary_error const& e) {
    CHECK(events_in(directory.path()).empty());
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("buckets that somebody else has counted are a HistogramProto, to the byte") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::vector<double> const limits{1, 2};
  std::vector<double> const counts{3, 1};
  REQUIRE(summary::histogram_raw(writer, "h",
                                 summary::raw_histogram{.min = 0.5,
                                                        .max = 2,
                                                        .num = 4,
                                                        .sum = 5,
                                                        .sum_squares = 8,
                                                        .bucket_limits = limits,
                                                        .bucket_counts = counts},
                                 2, {.wall_time = 1.5}));
  CHECK(events_in(directory.path()).at(0) ==
        unhex("09 00 00 00 00 00 00 f8 3f 10 02 2a 6a 0a 68 0a 01 68 2a 51"
              "09 00 00 00 00 00 00 e0 3f 11 00 00 00 00 00 00 00 40 19 00 00 00 00 00 00 10 40"
              "21 00 00 00 00 00 00 14 40 29 00 00 00 00 00 00 20 40"
              "32 10 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 40"
              "3a 10 00 00 00 00 00 00 08 40 00 00 00 00 00 00 f0 3f"
              "4a 10 0a 0c 0a 0a") +
            "histograms" + unhex("20 02"));
}

TEST_CASE("empty buckets at both ends are left out") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::vector<double> const limits{1, 2, 3, 4, 5, 6};
  for (auto const& counts : {std::vector<double>{0, 0, 2, 0, 1, 0}, std::vector<double>(6)})
    summary::histogram_raw(
        writer, "h", summary::raw_histogram{.bucket_limits = limits, .bucket_counts = counts}, 1);
  auto const events = events_in(directory.path());
  auto const field_of = [&](std::size_t event, std::uint32_t number) {
    return find_field(find_field(values_of(events.at(event)).at(0), 5).bytes, number).bytes;
  };
  CHECK(field_of(0, 6) == std::string_view(reinterpret_cast<char const*>(limits.data() + 2), 24));
  std::vector<double> const counts{2, 0, 1};
  CHECK(field_of(0, 7) == std::string_view(reinterpret_cast<char const*>(counts.data()), 24));
  CHECK((field_of(1, 6).empty() && field_of(1, 7).empty()));
}

TEST_CASE("buckets that are none are refused, with what is wrong") {
  std::vector<double> const ascending{1, 2};
  std::vector<double> const descending{2, 1};
  std::vector<double> const infinite{1, std::numeric_limits<double>::infinity()};
  std::vector<double> const one{1};
  std::string const name = "trainlog: the histogram 'h' ";
  CHECK(message_of({.bucket_limits = ascending, .bucket_counts = one}) ==
        name + "has 2 limits of buckets, but 1 counts");
  CHECK(message_of({.bucket_limits = descending, .bucket_counts = ascending}) ==
        name + "has limits that do not ascend");
  std::string const not_finite = name + "has an edge or a count that is NaN or infinite";
  CHECK(message_of({.bucket_limits = infinite, .bucket_counts = ascending}) == not_finite);
  CHECK(message_of({.bucket_limits = ascending, .bucket_counts = infinite}) == not_finite);
  CHECK(message_of({.min = std::numeric_limits<double>::quiet_NaN()}) == not_finite);
  CHECK(message_of({}).empty());
}

TEST_CASE("raw buckets are not asked for where nothing records") {
  CHECK_FALSE(summary::histogram_raw(
      "h", []() -> summary::raw_histogram { throw std::runtime_error("evaluated"); }));
}
