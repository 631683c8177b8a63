// SPDX-License-Identifier: MIT
// A parser of JSON (RFC 8259), and of NaN, Infinity and -Infinity, that gives events to a decoder.
#ifndef TRAINLOG_CODEC_JSON_PARSER_HPP
#define TRAINLOG_CODEC_JSON_PARSER_HPP

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/json_number.hpp"
#include "trainlog/codec/text_decoder.hpp"
#include "trainlog/codec/text_scalar.hpp"
#include "trainlog/detail/json_text.hpp"

namespace trainlog::detail {

/// Appends a code point in UTF-8.
inline void append_utf8(std::string& out, std::uint32_t point) {
  auto const put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  auto const put_rest = [&](std::uint32_t shift) { put(0x80U | (point >> shift & 0x3fU)); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xc0U | point >> 6);
  } else if (point < 0x10000) {
    put(0xe0U | point >> 12);
    put_rest(6);
  } else {
    put(0xf0U | point >> 18);
    put_rest(12);
    put_rest(6);
  }
  put_rest(0);
}

/// Reads one value and nothing behind it. Needs a bit of memory for each level of nesting, and no
/// stack. Strings without escapes are handed on as they stand in the text.
class json_parser {
 public:
  json_parser(std::string_view text, text_decoder& decoder) noexcept
      : text_(text), decoder_(decoder) {}

  /// False if the decoder has failed: by what it was given, or because the text is not JSON.
  bool parse() {
    do {
      if (!value()) return false;
    } while (between_values());
    return !decoder_.failed();
  }

 private:
  bool fail(std::string expected) {
    decoder_.at(at_);
    return decoder_.fail_here(std::move(expected), found());
  }

  /// What stands at the current place, for a message.
  std::string found() const {
    if (at_ == text_.size()) return "the end of the text";
    auto const first = static_cast<unsigned char>(text_[at_]);
    if (first < 0x20 || first >= 0x7f) {
      constexpr char const* digits = "0123456789abcdef";
      return std::string("the byte 0x") + digits[first >> 4] + digits[first & 15];
    }
    std::size_t end = at_ + 1;
    while (end < text_.size() && end - at_ < 20 && is_word(text_[end - 1]) && is_word(text_[end]))
      ++end;
    return "'" + std::string(text_.substr(at_, end - at_)) + "'";
  }
  static constexpr bool is_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' ||
           c == '-' || c == '+';
  }

  /// The next char that is not white space; 0 at the end, where no such char is valid.
  char next() noexcept {
    while (at_ != text_.size()) {
      char const c = text_[at_];
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') [[likely]]
        return c;
      ++at_;
    }
    return 0;
  }

  /// A scalar, or an empty object or array, after as many beginnings of others as there are.
  bool value() {
    while (true) {
      char const first = next();
      decoder_.at(at_);
      bool const object = first == '{';
      if (!object && first != '[') return scalar(first);
      ++at_;
      if (!(object ? decoder_.open_object() : decoder_.open_array())) return false;
      if (next() == (object ? '}' : ']')) return close();
      objects_.push_back(object);
      if (object && !key()) return false;
    }
  }

  bool close() {
    decoder_.at(at_++);
    return decoder_.close();
  }

  bool key() {
    if (next() != '"') return fail("a key in quotes");
    decoder_.at(at_);
    std::string_view name;
    if (!string(name) || !decoder_.key(name)) return false;
    if (next() != ':') return fail("a colon");
    ++at_;
    return true;
  }

  /// Goes from the end of a value to the place of the next one; false at the end, or if it fails.
  bool between_values() {
    while (true) {
      char const c = next();
      if (objects_.empty()) {
        if (at_ != text_.size()) fail("the end of the text");
        return false;
      }
      bool const object = objects_.back();
      if (c == ',') {
        ++at_;
        return !object || key();
      }
      if (c != (object ? '}' : ']')) return fail(object ? "a comma or '}'" : "a comma or ']'");
      objects_.pop_back();
      if (!close()) return false;
    }
  }

  bool scalar(char first) {
    if (first == '"') {
      std::string_view content;
      return string(content) && decoder_.scalar(string_scalar(content));
    }
    auto const rest = text_.substr(at_);
    auto const number = scan_number(rest);
    if (number.size == 0) return literal(rest);
    at_ += number.size;
    return decoder_.scalar(number_scalar(rest.substr(0, number.size), number));
  }

  bool literal(std::string_view rest) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    auto const take = [&](std::string_view word) {
      bool const there = rest.starts_with(word);
      if (there) at_ += word.size();
      return there;
    };
    if (take("true")) return decoder_.scalar(boolean_scalar(true));
    if (take("false")) return decoder_.scalar(boolean_scalar(false));
    if (take("null")) return decoder_.scalar({});
    if (take("NaN")) return decoder_.scalar(real_scalar(std::numeric_limits<double>::quiet_NaN()));
    if (take("Infinity")) return decoder_.scalar(real_scalar(infinity));
    if (take("-Infinity")) return decoder_.scalar(real_scalar(-infinity));
    return fail("a value");
  }

  /// The content of the string that begins here, valid until the next string.
  bool string(std::string_view& content) {
    ++at_;
    auto const plain = verbatim();
    if (at_ != text_.size() && text_[at_] == '"') [[likely]] {
      ++at_;
      content = plain;
      return true;
    }
    unescaped_ = plain;
    while (at_ != text_.size() && text_[at_] == '\\') {
      if (!escape()) return false;
      unescaped_ += verbatim();
    }
    if (at_ == text_.size() || text_[at_] != '"') return fail("text in UTF-8, or a closing quote");
    ++at_;
    content = unescaped_;
    return true;
  }

  /// Takes the text up to the next escape, quote, control character, or fault in UTF-8.
  std::string_view verbatim() noexcept {
    auto const rest = text_.substr(at_);
    auto const size = valid_unmarked_prefix(rest, json_special{});
    at_ += size;
    return rest.substr(0, size);
  }

  bool escape() {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    ++at_;
    char const letter = at_ == text_.size() ? '\0' : text_[at_];
    if (letter == 'u') return unicode_escape();
    auto const which = letters.find(letter);
    if (which == letters.npos) return fail("an escape");
    ++at_;
    unescaped_ += meanings[which];
    return true;
  }

  bool unicode_escape() {
    std::uint32_t point = 0;
    if (!four_digits(point)) return false;
    if (point >= 0xd800 && point < 0xdc00) {
      std::uint32_t low = 0;
      if (text_.substr(at_, 2) != "\\u") return fail("the second half of a surrogate pair");
      ++at_;
      if (!four_digits(low)) return false;
      if (low < 0xdc00 || low > 0xdfff) return fail("the second half of a surrogate pair");
      point = 0x10000 + ((point & 0x3ffU) << 10) + (low & 0x3ffU);
    } else if (point >= 0xdc00 && point < 0xe000) {
      return fail("the first half of a surrogate pair");
    }
    append_utf8(unescaped_, point);
    return true;
  }

  /// The four hexadecimal digits behind the u of an escape.
  bool four_digits(std::uint32_t& number) {
    ++at_;
    for (std::size_t const end = at_ + 4; at_ != end; ++at_) {
      char const c = at_ < text_.size() ? text_[at_] : '\0';
      std::uint32_t const letter = static_cast<std::uint32_t>((c | 0x20) - 'a');
      if (!is_digit(c) && letter > 5) return fail("four hexadecimal digits");
      number = number << 4 | (is_digit(c) ? static_cast<std::uint32_t>(c - '0') : letter + 10);
    }
    return true;
  }

  std::string_view text_;
  text_decoder& decoder_;
  std::size_t at_ = 0;
  std::vector<bool> objects_;  ///< for each open value, whether it is an object
  std::string unescaped_;
};

}  // namespace trainlog::detail

#endif
