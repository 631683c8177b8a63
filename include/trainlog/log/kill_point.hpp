// SPDX-License-Identifier: MIT
// Places at which tests kill the process: between each two steps that matter to what is recovered.
#ifndef TRAINLOG_LOG_KILL_POINT_HPP
#define TRAINLOG_LOG_KILL_POINT_HPP

/// Nothing, unless a program of the tests defines it before any header of trainlog.
#ifndef TRAINLOG_KILL_POINT
#define TRAINLOG_KILL_POINT(name) static_cast<void>(0)
#endif

#endif
