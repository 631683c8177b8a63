// SPDX-License-Identifier: MIT
// What a log and its journal hold, read without the readers of the library.
#ifndef TRAINLOG_TESTS_LOG_WRITTEN_LOG_HPP
#define TRAINLOG_TESTS_LOG_WRITTEN_LOG_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <trainlog/binary.hpp>
#include <trainlog/log/block_scan.hpp>
#include <trainlog/log/columns_decode.hpp>
#include <trainlog/log/journal_scan.hpp>

namespace writer_test {

using namespace trainlog::detail;
using trainlog::schema_field;

struct written_log {
  std::vector<std::string> rows;      ///< in wire form, under any schema
  std::vector<std::uint32_t> schema;  ///< of each row
  std::vector<log_block> blocks;
  std::size_t recovered = 0;  ///< of the rows, from the journal
  std::uint64_t lost = 0;     ///< in gap blocks, and in the journal but not there
  trainlog::log_report report;
  std::size_t schemas = 0;
};

inline std::string bytes_of(input_file const& file, std::uint64_t offset, std::uint64_t size) {
  std::string bytes(size, '\0');
  if (file.read(offset, bytes.data(), bytes.size()) != size) throw std::runtime_error("cut");
  return bytes;
}

/// Adds each row of the bytes, and what schema it has.
inline void add_rows(written_log& log, std::string_view bytes, std::uint32_t schema,
                     std::vector<schema_field> const& fields) {
  wire_reader in(bytes);
  while (in.remaining() != 0) {
    std::size_t const begin = bytes.size() - in.remaining();
    if (!skip_fields(in, fields)) throw std::runtime_error("a row is not as its schema says");
    log.rows.emplace_back(bytes.substr(begin, bytes.size() - in.remaining() - begin));
    log.schema.push_back(schema);
  }
}

inline void add_columns(written_log& log, input_file const& file, log_block const& block,
                        std::vector<schema_field> const& fields) {
  columns_decoder decoder(fields, std::vector<bool>(fields.size(), true));
  std::string const payload = bytes_of(file, block.payload(), block.payload_length);
  columns_head head;
  wire_reader in(std::string_view(payload).substr(0, block.checked_length));
  if (!read_columns_head(in, decoder.file_layout(), head)) throw std::runtime_error(in.expected());
  decoder.begin(head);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto const [first, last] = decoder.range(head, i);
    if (!decoder.decode(head, i, std::string_view(payload).substr(first, last - first))) {
      throw std::runtime_error(decoder.reason());
    }
  }
  std::string rows;
  decoder.append_rows(rows);
  auto const before = log.rows.size();
  add_rows(log, rows, block.schema_id, fields);
  if (log.rows.size() - before != block.row_count) throw std::runtime_error("rows do not add up");
  if (block.first_row != before) throw std::runtime_error("first_row is wrong");
}

/// Throws for anything that a right writer does not write.
inline written_log read_log(std::string const& path) {
  written_log log;
  input_file const file(path);
  auto const journal = read_journal(path, read_file_header(file).file_id);
  block_scan scan(file);
  std::uint64_t recorded = 0;
  for (log_block block; scan.next(block);) {
    log.blocks.push_back(block);
    if (block.has_rows()) {
      add_columns(log, file, block, scan.schemas().at(block.schema_id).rows.fields);
    }
    if (block.is(block_type::gap)) {
      log.lost += block.row_count;
      auto const gap = bytes_of(file, block.payload(), 32);
      if (journal && get_le<std::uint64_t>(gap.data() + 16) == journal->header.journal_id) {
        recorded = std::max(recorded, get_le<std::uint64_t>(gap.data() + 24));
      }
    }
  }
  log.report = scan.report();
  log.schemas = scan.schemas().size();
  if (!journal) return log;
  log.lost += journal->lost > recorded ? journal->lost - recorded : 0;
  auto const before = log.rows.size();
  auto const& header = journal->header;
  for (auto const& row : journal->rows(scan.tally().journal_end(header.journal_id))) {
    add_rows(log, row.bytes, header.schema_id, scan.schemas().at(header.schema_id).rows.fields);
  }
  log.recovered = log.rows.size() - before;
  return log;
}

/// The rows as records of a type.
template <class T>
std::vector<T> records_of(written_log const& log) {
  std::vector<T> records;
  for (auto const& row : log.rows) {
    wire_reader in(row);
    T record{};
    if (!read_value(in, record) || in.remaining() != 0) throw std::runtime_error("not this record");
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace writer_test

#endif
