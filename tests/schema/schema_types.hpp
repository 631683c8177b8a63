// SPDX-License-Identifier: MIT
// Types and fields of schemas, made by hand.
#ifndef SCHEMA_TYPES_HPP
#define SCHEMA_TYPES_HPP

#include <trainlog/schema/schema.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace schema_test {

using trainlog::schema_field;
using trainlog::schema_type;
using trainlog::type_kind;

inline schema_type scalar(type_kind kind) {
  schema_type type;
  type.kind = kind;
  return type;
}
inline schema_type of(type_kind kind, schema_type element, std::uint64_t length = 0) {
  auto type = scalar(kind);
  type.element.push_back(std::move(element));
  type.length = length;
  return type;
}
inline schema_field field(std::string name, schema_type type, std::vector<std::string> aka = {}) {
  schema_field result;
  result.name = std::move(name);
  result.type = std::move(type);
  result.aka = std::move(aka);
  return result;
}

}  // namespace schema_test

#endif
