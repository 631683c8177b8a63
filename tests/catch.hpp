// SPDX-License-Identifier: MIT
// Catch2, version 2 or 3, under one name.

#ifndef TRAINLOG_TESTS_CATCH_HPP
#define TRAINLOG_TESTS_CATCH_HPP

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif

#endif  // TRAINLOG_TESTS_CATCH_HPP
