// SPDX-License-Identifier: Apache-2.0
#include "tests/support/counting_memory.h"

#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

// Defined by g++; clang++ has a feature.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1  // NOLINT: g++'s name
#endif
#endif

namespace {

std::atomic<std::size_t> in_use{0}, peak{0};

}  // namespace

namespace nvdla::test {

std::size_t bytes_in_use() { return in_use; }
std::size_t peak_bytes() { return peak; }
void reset_peak() { peak = in_use.load(); }

#if defined(__SANITIZE_ADDRESS__)
bool memory_is_counted() { return false; }
#else
bool memory_is_counted() { return true; }
#endif

}  // namespace nvdla::test

#if !defined(__SANITIZE_ADDRESS__)

void* operator new(std::size_t size) {
  void* const memory = std::malloc(std::max<std::size_t>(size, 1));
  if (memory == nullptr) throw std::bad_alloc();
  in_use += malloc_usable_size(memory);
  peak = std::max(peak.load(), in_use.load());
  return memory;
}

void operator delete(void* memory) noexcept {
  if (memory == nullptr) return;
  in_use -= malloc_usable_size(memory);
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }

#endif
