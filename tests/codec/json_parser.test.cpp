// SPDX-License-Identifier: MIT
// The parser against nlohmann_json's, over texts made by breaking good ones.
#include <trainlog/codec/json_parser.hpp>
#include <trainlog/codec/json_write.hpp>
#include <trainlog/codec/text_type_of.hpp>

#include <nlohmann/json.hpp>
#include <optional>
#include <random>

#include <trainlog/record.hpp>

#include "catch.hpp"
#include "codec/records.hpp"

using namespace trainlog;
using namespace text_test;

namespace {

struct Nothing {
  int unused = 0;
  TRAINLOG_RECORD(Nothing, unused)
};

/// True if the text is an object in JSON's grammar, whatever is in it.
bool parses(std::string_view text) {
  Nothing target;
  detail::text_decoder decoder(detail::text_type_of<Nothing>, &target, {});
  return detail::json_parser(text, decoder).parse();
}

/// True if the value is in JSON's grammar.
bool parses_value(std::string const& value) { return parses("{\"x\":" + value + "}"); }

/// The content of a JSON string literal, as the parser sees it.
std::string unescaped(std::string const& literal) {
  Everything target;
  detail::text_decoder decoder(detail::text_type_of<Everything>, &target, {});
  REQUIRE(detail::json_parser("{\"text\":" + literal + "}", decoder).parse());
  return target.text;
}

/// Nothing for texts that nlohmann_json does not judge by the grammar: the literals that are not
/// JSON, numbers that overflow a double, and NUL, where it stops reading.
std::optional<bool> nlohmann_accepts(std::string const& text) {
  if (text.find("NaN") != text.npos || text.find("Infinity") != text.npos) return {};
  if (text.find('\0') != text.npos) return {};
  try {
    return nlohmann::json::parse(text).is_object();
  } catch (nlohmann::json::out_of_range const&) {
    return {};
  } catch (nlohmann::json::parse_error const&) {
    return false;
  }
}

}  // namespace

TEST_CASE("json_parser: values") {
  for (auto const* good :
       {"0",           "-0",      "1",    "-1.5", "1e5",      "1E+5",      "1.25e-05",
        "true",        "false",   "null", "NaN",  "Infinity", "-Infinity", "\"\"",
        "\"\\u00e9\"", "[]",      "{}",   "[ ]",  "{ }",      "[[],{}]",   "[1,2,[3,{\"a\":[]}]]",
        "1e999",       "\"\x7f\""}) {
    CAPTURE(good);
    CHECK(parses_value(good));
  }
  for (auto const* bad : {"",
                          "-",
                          "+1",
                          "01",
                          "-01",
                          "1.",
                          ".1",
                          "1e",
                          "1e+",
                          "0x1",
                          "1_000",
                          "tru",
                          "True",
                          "nan",
                          "inf",
                          "-NaN",
                          "+Infinity",
                          "'a'",
                          "\"",
                          "\"\\\"",
                          "\"\\a\"",
                          "\"\t\"",
                          "[",
                          "]",
                          "[1,]",
                          "[,1]",
                          "[1 2]",
                          "[1}",
                          "{\"a\"}",
                          "{\"a\":}",
                          "{\"a\":1,}",
                          "{,}",
                          "{1:1}",
                          "/**/1",
                          "\"\\ud800\\u0041\"",
                          "\"\xc0\x80\"",
                          "\"\xed\xa0\x80\"",
                          "truefalse",
                          "1true"}) {
    CAPTURE(bad);
    CHECK_FALSE(parses_value(bad));
  }
}

TEST_CASE("json_parser: every code point, escaped") {
  for (std::uint32_t point = 0; point < 0x110000; point += point < 0x3000 ? 1 : 61) {
    if (point >= 0xd800 && point < 0xe000) continue;
    char text[32];
    if (point < 0x10000) {
      std::snprintf(text, sizeof text, "\"\\u%04x\"", point);
    } else {
      std::uint32_t const rest = point - 0x10000;
      std::snprintf(text, sizeof text, "\"\\u%04X\\u%04x\"", 0xd800 + (rest >> 10),
                    0xdc00 + (rest & 0x3ff));
    }
    auto const content = unescaped(text);
    REQUIRE(nlohmann::json::parse(text).get<std::string>() == content);
    REQUIRE(detail::is_valid_utf8(content));
  }
}

TEST_CASE("json_parser: accepts what nlohmann_json accepts, in texts broken at random") {
  std::mt19937_64 random(1);
  constexpr std::string_view noise = "{}[],:\"\\ \n\t0123456789.-+aeEfnrtuls/\x01\x80\xc3\xa9\xed";
  std::size_t good = 0;
  std::size_t bad = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    auto const whole =
        "{\"x\":" + to_json(filler(seed).make<Everything>(), {nonfinite_as::string}) + "}";
    for (int i = 0; i < 100; ++i) {
      auto text = whole.substr(0, random() % 4 == 0 ? random() % whole.size() : whole.npos);
      auto const at = text.empty() ? 0 : random() % text.size();
      auto const count = random() % 3;
      text.replace(at, std::min(count, text.size() - at), 1, noise[random() % noise.size()]);
      CAPTURE(text);
      auto const accepted = nlohmann_accepts(text);
      if (!accepted) continue;
      REQUIRE(parses(text) == *accepted);
      ++(*accepted ? good : bad);
    }
  }
  CHECK(good > 100);
  CHECK(bad > 1000);
}
