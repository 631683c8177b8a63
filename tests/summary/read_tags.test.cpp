// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <vector>

#include <trainlog/summary.hpp>
#include <trainlog/summary/read_tags.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/written_events.hpp"

using namespace trainlog;
using writer_test::temporary_directory;

TEST_CASE("tags are listed with what is known of them") {
  temporary_directory directory;
  {
    auto const writer = summary::create_file_writer(directory.path());
    summary::scalar(writer, "loss", 1, 5);
    summary::scalar(writer, "loss", 1, 2);
    summary::text(writer, "note", "text", 1,
                  {.description = "what it is", .display_name = "shown"});
    summary::hparams(writer, {{"rate", 0.1}});
  }
  {
    auto const writer = summary::create_file_writer(directory.path());
    summary::text(writer, "note", "text", 9, {.description = "another"});
  }
  auto const tags = summary::read_tags(directory.path());
  REQUIRE(tags.size() == 3);
  CHECK(tags[0].tag == "_hparams_/session_start_info");
  CHECK(tags[0].plugin_name == "hparams");
  CHECK(!tags[0].plugin_content.empty());
  CHECK(tags[1].tag == "loss");
  CHECK(tags[1].plugin_name == "scalars");
  CHECK(tags[1].count == 2);
  CHECK(tags[1].first_step == 5);
  CHECK(tags[1].last_step == 2);
  CHECK(tags[2].plugin_name == "text");
  CHECK(tags[2].data_class == summary::data_class::tensor);
  CHECK(tags[2].description == "what it is");
  CHECK(tags[2].display_name == "shown");
  CHECK(tags[2].count == 2);
  CHECK(tags[2].last_step == 9);
}

TEST_CASE("many tags in any order are each counted") {
  temporary_directory directory;
  std::string bytes;
  std::uint32_t random = 1;
  std::vector<std::uint64_t> counts(50);
  for (int i = 0; i < 3000; ++i) {
    random = random * 1664525U + 1013904223U;
    std::size_t const which = (random >> 16U) % counts.size();
    ++counts[which];
    bytes +=
        summary_test::record_of(summary_test::scalar_event(i, std::to_string(100 + which), 1.0F));
  }
  summary_test::write_file(directory / "tfevents", bytes);
  summary::event_report report;
  auto const tags = summary::read_tags(directory.path(), &report);
  CHECK(report.events == 3000);
  REQUIRE(tags.size() == counts.size());
  for (std::size_t i = 0; i < tags.size(); ++i) {
    CHECK(tags[i].tag == std::to_string(100 + i));
    CHECK(tags[i].count == counts[i]);
  }
}
