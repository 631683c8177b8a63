// SPDX-License-Identifier: MIT
#include "trainlog/log/string_stream.hpp"

#include <optional>
#include <random>

#include "catch.hpp"

using namespace trainlog::detail;
using namespace std::string_literals;

namespace {

struct stream {
  std::uint8_t encoding = 0;
  std::string bytes;
};

stream encoded(string_column const& strings) {
  static number_encoder numbers;
  stream result;
  result.encoding = append_strings(result.bytes, strings, numbers);
  return result;
}

std::optional<string_column> decoded(stream const& from, std::size_t count,
                                     std::size_t limit = 1U << 20) {
  std::vector<char> const exact(from.bytes.begin(), from.bytes.end());
  wire_reader in(std::string_view(exact.data(), exact.size()));
  number_decoder numbers;
  string_column out;
  if (!string_reader(in, numbers, limit).read(from.encoding, count, out)) return std::nullopt;
  return out;
}

string_column make(int shape, std::size_t count) {
  std::mt19937_64 random(static_cast<std::uint64_t>(shape) + count);
  string_column strings;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text;
    if (shape == 0) text = "step " + std::to_string(random() % 100000) + " finished, going on";
    if (shape == 1) text = i % 3 == 0 ? "train" : "eval";
    if (shape == 2) text.assign(random() % 300, static_cast<char>(random()));
    if (shape == 3) text = std::to_string(random());
    strings.add(text);  // shape 4: all empty
  }
  return strings;
}

bool comes_back(string_column const& strings) {
  auto const back = decoded(encoded(strings), strings.sizes.size());
  return back && back->bytes == strings.bytes && back->sizes == strings.sizes;
}

}  // namespace

TEST_CASE("string_stream: strings come back") {
  for (int shape = 0; shape < 5; ++shape) {
    for (std::size_t const count : {0U, 1U, 2U, 3U, 10U, 100U, 3000U}) {
      INFO("shape " << shape << ", " << count << " strings");
      auto const strings = make(shape, count);
      CHECK(comes_back(strings));
      CHECK(encoded(strings).bytes.size() <= plain_size(strings));
    }
  }
}

TEST_CASE("string_stream: repeated strings and text take fewer bytes") {
  CHECK(encoded(make(1, 3000)).encoding == 2);
  CHECK(encoded(make(1, 3000)).bytes.size() < 420);  // 0.92 bits each
  CHECK(encoded(make(0, 3000)).encoding == 1);
  CHECK(encoded(make(0, 3000)).bytes.size() < plain_size(make(0, 3000)) * 6 / 10);
}

TEST_CASE("string_stream: every encoding is read as the format says") {
  auto const texts = [](std::uint8_t encoding, std::string const& bytes, std::size_t count) {
    auto const strings = decoded({encoding, bytes}, count);
    std::string all = strings ? "" : "refused";
    if (strings) strings->visit([&](std::string_view text) { (all += text) += ';'; });
    return all;
  };
  CHECK(texts(0,
              "\x02"
              "ab"
              "\x00"
              "\x01"
              "c"s,
              3) == "ab;;c;");
  // lengths packed: base 2, step 1, no rest, no planes; a raw plane
  CHECK(texts(1,
              "\x01\x02\0\0\0\0\0\0\0\x01\0\0\0"
              "abcd"s,
              2) == "ab;cd;");
  // two strings, plain; indices, plain
  CHECK(texts(2,
              "\x02\0"
              "\x01x\x02yz"
              "\0\x01\x01\x00"s,
              3) == "yz;yz;x;");
  CHECK(texts(2,
              "\x02\0"
              "\x01x\x02yz"
              "\0\x01\x02\x00"s,
              3) == "refused");  // no third string
  CHECK(texts(2,
              "\x02\x02"
              "\x01x\x02yz"
              "\0\x01\x01\x00"s,
              3) == "refused");                      // nested
  CHECK(texts(2, "\x00\x00\x00"s, 0) == "refused");  // empty
  CHECK(texts(3, "", 0) == "refused");
  CHECK(texts(0, "\x01x\x01"s, 1) == "refused");  // more bytes
}

TEST_CASE("string_stream: a short stream does not make endless strings") {
  stream const many{2, "\x01\0\x05hello"s + "\0"s + std::string(1000, '\0')};
  CHECK(decoded(many, 1000, 5005));
  CHECK_FALSE(decoded(many, 1000, 4999));
  // a length of 2^40, coded
  stream const long_one{1, "\x01\0\0\0\0\0\x01\0\0\x01\0\0\x01\x61"s};
  CHECK_FALSE(decoded(long_one, 1, 1U << 20));
}

TEST_CASE("string_stream: no cut or flipped stream is read beyond its end") {
  for (int shape = 0; shape < 5; ++shape) {
    auto const whole = encoded(make(shape, 30));
    for (std::size_t cut = 0; cut < whole.bytes.size(); ++cut) {
      CHECK_FALSE(decoded({whole.encoding, whole.bytes.substr(0, cut)}, 30));
    }
    for (std::size_t bit = 0; bit < 8 * whole.bytes.size(); ++bit) {
      auto flipped = whole;
      flipped.bytes[bit / 8] = static_cast<char>(flipped.bytes[bit / 8] ^ (1 << (bit % 8)));
      decoded(flipped, 30);
    }
  }
}
