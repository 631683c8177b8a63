// SPDX-License-Identifier: MIT
// Logs put together by hand, after docs/format.md, without the code under test.
#ifndef TRAINLOG_TESTS_LOG_LOG_PARTS_HPP
#define TRAINLOG_TESTS_LOG_LOG_PARTS_HPP

#include <unistd.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <trainlog/record.hpp>

#include <trainlog/log/journal_format.hpp>

#include "../codec/tlog_parts.hpp"

namespace log_test {

using tlog_test::bytes;
using tlog_test::crc;
using tlog_test::le;
using tlog_test::part;
using tlog_test::str;
using tlog_test::varint;

/// The row of most tests. Row i of a log has step 10 * i.
struct Step {
  std::int64_t step = 0;
  double loss = 0.0;
  float rate = 0.0F;
  TRAINLOG_RECORD(Step, step, loss, rate)
};

inline Step step_of(std::int64_t i) {
  return {10 * i, 1.0 / static_cast<double>(i + 1), 0.5F * static_cast<float>(i)};
}

inline std::string const file_id = "0123456789abcdef";

inline std::string log_header() { return tlog_test::header(1, 0, 0, 0, file_id); }

inline std::string with_schema_id(std::string payload, std::uint64_t id) {
  return payload.replace(0, 4, le(id, 4));
}

inline part step_schema(std::uint64_t id = 0) {
  std::string const fields = varint(3) + str("step") + bytes({5, 0}) + str("loss") +
                             bytes({11, 0}) + str("rate") + bytes({10, 0});
  auto result = tlog_test::schema_part("{step:int64,loss:float64,rate:float32}", fields, "Step");
  result.payload = with_schema_id(result.payload, id);
  return result;
}

struct columns_options {
  std::uint64_t schema = 0;
  std::uint64_t journal_id = 0;
  std::uint64_t journal_end = 0;
};

/// A columns block of these streams, all of them plain.
inline part columns_part(std::uint64_t first, std::uint64_t count,
                         std::vector<std::string> const& streams, columns_options options = {}) {
  std::string head = le(options.schema, 4) + le(count, 4) + le(first, 8) +
                     le(options.journal_id, 8) + le(options.journal_end, 8);
  std::string all;
  for (auto const& each : streams) {
    head += bytes({0}) + varint(each.size()) + le(crc(each), 4);
    all += each;
  }
  return {4, head + all, 1, all.size()};
}

inline std::string step_row(Step const& row) {
  return le(static_cast<std::uint64_t>(row.step), 8) +
         le(std::bit_cast<std::uint64_t>(row.loss), 8) +
         le(std::bit_cast<std::uint32_t>(row.rate), 4);
}

/// Rows `first` to `first + count - 1`, as columns.
inline part step_columns(std::uint64_t first, std::uint64_t count, columns_options options = {}) {
  std::vector<std::string> streams(3);
  for (std::uint64_t i = first; i < first + count; ++i) {
    auto const row = step_row(step_of(static_cast<std::int64_t>(i)));
    streams[0] += row.substr(0, 8);
    streams[1] += row.substr(8, 8);
    streams[2] += row.substr(16, 4);
  }
  return columns_part(first, count, streams, options);
}

/// The same, as rows.
inline part step_rows(std::uint64_t first, std::uint64_t count, std::uint64_t schema = 0) {
  std::string rows;
  for (std::uint64_t i = first; i < first + count; ++i) {
    rows += step_row(step_of(static_cast<std::int64_t>(i)));
  }
  return tlog_test::rows_part(count, rows, first, schema);
}

inline part gap_part(std::uint64_t first, std::uint64_t count, std::uint64_t journal_id = 0,
                     std::uint64_t journal_lost = 0) {
  return {5, le(first, 8) + le(count, 8) + le(journal_id, 8) + le(journal_lost, 8), 0};
}

inline std::string log_of(std::vector<part> const& parts) {
  return tlog_test::file(parts, log_header());
}

/// Where each block of a good file begins, and at last its end.
inline std::vector<std::size_t> offsets_of(std::string const& all) {
  std::vector<std::size_t> offsets{64};
  while (offsets.back() < all.size()) {
    auto const size = tlog_test::number_at(all, offsets.back() + 16, 8);
    offsets.push_back(offsets.back() + 48 + (size + 7) / 8 * 8);
  }
  return offsets;
}

struct journal_options {
  std::uint64_t id = 7;
  std::uint64_t first_row = 0;
  std::uint64_t released = 0;
  std::uint64_t lost = 0;
  std::uint32_t schema = 0;
  std::size_t hole = static_cast<std::size_t>(-1);  ///< a row that was not finished
  std::uint64_t begin = 0;                          ///< the first row's position: so many laps
};

/// The size of a slot with a Step.
inline constexpr std::uint64_t step_slot = 32;

/// The journal of a log of log_of(), with these rows. Its ring has 4096 bytes.
inline std::string journal_of(std::vector<std::string> const& rows, journal_options options = {}) {
  trainlog::detail::journal_header header;
  file_id.copy(header.file_id.data(), 16);
  header.journal_id = options.id;
  header.ring_size = 4096;
  header.first_row = options.first_row;
  header.schema_id = options.schema;
  std::string all = trainlog::detail::journal_header_bytes(header);
  all.resize(2048);
  all += le(options.released, 8) + le(options.lost, 8);
  all.resize(4096);
  std::uint64_t position = options.begin;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto row = rows[i];
    row.resize((row.size() + 7) / 8 * 8);
    auto const check =
        trainlog::detail::slot_check(row.data(), rows[i].size(), position, options.id);
    all += i == options.hole ? le(0, 8) : le(check, 4) + le(rows[i].size(), 4);
    all += row;
    position = options.begin + all.size() - 4096;
  }
  all.resize(8192);
  return all;
}

/// Rows `first` to `first + count - 1`.
inline std::vector<std::string> some_rows(std::uint64_t first, std::uint64_t count) {
  std::vector<std::string> rows;
  for (std::uint64_t i = first; i < first + count; ++i) {
    rows.push_back(step_row(step_of(static_cast<std::int64_t>(i))));
  }
  return rows;
}

/// Makes the checksums of a changed log right, as far as its blocks and their streams can be
/// followed.
inline void reseal_log(std::string& all) {
  auto const put = [&](std::size_t at, std::string_view bytes) {
    if (all.size() - at >= 4) all.replace(at, 4, le(crc(bytes), 4));
  };
  std::string_view const view(all);
  if (all.size() < 64) return;
  put(60, view.substr(0, 60));
  for (std::size_t at = 64; all.size() - at >= 48;) {
    auto const size = tlog_test::number_at(all, at + 16, 8);
    auto const type = tlog_test::number_at(all, at + 8, 2);
    auto const payload = view.substr(at + 48);
    auto checked = type == 4 ? tlog_test::number_at(all, at + 32, 8) : size;
    if (size <= payload.size() && checked <= size) {
      std::size_t begin = checked;
      for (std::size_t entry = 32; type == 4 && entry + 6 <= checked;) {
        std::size_t length = 0;
        std::size_t i = entry + 1;
        for (unsigned shift = 0; i < checked && shift < 28; shift += 7) {
          auto const byte = static_cast<unsigned char>(payload[i++]);
          length |= static_cast<std::size_t>(byte & 127U) << shift;
          if (byte < 128) break;
        }
        if (i + 4 > checked || length > size - begin) break;
        put(at + 48 + i, payload.substr(begin, length));
        begin += length;
        entry = i + 4;
      }
      if (type != 4) all.replace(at + 32, 8, le(size, 8));
      put(at + 40, payload.substr(0, checked));
    }
    put(at + 44, view.substr(at, 44));
    if (size > payload.size() || (size + 7) / 8 * 8 > payload.size()) return;
    at += 48 + (size + 7) / 8 * 8;
  }
}

/// Makes the checks of a changed journal right.
inline void reseal_journal(std::string& all) {
  if (all.size() < 4096) return;
  all.replace(124, 4, le(crc(std::string_view(all).substr(0, 124)), 4));
  auto const id = tlog_test::number_at(all, 32, 8);
  auto const offset = tlog_test::number_at(all, 40, 8);
  if (offset > all.size()) return;
  for (std::size_t at = offset; at + 16 <= all.size();) {
    auto const size = tlog_test::number_at(all, at + 4, 4);
    if (size == 0 || size > all.size() - at - 8 || (size + 7) / 8 * 8 > all.size() - at - 8) return;
    auto const check = trainlog::detail::slot_check(all.data() + at + 8, size, at - offset, id);
    all.replace(at, 4, le(check, 4));
    at += 8 + (size + 7) / 8 * 8;
  }
}

/// A file, and what may stand beside it, that is gone at the end of the scope. In memory, if that
/// can be: file systems on disks take milliseconds to write a file anew.
class temporary {
 public:
  explicit temporary(std::string const& content = {}) {
    directory_ = "/dev/shm/trainlog-test-XXXXXX";
    if (::mkdtemp(directory_.data()) == nullptr) {
      directory_ = "/tmp/trainlog-test-XXXXXX";
      if (::mkdtemp(directory_.data()) == nullptr) std::abort();
    }
    write(content);
  }
  temporary(temporary const&) = delete;
  temporary& operator=(temporary const&) = delete;
  ~temporary() {
    for (char const* const end : {"", "-journal", "-copy", "-copy-journal"}) {
      ::unlink((path() + end).c_str());
    }
    ::rmdir(directory_.c_str());
  }
  std::string path() const { return directory_ + "/a.tlog"; }

  void write(std::string const& content, std::string const& end = {}) const {
    std::ofstream(path() + end, std::ios::binary | std::ios::trunc) << content;
  }
  std::string read(std::string const& end = {}) const {
    std::ifstream file(path() + end, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::string directory_;
};

}  // namespace log_test

#endif
