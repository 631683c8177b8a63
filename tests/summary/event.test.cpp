// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <trainlog/summary/event.hpp>

#include "catch.hpp"
#include "summary/event_files.hpp"

using namespace trainlog;
using namespace trainlog::detail;
using namespace summary_test;

TEST_CASE("the first event of a file says version and writer") {
  std::string out;
  append_file_version(out, 1.5);
  CHECK(out == unhex("09 00 00 00 00 00 00 f8 3f 1a 0d") + "brain.Event:2" + unhex("52 0a 0a 08") +
                   "trainlog");
}

TEST_CASE("a step of 0 is left out, a negative one takes ten bytes") {
  std::string zero;
  append_event_head(zero, 0.0, 0);
  CHECK(zero == unhex("09 00 00 00 00 00 00 00 00"));
  std::string negative;
  append_event_head(negative, 1.5, -1);
  CHECK(negative == unhex("09 00 00 00 00 00 00 f8 3f 10 ff ff ff ff ff ff ff ff ff 01"));
}

TEST_CASE("a value of 0 and an empty tag are written") {
  std::string out;
  append_summary_value(out, {"", ""}, [&] { append_simple_value(out, 0.0F); });
  CHECK(out == unhex("0a 07 0a 00 15 00 00 00 00"));
}

TEST_CASE("a tag of two parts is one string, and valid UTF-8") {
  std::string out;
  append_summary_tag(out, {"train/", "loss"});
  CHECK(out == unhex("0a 0a") + "train/loss");
  out.clear();
  append_summary_tag(out, {"a\xff/", "b"});
  CHECK(out == unhex("0a 06") + "a\xEF\xBF\xBD/b");
}

TEST_CASE("a tensor of numbers") {
  std::string out;
  std::array<std::int64_t, 2> const shape{0, 300};
  append_number_tensor(out, summary::data_type::int16, shape, "");
  CHECK(out == unhex("42 0d 08 05 12 07 12 00 12 03 08 ac 02 22 00"));
}

TEST_CASE("a tensor of strings") {
  std::string out;
  std::array<std::string_view, 2> const strings{"ab", ""};
  std::array<std::int64_t, 1> const shape{2};
  append_string_tensor(out, shape, strings);
  CHECK(out == unhex("42 0e 08 07 12 04 12 02 08 02 42 02 61 62 42 00"));
}

TEST_CASE("metadata of a tag") {
  std::string out;
  append_summary_metadata(out, {.plugin_name = "audio",
                                .content = "\x10\x0b",
                                .data_class = summary::data_class::blob_sequence,
                                .display_name = "n\xff",
                                .description = "d"});
  CHECK(out == unhex("4a 18 0a 0b 0a 05") + "audio" + unhex("12 02 10 0b 12 04") + "n\xEF\xBF\xBD" +
                   unhex("1a 01 64 20 03"));
}
