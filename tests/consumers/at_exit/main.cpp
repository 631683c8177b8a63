// SPDX-License-Identifier: MIT
// A logger of static storage that describes and writes its rows in its destructor, after main.
#include <cstdlib>
#include <string>
#include <trainlog/schema.hpp>

struct TrainingLog {
  std::string a_name_too_long_for_a_string_without_memory;
  TRAINLOG_RECORD(TrainingLog, a_name_too_long_for_a_string_without_memory)
};

std::string description() { return to_text(trainlog::schema_of<TrainingLog>()); }

struct logger {
  ~logger() {
    if (description() != "{a_name_too_long_for_a_string_without_memory:string}") std::abort();
  }
};

logger const last;  // made before the schema, so destroyed after whatever is made later

int main() { return description().empty() ? 1 : 0; }
