// SPDX-License-Identifier: MIT
// The rows of a log as records (docs/format.md, Logs).
#ifndef TRAINLOG_LOG_LOG_READER_HPP
#define TRAINLOG_LOG_LOG_READER_HPP

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

  /// Puts the batch's rows in place of those in `rows`. Throws decode_error, validation_error.
  void make(row_batch& batch, std::vector<T>& rows) {
    auto const& plan = plans_.at(batch.schema_id).row;
    if (plan.same && make_plain(batch, rows)) return;
    rows.clear();
    wire_reader in(batch.rows());
    for (std::size_t i = 0; i < batch.count; ++i) {
      if (read_value(in, plan, append_blank(rows))) continue;
      throw_failure(in, "$[" + std::to_string(batch.first_row + i) + "]");
    }
  }

 private:
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
template <record T>
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
      if (++at_ == end_) load();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(iterator const& it, std::default_sentinel_t) noexcept {
      return it.at_ == nullptr;
    }

   private:
    friend class log_reader;
    explicit iterator(log_reader& from) : from_(&from) { load(); }

    void load() {
      bool const more = from_->load_rows();
      at_ = more ? from_->rows_.data() + from_->skipped_ : nullptr;
      end_ = more ? from_->rows_.data() + from_->rows_.size() : nullptr;
    }

    log_reader* from_ = nullptr;
    T const* at_ = nullptr;
    T const* end_ = nullptr;
  };

  /// The first row, or the one that seek() went to. References are valid until the iterator goes
  /// on. Only one iterator at a time. Throws io_error; schema_error for a schema that does not fit
  /// T; validation_error for a row that T's own rules forbid, decode_error for one that T has no
  /// value for.
  iterator begin() {
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
    start_ = detail::find_row_by_field(path_, field, static_cast<long double>(wanted));
  }

  /// The number of rows that can be read, as far as is known without reading them.
  std::uint64_t size() { return report().rows; }

  /// What the file holds and what of it is gone. Rows and columns that are damaged within their
  /// block are known from when they have been read.
  log_report report() { return source_.report(); }

 private:
  bool load_rows() {
    return detail::in_file(path_, [this] {
      while (source_.next(batch_)) {
        skipped_ =
            start_ > batch_.first_row ? static_cast<std::size_t>(start_ - batch_.first_row) : 0;
        if (skipped_ >= batch_.count) continue;
        maker_.make(batch_, rows_);
        return true;
      }
      return false;
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
