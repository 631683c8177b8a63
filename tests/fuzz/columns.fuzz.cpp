// SPDX-License-Identifier: MIT
// Decodes any bytes as the payload of a columns block, with its checksums made right, as single
// streams, and as rows to be encoded. The corpus is payloads that the encoder made.
#include <trainlog/binary.hpp>
#include <trainlog/log/columns_decode.hpp>
#include <trainlog/log/columns_encode.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace trainlog;
using namespace trainlog::detail;

schema_field field(std::string name, type_kind kind, std::vector<schema_type> element = {}) {
  schema_field result;
  result.name = std::move(name);
  result.type.kind = kind;
  result.type.element = std::move(element);
  result.type.length = 2;
  return result;
}

std::vector<schema_field> const& all_fields() {
  static auto const fields = [] {
    auto const number = field("", type_kind::float64).type;
    auto const text = field("", type_kind::string).type;
    return std::vector<schema_field>{
        field("step", type_kind::int64),
        field("small", type_kind::uint8),
        field("flag", type_kind::boolean),
        field("loss", type_kind::float32),
        field("text", type_kind::string),
        field("maybe", type_kind::optional, {number}),
        field("list", type_kind::list, {field("", type_kind::list, {number}).type}),
        field("pair", type_kind::array, {text}),
        field("map", type_kind::map, {field("", type_kind::uint16).type})};
  }();
  return fields;
}

/// What was decoded can be encoded, and that decoded to the same.
void check_again(std::string const& rows, std::size_t count);

/// The rows of a payload; empty if it is refused.
std::string rows_of(std::string_view payload, bool reseal, std::size_t& count) {
  std::vector<bool> const wanted(all_fields().size(), true);
  columns_decoder decoder(all_fields(), wanted);
  std::size_t const least = 32 + 6 * decoder.file_layout().stream_count();
  columns_head head;
  for (std::size_t size = least; size <= std::min(payload.size(), 2 * least); ++size) {
    wire_reader in(payload.substr(0, size));
    if (!read_columns_head(in, decoder.file_layout(), head)) continue;
    if (head.payload_size != payload.size()) return {};
    for (auto& entry : head.streams) {
      if (reseal) entry.crc = crc_of(payload.substr(entry.offset, entry.length));
    }
    decoder.begin(head);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      auto const [first, last] = decoder.range(head, i);
      if (!decoder.decode(head, i, payload.substr(first, last - first))) return {};
    }
    std::string rows;
    decoder.append_rows(rows);
    count = decoder.row_count();
    return rows;
  }
  return {};
}

void check_again(std::string const& rows, std::size_t count) {
  columns_encoder encoder(all_fields());
  wire_reader in(rows);
  for (std::size_t i = 0; i < count; ++i) {
    std::string_view const rest = std::string_view(rows).substr(in.offset());
    if (!skip_fields(in, all_fields())) std::abort();
    encoder.add_row(rest.substr(0, rest.size() - in.remaining()));
  }
  if (in.remaining() != 0) std::abort();
  std::string payload;
  encoder.append_payload(payload, {});
  std::size_t again = 0;
  if (rows_of(payload, false, again) != rows || again != count) std::abort();
}

void check_numbers(std::string_view bytes, std::size_t width) {
  auto const plain = bytes.substr(0, bytes.size() / width * width);
  number_encoder encoder;
  std::string stream;
  auto const encoding = encoder.append(stream, plain, width);
  std::string back(plain.size(), '\0');
  wire_reader in(stream);
  number_decoder decoder;
  if (!decoder.read(in, encoding, width, back) || back != plain) std::abort();
}

void decode_numbers(std::string_view bytes, std::size_t width) {
  std::string out(static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) * 40 * width, 0);
  wire_reader in(bytes.substr(2));
  number_decoder decoder;
  decoder.read(in, static_cast<std::uint8_t>(bytes[1]), width, out);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  for (bool const reseal : {false, true}) {
    std::size_t count = 0;
    auto const rows = rows_of(bytes, reseal, count);
    if (!rows.empty()) check_again(rows, count);
  }
  for (std::size_t const width : {1U, 2U, 4U, 8U}) {
    check_numbers(bytes, width);
    if (size >= 2) decode_numbers(bytes, width);
  }
  return 0;
}
