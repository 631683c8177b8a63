// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <trainlog/detail/file.hpp>
#include <trainlog/record.hpp>
#include <trainlog/summary.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/event_files.hpp"
#include "summary/written_events.hpp"

using namespace trainlog;
using namespace summary_test;
using Catch::Matchers::Contains;
using summary::restart_rule;
using writer_test::temporary_directory;

namespace {

using steps = std::vector<std::int64_t>;

struct Row {
  double loss = 0.0;
  double rate = 0.0;
  TRAINLOG_RECORD(Row, loss, rate)
};

void log_scalars(summary::writer const& to, std::int64_t begin, std::int64_t end, float value = 0) {
  for (auto step = begin; step < end; ++step) summary::scalar(to, "x", value, step);
}

steps steps_of(std::string const& path, std::string const& tag = "x",
               restart_rule rule = restart_rule::keep_all) {
  return summary::read_scalar(path, tag, {.restarts = rule}).steps;
}

steps from_to(std::int64_t begin, std::int64_t end) {
  steps all;
  for (; begin < end; ++begin) all.push_back(begin);
  return all;
}

struct ::stat status_of(std::string const& path) {
  struct ::stat status{};
  ::stat(path.c_str(), &status);
  return status;
}

void resume(std::string const& directory, std::int64_t step) {
  summary::create_file_writer(directory, {.resume_step = step}).close();
}

}  // namespace

TEST_CASE("a run that is taken up again is one clean curve by all rules") {
  temporary_directory const directory;
  log_scalars(summary::create_file_writer(directory.path()), 0, 10, 1);
  log_scalars(summary::create_file_writer(directory.path(), {.resume_step = 6}), 6, 12, 2);
  log_scalars(summary::create_file_writer(directory.path(), {.resume_step = 9}), 9, 15, 3);
  for (auto const rule :
       {restart_rule::keep_all, restart_rule::step_back, restart_rule::session_start}) {
    CHECK(steps_of(directory.path(), "x", rule) == from_to(0, 15));
  }
  auto const values = summary::read_scalar(directory.path(), "x").values;
  CHECK(values == std::vector<double>{1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3});
  CHECK(files_in(directory.path()).size() == 3);
}

TEST_CASE("a run is resumed before its beginning, behind its end, and where there is none") {
  temporary_directory const directory;
  std::string const run = directory / "run/1";
  resume(run, 5);
  log_scalars(summary::create_file_writer(run), -3, 5);
  auto const before = files_in(run);
  auto const old = status_of(before[1]);
  resume(run, 5);
  CHECK(steps_of(run) == from_to(-3, 5));
  CHECK(status_of(before[1]).st_ino == old.st_ino);  // nothing to be changed
  resume(run, -1);
  CHECK(steps_of(run) == steps{-3, -2});
  CHECK(status_of(before[1]).st_ino != old.st_ino);
  resume(run, -100);
  CHECK(summary::read_scalars(run).empty());
  CHECK(files_in(run).size() == 5);
}

TEST_CASE("what belongs to a run and to no step stays, but not that it ended") {
  temporary_directory const directory;
  std::string graph;
  detail::append_event_head(graph, 1.5, 9);
  detail::append_proto_bytes(graph, 4, "graph");
  std::string run_metadata = graph.substr(0, graph.size() - 7);
  detail::append_proto_bytes(run_metadata, 8, "\x0a\x01t");
  {
    auto const writer = summary::create_file_writer(directory.path());
    auto const scope = writer.as_default();
    summary::hparams({{"rate", 0.1}});
    summary::custom_scalars({{"Losses", {summary::multiline_chart{"both", {"x"}}}}});
    summary::text("note", "text", 0);
    log_scalars(writer, 0, 3);
    summary::hparams_end(summary::session_status::failure);
  }
  auto const path = files_in(directory.path())[0];
  std::ofstream(path, std::ios::binary | std::ios::app)
      << record_of(graph) << record_of(session_event(9)) << record_of(run_metadata);
  resume(directory.path(), 0);
  using kind = summary::event_kind;
  std::vector<kind> kinds;
  summary::event_reader reader(path);
  for (auto const& event : reader) kinds.push_back(event.kind);
  CHECK((kinds == std::vector<kind>{kind::file_version, kind::summary, kind::summary,
                                    kind::graph_def, kind::session_log}));
  CHECK(reader.report().whole());
  auto const tags = summary::read_tags(directory.path());
  REQUIRE(tags.size() == 2);
  CHECK(tags[0].tag == "_hparams_/session_start_info");
  CHECK(tags[1].plugin_name == "custom_scalars");
}

TEST_CASE("metadata that stood with what is dropped are given to what is left") {
  temporary_directory const directory;
  auto const described = [](std::int64_t step) {
    return tensor_event(step, "d", summary::data_type::float32, 1, "scalars");
  };
  auto const plain = [](std::int64_t step) {
    return tensor_event(step, "d", summary::data_type::float32, 1, "");
  };
  SECTION("behind it") {
    write_file(directory / "tfevents.1", record_of(described(7)) + record_of(plain(3)));
    write_file(directory / "tfevents.2", record_of(plain(4)));
  }
  SECTION("before it") {
    write_file(directory / "tfevents.1", record_of(plain(3)) + record_of(plain(4)));
    write_file(directory / "tfevents.2", record_of(described(7)));
  }
  SECTION("in another file, in an event with others") {
    write_file(directory / "tfevents.1", record_of(described(7)));
    std::string both;
    detail::append_event_head(both, 1.5, 3);
    std::string const one = scalar_event(3);
    std::string const other = plain(3);
    detail::append_proto_bytes(
        both, 5, std::string(find_field(one, 5).bytes).append(find_field(other, 5).bytes));
    write_file(directory / "tfevents.2", record_of(both) + record_of(plain(4)));
  }
  resume(directory.path(), 5);
  CHECK(summary::read_scalars(directory.path()).at("d").steps == steps{3, 4});
  std::size_t described_values = 0;
  summary::event_reader reader(directory.path());
  for (auto const& event : reader) {
    for (auto const& value : event.values()) described_values += value.has_metadata ? 1U : 0U;
  }
  CHECK(described_values == 1);
  CHECK(reader.report().whole());
}

TEST_CASE("events of a record are dropped as one, and unknown fields stay") {
  temporary_directory const directory;
  {
    auto const writer = summary::create_file_writer(directory.path());
    for (int step = 0; step < 4; ++step) summary::record(writer, Row{1.0, 0.5}, step);
  }
  auto const path = files_in(directory.path())[0];
  // An event with hyperparameters and a scalar, and with fields that nobody knows.
  std::string values;
  detail::append_proto_double(values, 99, 0.5);
  detail::append_summary_value(values, {"", "x"}, [&] { detail::append_simple_value(values, 1); });
  detail::append_summary_value(values, {"", "h"}, [&] {
    detail::append_summary_metadata(values, {.plugin_name = "hparams"});
  });
  std::string event;
  detail::append_event_head(event, 2.5, 8);
  detail::append_proto_float(event, 98, 0.25F);
  detail::append_proto_int(event, 97, -1);
  detail::append_proto_bytes(event, 5, values);
  std::ofstream(path, std::ios::binary | std::ios::app) << record_of(event);
  resume(directory.path(), 2);
  CHECK(steps_of(directory.path(), "loss") == steps{0, 1});
  CHECK(steps_of(directory.path(), "rate") == steps{0, 1});
  auto const records = records_of(path);
  REQUIRE(records.size() == 4);
  CHECK(find_field(records[3], 98).as_float() == 0.25F);
  CHECK(find_field(records[3], 97).as_int() == -1);
  CHECK(find_field(records[3], 1).as_double() == 2.5);
  auto const left = find_field(records[3], 5).bytes;
  CHECK(find_field(left, 99).as_double() == 0.5);
  CHECK(values_of(records[3]).size() == 2);  // of which the first is field 99
  CHECK(tag_of(find_field(left, 1).bytes) == "h");
}

TEST_CASE("a torn tail and damaged parts are gone from what was resumed") {
  temporary_directory const directory;
  std::string damaged = record_of(scalar_event(2));
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  write_file(directory / "tfevents.1", version_record() + record_of(scalar_event(1)) + damaged +
                                           record_of(scalar_event(3)) +
                                           record_of(scalar_event(4)).substr(0, 30));
  resume(directory.path(), 10);
  CHECK(detail::read_file(directory / "tfevents.1") ==
        version_record() + record_of(scalar_event(1)) + record_of(scalar_event(3)));
}

TEST_CASE("a torn tail alone is cut off, too") {
  temporary_directory const directory;
  std::string const whole = version_record() + record_of(scalar_event(1));
  for (std::size_t torn = 1; torn < record_of(scalar_event(2)).size(); ++torn) {
    write_file(directory / "tfevents", whole + record_of(scalar_event(2)).substr(0, torn));
    resume(directory.path(), 10);
    REQUIRE(detail::read_file(directory / "tfevents") == whole);
  }
}

TEST_CASE("a file without any event stays as it is when a run is resumed") {
  temporary_directory const directory;
  std::string const compressed = "\x1f\x8b\x08" + std::string(1000, 'z');
  std::string const path = directory.path() + "/events.out.tfevents.1.host.gz";
  detail::replace_file(path, compressed);
  resume(directory.path(), 0);
  CHECK(detail::read_file(path) == compressed);
}

TEST_CASE("a run that is being written is not resumed, and nothing of it is changed") {
  temporary_directory const directory;
  log_scalars(summary::create_file_writer(directory.path()), 0, 10);
  auto const writer = summary::create_file_writer(directory.path());
  log_scalars(writer, 10, 12);
  CHECK_THROWS_AS(resume(directory.path(), 5), summary::summary_error);
  CHECK_THROWS_WITH(resume(directory.path(), 5),
                    Contains(writer.status().path) && Contains("is being written"));
  CHECK(steps_of(directory.path()) == from_to(0, 12));
  CHECK(files_in(directory.path()).size() == 2);
  CHECK(summary::scalar(writer, "x", 1, 12));
  writer.close();
  resume(directory.path(), 5);
  CHECK(steps_of(directory.path()) == from_to(0, 5));
}

TEST_CASE("a writer whose process was killed keeps nobody from resuming") {
  temporary_directory const directory;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  ::pid_t const child = ::fork();
  if (child == 0) {
    auto const writer = summary::create_file_writer(directory.path());
    log_scalars(writer, 0, 10);
    (void)!::write(ready[1], "x", 1);
    ::pause();
    ::_exit(1);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK_THROWS_AS(resume(directory.path(), 5), summary::summary_error);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  resume(directory.path(), 5);
  CHECK(steps_of(directory.path()) == from_to(0, 5));
}

TEST_CASE("a child of the writer's process does not keep the file") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  log_scalars(writer, 0, 10);
  ::pid_t const child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(1);
  }
  writer.close();
  bool resumed = false;
  for (int i = 0; i < 100 && !resumed; ++i) {  // until the child has come out of fork
    try {
      resume(directory.path(), 5);
      resumed = true;
    } catch (summary::summary_error const&) {
      ::usleep(10'000);
    }
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(resumed);
}

TEST_CASE("other ranks change nothing") {
  temporary_directory const directory;
  log_scalars(summary::create_file_writer(directory.path()), 0, 10);
  summary::create_file_writer(directory.path(), {.resume_step = 5, .rank = 1}).close();
  CHECK(steps_of(directory.path()) == from_to(0, 10));
}

TEST_CASE("what is resumed keeps its mode, and a link to it stays a link") {
  temporary_directory const directory;
  std::filesystem::create_directory(directory / "run");
  write_file(directory / "real", version_record() + record_of(scalar_event(7)));
  std::filesystem::permissions(directory / "real", std::filesystem::perms(0640));
  std::filesystem::create_symlink(directory / "real", directory / "run/tfevents");
  resume(directory / "run", 5);
  CHECK(std::filesystem::is_symlink(directory / "run/tfevents"));
  CHECK((status_of(directory / "real").st_mode & 0777U) == 0640U);
  CHECK(detail::read_file(directory / "real") == version_record());
}

TEST_CASE("a crash while a run is resumed leaves each file as it was, or as it is to be") {
  temporary_directory const directory;
  std::vector<std::string> before;
  std::vector<std::string> after;
  std::vector<std::string> paths;
  for (int file = 0; file < 6; ++file) {
    std::string bytes = version_record();
    after.push_back(bytes);
    for (int step = 0; step < 2000; ++step) {
      std::string const record = record_of(scalar_event(step));
      bytes += record;
      if (step < 1000) after.back() += record;
    }
    before.push_back(bytes);
    paths.push_back(directory / ("tfevents." + std::to_string(file)));
  }
  int mixed = 0;
  for (unsigned round = 0; round < 60; ++round) {
    for (std::size_t i = 0; i < paths.size(); ++i) write_file(paths[i], before[i]);
    ::pid_t const child = ::fork();
    if (child == 0) {
      detail::drop_events_from(directory.path(), 1000);
      ::_exit(0);
    }
    ::usleep(200 * (round % 30));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    std::size_t done = 0;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      std::string const found = detail::read_file(paths[i]);
      REQUIRE((found == before[i] || found == after[i]));
      if (found == after[i]) ++done;
    }
    if (done != 0 && done != paths.size()) ++mixed;
    CHECK(detail::event_files_in(directory.path()) == paths);  // what is left over is none
    detail::drop_events_from(directory.path(), 1000);
    for (std::size_t i = 0; i < paths.size(); ++i) CHECK(detail::read_file(paths[i]) == after[i]);
  }
  INFO(mixed << " rounds ended in the middle");
}
