// SPDX-License-Identifier: MIT
// JSON: records as text, from text, and to and from nlohmann::json.
#ifndef TRAINLOG_JSON_HPP
#define TRAINLOG_JSON_HPP

#include "trainlog/detail/language.hpp"

#include "trainlog/codec/decode_options.hpp"
#include "trainlog/codec/json_bridge.hpp"
#include "trainlog/codec/json_read.hpp"
#include "trainlog/codec/json_write.hpp"
#include "trainlog/codec/save_load.hpp"
#include "trainlog/record.hpp"

#endif
