// SPDX-License-Identifier: MIT
// The umbrella: everything but the programs.
#ifndef TRAINLOG_TRAINLOG_HPP
#define TRAINLOG_TRAINLOG_HPP

#include "trainlog/detail/language.hpp"

#include "trainlog/binary.hpp"
#include "trainlog/codec/save_load.hpp"
#include "trainlog/csv.hpp"
#include "trainlog/json.hpp"
#include "trainlog/log.hpp"
#include "trainlog/record.hpp"
#include "trainlog/schema.hpp"
#include "trainlog/summary.hpp"
#include "trainlog/version.hpp"

#endif
