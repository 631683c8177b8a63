// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/summary.hpp>
#include <trainlog/summary/read_scalars.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/written_events.hpp"

using namespace trainlog;
using namespace summary_test;
using Catch::Matchers::Contains;
using summary::read_scalar;
using summary::read_scalars;
using summary::restart_rule;
using writer_test::temporary_directory;

namespace {

using steps = std::vector<std::int64_t>;
using doubles = std::vector<double>;

/// The steps of "x" by each of the rules.
struct by_rule {
  steps all;
  steps session_start;
  steps step_back;
};

by_rule steps_by_rule(std::string const& path) {
  auto const steps_by = [&](restart_rule rule) {
    return read_scalar(path, "x", {.restarts = rule}).steps;
  };
  return {steps_by(restart_rule::keep_all), steps_by(restart_rule::session_start),
          steps_by(restart_rule::step_back)};
}

}  // namespace

TEST_CASE("curves have all points, with the precision in which they are stored") {
  temporary_directory directory;
  std::string bytes = version_record();
  bytes += record_of(tensor_event(1, "double", summary::data_type::float64, 0.1));
  bytes += record_of(tensor_event(2, "double", summary::data_type::float64, 1e300));
  bytes += record_of(scalar_event(1, "float", 0.1F));
  write_file(directory / "events.out.tfevents.1", bytes);
  auto const all = read_scalars(directory.path());
  REQUIRE(all.size() == 2);
  CHECK(all.at("double").steps == steps{1, 2});
  CHECK(all.at("double").values == doubles{0.1, 1e300});
  CHECK(all.at("double").wall_times == doubles{1.5, 1.5});
  CHECK(all.at("float").values == doubles{0.1F});
  CHECK(all.at("float").size() == 1);
}

TEST_CASE("curves go on over the files of a run") {
  temporary_directory directory;
  for (int i = 0; i < 3; ++i) {
    auto const writer = summary::create_file_writer(directory.path());
    for (int step = 0; step < 1000; ++step) {
      summary::scalar(writer, "a", step, 1000 * i + step);
      if (step % 10 == 0) summary::scalar(writer, "b", -step, 1000 * i + step);
    }
  }
  auto const all = read_scalars(directory.path());
  REQUIRE(all.at("a").size() == 3000);
  REQUIRE(all.at("b").size() == 300);
  for (std::size_t i = 0; i < 3000; ++i) {
    REQUIRE(all.at("a").steps[i] == static_cast<std::int64_t>(i));
    REQUIRE(all.at("a").values[i] == static_cast<double>(i % 1000));
  }
  CHECK(read_scalar(directory.path(), "b").values == all.at("b").values);
}

TEST_CASE("scalars are what the plugin says, which may stand with any value of the tag") {
  temporary_directory directory;
  std::string bytes = version_record();
  bytes += record_of(tensor_event(1, "late", summary::data_type::float32, 1, ""));
  bytes += record_of(tensor_event(2, "late", summary::data_type::float32, 2, "scalars"));
  bytes += record_of(tensor_event(3, "late", summary::data_type::float32, 3, ""));
  bytes += record_of(tensor_event(1, "other", summary::data_type::float32, 5, "mine"));
  bytes += record_of(tensor_event(1, "nobody's", summary::data_type::int64, 7, ""));
  write_file(directory / "tfevents", bytes);
  auto const all = read_scalars(directory.path());
  REQUIRE(all.size() == 1);
  CHECK(all.at("late").values == doubles{1, 2, 3});
  CHECK(read_scalar(directory.path(), "other").values == doubles{5});
  CHECK(read_scalar(directory.path(), "nobody's").values == doubles{7});
}

TEST_CASE("a scalar that is not there is an error that says what is") {
  temporary_directory directory;
  auto const writer = summary::create_file_writer(directory.path());
  CHECK_THROWS_WITH(read_scalar(directory.path(), "x"), Contains("there is no tag"));
  summary::scalar(writer, "loss", 1, 1);
  summary::text(writer, "note", "text", 1);
  CHECK_THROWS_AS(read_scalar(directory.path(), "note"), summary::summary_error);
  CHECK_THROWS_WITH(read_scalar(directory.path(), "x"),
                    Contains("no scalar 'x'") && Contains("there are 'loss', 'note'"));
  CHECK_THROWS_AS(read_scalars(directory / "none"), io_error);
  CHECK(read_scalars(directory.path()).size() == 1);
}

TEST_CASE("what is no number is not finite where it was written so") {
  temporary_directory directory;
  auto const writer = summary::create_file_writer(directory.path());
  summary::scalar(writer, "x", std::nan(""), 1);
  summary::scalar(writer, "x", -HUGE_VAL, 2);
  auto const curve = read_scalar(directory.path(), "x");
  CHECK(std::isnan(curve.values[0]));
  CHECK(curve.values[1] == -HUGE_VAL);
}

TEST_CASE("the report of what is damaged is handed out") {
  temporary_directory directory;
  std::string bytes = record_of(scalar_event(1));
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  write_file(directory / "tfevents", bytes + record_of(scalar_event(2)));
  summary::event_report report;
  CHECK(read_scalars(directory.path(), {.report = &report}).at("x").steps == steps{2});
  CHECK(report.damages == 1);
  report = {};
  read_scalar(directory.path(), "x", {.report = &report});
  CHECK(report.damages == 1);
}

// What TensorBoard shows of such files was looked up in its two loaders.
TEST_CASE("a training that was taken up again is shown as TensorBoard's loaders would") {
  temporary_directory directory;
  auto const run = [&](char const* name, std::vector<std::string> const& events,
                       bool version = true) {
    std::string bytes = version ? version_record() : "";
    for (auto const& event : events) bytes += record_of(event);
    write_file(directory / name, bytes);
  };
  auto const scalars = [](std::int64_t begin, std::int64_t end) {
    std::vector<std::string> events;
    for (auto step = begin; step < end; ++step) events.push_back(scalar_event(step));
    return events;
  };

  SECTION("without sessions") {
    run("tfevents.1", scalars(0, 4));
    run("tfevents.2", scalars(2, 6));
    auto const found = steps_by_rule(directory.path());
    CHECK(found.all == steps{0, 1, 2, 3, 2, 3, 4, 5});
    CHECK(found.session_start == found.all);
    CHECK(found.step_back == steps{0, 1, 2, 3, 4, 5});
  }
  SECTION("with a session that starts in each file") {
    auto first = scalars(0, 4);
    first.insert(first.begin(), session_event(0));
    run("tfevents.1", first);
    auto second = scalars(2, 6);
    second.insert(second.begin(), session_event(2));
    run("tfevents.2", second);
    CHECK(steps_by_rule(directory.path()).session_start == steps{0, 1, 2, 3, 4, 5});
  }
  SECTION("the first session that starts drops nothing") {
    run("tfevents.1", scalars(0, 4));
    auto second = scalars(2, 6);
    second.insert(second.begin(), session_event(2));
    run("tfevents.2", second);
    auto const found = steps_by_rule(directory.path());
    CHECK(found.session_start == found.all);
  }
  SECTION("the end of a session drops nothing") {
    run("tfevents.1", {session_event(0), scalar_event(1), scalar_event(2), session_event(1, 2)});
    CHECK(steps_by_rule(directory.path()).session_start == steps{1, 2});
  }
  SECTION("without a version, a lower step drops what its tag has from there on") {
    auto events = scalars(0, 4);
    events.push_back(scalar_event(9, "y", 1));
    events.push_back(scalar_event(2));
    run("tfevents.1", events, false);
    auto const found = steps_by_rule(directory.path());
    CHECK(found.session_start == steps{0, 1, 2});
    CHECK(found.all == steps{0, 1, 2, 3, 2});
  }
  SECTION("the same step twice is one point in the fast loader") {
    run("tfevents.1", {scalar_event(1), scalar_event(1), scalar_event(2)});
    CHECK(steps_by_rule(directory.path()).step_back == steps{1, 2});
    CHECK(steps_by_rule(directory.path()).session_start == steps{1, 1, 2});
  }
}
