// SPDX-License-Identifier: MIT
// Stands before the real one on the include path of consumers that have no nlohmann_json.
#error "records, schemas and binary snapshots must not need nlohmann_json"
