// SPDX-License-Identifier: MIT
// Blocks sought where a log is damaged: what follows a place that is not right (docs/format.md,
// Logs).
#ifndef TRAINLOG_LOG_BLOCK_SEARCH_HPP
#define TRAINLOG_LOG_BLOCK_SEARCH_HPP

#include <array>
#include <cstdint>
#include <string_view>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/log_block.hpp"

namespace trainlog::detail {

/// Where, at `begin` or later, the header of a block stands whose sequence is at least that; the
/// end of the file if there is none.
inline std::uint64_t find_block_header(file_window& window, std::array<char, 8> const& sync,
                                       std::uint64_t begin, std::uint64_t least_sequence) {
  std::string_view const wanted(sync.data(), sync.size());
  while (begin < window.end()) {
    auto const bytes = window.at(begin, file_window::most);
    if (bytes.size() < wanted.size()) break;
    auto const found = bytes.find(wanted);
    if (found == std::string_view::npos) {
      begin += bytes.size() - (wanted.size() - 1);
      continue;
    }
    begin += found;
    log_block block;
    if (read_block_header(window.at(begin, block_header_size), sync, block) &&
        block.sequence >= least_sequence) {
      return begin;
    }
    ++begin;
  }
  return window.end();
}

/// True if another block, or the end of the file, follows that block. If bytes before it are gone
/// or put in, a writer that went on with the file began at the next multiple of 8.
inline bool is_followed_by_block(log_block const& before, file_window& window,
                                 std::array<char, 8> const& sync) {
  log_block after;
  return before.end() == window.end() ||
         read_block_header(window.at(before.end(), block_header_size), sync, after) ||
         read_block_header(window.at((before.end() + 7) / 8 * 8, block_header_size), sync, after);
}

/// True if less than a header, or nothing but zeros, stand from there to the end.
inline bool is_unwritten(file_window& window, std::uint64_t begin) {
  if (window.end() - begin < block_header_size) return true;
  while (begin < window.end()) {
    auto const bytes = window.at(begin, file_window::most);
    if (bytes.empty() || bytes.find_first_not_of('\0') != std::string_view::npos) return false;
    begin += bytes.size();
  }
  return true;
}

}  // namespace trainlog::detail

#endif
