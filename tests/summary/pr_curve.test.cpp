// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/summary/pr_curve.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

namespace {

using numbers = std::vector<float>;

/// What is in the file after `write(writer)`.
template <class Write>
std::vector<std::string> events_of(Write write) {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  write(writer);
  return events_in(directory.path());
}

/// The numbers of the first value of an event.
numbers rows_in(std::string_view event) {
  auto const tensor = find_field(values_of(event).at(0), 8).bytes;
  CHECK(find_field(tensor, 1).bits == 1);
  auto const content = find_field(tensor, 4).bytes;
  numbers rows(content.size() / 4);
  std::copy(content.begin(), content.end(), reinterpret_cast<char*>(rows.data()));
  return rows;
}

/// The message of the error; nothing is written.
template <class Write>
std::string message_of(Write write) {
  std::string message;
  auto const events = events_of([&](summary::writer const& writer) {
    try {
      write(writer);
    } catch (summary::summary_error const& e) {
      message = e.what();
    }
  });
  CHECK(events.empty());
  return message;
}

std::vector<bool> const labels{true, false, true};
numbers const predictions{0.0F, 1.0F, 1.0F};

}  // namespace

TEST_CASE("a PR curve is a tensor of six numbers a threshold, to the byte") {
  auto const events = events_of([](auto const& writer) {
    REQUIRE(summary::pr_curve(writer, "p", labels, predictions, 2,
                              {.thresholds = 2, .wall_time = 1.5}));
  });
  CHECK(events.at(0) ==
        unhex("09 00 00 00 00 00 00 f8 3f 10 02 2a 5a 0a 58 0a 01 70 42 3e 08 01 12 08 12 02 08 06 "
              "12 02 08 02 22 30"
              "00 00 00 40 00 00 80 3f 00 00 80 3f 00 00 80 3f 00 00 00 00 00 00 00 00"
              "00 00 00 00 00 00 80 3f ab aa 2a 3f 00 00 00 3f 00 00 80 3f 00 00 00 3f"
              "4a 13 0a 0f 0a 09") +
            "pr_curves" + unhex("12 02 10 02 20 02"));
}

TEST_CASE("there are 201 thresholds unless others are asked for, and the metadata say how many") {
  auto const events = events_of([](auto const& writer) {
    summary::pr_curve(writer, "p", labels, predictions, 1,
                      {.description = "d", .display_name = "n"});
  });
  CHECK(rows_in(events.at(0)).size() == 6 * 201);
  auto const metadata = find_field(values_of(events[0]).at(0), 9).bytes;
  CHECK(find_field(find_field(metadata, 1).bytes, 2).bytes == unhex("10 c9 01"));
  CHECK(find_field(metadata, 2).bytes == "n");
  CHECK(find_field(metadata, 3).bytes == "d");
}

TEST_CASE("labels and predictions may be called for, and samples weigh") {
  numbers const weights{1, 2, 4};
  auto const events = events_of([&](auto const& writer) {
    auto const scope = writer.as_default(7);
    summary::pr_curve("p", labels, predictions, {}, {.thresholds = 2, .weights = weights});
    summary::pr_curve(
        "p", [] { return labels; }, [] { return predictions; }, {}, {.thresholds = 2});
  });
  CHECK(rows_in(events.at(0))[0] == 5);
  CHECK(rows_in(events.at(1))[0] == 2);
  CHECK(step_of(events[1]) == 7);
}

TEST_CASE("a builder of PR curves is written as what has been added to it") {
  summary::pr_curve_builder builder(3);
  builder.add(labels, predictions);
  auto const events = events_of([&](auto const& writer) {
    summary::pr_curve(writer, "p", builder, 1);
    summary::pr_curve(writer, "p", [&] { return builder; }, 2);
    summary::pr_curve(writer, "p", labels, predictions, 3, {.thresholds = 3});
  });
  CHECK(rows_in(events.at(0)) == builder.rows());
  CHECK(rows_in(events.at(1)) == builder.rows());
  CHECK(rows_in(events.at(2)) == builder.rows());
}

TEST_CASE("predictions that are NaN are counted in a scalar") {
  auto const events = events_of([](auto const& writer) {
    summary::pr_curve(writer, "p", labels, numbers{1, 1, std::nanf("")}, 1);
    summary::pr_curve(writer, "p", labels, predictions, 2);
  });
  auto const values = values_of(events.at(0));
  REQUIRE(values.size() == 2);
  CHECK(tag_of(values[1]) == "p/non_finite");
  CHECK(find_field(values[1], 2).as_float() == 1.0F);
  CHECK(values_of(events.at(1)).size() == 1);
}

TEST_CASE("a curve that somebody else has computed is written as float32, with 0 for NaN") {
  std::vector<double> const two{3, std::nan("")};
  std::vector<double> const large{1e300, -std::numeric_limits<double>::infinity()};
  auto const events = events_of([&](auto const& writer) {
    summary::pr_curve_raw(writer, "p", summary::raw_pr_curve{two, large, two, two, two, two}, 1);
  });
  CHECK(rows_in(events.at(0)) ==
        numbers{3, 0, std::numeric_limits<float>::max(), 0, 3, 0, 3, 0, 3, 0, 3, 0});
}

TEST_CASE("a curve that is none is refused, with its name and what was found") {
  CHECK(message_of([](auto const& writer) {
          summary::pr_curve(writer, "p", labels, numbers(4), 1);
        }) == "trainlog: the PR curve 'p' has 3 labels, but 4 predictions");
  CHECK(message_of([](auto const& writer) {
          numbers const two(2);
          summary::pr_curve(writer, "p", labels, predictions, 1, {.weights = two});
        }) == "trainlog: the PR curve 'p' has 3 labels, but 2 weights");
  CHECK(message_of([](auto const& writer) {
          summary::pr_curve(writer, "p", labels, predictions, 1, {.thresholds = 1});
        }) == "trainlog: the PR curve 'p' of 1 thresholds: 2 to 1048576");
  std::vector<double> const two(2);
  std::vector<double> const three(3);
  CHECK(message_of([&](auto const& writer) {
          summary::raw_pr_curve const raw{two, two, two, three, two, two};
          summary::pr_curve_raw(writer, "p", raw, 1);
        }) == "trainlog: the PR curve 'p' has 3 numbers of a kind, but 2 of true positives");
  CHECK(message_of([](auto const& writer) {
          summary::pr_curve_raw(writer, "p", summary::raw_pr_curve{}, 1);
        }) == "trainlog: the PR curve 'p' of 0 thresholds: 2 to 1048576");
}

TEST_CASE("a curve is not computed where nothing records") {
  CHECK_FALSE(summary::pr_curve("p", labels, numbers(1)));
  auto const writer = summary::create_noop_writer();
  auto const fail = []() -> summary::pr_curve_builder { throw std::runtime_error("evaluated"); };
  CHECK_FALSE(summary::pr_curve(writer, "p", fail));
  CHECK_FALSE(summary::pr_curve_raw(writer, "p", summary::raw_pr_curve{}));
}
