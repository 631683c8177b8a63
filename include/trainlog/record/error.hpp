// SPDX-License-Identifier: MIT
// What can be wrong with a value: invalid by its record's rules, or not decodable.
#ifndef TRAINLOG_RECORD_ERROR_HPP
#define TRAINLOG_RECORD_ERROR_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "trainlog/detail/error.hpp"

namespace trainlog {

/// A record's fields are outside the bounds that TRAINLOG_META gives them. what() lists
/// them, up to 20 of a record.
class [[gnu::visibility("default")]] validation_error : public error {
 public:
  using error::error;

  /// The same error, of a value read from the file `name`.
  [[nodiscard]] validation_error in_file(std::string const& name) const {
    validation_error named(what() + (" in " + detail::printable_path(name)));
    return named;
  }
};

namespace detail {

/// True if a record's own rules threw something more special than what the library itself throws:
/// the program catches it by its own type, so it stays as it is. So does every error where a
/// program is compiled without the means to tell.
inline bool is_derived([[maybe_unused]] validation_error const& problem) noexcept {
#ifdef __cpp_rtti
  return typeid(problem) != typeid(validation_error);
#else
  return true;
#endif
}

}  // namespace detail

/// Where in its source a value that cannot be decoded stands. All positions count from 0 as
/// `offset` and from 1 as `line` and `column` (in bytes); a line of 0 means a binary source, or,
/// with an offset of std::size_t(-1), none: the value was in memory.
struct source_position {
  std::size_t offset = 0;
  std::size_t line = 0;
  std::size_t column = 0;
};

/// Text or bytes are not what the record's type asks for.
/// what() is "trainlog: runs/a.json: expected uint8, found 300 at $.v[1].x (line 3, column 12)".
class [[gnu::visibility("default")]] decode_error : public error {
 public:
  decode_error(std::string path, source_position position, std::string expected, std::string found,
               std::string source = {})
      : error(message(path, position, expected, found, source)),
        path_(std::move(path)),
        position_(position),
        expected_(std::move(expected)),
        found_(std::move(found)),
        source_(std::move(source)) {}

  /// The place in the record: "$.v[1].x"; "$" is the record itself.
  std::string const& path() const noexcept { return path_; }
  /// The byte in the source, from 0.
  std::size_t offset() const noexcept { return position_.offset; }
  /// The line in the source, from 1; 0 for a binary source.
  std::size_t line() const noexcept { return position_.line; }
  /// The byte in the line, from 1; 0 for a binary source.
  std::size_t column() const noexcept { return position_.column; }
  std::string const& expected() const noexcept { return expected_; }
  std::string const& found() const noexcept { return found_; }
  /// The file, if the value was read from one.
  std::string const& source() const noexcept { return source_; }

  /// The same error, of a value read from the file `name`.
  [[nodiscard]] decode_error in_file(std::string name) const {
    return {path_, position_, expected_, found_, std::move(name)};
  }

 private:
  static std::string message(std::string_view path, source_position position,
                             std::string_view expected, std::string_view found,
                             std::string_view source) {
    std::string text = "trainlog: ";
    if (!source.empty()) text.append(source).append(": ");
    text.append("expected ").append(expected).append(", found ").append(found);
    text.append(" at ").append(path);
    if (position.line == 0 && position.offset + 1 == 0) return text;
    if (position.line == 0) return text + " (byte " + std::to_string(position.offset) + ")";
    return text + " (line " + std::to_string(position.line) + ", column " +
           std::to_string(position.column) + ")";
  }

  std::string path_;
  source_position position_;
  std::string expected_;
  std::string found_;
  std::string source_;
};

}  // namespace trainlog

#endif
