// SPDX-License-Identifier: MIT
// The rows of a log as records (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_LOG_READER_HPP
#define TRAINLOG_LOG_LOG_READER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/row_decode.hpp"
#include "trainlog/codec/row_evolve.hpp"
#include "trainlog/codec/row_skip.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/log_report.hpp"
#include "trainlog/log/seek_field.hpp"
#include "trainlog/log/stored_rows.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog {
namespace detail {

/// The fields of a file that a plan uses.
inline std::vector<bool> used_fields(type_plan const& plan) {
  std::vector<bool> used;
  used.reserve(plan.steps.size());
  for (auto const& step : plan.steps) used.push_back(step.target != type_plan::skip);
  return used;
}

/// Makes records of type T of the rows of a log.
template <class T>
class row_maker {
 public:
  /// The fields that T needs of a schema of the file. Throws schema_error if it does not fit.
  projection choose(std::uint32_t id, schema const& file) {
    evolution_plan whole;
    make_plan(whole, file, schema_of<T>());
    auto wanted = used_fields(whole.row);
    make_plan(plans_[id], {file.name, select_fields(file.fields, wanted)}, schema_of<T>());
    return {file.fields, std::move(wanted)};
  }

  /// The rows of that batch are next. It stays as it is until they are made.
  void begin(row_batch& batch) noexcept {
    batch_ = &batch;
    next_ = 0;
  }
  /// No rows are left.
  bool done() const noexcept { return batch_ == nullptr || next_ == batch_->count; }
  void drop() noexcept { batch_ = nullptr; }
  /// The number of the next row.
  std::uint64_t next_row() const noexcept { return batch_->first_row + next_; }

  /// Puts the next rows of the batch in place of those in `rows`: up to one that has no value in T
  /// or that T forbids. If that is the first, throws decode_error or validation_error; the next
  /// call goes on behind it. Returns the number of the first row. Rows before number `from` may be
  /// passed by.
  std::uint64_t make(std::vector<T>& rows, std::uint64_t from) {
    std::uint64_t first = next_row();
    if constexpr (require_record<T>()) {
      auto const& plan = plans_.at(batch_->schema_id);
      if (next_ == 0) {
        if (plan.row.same && make_plain(*batch_, rows)) return next_ = batch_->count, first;
        left_ = batch_->rows().size();
      }
      rows.clear();
      while (!done() && next_row() < from) pass_by(plan);
      first = next_row();
      for (wire_reader in(rest()); !done() && append(in, plan, rows); ++next_)
        left_ = in.remaining();
    }
    return first;
  }

 private:
  /// The bytes of the rows that are left.
  std::string_view rest() const noexcept {
    return std::string_view(batch_->bytes).substr(batch_->bytes.size() - left_);
  }

  /// False if the row cannot be made, and others stand before it in `rows`.
  bool append(wire_reader& in, evolution_plan const& plan, std::vector<T>& rows) {
    std::size_t const made = rows.size();
    try {
      if (read_value(in, plan.row, append_blank(rows))) return true;
      throw_failure(in, "$[" + std::to_string(next_row()) + "]");
    } catch (...) {
      if (rows.size() > made) rows.pop_back();
      if (made > 0) return false;
      pass_by(plan);
      throw;
    }
  }

  /// Goes on behind the next row; behind the last, if it has no end.
  void pass_by(evolution_plan const& plan) {
    wire_reader in(rest());
    next_ = skip_fields(in, plan.file.fields) ? next_ + 1 : batch_->count;
    left_ = in.remaining();
  }

  /// If the rows are stored as T is in memory.
  bool make_plain(row_batch& batch, std::vector<T>& rows) {
    if constexpr (is_plain<T>()) {
      if (!is_stored_as_is<T>()) return false;
      // Blanks are written for rows that were not there before alone.
      while (rows.size() > batch.count) rows.pop_back();
      append_blanks(rows, batch.count - rows.size());
      auto* const out = reinterpret_cast<char*>(rows.data());
      if (batch.columns != nullptr) {
        batch.columns->decoder.put_fixed_rows(out, sizeof(T));
        return true;
      }
      if (batch.bytes.size() != batch.count * sizeof(T)) return false;
      put_bytes(out, batch.bytes.data(), batch.bytes.size());
      return true;
    } else {
      return false;
    }
  }

  std::map<std::uint32_t, evolution_plan> plans_;
  row_batch* batch_ = nullptr;
  std::size_t next_ = 0;  // of the batch
  std::size_t left_ = 0;  // bytes from the next row on
};

}  // namespace detail

/// Reads the rows of a log, or of a snapshot, as records of type T: those of the file and those in
/// the journal beside it, each once, in the order in which they were written. The file may be one
/// that another process is writing (rows that come after the opening are not seen: see
/// log_follower), that a killed process left, or that is damaged. Reading never changes a file and
/// takes no lock.
///
/// The fields of each schema in the file are matched to T's by name (docs/format.md); the bytes of
/// fields that T has not are not read. Rows that are damaged in a field that T has are left out,
/// and report() counts them: what is returned is what was written.
///
/// Memory: the rows of a block, and 96 bytes a block of the file.
template <class T>
class log_reader {
 public:
  using value_type = T;

  /// Throws io_error; decode_error for a file that is no .tlog file; schema_error if the file's
  /// first schema does not fit T.
  explicit log_reader(std::string path)
      : path_(std::move(path)), source_(path_, [this](std::uint32_t id, schema const& file) {
          return maker_.choose(id, file);
        }) {
    detail::in_file(path_, [this] {
      if (source_.blocks().find_schema()) {
        source_.projection_of(source_.blocks().schemas().begin()->first);
      }
      return 0;
    });
  }
  log_reader(log_reader const&) = delete;
  log_reader& operator=(log_reader const&) = delete;

  class iterator {
   public:
    using iterator_concept = std::input_iterator_tag;
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = T const*;
    using reference = T const&;

    iterator() = default;
    T const& operator*() const noexcept { return *at_; }
    T const* operator->() const noexcept { return at_; }
    iterator& operator++() {
      if (at_ != end_) ++at_;
      if (at_ == end_) load();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(iterator const& it, std::default_sentinel_t) noexcept {
      return it.from_ == nullptr;
    }

   private:
    friend class log_reader;
    explicit iterator(log_reader& from) : from_(&from) { load(); }

    void load() {
      at_ = end_ = nullptr;  // if this throws, the next ++ goes on
      if (!from_->load_rows()) {
        from_ = nullptr;
        return;
      }
      at_ = from_->rows_.data() + from_->skipped_;
      end_ = from_->rows_.data() + from_->rows_.size();
    }

    log_reader* from_ = nullptr;
    T const* at_ = nullptr;
    T const* end_ = nullptr;
  };

  /// The first row, or the one that seek() went to. References are valid until the iterator goes
  /// on. Only one iterator at a time. Throws io_error; schema_error for a schema that does not fit
  /// T; validation_error for a row that T's own rules forbid, decode_error for one that T has no
  /// value for. Such a row is thrown in its turn: the iterator stands on no row then, and its next
  /// ++ goes on behind that one.
  iterator begin() {
    maker_.drop();
    source_.seek(start_);
    return iterator(*this);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

  /// Lets begin() start at the row of that number, counted from 0 in the file, or at the next one
  /// that is there. Finds it without reading rows.
  void seek(std::uint64_t row) noexcept { start_ = row; }

  /// Lets begin() start at the first row in which a number field is not less than `wanted`. The
  /// field never gets less from row to row. Reads this field alone, in about log2(blocks) blocks.
  /// Throws trainlog::error if the file has no such field or it is no number.
  template <detail::number V>
  void seek_to(std::string_view field, V wanted) {
    start_ = detail::in_file(path_, [&] {
      return detail::find_row_by_field(source_, field, static_cast<long double>(wanted));
    });
  }

  /// The number of rows that can be read, as far as is known without reading them.
  std::uint64_t size() { return report().rows; }

  /// What the file holds and what of it is gone. Rows and columns that are damaged within their
  /// block are known from when they have been read.
  log_report report() { return source_.report(); }

 private:
  bool load_rows() {
    return detail::in_file(path_, [this] {
      while (true) {
        if (maker_.done()) {
          maker_.drop();  // whatever becomes of the batch
          if (!source_.next(batch_)) return false;
          maker_.begin(batch_);
        }
        std::uint64_t const first = maker_.make(rows_, start_);
        std::uint64_t const before = std::max(start_, first) - first;
        skipped_ = static_cast<std::size_t>(std::min<std::uint64_t>(before, rows_.size()));
        if (skipped_ != rows_.size()) return true;
      }
    });
  }

  std::string path_;
  detail::row_maker<T> maker_;
  detail::stored_rows source_;
  detail::row_batch batch_;
  std::vector<T> rows_;
  std::size_t skipped_ = 0;
  std::uint64_t start_ = 0;
};

}  // namespace trainlog

#endif
