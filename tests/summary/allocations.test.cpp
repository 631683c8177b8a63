// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

#include <trainlog/summary.hpp>

#include "catch.hpp"
#include "log/temporary_directory.hpp"

using namespace trainlog;

namespace {

std::atomic<std::int64_t> allocations = 0;

}  // namespace

// Not inlined, where g++ 12 would take one of a pair for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  return memory != nullptr ? memory : throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
  try {
    return operator new(size);
  } catch (std::bad_alloc const&) {
    return nullptr;
  }
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return operator new(size); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { operator delete(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
  operator delete(memory);
}

TEST_CASE("after the first ones a scalar allocates nothing") {
  writer_test::temporary_directory const directory;
  auto const policy =
      GENERATE(summary::write_policy::write_through, summary::write_policy::buffered);
  auto const writer = summary::create_file_writer(directory.path(),
                                                  {.policy = policy, .flush_interval_ms = 3600000});
  auto const scope = writer.as_default();
  summary::name_scope const train("a scope that is longer than a short string");
  auto const log = [](std::int64_t begin, std::int64_t end) {
    for (std::int64_t step = begin; step < end; ++step) {
      summary::scalar("loss", 0.5, step);
      summary::scalar("a described loss", [] { return 1; }, step, {.description = "of something"});
    }
  };
  log(0, 2000);
  auto const before = allocations.load();
  log(2000, 4000);
  CHECK(allocations.load() == before);
}
