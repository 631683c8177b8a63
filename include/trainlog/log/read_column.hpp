// SPDX-License-Identifier: MIT
// Columns of a log as vectors, read without the other columns.
#ifndef TRAINLOG_LOG_READ_COLUMN_HPP
#define TRAINLOG_LOG_READ_COLUMN_HPP

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "trainlog/codec/row_decode.hpp"
#include "trainlog/codec/row_evolve.hpp"
#include "trainlog/codec/snapshot.hpp"
#include "trainlog/detail/wire.hpp"
#include "trainlog/log/block_loader.hpp"
#include "trainlog/log/flat_fields.hpp"
#include "trainlog/log/log_report.hpp"
#include "trainlog/log/stored_rows.hpp"
#include "trainlog/record/access.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/serializable.hpp"
#include "trainlog/record/traits.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema_of.hpp"

namespace trainlog {
namespace detail {

/// Where a column stands among the fields of a schema of the file, and how its values are read.
struct column_plan {
  std::size_t field = type_plan::skip;
  schema_type file;
  schema_type reader;
  type_plan plan;

  column_plan() = default;
  column_plan(column_plan const&) = delete;  // `plan` points into the other members
  column_plan& operator=(column_plan const&) = delete;
};

/// Makes a plan for a column of that name; without one, values are blank, and must be allowed to
/// be. Adds what does not fit to `problems`.
inline void plan_column(column_plan& out, std::vector<schema_field> const& fields,
                        std::string const& name, schema_type reader, std::string& problems) {
  auto const complain = [&](std::string const& problem) {
    if (!problems.empty()) problems += "; ";
    problems += problem;
  };
  out.field = find_flat_field(fields, name);
  out.reader = std::move(reader);
  if (out.field == type_plan::skip) {
    if (out.reader.kind != type_kind::optional) {
      complain("$." + shortened(name) + ": not in the file" + other_columns(fields, name));
    }
    return;
  }
  out.file = schema_type(fields[out.field].type);  // a moved copy: assigning has more to compile
  planner made;
  out.plan = made.plan(out.file, out.reader, "$." + shortened(name));
  if (!made.problems().empty()) complain(made.problems());
}

/// Asks for large pages where `size` bytes will be written: a fault every 2 MiB, not every 4 KiB.
inline void advise_large_pages(void* begin, std::size_t size) noexcept {
#if defined(MADV_HUGEPAGE)
  constexpr std::size_t page = std::size_t{2} << 20;
  auto const address = reinterpret_cast<std::uintptr_t>(begin);
  std::size_t const skipped = (page - address % page) % page;
  if (size < skipped + page) return;
  ::madvise(static_cast<char*>(begin) + skipped, (size - skipped) / page * page, MADV_HUGEPAGE);
#else
  static_cast<void>(begin);
  static_cast<void>(size);
#endif
}

/// Room for a column whose rows will follow at once.
template <class V>
void reserve_column(std::vector<V>& out, std::uint64_t rows, std::size_t bytes) {
  reserve_within(out, rows, bytes);
  if constexpr (!std::is_same_v<V, bool>) {
    advise_large_pages(out.data(), out.capacity() * sizeof(V));
  }
}

/// Reads the columns `Values...` of a log into vectors.
template <class... Values>
class column_reader {
 public:
  using names_type = std::array<std::string, sizeof...(Values)>;
  using result_type = std::tuple<std::vector<Values>...>;

  column_reader(std::string const& path, names_type names)
      : names_(std::move(names)),
        source_(path, [this](std::uint32_t id, schema const& file) { return choose(id, file); }) {
    auto sorted = names_;
    std::sort(sorted.begin(), sorted.end());
    if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end()) return;
    throw error("trainlog: the same column is asked for twice");
  }

  result_type read() {
    result_type result;
    reserve(result, std::index_sequence_for<Values...>{});
    while (source_.next(batch_)) {
      append(result, plans_.at(batch_.schema_id), std::index_sequence_for<Values...>{});
    }
    return result;
  }

  log_report report() { return source_.report(); }

 private:
  using plans = std::array<column_plan, sizeof...(Values)>;

  /// Throws schema_error.
  projection choose(std::uint32_t id, schema const& file) {
    auto fields = flat_fields(file);
    std::array<schema_type, sizeof...(Values)> readers{type_schema<Values>(0)...};
    std::vector<bool> wanted(fields.size());
    std::string problems;
    auto& made = plans_[id];
    for (std::size_t i = 0; i < names_.size(); ++i) {
      plan_column(made[i], fields, names_[i], readers[i], problems);
      if (made[i].field != type_plan::skip) wanted[made[i].field] = true;
    }
    if (!problems.empty()) {
      throw schema_error(
          "trainlog: columns of " + shortened(file.name) + " cannot be read: " + problems, file,
          {});
    }
    return {std::move(fields), std::move(wanted)};
  }

  template <std::size_t... I>
  void reserve(result_type& result, std::index_sequence<I...>) {
    std::uint64_t const rows = source_.report().rows;
    auto const bytes = static_cast<std::size_t>(source_.file().size());
    (reserve_column(std::get<I>(result), rows, bytes), ...);
  }

  template <std::size_t... I>
  void append(result_type& result, plans const& by, std::index_sequence<I...>) {
    if (batch_.columns != nullptr && (is_plain_column<Values>(by[I]) && ...)) {
      (append_numbers(std::get<I>(result), by[I]), ...);
    } else {
      append_rows({slot_of(std::get<I>(result), by[I])...});
    }
  }

  template <class V>
  static bool is_plain_column(column_plan const& by) {
    if constexpr (integer<V> || floating<V>) return by.plan.same && is_stored_as_is<V>();
    else return false;
  }

  /// A column of numbers as it is.
  template <class V>
  void append_numbers(std::vector<V>& out, column_plan const& by) const {
    if constexpr (integer<V> || floating<V>) {
      constexpr std::size_t at_once = 2048;  // the zeros of resize() never leave the nearest cache
      char const* from = batch_.columns->decoder.numbers(by.field).data();
      for (std::size_t left = batch_.count; left != 0;) {
        std::size_t const count = std::min(left, at_once);
        std::size_t const old = out.size();
        out.resize(old + count);
        std::memcpy(out.data() + old, from, count * sizeof(V));
        from += count * sizeof(V);
        left -= count;
      }
    }
  }

  /// Where the values of a field go.
  struct slot {
    type_plan const* plan;
    void* values;
    bool (*append)(wire_reader*, type_plan const&, void*);
  };
  using slots = std::array<slot, sizeof...(Values)>;

  template <class V>
  static slot slot_of(std::vector<V>& values, column_plan const& by) noexcept {
    return {&by.plan, &values, &append_value<V>};
  }

  /// Appends the next value, or a blank one if there is nothing to read it from.
  template <class V>
  static bool append_value(wire_reader* in, type_plan const& plan, void* values) {
    V read = access::blank<V>();
    bool const good = in == nullptr || read_value(*in, plan, read);
    static_cast<std::vector<V>*>(values)->push_back(std::move(read));
    return good;
  }

  /// A value out of each row, which has the wanted fields in the order of the file.
  void append_rows(slots const& to) {
    auto const order = order_of(plans_.at(batch_.schema_id));
    bool const none = source_.projection_of(batch_.schema_id)->none();
    wire_reader in(batch_.rows());
    for (std::size_t row = 0; row < batch_.count; ++row) {
      bool good = !none || in.zero();
      for (auto const& [field, i] : order) {
        bool const is_there = field != type_plan::skip;
        good = good && to[i].append(is_there ? &in : nullptr, *to[i].plan, to[i].values);
      }
      if (!good) throw_failure(in, "$[" + std::to_string(batch_.first_row + row) + "]");
    }
  }

  /// The columns in the order of the file, those that it has not at the end.
  static std::array<std::pair<std::size_t, std::size_t>, sizeof...(Values)> order_of(
      plans const& by) {
    std::array<std::pair<std::size_t, std::size_t>, sizeof...(Values)> order;
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = {by[i].field, i};
    std::sort(order.begin(), order.end());
    return order;
  }

  std::array<std::string, sizeof...(Values)> names_;
  std::map<std::uint32_t, plans> plans_;
  stored_rows source_;
  row_batch batch_;
};

}  // namespace detail

/// The columns of those names, a vector each, of all rows of the log in which none of them is
/// damaged: element i of each is of the same row. A name is that of a field, or "train/loss" for
/// one of a nested record. The file's types are matched to `Values` as those of records are
/// (docs/format.md); a column that some rows have not is read as std::optional. Reads the bytes of
/// these columns alone. `report`, if given, gets what of the log is gone.
///
/// Throws io_error; decode_error for a file that is no .tlog file; schema_error for a name that the
/// file has not, or a type that does not fit.
///
///     auto const [steps, losses] = trainlog::read_columns<std::int64_t, double>(path, {"step",
///     "loss"});
template <class... Values, std::size_t Names>
  requires(sizeof...(Values) == Names)
std::tuple<std::vector<Values>...> read_columns(std::string const& path,
                                                std::string const (&names)[Names],
                                                log_report* report = nullptr) {
  if constexpr (!(detail::require_serializer<Values>() && ...)) {
    return {};
  } else {
    return detail::in_file(path, [&] {
      detail::column_reader<Values...> reader(path, std::to_array(names));
      auto columns = reader.read();
      if (report != nullptr) *report = reader.report();
      return columns;
    });
  }
}

/// One column: see read_columns.
template <class Value>
std::vector<Value> read_column(std::string const& path, std::string const& name,
                               log_report* report = nullptr) {
  return std::move(std::get<0>(read_columns<Value>(path, {name}, report)));
}

}  // namespace trainlog

#endif
