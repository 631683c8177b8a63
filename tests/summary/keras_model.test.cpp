// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include <trainlog/summary/keras_model.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"
#include "summary/media.hpp"

using namespace trainlog;
using namespace summary_test;
using writer_test::temporary_directory;

// The bytes are those of TensorFlow's own messages.
TEST_CASE("a Keras model is its text, to the byte") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  REQUIRE(summary::keras_model(writer, "k", "{}", 1, {.wall_time = 1.5}));
  CHECK(events_in(directory.path()).at(0) ==
        unhex("09 00 00 00 00 00 00 f8 3f 10 01 2a 2f 0a 2d 0a 01 6b 42 0c 08 07 12 04 12 02 08 01 "
              "42 02 7b 7d 4a 1a 0a 16 0a 11") +
            "graph_keras_model" + unhex("12 01 31 20 03"));
  CHECK_FALSE(summary::keras_model("k", "{}", 1));
}

TEST_CASE("bytes of a Keras model that are no UTF-8 become U+FFFD") {
  temporary_directory const directory;
  auto const writer = summary::create_file_writer(directory.path());
  auto const scope = writer.as_default(1);
  REQUIRE(summary::keras_model("k", [] { return std::string("\xff"); }));
  CHECK(string_tensor_in(events_in(directory.path()).at(0)).strings.at(0) == "\xef\xbf\xbd");
}
