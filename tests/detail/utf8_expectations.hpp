// SPDX-License-Identifier: MIT
// Made by make_utf8_expectations.py, CPython 3.11.7
#ifndef TRAINLOG_TESTS_DETAIL_UTF8_EXPECTATIONS_HPP
#define TRAINLOG_TESTS_DETAIL_UTF8_EXPECTATIONS_HPP
#include <cstdint>
inline constexpr char const* utf8_cases[][2] = {
    {"41", "41"},
    {"c3a9", "c3a9"},
    {"e282ac", "e282ac"},
    {"f09f9880", "f09f9880"},
    {"efbfbd", "efbfbd"},
    {"f48fbfbf", "f48fbfbf"},
    {"ed9fbf", "ed9fbf"},
    {"ee8080", "ee8080"},
    {"80", "efbfbd"},
    {"bf", "efbfbd"},
    {"c0", "efbfbd"},
    {"c1", "efbfbd"},
    {"f5", "efbfbd"},
    {"ff", "efbfbd"},
    {"fe", "efbfbd"},
    {"c080", "efbfbdefbfbd"},
    {"c1bf", "efbfbdefbfbd"},
    {"e08080", "efbfbdefbfbdefbfbd"},
    {"e09fbf", "efbfbdefbfbdefbfbd"},
    {"f0808080", "efbfbdefbfbdefbfbdefbfbd"},
    {"f08fbfbf", "efbfbdefbfbdefbfbdefbfbd"},
    {"eda080", "efbfbdefbfbdefbfbd"},
    {"edbfbf", "efbfbdefbfbdefbfbd"},
    {"eda080edb080", "efbfbdefbfbdefbfbdefbfbdefbfbdefbfbd"},
    {"f4908080", "efbfbdefbfbdefbfbdefbfbd"},
    {"f7bfbfbf", "efbfbdefbfbdefbfbdefbfbd"},
    {"f888808080", "efbfbdefbfbdefbfbdefbfbdefbfbd"},
    {"c3", "efbfbd"},
    {"e2", "efbfbd"},
    {"e282", "efbfbd"},
    {"f0", "efbfbd"},
    {"f09f", "efbfbd"},
    {"f09f98", "efbfbd"},
    {"c341", "efbfbd41"},
    {"e241", "efbfbd41"},
    {"e28241", "efbfbd41"},
    {"f09f9841", "efbfbd41"},
    {"e28241c3a9", "efbfbd41c3a9"},
    {"61f180", "61efbfbd"},
    {"61f18080e180c262803f80bf64", "61efbfbdefbfbdefbfbd62efbfbd3fefbfbdefbfbd64"},
    {"c3c3a9", "efbfbdc3a9"},
    {"f0f09f9880", "efbfbdf09f9880"},
    {"ed9f", "efbfbd"},
    {"e080", "efbfbdefbfbd"},
    {"f080", "efbfbdefbfbd"},
    {"f490", "efbfbdefbfbd"},
    {"4142434445464748c34142434445464748", "4142434445464748efbfbd4142434445464748"},
    {"4142434445464748e282", "4142434445464748efbfbd"},
};
// Every string of one to four edge bytes, replaced: FNV-1a of the results, a line each.
inline constexpr std::uint64_t utf8_edges_digest = 0x7d405799b4d0ad09;
// Every string of one or two bytes, as JSON.
inline constexpr std::uint64_t json_pairs_digest = 0x2a7ed84e890f7c83;
#endif
