// SPDX-License-Identifier: MIT
// A damaged or unfinished log, written anew as one that is whole and closed.
#ifndef TRAINLOG_LOG_REPAIR_HPP
#define TRAINLOG_LOG_REPAIR_HPP

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "trainlog/codec/blocks.hpp"
#include "trainlog/codec/row_skip.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/any_log.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/journal_create.hpp"
#include "trainlog/log/journal_drain.hpp"
#include "trainlog/log/log_file.hpp"
#include "trainlog/log/log_report.hpp"
#include "trainlog/log/stored_rows.hpp"

namespace trainlog {
namespace detail {

/// Writes the rows of a log into a new file.
class log_repair {
 public:
  log_repair(stored_rows& from, int descriptor, file_operation const& writing)
      : from_(from),
        writing_(writing),
        to_(duplicate(descriptor), random_file_id(writing)) {}  // the old journal is not its own

  /// Copies all rows that can be read, and says where others are not.
  log_report run() {
    begin();
    for (row_batch batch; from_.next(batch);) copy(batch);
    finish_block();
    auto report = from_.report();
    std::uint64_t const gone = report.lost + report.missing + report.damaged;
    if (gone > said_) say_lost(gone - said_);
    check(to_.finish());
    return report;
  }

 private:
  void check(int error) const {
    if (error != 0) writing_.fail(error);
  }

  unique_descriptor duplicate(int descriptor) const {
    unique_descriptor result(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    writing_.check(static_cast<bool>(result));
    return result;
  }

  void begin() {
    auto& blocks = from_.blocks();
    blocks.size();
    if (blocks.schemas().empty()) {
      throw error("trainlog: no schema is left in " + printable_path(from_.file().path()));
    }
    auto const& [id, first] = *blocks.schemas().begin();
    check(to_.create(blocks.header(), std::string(4, '\0') + first.payload.substr(4)));
    ids_[id] = 0;
  }

  void copy(row_batch& batch) {
    if (batch.first_row > next_row_) {
      finish_block();
      say_lost(batch.first_row - next_row_);
    }
    next_row_ = batch.first_row + batch.count;
    use_schema(batch.schema_id);
    add_rows(batch.rows(), batch.count);
  }

  /// Lets rows of that schema follow.
  void use_schema(std::uint32_t schema_id) {
    if (rows_ && schema_id == schema_id_) return;
    finish_block();
    auto const& schema = from_.blocks().schemas().at(schema_id);
    auto const [known, is_new] =
        ids_.try_emplace(schema_id, static_cast<std::uint32_t>(ids_.size()));
    new_block block(block_type::schema);
    append_le(block.bytes, known->second);
    block.bytes += std::string_view(schema.payload).substr(4);
    if (is_new) check(to_.append(block));
    else to_.use_schema(std::string_view(block.bytes).substr(block_header_size));
    schema_id_ = schema_id;
    rows_.emplace(to_, schema.rows.fields, known->second);
  }

  void add_rows(std::string_view bytes, std::size_t count) {
    auto const& fields = from_.blocks().schemas().at(schema_id_).rows.fields;
    for (wire_reader in(bytes); count > 0; --count) {
      std::size_t const begin = bytes.size() - in.remaining();
      if (!skip_fields(in, fields)) throw_failure(in, "$");
      rows_->rows().add_row(bytes.substr(begin, bytes.size() - in.remaining() - begin));
      if (rows_->is_enough()) check(rows_->append(0, 0));
    }
  }

  void finish_block() {
    if (rows_) check(rows_->append(0, 0));
  }

  /// Says that rows are not there.
  void say_lost(std::uint64_t count) {
    check(to_.append_gap(count));
    said_ += count;
  }

  stored_rows& from_;
  file_operation const& writing_;
  log_file to_;
  std::map<std::uint32_t, std::uint32_t> ids_;  // of schemas, in the new file
  std::optional<block_maker> rows_;
  std::uint32_t schema_id_ = 0;
  std::uint64_t next_row_ = 0;
  std::uint64_t said_ = 0;
};

}  // namespace detail

/// Writes all rows of the log at `from`, those of its journal included, that can be read with all
/// their fields, as a new log at `to`, which is whole and closed, and has no journal; where others
/// are missing, damaged or lost, it says how many. Rows get new numbers, blocks are put together.
/// Neither the log nor its journal is changed. A crash leaves no file at `to`. Who may read the log
/// may read the new one: it gets the same mode, and owner and group as far as the system lets.
///
/// Returns what was found in `from`. Throws io_error, with EEXIST if there is a file at `to`;
/// decode_error if `from` is no .tlog file; error if it has no schema any more.
inline log_report repair(std::string const& from, std::string const& to) {
  const detail::file_operation writing(to, "write");
  struct ::stat status{};
  if (::lstat(to.c_str(), &status) == 0) writing.fail(EEXIST);
  detail::stored_rows rows(from, detail::project_all);
  detail::temporary_file file(to, 0600, writing);
  detail::copy_ownership(file.descriptor(), rows.file().status());
  auto const report = detail::in_file(
      from, [&] { return detail::log_repair(rows, file.descriptor(), writing).run(); });
  writing.check(detail::retry_interrupted([&] { return ::fsync(file.descriptor()); }) == 0);
  file.rename_to_new(to);
  detail::sync_directory(to, writing);
  return report;
}

}  // namespace trainlog

#endif
