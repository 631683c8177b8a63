// SPDX-License-Identifier: MIT
// A log opened for writing: a new one, or one that is continued, whole or torn (docs/format.md,
// Logs).
#ifndef TRAINLOG_LOG_LOG_OPEN_HPP
#define TRAINLOG_LOG_LOG_OPEN_HPP

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/detail/error.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/block_list.hpp"
#include "trainlog/log/block_scan.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/journal_aside.hpp"
#include "trainlog/log/journal_create.hpp"
#include "trainlog/log/journal_ring.hpp"
#include "trainlog/log/journal_rows.hpp"
#include "trainlog/log/kill_point.hpp"
#include "trainlog/log/log_block.hpp"
#include "trainlog/log/log_file.hpp"
#include "trainlog/log/mend_blocks.hpp"
#include "trainlog/log/open_locked.hpp"
#include "trainlog/log/options.hpp"
#include "trainlog/log/take_over.hpp"
#include "trainlog/schema/clash.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// What the rows of a log are, as far as a writer needs to know it.
struct row_format {
  schema const& record;
  std::string const& payload;  ///< of its schema block
  std::size_t size = 0;        ///< of each row; 0 if they differ
};

/// An open log.
struct opened_log {
  log_file file;
  new_journal journal;
  std::uint64_t recovered = 0;  ///< rows that an earlier writer had left in its journal
  std::string set_aside;        ///< where a journal is now that was not the log's, or unreadable
};

/// Opens logs. Every failure is an exception, and leaves a log that can be opened.
class log_opener {
 public:
  log_opener(std::string path, row_format const& rows, log_options const& options)
      : path_(std::move(path)),
        rows_(rows),
        options_(options),
        opening_(path_, "open"),
        io_(path_, "write") {}

  opened_log open() {
    unique_descriptor file = open_locked(path_);
    if (is_new(file.get())) return create(std::move(file));
    if (options_.existing == existing::refuse) opening_.fail(EEXIST);
    if (options_.existing == existing::replace) return replace(file.get());
    return go_on(std::move(file));
  }

 private:
  /// True if there is nothing in the file but what a writer left that ended while it made it.
  /// Throws io_error: what cannot be read is not to be written over.
  bool is_new(int file) const {
    char bytes[header_size];
    auto const size = opening_.read_at(file, bytes, sizeof bytes, 0);
    return is_begun_header({bytes, size});
  }

  // ---- a new log

  opened_log create(unique_descriptor file) const {
    file_id const id = random_file_id(opening_);
    std::string aside = set_journal_aside(path_, id);
    opened_log log{begin(std::move(file), id), {}, 0, std::move(aside)};
    TRAINLOG_KILL_POINT("log created");
    log.journal = make_journal(log.file, 0);
    return log;
  }

  /// A new log in the place of a file that is locked. A crash leaves the one or the other; the old
  /// journal is replaced last, and is none of the new log.
  opened_log replace(int old) const {
    struct ::stat status{};
    opening_.check(::fstat(old, &status) == 0);
    temporary_file file(path_, 0600, opening_);
    copy_ownership(file.descriptor(), status);
    lock_log(file.descriptor(), path_);
    opened_log log{begin(file.take_descriptor(), random_file_id(opening_)), {}, 0, {}};
    file.rename_to(path_);
    log.journal = make_journal(log.file, 0);
    return log;
  }

  /// Makes the file a log without rows.
  log_file begin(unique_descriptor file, file_id const& id) const {
    ::timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    file_header header;
    header.created_ns = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
    log_file log(std::move(file), id);
    check(log.go_on({}));
    check(log.create(header, rows_.payload));
    return log;
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

  opened_log go_on(unique_descriptor file) {
    input_file const input(path_);
    file_header const header = read_header(input);
    require_readable_beside(input, header);
    std::string aside = set_journal_aside(path_, header.file_id);
    journal_rows const journal(path_, header.file_id);
    if (journal.unreadable()) file_operation(journal_path(path_), "read").fail(EIO);
    auto blocks = std::make_unique<block_list>(input, header, false);
    log_end end = read_blocks(*blocks, journal, input.size());
    auto const mended = mend_blocks(file.get(), *blocks, journal, io_);
    if (mended.any) {
      blocks = std::make_unique<block_list>(input, header, false);
      end = read_blocks(*blocks, journal, input.size());
    }
    keep_torn(*blocks, end);
    opened_log log{log_file(std::move(file), header.file_id), {}, 0, std::move(aside)};
    check(log.file.go_on(std::move(end)));
    TRAINLOG_KILL_POINT("torn tail cut");
    auto const schema = blocks->schemas().find(journal.schema_id());
    if (schema != blocks->schemas().end()) {
      journal_takeover rows(path_, log.file, *blocks, journal, schema->second);
      log.recovered = rows.run(mended.lost);
    } else if (journal.any()) {
      log.set_aside = set_journal_aside(path_, {});  // nobody knows what its rows are
    }
    std::uint32_t const schema_id = schema_in(log.file, blocks->scan());
    TRAINLOG_KILL_POINT("schema appended");
    log.journal = make_journal(log.file, schema_id);
    TRAINLOG_KILL_POINT("journal replaced");
    return log;
  }

  [[noreturn]] void refuse(std::string const& why) const {
    throw error("trainlog: cannot log to '" + printable_path(path_) + "': " + why);
  }

  /// Throws schema_error for rows that no record could read beside those that the file has, unless
  /// it has rows of the very schema already. Before anything is changed.
  void require_readable_beside(input_file const& file, file_header const& header) const {
    block_list blocks(file, header, true);
    blocks.size();
    std::string clashes;
    schema const* with = nullptr;
    for (auto const& [id, known] : blocks.schemas()) {
      if (is_wanted(known)) return;
      if (clashes.empty()) clashes = find_clashes(known.rows.fields, rows_.record.fields);
      if (!clashes.empty() && with == nullptr) with = &known.rows;
    }
    if (with == nullptr) return;
    throw schema_error("trainlog: cannot log rows of " + rows_.record.name + " to '" +
                           printable_path(path_) + "', which has rows of " + shortened(with->name) +
                           ": " + clashes +
                           "; log to another file, or give up this one by existing::replace",
                       *with, rows_.record);
  }

  /// True for the schema of the rows to be logged.
  bool is_wanted(log_schema const& known) const {
    return std::string_view(known.payload).substr(4) == std::string_view(rows_.payload).substr(4);
  }

  file_header read_header(input_file const& file) const {
    bool is_damaged = false;
    file_header header;
    try {
      header = find_file_header(file, is_damaged);
    } catch (decode_error const&) {
      if (begins_with_zeros(file)) {
        refuse(
            "its header is zeros, as a failure of the machine may leave it: move the file away "
            "to begin a new log");
      }
      throw;
    }
    if (is_damaged) {
      refuse("its header is damaged: trainlog::repair(from, to) makes a new file of its rows");
    }
    if (header.file_id == file_id{}) refuse("it is a snapshot");
    return header;
  }

  static bool begins_with_zeros(input_file const& file) {
    char bytes[header_size];
    std::size_t const size = file.read(0, bytes, sizeof bytes);
    return std::string_view(bytes, size).find_first_not_of('\0') == std::string_view::npos;
  }

  static log_end read_blocks(block_list& blocks, journal_rows const& journal, std::uint64_t size) {
    blocks.check_streams_of(journal.id(), journal.released());
    log_end end;
    for (log_block block; blocks.next(block);) {
      end.index.add(static_cast<block_type>(block.type), block.offset, block.schema_id,
                    block.row_count);
    }
    block_scan const& scan = blocks.scan();
    end.offset = scan.tally().end();
    end.last_block = scan.tally().last_block();
    end.sequence = static_cast<std::uint32_t>(scan.tally().next_sequence());
    end.rows = std::max(scan.tally().next_row(), journal.first_row());
    end.has_index = scan.report().damages == 0;
    // What is damaged at the end, and not just unfinished, is not ours to throw away.
    if (!scan.report().unfinished) end.offset = std::max(end.offset, (size + 7) / 8 * 8);
    return end;
  }

  /// Torn blocks that are left are those of which the journal has no row. Nobody knows that they
  /// are torn when the journal is replaced: they keep their places and their rows' numbers.
  static void keep_torn(block_list& blocks, log_end& end) {
    for (auto const& torn : blocks.scan().torn()) {
      end.rows = std::max(end.rows, torn.end_row());
      if (torn.offset < blocks.scan().tally().end()) continue;
      end.offset = std::max(end.offset, torn.end());
      end.last_block = torn.offset;
      end.sequence = torn.sequence + 1;
    }
  }

  /// The number of the schema in the log, to which it is appended if it is not there.
  std::uint32_t schema_in(log_file& file, block_scan const& scan) const {
    for (auto const& [id, schema] : scan.schemas()) {
      if (!is_wanted(schema)) continue;
      file.use_schema(schema.payload);
      return id;
    }
    new_block block(block_type::schema);
    append_le(block.bytes, scan.tally().next_schema());
    block.bytes += std::string_view(rows_.payload).substr(4);
    check(file.append(block));
    return scan.tally().next_schema();
  }

  std::string path_;
  row_format rows_;
  log_options const& options_;
  file_operation opening_;
  file_operation io_;
};

}  // namespace trainlog::detail

#endif
