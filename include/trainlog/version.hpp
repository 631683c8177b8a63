// SPDX-License-Identifier: MIT
// The version of the library: the one place where it is written (CMake and the docs read it here).

#ifndef TRAINLOG_VERSION_HPP
#define TRAINLOG_VERSION_HPP

/// Numbers for `#if`. While the major version is 0, a new minor version may change the interface;
/// a patch never does.
#define TRAINLOG_VERSION_MAJOR 0
#define TRAINLOG_VERSION_MINOR 1
#define TRAINLOG_VERSION_PATCH 0

#endif  // TRAINLOG_VERSION_HPP
