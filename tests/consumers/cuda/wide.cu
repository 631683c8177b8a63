// SPDX-License-Identifier: MIT
// A record of 512 fields in a file that nvcc compiles.
#include <vector>

#include <trainlog/trainlog.hpp>

#include "../../record/wide.hpp"

struct Wide {
  double WIDE_512(WIDE_ZERO);
  WIDE_RECORD(Wide, WIDE_512(WIDE_NAME))
};

int main() {
  using namespace trainlog::literals;
  Wide const wide{.f511 = 2.0};
  auto const made = trainlog::make<Wide>("f511"_field = 2);
  if (made != wide || made < wide || !trainlog::identical(made, wide)) return 1;
  if (trainlog::replace(wide, "f000"_field = 3).f000 != 3) return 2;
  if (trainlog::make_from_range<Wide>(std::vector(512, 1.5)).f100 != 1.5) return 3;
  if (!trainlog::repr(wide).ends_with(", f510=0.0, f511=2.0)")) return 4;
  if (trainlog::at(wide, "f511") != 2.0 || trainlog::asdict(wide)["f511"] != 2.0) return 5;
  if (trainlog::schema_of<Wide>().fields.size() != 512) return 6;
  if (trainlog::from_json<Wide>(trainlog::to_json(wide)) != wide) return 7;
  return trainlog::from_binary<Wide>(trainlog::to_binary(wide)) == wide ? 0 : 8;
}
