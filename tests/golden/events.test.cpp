// SPDX-License-Identifier: MIT
// Event files of other writers, which tests/interop/foreign_writers.py has made, are read as
// TensorBoard's own classes read them.
#include <string>

#include <trainlog/detail/file.hpp>
#include <trainlog/summary/event_reader.hpp>
#include <trainlog/summary/read_scalars.hpp>
#include <trainlog/summary/read_tags.hpp>

#include "catch.hpp"
#include "summary/event_lines.hpp"

using namespace trainlog;

namespace {

std::string golden(std::string const& name) {
  return std::string(TRAINLOG_GOLDEN_DIRECTORY) + "/" + name;
}

}  // namespace

TEST_CASE("event files of TensorFlow and of PyTorch are read as TensorBoard reads them") {
  for (std::string const writer : {"tensorflow", "pytorch"}) {
    summary::event_reader reader(golden("events_" + writer + ".tfevents"));
    CHECK(summary_test::event_lines(reader) ==
          detail::read_file(golden("events_" + writer + ".txt")));
    CHECK(reader.report().whole());
    CHECK(reader.report().unfinished == 0);
  }
}

TEST_CASE("scalars of TensorFlow are read in each type") {
  auto const all = summary::read_scalars(golden("events_tensorflow.tfevents"));
  for (std::string const type : {"float16", "float32", "float64", "int8", "int16", "int32", "int64",
                                 "uint8", "uint16", "uint32", "uint64", "bool"}) {
    REQUIRE(all.contains("one/" + type));
    CHECK(all.at("one/" + type).values == std::vector<double>{type == "bool" ? 1.0 : 3.0});
  }
  CHECK(all.at("loss").steps == std::vector<std::int64_t>{-3, 0, 7, std::int64_t{1} << 40U});
  CHECK(all.at("simple").values == std::vector<double>{0.1F});
}

TEST_CASE("what SummaryWriter has purged is seen by the rule that is asked for") {
  using steps = std::vector<std::int64_t>;
  auto const path = golden("events_pytorch.tfevents");
  auto const steps_by = [&](summary::restart_rule rule) {
    return summary::read_scalar(path, "loss", {.restarts = rule}).steps;
  };
  using enum summary::restart_rule;
  CHECK(steps_by(keep_all) == steps{0, 1, 2, 3, 2, 3, 4, 5});
  CHECK(steps_by(session_start) == steps{0, 1, 2, 3, 2, 3, 4, 5});  // the first one drops nothing
  CHECK(steps_by(step_back) == steps{0, 1, 2, 3, 4, 5});
}

TEST_CASE("the tags of TensorFlow's file have what its plugins say of them") {
  for (auto const& tag : summary::read_tags(golden("events_tensorflow.tfevents"))) {
    if (tag.tag != "one/int8") continue;
    CHECK(tag.plugin_name == "scalars");
    CHECK(tag.display_name == "shown");
    CHECK(tag.description == "what it is");
    return;
  }
  FAIL("no such tag");
}
