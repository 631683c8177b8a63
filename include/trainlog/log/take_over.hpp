// SPDX-License-Identifier: MIT
// Rows that an earlier writer left in its journal, moved into the log (docs/format.md, Logs and
// Journal).
#ifndef TRAINLOG_LOG_TAKE_OVER_HPP
#define TRAINLOG_LOG_TAKE_OVER_HPP

#include <fcntl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "trainlog/codec/row_skip.hpp"
#include "trainlog/detail/descriptor.hpp"
#include "trainlog/detail/file.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/block_list.hpp"
#include "trainlog/log/journal_drain.hpp"
#include "trainlog/log/journal_format.hpp"
#include "trainlog/log/journal_rows.hpp"
#include "trainlog/log/kill_point.hpp"
#include "trainlog/log/log_block.hpp"
#include "trainlog/log/log_file.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// Appends what the journal has and the log has not. The journal is then to be replaced.
class journal_takeover {
 public:
  /// `path` is that of the log, `blocks` are those that it has, `of` is the schema of the journal's
  /// rows.
  journal_takeover(std::string const& path, log_file& to, block_list& blocks,
                   journal_rows const& journal, log_schema const& of)
      : path_(path),
        to_(to),
        blocks_(blocks),
        journal_(journal),
        fields_(of.rows.fields),
        made_(to, fields_, journal.schema_id()),
        taken_(blocks.journal_end(journal.id())) {
    to_.use_schema(of.payload);
  }

  /// Moves all rows, and says in the log how many are gone, with the `lost` ones of which the
  /// caller knows. Returns how many there were. Throws io_error.
  std::uint64_t run(std::uint64_t lost) {
    // Rows of blocks of which not even the head is there any more.
    bool const fills_holes = journal_.missing(blocks_) != 0;
    for (std::size_t i = 0; fills_holes && i < blocks_.size(); ++i) {
      append(journal_.missing_before(blocks_, i));
    }
    append(journal_.behind(taken_));
    TRAINLOG_KILL_POINT("journal taken over");
    say_lost(saturated_sum(lost, damaged_));
    // Rows of the journal may have been promised to be on the disk, and it is all that will be left
    // of them; also of those that the log had before.
    if (journal_.any()) check(to_.sync());
    TRAINLOG_KILL_POINT("journal synchronised");
    if (fills_holes) release(end());
    return recovered_;
  }

 private:
  void check(int error) const {
    if (error != 0) writing_.fail(error);
  }

  void append(journal_rows::range rows) {
    std::uint64_t taken = taken_;  // up to where the log has the journal's rows at least
    for (std::size_t i = rows.first; i != rows.second; ++i) {
      taken = std::max(taken, journal_[i].end);
      if (!is_row(journal_[i].bytes, fields_)) {
        ++damaged_;
        continue;
      }
      made_.rows().add_row(journal_[i].bytes);
      ++recovered_;
      if (made_.is_enough()) check(made_.append(journal_.id(), taken));
    }
    check(made_.append(journal_.id(), taken));
  }

  void say_lost(std::uint64_t more) {
    std::uint64_t const said = blocks_.journal_lost(journal_.id());
    std::uint64_t const lost = std::max(journal_.lost(), said);
    if (lost - said + more == 0) return;
    check(to_.append_gap(saturated_sum(lost - said, more), journal_.id(), lost));
  }

  /// The position behind all rows of the journal.
  std::uint64_t end() const {
    auto const [first, last] = journal_.behind(taken_);
    return first == last ? taken_ : journal_[last - 1].end;
  }

  /// Says in the journal that the log has its rows up to there. If the machine fails, the disk may
  /// not know yet that it is replaced: what stands behind the last block now is not to be found in
  /// a hole before it again.
  void release(std::uint64_t position) const {
    unique_descriptor const journal(writing_.open(journal_path(path_), O_WRONLY));
    writing_.check(static_cast<bool>(journal));
    char bytes[sizeof position];
    put_le(bytes, position);
    check(write_at(journal.get(), bytes, sizeof bytes, released_offset));
    check(sync_data(journal.get()));
  }

  std::string const& path_;
  log_file& to_;
  block_list& blocks_;
  journal_rows const& journal_;
  std::vector<schema_field> const& fields_;
  block_maker made_;
  std::uint64_t taken_;  // up to where the log had the journal's rows
  std::uint64_t recovered_ = 0;
  std::uint64_t damaged_ = 0;  // rows that are none of their schema
  file_operation writing_{path_, "write"};
};

}  // namespace trainlog::detail

#endif
