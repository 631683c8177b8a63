// SPDX-License-Identifier: MIT
// Stands before the real one on the include path of consumers that have no nlohmann_json.
#error "only the conversions of <trainlog/json.hpp> may need nlohmann_json"
