// SPDX-License-Identifier: MIT
#include "log/allocations.hpp"

#include <cstdlib>
#include <memory>
#include <new>

#include "catch.hpp"

namespace log_test {

std::atomic<std::size_t> most_allocated = 0;
thread_local bool allocations_fail = false;
thread_local int allocations_before_failure = -1;

}  // namespace log_test

void* operator new(std::size_t size) {
  std::size_t most = log_test::most_allocated;
  while (size > most && !log_test::most_allocated.compare_exchange_weak(most, size)) {
  }
  bool fails = log_test::allocations_fail;
  if (log_test::allocations_before_failure >= 0)
    fails |= log_test::allocations_before_failure-- == 0;
  void* const memory = fails ? nullptr : std::malloc(size);
  return memory != nullptr ? memory : throw std::bad_alloc();
}
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
  try {
    return operator new(size);
  } catch (std::bad_alloc const&) {
    return nullptr;
  }
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

void* operator new[](std::size_t size) { return operator new(size); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("allocations are watched") {
  log_test::most_allocated = 0;
  auto const memory = std::make_unique<char[]>(12345);
  CHECK(memory != nullptr);
  CHECK(log_test::most_allocated == 12345);
}
