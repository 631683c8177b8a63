// SPDX-License-Identifier: MIT
// A shared library that hides its symbols, but for the exceptions that it throws.
#include <trainlog/csv.hpp>
#include <trainlog/record.hpp>
#include <trainlog/schema.hpp>

[[gnu::visibility("default")]] void fail(int how) {
  if (how == 0) throw trainlog::validation_error("0");
  if (how == 1) throw trainlog::decode_error("$", {}, "1", "none");
  if (how == 2) throw trainlog::schema_error("2", {}, {});
  throw trainlog::io_error("3", "write", 0);
}
