// SPDX-License-Identifier: MIT
// CSV text split into cells; RFC 4180.
#ifndef TRAINLOG_CODEC_CSV_CELLS_HPP
#define TRAINLOG_CODEC_CSV_CELLS_HPP

#include <algorithm>
#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/json_number.hpp"
#include "trainlog/codec/text_position.hpp"
#include "trainlog/codec/text_scalar.hpp"
#include "trainlog/detail/utf8.hpp"
#include "trainlog/record/error.hpp"

namespace trainlog::detail {

struct csv_cell {
  std::string_view text;
  bool quoted = false;
  std::size_t offset = 0;  ///< of its first char, or its opening quote

  /// True if there is nothing at all, not even "".
  bool is_blank() const noexcept { return text.empty() && !quoted; }
};

/// Splits CSV text into rows. Lines end with \n or \r\n; a quoted cell may hold both. Blank lines
/// are passed over; a row of one empty cell is "".
class csv_cells {
 public:
  explicit csv_cells(std::string_view text) noexcept : text_(text), at_(text_begin(text)) {}

  /// The next row, valid until the next call; false at the end of the text. Throws decode_error.
  bool next(std::vector<csv_cell>& row) {
    row.clear();
    unquoted_.clear();
    while (take_line_end()) continue;
    row_ = at_;
    if (at_ == text_.size()) return false;
    do row.push_back(next_cell());
    while (take(','));
    if (at_ != text_.size() && !take_line_end()) fail(at_, "a comma or the end of the line");
    return true;
  }

  /// Where the last row begins, or the text ends.
  std::size_t offset() const noexcept { return row_; }

  [[noreturn]] void fail(std::size_t offset, std::string expected) const {
    std::string const found = offset == text_.size() ? "the end of the text" : "something else";
    throw decode_error("$", position_at(text_, offset), std::move(expected), found);
  }

 private:
  bool take(char wanted) noexcept {
    bool const there = at_ != text_.size() && text_[at_] == wanted;
    if (there) ++at_;
    return there;
  }
  bool at_line_end() const noexcept {
    return text_.substr(at_).starts_with('\n') || text_.substr(at_).starts_with("\r\n");
  }
  bool take_line_end() noexcept {
    if (at_line_end()) take('\r');
    return take('\n');
  }

  csv_cell next_cell() {
    std::size_t const begin = at_;
    if (take('"')) return {quoted_text(begin), true, begin};
    at_ = std::min(text_.find_first_of(",\r\n\"", at_), text_.size());
    if (at_ != text_.size() && text_[at_] == '"') fail(at_, "a quote only around a whole cell");
    if (at_ != text_.size() && text_[at_] == '\r' && !at_line_end())
      fail(at_, "lines that end with \\n or \\r\\n, and other \\r in quotes");
    return {checked(text_.substr(begin, at_ - begin), begin), false, begin};
  }

  /// The text up to the closing quote.
  std::string_view quoted_text(std::size_t opening) {
    std::string* joined = nullptr;
    while (true) {
      std::size_t const begin = at_;
      at_ = text_.find('"', at_);
      if (at_ == text_.npos) fail(text_.size(), "a closing quote");
      auto const piece = checked(text_.substr(begin, at_ - begin), opening);
      ++at_;
      bool const doubled = take('"');
      if (joined == nullptr && !doubled) return piece;
      if (joined == nullptr) joined = &unquoted_.emplace_back();
      joined->append(piece);
      if (!doubled) return *joined;
      *joined += '"';
    }
  }

  std::string_view checked(std::string_view cell, std::size_t offset) const {
    if (!is_valid_utf8(cell)) fail(offset, "text in UTF-8");
    return cell;
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t row_ = 0;
  std::deque<std::string> unquoted_;  ///< of the row's cells that have doubled quotes
};

/// The number that a cell's text is, or a string.
constexpr text_scalar cell_scalar(std::string_view text) noexcept {
  auto const number = scan_number(text);
  bool const all = number.size != 0 && number.size == text.size();
  return all ? number_scalar(text, number) : string_scalar(text);
}

}  // namespace trainlog::detail

#endif
