// SPDX-License-Identifier: MIT
// Columns blocks made of records, and read back.
#ifndef TRAINLOG_TESTS_LOG_COLUMNS_BLOCK_HPP
#define TRAINLOG_TESTS_LOG_COLUMNS_BLOCK_HPP

#include <trainlog/binary.hpp>
#include <trainlog/log/columns_decode.hpp>
#include <trainlog/log/columns_encode.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace columns_test {

using namespace trainlog::detail;

/// The rows as they stand in a rows block.
template <class T>
std::string row_of(T const& value) {
  std::string row;
  append_rows(row, std::span<T const>(&value, 1));
  return row;
}

template <class T>
std::string rows_of(std::vector<T> const& values) {
  std::string rows;
  for (auto const& value : values) rows += row_of(value);
  return rows;
}

template <class T>
columns_encoder gathered(std::vector<T> const& values) {
  columns_encoder encoder(trainlog::schema_of<T>().fields);
  for (auto const& value : values) encoder.add_row(row_of(value));
  return encoder;
}

/// A payload, and how many of its first bytes are the head.
struct columns_block {
  std::string payload;
  std::size_t head = 0;
};

inline columns_block payload_of(columns_encoder& encoder, columns_header const& header = {}) {
  columns_block result;
  result.head = encoder.append_payload(result.payload, header);
  return result;
}

/// The rows of the fields that are wanted; nothing if the block is damaged.
inline std::optional<std::string> decoded(columns_block const& from, columns_decoder& decoder,
                                          std::vector<bool> const& wanted) {
  columns_head head;
  wire_reader in(std::string_view(from.payload).substr(0, from.head));
  if (!read_columns_head(in, decoder.file_layout(), head)) return std::nullopt;
  if (head.payload_size != from.payload.size()) return std::nullopt;
  decoder.begin(head);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto const [first, last] = decoder.range(head, i);
    auto const bytes = std::string_view(from.payload).substr(first, last - first);
    if (wanted[i] && !decoder.decode(head, i, bytes)) return std::nullopt;
  }
  std::string rows;
  decoder.append_rows(rows);
  return rows;
}

inline std::optional<std::string> decoded(columns_block const& from,
                                          std::vector<trainlog::schema_field> const& fields,
                                          std::vector<bool> const& wanted) {
  columns_decoder decoder(fields, wanted);
  return decoded(from, decoder, wanted);
}

template <class T>
std::optional<std::string> decoded(columns_block const& from) {
  auto const fields = trainlog::schema_of<T>().fields;
  return decoded(from, fields, std::vector<bool>(fields.size(), true));
}

}  // namespace columns_test

#endif
