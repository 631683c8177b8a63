// SPDX-License-Identifier: MIT
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

#include <trainlog/summary.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

static_assert(not std::is_constructible_v<summary::event_step, double>);
static_assert(not std::is_constructible_v<summary::event_step, bool>);
static_assert(not std::is_constructible_v<summary::event_step, char>);
static_assert(std::is_convertible_v<std::uint8_t, summary::event_step>);
static_assert(not std::is_copy_constructible_v<summary::name_scope>);
static_assert(not std::is_copy_constructible_v<summary::default_writer>);
static_assert(not summary::scalar_value<char const*>);

namespace {

/// The tags in the only file of a directory, in order.
std::vector<std::string> tags_in(temporary_directory const& directory) {
  std::vector<std::string> tags;
  for (auto const& event : events_in(directory.path())) tags.push_back(tag_in(event));
  return tags;
}

/// The steps, as tags_in.
std::vector<std::int64_t> steps_in(temporary_directory const& directory) {
  std::vector<std::int64_t> steps;
  for (auto const& event : events_in(directory.path())) steps.push_back(step_of(event));
  return steps;
}

using tags = std::vector<std::string>;
using steps = std::vector<std::int64_t>;

bool log(char const* name) { return summary::scalar(name, 1.0, 1); }

}  // namespace

TEST_CASE("without a default writer nothing is recorded or evaluated") {
  CHECK_FALSE(summary::should_record());
  CHECK_FALSE(summary::scalar("x", []() -> int { throw 1; }));
  CHECK_FALSE(summary::text("x", []() -> std::string { throw 1; }));
  CHECK(summary::flush());
}

TEST_CASE("default writers nest, and each is restored") {
  temporary_directory const first;
  temporary_directory const second;
  auto const outer = summary::create_file_writer(first.path());
  auto const inner = summary::create_file_writer(second.path());
  {
    auto const scope = outer.as_default();
    CHECK(log("a"));
    {
      auto const nested = inner.as_default();
      CHECK(log("b"));
      auto const again = outer.as_default();
      CHECK(log("c"));
    }
    CHECK(log("d"));
    CHECK(summary::scalar(inner, "e", 1, 1));
  }
  CHECK_FALSE(log("f"));
  CHECK(tags_in(first) == tags{"a", "c", "d"});
  CHECK(tags_in(second) == tags{"b", "e"});
}

TEST_CASE("a writer that writes nothing hides the outer one") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default();
  {
    auto const none = summary::create_noop_writer().as_default();
    CHECK_FALSE(summary::should_record());
    CHECK_FALSE(log("a"));
  }
  CHECK(log("b"));
  CHECK(tags_in(directory) == tags{"b"});
}

TEST_CASE("the default writer is a thread's own") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default(5);
  std::thread([&] {
    CHECK_FALSE(summary::should_record());
    CHECK_FALSE(log("a"));
    CHECK(summary::get_step() == std::nullopt);
    writer.set_as_default();
    CHECK(log("b"));
  }).join();
  CHECK(log("c"));
  CHECK(tags_in(directory) == tags{"b", "c"});
}

TEST_CASE("set_as_default keeps the writer open") {
  temporary_directory const first;
  temporary_directory const second;
  std::thread([&] {
    summary::create_file_writer(first.path()).set_as_default();
    CHECK(log("a"));
    {
      auto const scope = summary::create_file_writer(second.path()).as_default();
      CHECK(log("b"));
      summary::create_noop_writer().set_as_default();
      CHECK_FALSE(log("c"));
    }
    CHECK(log("d"));
  }).join();
  CHECK(tags_in(first) == tags{"a", "d"});
  CHECK(tags_in(second) == tags{"b"});
}

TEST_CASE("a closed writer records nothing and cannot be a default") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default();
  CHECK(log("a"));
  CHECK(writer.close());
  CHECK(writer.close());
  CHECK(writer.flush());
  CHECK_FALSE(summary::should_record());
  CHECK_FALSE(summary::scalar("b", []() -> int { throw 1; }, 1));
  CHECK_THROWS_AS(writer.as_default(), summary::summary_error);
  CHECK_THROWS_AS(writer.set_as_default(), summary::summary_error);
  CHECK(tags_in(directory) == tags{"a"});
}

TEST_CASE("objects that are destroyed after a thread's default writer may end scopes and log") {
  temporary_directory const first;
  temporary_directory const second;
  std::thread([&] {
    struct logs_at_end {
      std::unique_ptr<summary::default_writer> scope;
      summary::writer other;
      ~logs_at_end() {
        CHECK_FALSE(log("late"));  // to the second writer, which is gone
        scope.reset();
        CHECK_FALSE(log("late"));
        other.set_as_default();
        CHECK_FALSE(log("late"));
        auto const again = other.as_default();
        CHECK(log("y"));
      }
    };
    static thread_local logs_at_end late;  // is there before what the library keeps for the thread
    auto const writer = summary::create_file_writer(first.path());
    writer.set_as_default();
    late.other = writer;
    late.scope.reset(new summary::default_writer(writer.as_default()));
    summary::create_file_writer(second.path()).set_as_default();
    CHECK(log("x"));
  }).join();
  CHECK(tags_in(second) == tags{"x"});
  CHECK(tags_in(first) == tags{"y"});
}

TEST_CASE("the default step is the thread's, and a scope's") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  std::thread([&] {
    auto const scope = writer.as_default();
    CHECK_THROWS_WITH(summary::scalar("loss", 1), Catch::Contains("'loss' has no step"));
    summary::set_step(7);
    CHECK(summary::get_step() == 7);
    CHECK(summary::scalar("a", 1));
    CHECK(summary::scalar("b", 1, 8));
    CHECK(summary::scalar("c", 1, {}, {.description = "d"}));
    {
      auto const nested = writer.as_default(-3);
      CHECK(summary::scalar("d", 1));
      summary::set_step(-2);
      CHECK(summary::scalar("e", 1));
    }
    CHECK(summary::scalar("f", 1));
    CHECK(summary::scalar("g", 1, std::numeric_limits<std::uint64_t>::max()));
  }).join();
  auto const most = std::numeric_limits<std::int64_t>::max();
  CHECK(steps_in(directory) == steps{7, 8, 7, -3, -2, 7, most});
}

TEST_CASE("name scopes nest") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default();
  {
    summary::name_scope const train("train");
    CHECK(log("loss"));
    {
      summary::name_scope const layer("layer 1");
      CHECK(log("loss"));
      CHECK(summary::scalar(writer, "norm", 1, 1, {.description = "d"}));
    }
    CHECK(summary::text("note", "t", 1));
  }
  CHECK(log("loss"));
  CHECK(tags_in(directory) ==
        tags{"train/loss", "train/layer 1/loss", "train/layer 1/norm", "train/note", "loss"});
}

TEST_CASE("record_if takes a bool or a callable, and the innermost counts") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default();
  {
    summary::record_if const never(false);
    CHECK_FALSE(summary::should_record());
    CHECK_FALSE(summary::scalar("a", []() -> int { throw 1; }, 1));
    CHECK_FALSE(summary::scalar(writer, "a", 1, 1));
    {
      int asked = 0;
      summary::record_if const odd([&] { return ++asked % 2 == 1; });
      CHECK(log("b"));
      CHECK_FALSE(log("c"));
      CHECK(log("d"));
    }
    CHECK_FALSE(log("e"));
  }
  CHECK(log("f"));
  CHECK(tags_in(directory) == tags{"b", "d", "f"});
}
