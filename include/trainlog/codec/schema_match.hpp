// SPDX-License-Identifier: MIT
// Fields of a file and of a record that have no match in the other, where decode_options forbid
// them.
#ifndef TRAINLOG_CODEC_SCHEMA_MATCH_HPP
#define TRAINLOG_CODEC_SCHEMA_MATCH_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "trainlog/codec/decode_options.hpp"
#include "trainlog/schema/evolution.hpp"
#include "trainlog/schema/schema.hpp"

namespace trainlog::detail {

/// Collects the fields without a match that the options forbid, in records at any depth.
class match_checker {
 public:
  explicit match_checker(decode_options options) noexcept : options_(options) {}

  void check(type_plan const& plan, std::string const& path) {
    if (plan.file->kind == type_kind::record && plan.reader->kind == type_kind::record) {
      return check_record(plan, path);
    }
    for (auto const& child : plan.children) check(child, path);
  }

  std::string const& problems() const noexcept { return problems_; }

 private:
  void check_record(type_plan const& plan, std::string const& path) {
    auto const& reader = plan.reader->fields;
    std::vector<bool> matched(reader.size());
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      auto const [target, child] = plan.steps[i];
      std::string const place = path + "." + shortened(plan.file->fields[i].name);
      if (target == type_plan::skip) {
        if (options_.unknown == unknown_fields::error) complain(place + ": not in the record");
        continue;
      }
      matched[target] = true;
      check(plan.children[child], place);
    }
    for (std::size_t i = 0; i < reader.size(); ++i) {
      if (!matched[i] && options_.missing == missing_fields::error)
        complain(path + "." + reader[i].name + ": not in the file");
    }
  }

  void complain(std::string const& problem) {
    if (!problems_.empty()) problems_ += "; ";
    problems_ += problem;
  }

  decode_options options_;
  std::string problems_;
};

/// Throws schema_error with every field without a match that the options forbid; `reader` is what
/// the plan was made for.
inline void require_matches(evolution_plan const& plan, schema const& reader,
                            decode_options options) {
  match_checker checker(options);
  checker.check(plan.row, "$");
  if (checker.problems().empty()) return;
  throw schema_error("trainlog: rows of " + shortened(plan.file.name) + " are not those of " +
                         reader.name + ": " + checker.problems(),
                     {plan.file.name, plan.file.fields}, reader);
}

}  // namespace trainlog::detail

#endif
