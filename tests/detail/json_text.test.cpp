// SPDX-License-Identifier: MIT
#include "trainlog/detail/json_text.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "text_helpers.hpp"
#include "utf8_expectations.hpp"

namespace {

using namespace trainlog::detail;

std::string appended(std::string_view in) {
  std::string out;
  append_json_string(out, in);
  return out;
}

std::string written(std::string_view in) {
  std::vector<char> room(6 * in.size() + 2);
  char const* const end = write_json_string_unchecked(room.data(), in);
  return {room.data(), static_cast<std::size_t>(end - room.data())};
}

TEST_CASE("JSON strings escape what they must and nothing else") {
  CHECK(appended("") == R"("")");
  CHECK(appended({}) == R"("")");
  CHECK(appended("loss") == R"("loss")");
  CHECK(appended("C:\\a \"b\"\n\t\r\b\f/") == R"("C:\\a \"b\"\n\t\r\b\f/")");
  CHECK(appended(std::string_view("\0\x1f\x7f", 3)) == "\"\\u0000\\u001f\x7f\"");
  CHECK(appended("\xE2\x80\xA8 d\xC3\xA9j\xC3\xA0") == "\"\xE2\x80\xA8 d\xC3\xA9j\xC3\xA0\"");
  CHECK(appended("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
  std::string out = "[";
  append_json_string(out, "x");
  CHECK(out == "[\"x\"");
}

TEST_CASE("an escape is found at every place of every length") {
  for (const char special : {'"', '\\', '\n', '\x01', '\xff'}) {
    for (std::size_t before = 0; before != 30; ++before) {
      for (std::size_t after = 0; after != 20; ++after) {
        const std::string head(before, '!');
        const std::string tail(after, '~');
        const std::string escape = appended({&special, 1});
        REQUIRE(appended(head + special + tail) ==
                '"' + head + escape.substr(1, escape.size() - 2) + tail + '"');
      }
    }
  }
}

TEST_CASE("all strings of two bytes become the JSON text that CPython writes") {
  std::string alphabet;
  for (int byte = 0; byte != 256; ++byte) alphabet += static_cast<char>(byte);
  line_digest digest;
  for_each_string(alphabet, 2, [&](std::string const& in) { digest.add(appended(in)); });
  CHECK(digest.value() == json_pairs_digest);
}

TEST_CASE("the unchecked writer gives the same text and stays in its room") {
  CHECK(written({}) == R"("")");
  for (auto const& [in, expected] : utf8_cases)
    CHECK(written(from_hex(in)) == appended(from_hex(in)));
  const std::string worst(1000, '\x01');
  CHECK(written(worst) == appended(worst));
  CHECK(written(worst).size() == 6 * worst.size() + 2);
}

}  // namespace
