// SPDX-License-Identifier: MIT
// A log opened for writing: a new one, or one that is continued, whole or torn (docs/format.md,
// Logs and Locks).
#ifndef TRAINLOG_LOG_LOG_OPEN_HPP
#define TRAINLOG_LOG_LOG_OPEN_HPP

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/row_skip.hpp"
#include "trainlog/detail/error.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/block_scan.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/journal_create.hpp"
#include "trainlog/log/journal_drain.hpp"
#include "trainlog/log/journal_scan.hpp"
#include "trainlog/log/kill_point.hpp"
#include "trainlog/log/log_file.hpp"
#include "trainlog/log/options.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog {

/// Another writer, of this process or another, has the log open.
class log_in_use : public error {
 public:
  /// `process` is the number of the process that has it, or 0 if that is not known.
  log_in_use(std::string const& path, std::uint64_t process)
      : error("trainlog: cannot open '" + detail::printable_path(path) +
              "': another writer has it open" +
              (process == 0 ? std::string() : " (process " + std::to_string(process) + ")")),
        process_(process) {}

  std::uint64_t process() const noexcept { return process_; }

 private:
  std::uint64_t process_;
};

namespace detail {

/// What the rows of a log are, as far as a writer needs to know it.
struct row_format {
  std::vector<schema_field> const& fields;
  std::string const& schema;  ///< the payload of its schema block
  std::size_t size = 0;       ///< of each row; 0 if they differ
};

/// An open log.
struct opened_log {
  log_file file;
  new_journal journal;
  std::uint64_t recovered = 0;  ///< rows that an earlier writer had left in its journal
};

/// Opens logs. Every failure is an exception, and leaves a log that can be opened.
class log_opener {
 public:
  log_opener(std::string const& path, row_format const& rows, log_options const& options)
      : path_(path), rows_(rows), options_(options), opening_(path_, "open"), io_(path_, "write") {}

  opened_log open() {
    unique_descriptor file(opening_.open(path_, O_RDWR | O_CREAT, 0666));
    opening_.check(static_cast<bool>(file));
    check_regular(file.get());
    lock(file.get());
    if (is_new(file.get())) return create(std::move(file));
    return go_on(std::move(file));
  }

 private:
  void check_regular(int file) const {
    struct ::stat status{};
    opening_.check(::fstat(file, &status) == 0);
    if (!S_ISREG(status.st_mode)) opening_.fail(S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
  }

  void lock(int file) const {
    if (retry_interrupted([&] { return ::flock(file, LOCK_EX | LOCK_NB); }) == 0) return;
    if (errno != EWOULDBLOCK) return;  // a file system without locks
    std::string const name = journal_path(path_);
    unique_descriptor const journal(opening_.open(name, O_RDONLY | O_NONBLOCK));
    auto const header = read_journal_header(journal.get());
    throw log_in_use(path_, header ? header->process : 0);
  }

  /// True if there is nothing in the file but what a writer left that ended while it made it.
  static bool is_new(int file) noexcept {
    char bytes[header_size];
    auto const size = read_at(file, bytes, sizeof bytes, 0);
    return size < header_size && (std::string_view(bytes, size).starts_with(file_magic) ||
                                  file_magic.starts_with(std::string_view(bytes, size)));
  }

  // ---- a new log

  opened_log create(unique_descriptor file) {
    file_id id{};
    fill_random(id.data(), id.size(), opening_);
    set_journal_aside(id);
    ::timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    file_header header;
    header.created_ns = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
    opened_log log{log_file(std::move(file), id), {}};
    check(log.file.go_on({}));
    check(log.file.create(header, rows_.schema));
    TRAINLOG_KILL_POINT("log created");
    log.journal = make_journal(log.file, 0);
    return log;
  }

  /// Moves a journal away that belongs to another log, rather than replacing rows that may be
  /// nowhere else.
  void set_journal_aside(file_id const& id) const {
    std::string const name = journal_path(path_);
    unique_descriptor const journal(opening_.open(name, O_RDONLY | O_NONBLOCK));
    auto const found = read_journal(journal.get());
    if (!found || found->header.file_id == id || found->rows().empty()) return;
    std::string other = name + "-";
    for (char const byte : found->header.file_id) {
      for (unsigned const digit :
           {static_cast<unsigned char>(byte) / 16U, static_cast<unsigned char>(byte) % 16U}) {
        other += "0123456789abcdef"[digit];
      }
    }
    opening_.check(::rename(name.c_str(), other.c_str()) == 0);
  }

  new_journal make_journal(log_file const& log, std::uint32_t schema_id) const {
    journal_header header;
    header.file_id = log.file_id();
    while (header.journal_id == 0) fill_random(&header.journal_id, 8, opening_);
    header.ring_offset = memory_page();
    header.ring_size = ring_size_for(options_.journal_bytes, rows_.size);
    header.schema_id = schema_id;
    header.first_row = log.rows();
    header.process = static_cast<std::uint64_t>(::getpid());
    journal_maker const maker(path_, log.descriptor());
    if (options_.durability != durability::none) {
      return maker.in_file(header, options_.journal_kind);
    }
    auto made = maker.in_memory(header);
    ::unlink(journal_path(path_).c_str());  // of which the rows have been taken over
    return made;
  }

  void check(int error) const {
    if (error != 0) io_.fail(error);
  }

  // ---- a log that is continued

  /// What is known of the log's blocks and journal.
  struct old_log {
    log_end end;
    std::optional<journal_snapshot> journal;
    std::uint64_t journal_end = 0;   // up to which the log has the journal's rows
    std::uint64_t journal_lost = 0;  // up to which it has its losses
  };

  opened_log go_on(unique_descriptor file) {
    input_file const input(path_);
    block_scan scan(input);
    if (scan.header().file_id == file_id{}) {
      throw error("trainlog: cannot log to '" + printable_path(path_) + "': it is a snapshot");
    }
    set_journal_aside(scan.header().file_id);
    old_log old = read_blocks(input, scan);
    opened_log log{log_file(std::move(file), scan.header().file_id), {}};
    check(log.file.go_on(std::move(old.end)));
    TRAINLOG_KILL_POINT("torn tail cut");
    if (old.journal) take_over(log, old, scan);
    std::uint32_t const schema_id = schema_in(log.file, scan);
    TRAINLOG_KILL_POINT("schema appended");
    log.journal = make_journal(log.file, schema_id);
    TRAINLOG_KILL_POINT("journal replaced");
    return log;
  }

  old_log read_blocks(input_file const& input, block_scan& scan) const {
    old_log old;
    old.journal = read_journal(path_, scan.header().file_id);
    std::uint64_t const id = old.journal ? old.journal->header.journal_id : 0;
    for (log_block block; scan.next(block);) {
      old.end.index.add(static_cast<block_type>(block.type), block.offset, block.schema_id,
                        block.row_count);
      if (block.is(block_type::gap)) read_gap(input, block, id, old.journal_lost);
    }
    old.journal_end = scan.journal_end(id);
    old.end.offset = scan.end();
    old.end.last_block = scan.last_block();
    old.end.sequence = scan.next_sequence();
    old.end.rows = scan.next_row();
    auto const& report = scan.report();
    old.end.has_index = report.damages == 0;
    // What is damaged at the end, and not just unfinished, is not ours to throw away.
    if (!report.unfinished) old.end.offset = std::max(old.end.offset, (input.size() + 7) / 8 * 8);
    return old;
  }

  static void read_gap(input_file const& input, log_block const& block, std::uint64_t journal_id,
                       std::uint64_t& lost) {
    char bytes[32];
    if (block.payload_length < sizeof bytes) return;
    input.read(block.payload(), bytes, sizeof bytes);
    std::string_view const gap(bytes, sizeof bytes);
    if (number_at<std::uint64_t>(gap, 16) != journal_id) return;
    lost = std::max(lost, number_at<std::uint64_t>(gap, 24));
  }

  /// Appends what the journal has and the log has not.
  void take_over(opened_log& log, old_log const& old, block_scan const& scan) const {
    auto const& header = old.journal->header;
    auto const rows = old.journal->rows(old.journal_end);
    auto const schema = scan.schemas().find(header.schema_id);
    if (schema == scan.schemas().end()) {
      if (!rows.empty()) set_journal_aside({});  // nobody knows what its rows are
      return;
    }
    block_maker blocks(log.file, schema->second.rows.fields, header.schema_id);
    for (auto const& row : rows) {
      wire_reader in(row.bytes);
      if (!skip_fields(in, schema->second.rows.fields) || in.remaining() != 0) continue;
      blocks.rows().add_row(row.bytes);
      ++log.recovered;
      if (blocks.is_enough()) check(blocks.append(header.journal_id, row.end));
    }
    if (!rows.empty()) check(blocks.append(header.journal_id, rows.back().end));
    TRAINLOG_KILL_POINT("journal taken over");
    take_over_losses(log.file, old);
    // They may have been promised to be on the disk, and it is all that will be left of them.
    if (!rows.empty()) check(log.file.sync());
    TRAINLOG_KILL_POINT("journal synchronised");
  }

  void take_over_losses(log_file& file, old_log const& old) const {
    if (old.journal->lost <= old.journal_lost) return;
    new_block gap(block_type::gap);
    append_le(gap.bytes, file.rows());
    append_le(gap.bytes, old.journal->lost - old.journal_lost);
    append_le(gap.bytes, old.journal->header.journal_id);
    append_le(gap.bytes, old.journal->lost);
    check(file.append(gap));
  }

  /// The number of the schema in the log, to which it is appended if it is not there.
  std::uint32_t schema_in(log_file& file, block_scan const& scan) const {
    std::string_view const wanted = std::string_view(rows_.schema).substr(4);
    for (auto const& [id, schema] : scan.schemas()) {
      if (std::string_view(schema.payload).substr(4) == wanted) return id;
    }
    new_block block(block_type::schema);
    append_le(block.bytes, scan.next_schema());
    block.bytes += wanted;
    check(file.append(block));
    return scan.next_schema();
  }

  std::string path_;
  row_format rows_;
  log_options const& options_;
  file_operation opening_;
  file_operation io_;
};

}  // namespace detail
}  // namespace trainlog

#endif
