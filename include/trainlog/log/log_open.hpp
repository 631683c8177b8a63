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
#include "trainlog/log/block_list.hpp"
#include "trainlog/log/block_scan.hpp"
#include "trainlog/log/columns_encode.hpp"
#include "trainlog/log/input_file.hpp"
#include "trainlog/log/journal_create.hpp"
#include "trainlog/log/journal_drain.hpp"
#include "trainlog/log/journal_ring.hpp"
#include "trainlog/log/journal_rows.hpp"
#include "trainlog/log/journal_scan.hpp"
#include "trainlog/log/kill_point.hpp"
#include "trainlog/log/log_block.hpp"
#include "trainlog/log/log_file.hpp"
#include "trainlog/log/log_in_use.hpp"
#include "trainlog/log/options.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

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
    unique_descriptor file(opening_.open(path_, O_RDWR | O_CREAT, 0666));
    if (!file && errno == ENOENT) no_directory();
    opening_.check(static_cast<bool>(file));
    check_regular(file.get());
    lock(file.get());
    if (is_new(file.get())) return create(std::move(file));
    return go_on(std::move(file));
  }

 private:
  [[noreturn]] void no_directory() const {
    std::string const directory = directory_prefix(path_);
    throw io_error(directory.empty() ? "." : directory, "make a log in", ENOENT);
  }

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
  /// Throws io_error: what cannot be read is not to be written over.
  bool is_new(int file) const {
    char bytes[header_size];
    auto const size = opening_.read_at(file, bytes, sizeof bytes, 0);
    return is_begun_header({bytes, size});
  }

  // ---- a new log

  opened_log create(unique_descriptor file) {
    file_id const id = random_file_id(opening_);
    std::string aside = set_journal_aside(id);
    ::timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    file_header header;
    header.created_ns = std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
    opened_log log{log_file(std::move(file), id), {}, 0, std::move(aside)};
    check(log.file.go_on({}));
    check(log.file.create(header, rows_.schema));
    TRAINLOG_KILL_POINT("log created");
    log.journal = make_journal(log.file, 0);
    return log;
  }

  /// Moves a journal away that belongs to another log, or that cannot be read, rather than
  /// replacing rows that may be nowhere else. Returns its new path; nothing if there is none, or no
  /// row in it.
  std::string set_journal_aside(file_id const& id) const {
    std::string const name = journal_path(path_);
    unique_descriptor const journal(opening_.open(name, O_RDONLY | O_NONBLOCK));
    if (!journal && errno == ENOENT) return {};
    file_operation const opening(name, "open");
    opening.check(static_cast<bool>(journal));  // it may be possible later
    auto const found = read_journal(journal.get());
    if (!found && is_all_zeros(journal.get())) {
      opening.check(::unlink(name.c_str()) == 0);
      return {};
    }
    if (!found) return move_aside(name, "unreadable");
    if (found->header.file_id == id || found->empty()) return {};
    std::string other;
    for (char const byte : found->header.file_id) {
      for (unsigned const digit :
           {static_cast<unsigned char>(byte) / 16U, static_cast<unsigned char>(byte) % 16U}) {
        other += "0123456789abcdef"[digit];
      }
    }
    return move_aside(name, other);
  }

  /// Gives a file a name that no other has.
  std::string move_aside(std::string const& name, std::string const& end) const {
    std::string const wanted = name + "-" + end;
    std::string free = wanted;
    struct ::stat ignored{};
    for (int i = 2; ::lstat(free.c_str(), &ignored) == 0; ++i) {
      free = wanted + "-" + std::to_string(i);
    }
    opening_.check(::rename(name.c_str(), free.c_str()) == 0);
    return free;
  }

  /// True if a file that can be read has nothing but zeros, as a failure of the machine may leave
  /// it.
  static bool is_all_zeros(int file) noexcept {
    char bytes[4096];
    std::uint64_t offset = 0;
    struct ::stat status{};
    if (::fstat(file, &status) != 0) return false;
    while (std::size_t const size = read_at(file, bytes, sizeof bytes, offset)) {
      if (std::string_view(bytes, size).find_first_not_of('\0') != std::string_view::npos) {
        return false;
      }
      offset += size;
    }
    return offset == static_cast<std::uint64_t>(status.st_size);
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
    check_header_is_there(input);
    file_header const header = read_file_header(input);
    if (header.file_id == file_id{}) {
      throw error("trainlog: cannot log to '" + printable_path(path_) + "': it is a snapshot");
    }
    std::string aside = set_journal_aside(header.file_id);
    journal_rows const journal(path_, header.file_id);
    if (journal.unreadable()) file_operation(journal_path(path_), "read").fail(EIO);
    auto blocks = std::make_unique<block_list>(input, header, false);
    log_end end = read_blocks(*blocks, journal, input.size());
    auto const mended = mend_blocks(file.get(), *blocks, journal);
    if (mended.any) {
      blocks = std::make_unique<block_list>(input, header, false);
      end = read_blocks(*blocks, journal, input.size());
    }
    keep_torn(*blocks, end);
    opened_log log{log_file(std::move(file), header.file_id), {}, 0, std::move(aside)};
    check(log.file.go_on(std::move(end)));
    TRAINLOG_KILL_POINT("torn tail cut");
    take_over(log, *blocks, journal, mended.lost);
    std::uint32_t const schema_id = schema_in(log.file, blocks->scan());
    TRAINLOG_KILL_POINT("schema appended");
    log.journal = make_journal(log.file, schema_id);
    TRAINLOG_KILL_POINT("journal replaced");
    return log;
  }

  /// Without its header a file tells nobody whose it was.
  void check_header_is_there(input_file const& file) const {
    char bytes[header_size];
    std::size_t const size = file.read(0, bytes, sizeof bytes);
    if (std::string_view(bytes, size).find_first_not_of('\0') != std::string_view::npos) return;
    throw error("trainlog: cannot log to '" + printable_path(path_) +
                "': its header is zeros, as a failure of the machine may leave it: move the file " +
                "away to begin a new log");
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

  // ---- blocks whose head is on the disk, and not all of their streams

  struct mended_blocks {
    bool any = false;
    std::uint64_t lost = 0;  // rows at the end that neither the block nor the journal has
  };

  /// Writes the streams of such blocks again from the journal's rows. Where these are not all of
  /// the block's, zeros take its place, so that what there is of them is shown once. A block of
  /// which the journal has nothing stays as it is.
  mended_blocks mend_blocks(int file, block_list& blocks, journal_rows const& journal) const {
    mended_blocks result;
    for (auto const& torn : blocks.scan().torn()) {
      std::uint64_t const own = count_rows_of(torn, blocks, journal);
      auto const schema = blocks.schemas().find(torn.schema_id);
      if (own == 0 || schema == blocks.schemas().end()) continue;
      std::string bytes = payload_of(torn, schema->second.rows.fields, journal);
      bool const same = !bytes.empty();
      if (!same) bytes.resize(static_cast<std::size_t>(torn.end() - torn.offset));
      if (!same && torn.offset >= blocks.scan().tally().end()) result.lost += torn.row_count - own;
      std::uint64_t const at = same ? torn.payload() : torn.offset;
      check(write_at(file, bytes.data(), bytes.size(), at));
      result.any = true;
    }
    TRAINLOG_KILL_POINT("blocks mended");
    if (result.any) check(sync_data(file));
    return result;
  }

  /// How many rows of a torn block the journal has.
  static std::uint64_t count_rows_of(log_block const& torn, block_list& blocks,
                                     journal_rows const& journal) {
    std::uint64_t before = 0;  // up to where the blocks before it have the journal's rows
    auto const raise = [&](log_block const& block) {
      bool const counts = block.offset < torn.offset && block.journal_id == torn.journal_id;
      if (counts) before = std::max(before, block.journal_end);
    };
    for (std::size_t i = 0; i < blocks.size(); ++i) raise(*blocks.at(i));
    for (auto const& other : blocks.scan().torn()) raise(other);
    auto const [first, last] = journal.rows_of(torn);
    return last - std::min(last, std::max(first, journal.behind(before).first));
  }

  /// The payload of a block, made again of the journal's rows; nothing if it is not the one whose
  /// head, with the checksums of all streams, the file has.
  static std::string payload_of(log_block const& torn, std::vector<schema_field> const& fields,
                                journal_rows const& journal) {
    columns_encoder rows(fields);
    auto const [first, last] = journal.rows_of(torn);
    for (std::size_t i = first; i != last; ++i) {
      if (is_row(journal[i].bytes, fields)) rows.add_row(journal[i].bytes);
    }
    if (rows.row_count() != torn.row_count) return {};
    std::string payload;
    std::size_t const head = rows.append_payload(
        payload, {torn.schema_id, 0, torn.first_row, torn.journal_id, torn.journal_end});
    bool const same = payload.size() == torn.payload_length && head == torn.checked_length &&
                      crc_of(std::string_view(payload).substr(0, head)) == torn.payload_crc;
    return same ? payload : std::string();
  }

  static bool is_row(std::string_view bytes, std::vector<schema_field> const& fields) {
    wire_reader in(bytes);
    return skip_fields(in, fields) && in.remaining() == 0;
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

  // ---- what the journal has and the log has not

  void take_over(opened_log& log, block_list& blocks, journal_rows const& journal,
                 std::uint64_t damaged) const {
    auto const schema = blocks.schemas().find(journal.schema_id());
    if (schema == blocks.schemas().end()) {
      // Nobody knows what its rows are.
      if (journal.any()) log.set_aside = set_journal_aside({});
      return;
    }
    log.file.use_schema(schema->second.payload);
    std::uint64_t const taken = blocks.journal_end(journal.id());
    block_maker made(log.file, schema->second.rows.fields, journal.schema_id());
    // Rows of blocks of which not even the head is there any more.
    bool const fills_holes = journal.missing(blocks) != 0;
    for (std::size_t i = 0; fills_holes && i < blocks.size(); ++i) {
      damaged += append_rows(log, journal, journal.missing_before(blocks, i), schema->second.rows,
                             made, taken);
    }
    damaged += append_rows(log, journal, journal.behind(taken), schema->second.rows, made, taken);
    TRAINLOG_KILL_POINT("journal taken over");
    take_over_losses(log.file, blocks, journal, damaged);
    // Rows of the journal may have been promised to be on the disk, and it is all that will be left
    // of them; also of those that the log had before.
    if (journal.any()) check(log.file.sync());
    TRAINLOG_KILL_POINT("journal synchronised");
    if (fills_holes) release(end_of(journal, taken));
  }

  /// The position behind all rows of the journal, which is not before `taken`.
  static std::uint64_t end_of(journal_rows const& journal, std::uint64_t taken) {
    auto const [first, last] = journal.behind(taken);
    return first == last ? taken : journal[last - 1].end;
  }

  /// Says in the journal that the log has its rows up to there. If the machine fails, the disk may
  /// not know yet that it is replaced: what stands behind the last block now is not to be found in
  /// a hole before it again.
  void release(std::uint64_t position) const {
    unique_descriptor const journal(opening_.open(journal_path(path_), O_WRONLY));
    opening_.check(static_cast<bool>(journal));
    std::string bytes;
    append_le(bytes, position);
    check(write_at(journal.get(), bytes.data(), bytes.size(), released_offset));
    check(sync_data(journal.get()));
  }

  /// `taken` is the position up to which the log has the journal's rows at least. Returns how many
  /// rows are none of their schema.
  std::uint64_t append_rows(opened_log& log, journal_rows const& journal, journal_rows::range rows,
                            schema const& of, block_maker& made, std::uint64_t taken) const {
    std::uint64_t damaged = 0;
    for (std::size_t i = rows.first; i != rows.second; ++i) {
      taken = std::max(taken, journal[i].end);
      if (!is_row(journal[i].bytes, of.fields)) {
        ++damaged;
        continue;
      }
      made.rows().add_row(journal[i].bytes);
      ++log.recovered;
      if (made.is_enough()) check(made.append(journal.id(), taken));
    }
    check(made.append(journal.id(), taken));
    return damaged;
  }

  void take_over_losses(log_file& file, block_list& blocks, journal_rows const& journal,
                        std::uint64_t damaged) const {
    std::uint64_t const said = blocks.journal_lost(journal.id());
    std::uint64_t const lost = std::max(journal.lost(), said);
    if (lost - said + damaged == 0) return;
    check(file.append_gap(saturated_sum(lost - said, damaged), journal.id(), lost));
  }

  /// The number of the schema in the log, to which it is appended if it is not there.
  std::uint32_t schema_in(log_file& file, block_scan const& scan) const {
    std::string_view const wanted = std::string_view(rows_.schema).substr(4);
    for (auto const& [id, schema] : scan.schemas()) {
      if (std::string_view(schema.payload).substr(4) != wanted) continue;
      file.use_schema(schema.payload);
      return id;
    }
    new_block block(block_type::schema);
    append_le(block.bytes, scan.tally().next_schema());
    block.bytes += wanted;
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
