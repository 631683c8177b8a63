// SPDX-License-Identifier: MIT
// Logs: .tlog files that grow while a program runs, and lose no row when it is killed.
#ifndef TRAINLOG_LOG_HPP
#define TRAINLOG_LOG_HPP

#include "trainlog/detail/language.hpp"

#include "trainlog/log/any_log.hpp"
#include "trainlog/log/follow.hpp"
#include "trainlog/log/log_reader.hpp"
#include "trainlog/log/log_writer.hpp"
#include "trainlog/log/merge.hpp"
#include "trainlog/log/options.hpp"
#include "trainlog/log/read_column.hpp"
#include "trainlog/log/repair.hpp"
#include "trainlog/record.hpp"
#include "trainlog/schema.hpp"

#endif
