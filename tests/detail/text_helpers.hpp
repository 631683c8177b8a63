// SPDX-License-Identifier: MIT
// What the tests of text encodings share: hexadecimal, all strings of an alphabet, a digest.
#ifndef TRAINLOG_TESTS_DETAIL_TEXT_HELPERS_HPP
#define TRAINLOG_TESTS_DETAIL_TEXT_HELPERS_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

inline std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char byte : bytes) {
    hex += "0123456789abcdef"[(byte >> 4) & 0xf];
    hex += "0123456789abcdef"[byte & 0xf];
  }
  return hex;
}

/// FNV-1a of lines of text, the same in make_utf8_expectations.py.
class line_digest {
 public:
  void add(std::string_view line) {
    for (const char byte : line) add_byte(byte);
    add_byte('\n');
  }
  std::uint64_t value() const { return value_; }

 private:
  void add_byte(char byte) {
    value_ = (value_ ^ static_cast<unsigned char>(byte)) * 0x100000001B3U;
  }
  std::uint64_t value_ = 0xCBF29CE484222325U;
};

/// Calls `visit` with every string of `size` characters of `alphabet`, the last one fastest.
template <class Visit>
void for_each_string_of_size(std::string_view alphabet, std::size_t size, Visit visit) {
  std::size_t count = 1;
  for (std::size_t i = 0; i != size; ++i) count *= alphabet.size();
  std::string text(size, '\0');
  for (std::size_t number = 0; number != count; ++number) {
    std::size_t rest = number;
    for (std::size_t i = size; i-- != 0; rest /= alphabet.size()) {
      text[i] = alphabet[rest % alphabet.size()];
    }
    visit(text);
  }
}

/// The same for the sizes from 1 to `longest`.
template <class Visit>
void for_each_string(std::string_view alphabet, std::size_t longest, Visit visit) {
  for (std::size_t size = 1; size <= longest; ++size) {
    for_each_string_of_size(alphabet, size, visit);
  }
}

#endif  // TRAINLOG_TESTS_DETAIL_TEXT_HELPERS_HPP
