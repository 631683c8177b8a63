// SPDX-License-Identifier: MIT
// What this binary allocates, and whether it can.
#ifndef TRAINLOG_TESTS_LOG_ALLOCATIONS_HPP
#define TRAINLOG_TESTS_LOG_ALLOCATIONS_HPP

#include <atomic>
#include <cstddef>

namespace log_test {

/// The greatest size that was asked for at once.
extern std::atomic<std::size_t> most_allocated;
/// This thread gets no memory.
extern thread_local bool allocations_fail;
/// So many succeed in this thread, and then one fails; negative for none.
extern thread_local int allocations_before_failure;

}  // namespace log_test

#endif
