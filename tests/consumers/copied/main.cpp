// SPDX-License-Identifier: MIT
// The headers copied into a project that has no CMake and no nlohmann_json. Also compiled with the
// options of odd builds: the old ABI of libstdc++, no RTTI, a char without a sign.
#include <cstdint>
#include <string>
#include <trainlog/binary.hpp>
#include <trainlog/codec/json_read.hpp>
#include <trainlog/codec/json_write.hpp>
#include <trainlog/csv.hpp>
#include <trainlog/record.hpp>
#include <trainlog/schema.hpp>
#include <vector>

enum class Letter : char { e = char(0xE8) };
TRAINLOG_ENUM(Letter, e)

struct TrainingLog {
  std::int64_t epoch = 0;
  double loss = 0.0;
  char code = static_cast<char>(0xC8);
  Letter letter = Letter::e;
  TRAINLOG_RECORD(TrainingLog, epoch, loss, code, letter)
};
TRAINLOG_META(TrainingLog, code, le(0))

int main() {
  std::vector<TrainingLog> const rows{{.epoch = 1, .loss = 0.5}, {.epoch = 2, .loss = 0.25}};
  trainlog::save_binary("rows.tlog", rows);
  if (trainlog::load_binary<std::vector<TrainingLog>>("rows.tlog") != rows) return 1;
  if (trainlog::from_csv<TrainingLog>(trainlog::to_csv(rows)) != rows) return 2;
  if (trainlog::from_json<TrainingLog>(trainlog::to_json(rows[0])) != rows[0]) return 3;

  // A char is a signed number, whatever it is to the compiler.
  if (trainlog::repr(rows[1]) != "TrainingLog(epoch=2, loss=0.25, code=-56, letter=Letter.e)")
    return 4;
  if (trainlog::to_json(rows[0]) != R"({"epoch":1,"loss":0.5,"code":-56,"letter":"e"})") return 5;
  if (to_text(trainlog::schema_of<TrainingLog>()) !=
      "{epoch:int64,loss:float64,code:int8,letter:enum<int8>{e=-24}}")
    return 6;
  if (trainlog::fields<TrainingLog>()[2].type != "int8") return 7;
  if (trainlog::at(rows[0], "code") != -56) return 8;
  trainlog::validate(rows[0]);
}
