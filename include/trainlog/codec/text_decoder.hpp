// SPDX-License-Identifier: MIT
// Fills a record from the events of a parser: the rules of decoding, the same for every text
// format.
#ifndef TRAINLOG_CODEC_TEXT_DECODER_HPP
#define TRAINLOG_CODEC_TEXT_DECODER_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trainlog/codec/decode_options.hpp"
#include "trainlog/codec/nonfinite_marks.hpp"
#include "trainlog/codec/text_path.hpp"
#include "trainlog/codec/text_scalar.hpp"
#include "trainlog/codec/text_type.hpp"
#include "trainlog/record/error.hpp"
#include "trainlog/record/names.hpp"

namespace trainlog::detail {

inline constexpr char const* optional_hint = ": only a std::optional reads it";

/// What is wrong, and where the event that brought it stands in the text.
struct decode_failure {
  std::string path{};
  std::string expected{};
  std::string found{};
  std::size_t offset = 0;
  bool invalid = false;  ///< decoded, but not valid by the record's rules
};

/// Takes the events of one value: scalar, or open, (key and value, or value)..., close. Each
/// returns false if decoding has failed; then failure() says why. Needs memory for the depth of the
/// record only; deeper values are passed over if unknown, else an error.
class text_decoder {
 public:
  /// Fills `target`, an object of `type`.
  text_decoder(text_type const& type, void* target, decode_options options)
      : options_(options), type_(&type), target_(target) {}

  bool scalar(text_scalar const& from) {
    if (skipped_ != 0) return skip_scalar();
    if (marking_) return mark_scalar(from);
    if (!next_slot()) return false;
    if (type_->assign != nullptr && type_->assign(target_, from)) [[likely]]
      return true;
    bool const null = from.kind == scalar_kind::null && !frames_.empty();
    return fail(path(), shown(*type_), shown(from) + (null ? optional_hint : ""));
  }

  bool key(std::string_view name) {
    if (skipped_ > 1) return true;
    if (marking_) return mark_entry(name), true;
    frame& top = frames_.back();
    return top.type->shape == text_shape::map ? map_key(top, name) : record_key(top, name);
  }

  bool open_object() { return open(true); }
  bool open_array() { return open(false); }

  bool close() {
    if (skipped_ != 0) return skip_close();
    if (marking_) return marking_ = marks_.close(), true;
    frame const& top = frames_.back();
    bool const good = top.type->shape == text_shape::record  ? close_record(top)
                      : top.type->shape == text_shape::array ? close_array(top)
                                                             : true;
    if (!good) return false;
    frames_.pop_back();
    return !frames_.empty() || check_complete();
  }

  /// True if the next value belongs to an unknown field: skip_value() may stand for all of it.
  bool is_unknown() const noexcept { return skipped_ == 1; }
  void skip_value() noexcept { skipped_ = 0; }

  /// Says where the next event stands in the text.
  void at(std::size_t offset) noexcept { offset_ = offset; }

  /// For a parser that finds no event at all. Returns false.
  bool fail_here(std::string expected, std::string found) {
    return fail(path(), std::move(expected), std::move(found));
  }

  /// The path of the value being read: "$.v[1].x".
  std::string path() const { return marking_ ? mark_place({}) : path_of(frames_.size()); }
  bool failed() const noexcept { return !failure_.expected.empty(); }
  decode_failure const& failure() const noexcept { return failure_; }

 private:
  static constexpr std::size_t deepest = 256;
  static constexpr std::size_t most_incomplete = 10;  ///< records in one message

  struct frame {
    text_type const* type;
    void* target;
    std::size_t index = 0;   ///< of a record's field now being read, or how many elements there are
    std::size_t offset = 0;  ///< of what opened it
    std::size_t first_seen = 0;
    std::size_t unseen = 0;  ///< fields of the record not yet seen
    record_layout const* layout = nullptr;
    std::string const* key = nullptr;  ///< of the map's entry now being read
    std::size_t first_mark = 0;
    std::size_t first_alias = 0;
    bool marked = false;  ///< had a side key
  };

  /// A field that was read from an aka() name.
  struct taken_alias {
    std::size_t field = 0;
    std::size_t rank = 0;
  };

  bool fail(std::string path, std::string expected, std::string found, std::size_t offset) {
    failure_ = {std::move(path), std::move(expected), std::move(found), offset, false};
    return false;
  }
  bool fail(std::string path, std::string expected, std::string found) {
    return fail(std::move(path), std::move(expected), std::move(found), offset_);
  }

  std::string path_of(std::size_t depth) const {
    std::string text = "$";
    for (std::size_t i = 0; i < depth; ++i) append_step(text, frames_[i]);
    return text;
  }

  static void append_step(std::string& text, frame const& at) {
    if (at.type->shape == text_shape::record) {
      if (at.index < at.layout->fields.size())
        append_member(text, at.layout->fields[at.index].name);
    } else if (at.type->shape == text_shape::map) {
      if (at.key != nullptr) append_member(text, *at.key);
    } else if (at.index != 0) {
      append_element(text, at.index - 1);
    }
  }

  /// Finds out where the value that now begins goes. Keys have done so for records and maps.
  bool next_slot() {
    if (frames_.empty()) return true;
    frame& top = frames_.back();
    if (top.type->next == nullptr) return true;
    std::size_t const index = top.index++;
    if (top.type->shape == text_shape::array && index == top.type->size) [[unlikely]] {
      return fail(path_of(frames_.size() - 1), shown(*top.type), "more elements");
    }
    type_ = top.type->element;
    target_ = top.type->next(top.target, index);
    return true;
  }

  bool open(bool object) {
    if (skipped_ != 0) return ++skipped_, true;
    if (marking_) return open_marks(object);
    if (!next_slot()) return false;
    auto const& wanted = *type_;
    while (type_->shape == text_shape::optional) {
      target_ = type_->open(target_);
      type_ = type_->element;
    }
    auto const shape = type_->shape;
    bool const fits = object ? shape == text_shape::record || shape == text_shape::map
                             : shape == text_shape::list || shape == text_shape::array;
    if (!fits) return fail(path(), shown(wanted), object ? "an object" : "an array");
    if (frames_.size() == deepest) return fail(path(), "less depth", "a value too deep");
    push();
    return true;
  }

  void push() {
    frame entered{.type = type_, .target = target_};
    entered.offset = offset_;
    if (type_->shape == text_shape::record) {
      entered.layout = &type_->layout();
      entered.index = npos;
      entered.unseen = entered.layout->fields.size();
      entered.first_seen = seen_.size();
      entered.first_mark = marks_.size();
      entered.first_alias = aliases_.size();
      seen_.resize(seen_.size() + (entered.unseen + 63) / 64);
    } else if (type_->open != nullptr) {
      type_->open(target_);
    }
    frames_.push_back(entered);
  }

  bool map_key(frame& top, std::string_view name) {
    type_ = top.type->element;
    target_ = top.type->insert(top.target, name, top.key);
    return target_ != nullptr || fail(path(), "each key once", "the key again");
  }

  bool record_key(frame& top, std::string_view name) {
    auto const& fields = top.layout->fields;
    std::size_t i = top.index + 1;
    std::size_t rank = 0;
    if (i >= fields.size() || fields[i].name != name) [[unlikely]] {
      auto const* const found = find_text_field(top.layout->names, name);
      if (found == nullptr) return other_key(name);
      i = found->field;
      rank = found->rank;
    }
    top.index = i;
    auto& word = seen_[top.first_seen + i / 64];
    std::uint64_t const bit = std::uint64_t{1} << i % 64;
    if ((word & bit) != 0) [[unlikely]] {
      auto const taken = taken_rank(top, i);
      if (rank == taken) return fail(path(), "each field once", "the field again");
      if (rank > taken) return other_key(name);
      if (!replace_alias(top, i, taken)) return false;
    } else {
      word |= bit;
      --top.unseen;
    }
    if (rank != 0) [[unlikely]]
      aliases_.push_back({i, rank});
    type_ = fields[i].type;
    target_ = field_address(top.target, fields[i]);
    return true;
  }

  /// The rank of the name under which the record's field was found.
  std::size_t taken_rank(frame const& top, std::size_t field) const noexcept {
    for (std::size_t i = top.first_alias; i < aliases_.size(); ++i) {
      if (aliases_[i].field == field) return aliases_[i].rank;
    }
    return 0;
  }

  /// A name of the field that goes before the alias it was read from: that is an unknown field now.
  bool replace_alias(frame const& top, std::size_t field, std::size_t rank) {
    if (options_.unknown == unknown_fields::error)
      return fail_unknown(top.layout->fields[field].aka[rank - 1]);
    top.layout->reset(top.target, top.layout->fields[field].offset);
    std::erase_if(aliases_, [&, i = std::size_t{0}](taken_alias const& each) mutable {
      return i++ >= top.first_alias && each.field == field;
    });
    return true;
  }

  bool other_key(std::string_view name) {
    frames_.back().index = npos;
    if (name == nonfinite_key) return mark_key();
    skipped_ = 1;
    return options_.unknown == unknown_fields::ignore || fail_unknown(name);
  }

  bool fail_unknown(std::string_view name) {
    frames_.back().index = npos;
    std::string place = path();
    append_member(place, name);
    return fail(std::move(place), "a field of " + std::string(frames_.back().layout->name),
                "an unknown field");
  }

  bool mark_key() {
    bool& marked = frames_.back().marked;
    if (marked) return fail(mark_place({}), "each field once", "the field again");
    return marked = marking_ = true;
  }

  bool skip_scalar() noexcept {
    if (skipped_ == 1) skipped_ = 0;
    return true;
  }
  bool skip_close() noexcept {
    if (--skipped_ == 1) skipped_ = 0;
    return true;
  }

  /// The key of an entry; one of an unknown field is passed over as the field is.
  void mark_entry(std::string_view name) {
    if (marks_.depth() != 1) return marks_.key(name);
    auto const& layout = *frames_.back().layout;
    auto const* const found = find_text_field(layout.names, name);
    bool const ignored = found == nullptr && options_.unknown == unknown_fields::ignore;
    if (ignored) skipped_ = 1;
    else marks_.key(name, found == nullptr ? nullptr : layout.fields[found->field].type);
  }

  bool mark_scalar(text_scalar const& from) {
    double value = 0;
    bool const good = from.kind == scalar_kind::string && parse_nonfinite(from.text, value);
    if (marks_.depth() == 0) return fail(mark_place({}), "an object", shown(from));
    if (!good) return fail_mark("nan, inf or -inf", shown(from));
    return marks_.add(value, offset_) ||
           fail_mark("the place of a null", std::string(nonfinite_name(value)));
  }
  bool open_marks(bool object) {
    if (object && marks_.open()) return true;
    return fail_mark(marks_.depth() == 0 ? "an object" : "nan, inf or -inf",
                     object ? "an object" : "an array");
  }
  bool fail_mark(std::string expected, std::string found) {
    return fail(mark_place(marks_.path(frames_.back().first_mark)), std::move(expected),
                std::move(found));
  }

  /// The path of a side key's entry in the innermost record.
  std::string mark_place(mark_path steps) const {
    std::string place = path_of(frames_.size() - 1);
    append_member(place, nonfinite_key);
    for (auto const step : steps) append_member(place, step);
    return place;
  }

  bool close_array(frame const& top) {
    if (top.index == top.type->size) return true;
    return fail(path_of(frames_.size() - 1), shown(*top.type), "only " + std::to_string(top.index),
                top.offset);
  }

  bool close_record(frame const& top) {
    if (top.unseen != 0) note_missing(top);
    if (marks_.size() != top.first_mark && !apply_marks(top)) return false;
    seen_.resize(top.first_seen);
    aliases_.resize(top.first_alias);
    if (is_incomplete()) return true;  // a record that lacks fields is not judged
    try {
      top.layout->finish(top.target);
    } catch (validation_error const& invalid) {
      if (is_derived(invalid)) throw;
      fail(path_of(frames_.size() - 1), "a valid record", invalid.what(), top.offset);
      failure_.invalid = true;
      return false;
    }
    return true;
  }

  bool is_seen(frame const& top, std::size_t field) const noexcept {
    return (seen_[top.first_seen + field / 64] >> field % 64 & 1) != 0;
  }

  /// The names of the fields that the record lacks: "'a', 'b'".
  std::string missing_names(frame const& top) const {
    std::string names;
    auto const& fields = top.layout->fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      bool const needed = fields[i].required || options_.missing == missing_fields::error;
      if (is_seen(top, i) || !needed) continue;
      if (!names.empty()) names += ", ";
      names.append("'").append(fields[i].name).append("'");
    }
    return names;
  }

  /// Keeps in mind which fields the record lacks. Decoding goes on, to find all that the text
  /// lacks.
  void note_missing(frame const& top) {
    auto const names = missing_names(top);
    if (names.empty() || ++incomplete_ > most_incomplete) return;
    auto place = path_of(frames_.size() - 1);
    if (incomplete_ > 1) {
      missing_.found.append("; also no ").append(names).append(" at ").append(place);
      return;
    }
    bool const several = names.find(',') != names.npos;
    missing_.path = std::move(place);
    missing_.expected = (several ? "the fields " : "the field ") + names;
    missing_.found = several ? "an object without them" : "an object without it";
    missing_.offset = top.offset;
  }

  bool is_incomplete() const noexcept { return incomplete_ != 0; }
  bool check_complete() {
    if (!is_incomplete()) return true;
    if (incomplete_ > most_incomplete)
      missing_.found += "; and " + std::to_string(incomplete_ - most_incomplete) + " more";
    failure_ = std::move(missing_);
    return false;
  }

  bool apply_marks(frame const& top) {
    auto const apply = [&](mark_path steps, double value, std::size_t offset, void const*& number) {
      auto const* const found = find_text_field(top.layout->names, steps[0]);
      bool const known = found != nullptr && found->rank == taken_rank(top, found->field);
      if (!known && options_.unknown == unknown_fields::ignore) return true;
      if (known && is_seen(top, found->field)) number = mark(top, found->field, steps, value);
      return number != nullptr || fail(mark_place(steps), "the place of a null",
                                       std::string(nonfinite_name(value)), offset);
    };
    auto const repeated = [&](std::string_view field, std::size_t offset) {
      return fail(mark_place({&field, 1}), "each field once", "the field again", offset);
    };
    return marks_.take(top.first_mark, apply, repeated);
  }

  static void* mark(frame const& top, std::size_t i, mark_path steps, double value) {
    auto const& field = top.layout->fields[i];
    if (field.type->mark == nullptr) return nullptr;
    return field.type->mark(field_address(top.target, field), steps.subspan(1), value);
  }

  decode_options options_;
  std::vector<frame> frames_;
  std::vector<std::uint64_t> seen_;   ///< a bit a field, for each record that is open
  std::vector<taken_alias> aliases_;  ///< of the records that are open
  nonfinite_marks marks_;
  bool marking_ = false;     ///< inside of a side key
  std::size_t skipped_ = 0;  ///< 1 after an unknown key, then one more for each open value in it
  std::size_t offset_ = 0;   ///< of the event
  text_type const* type_;    ///< of the value that comes next,
  void* target_;             ///< and where it goes
  decode_failure failure_;
  decode_failure missing_;      ///< see note_missing
  std::size_t incomplete_ = 0;  ///< how many records lack fields
};

}  // namespace trainlog::detail

#endif
