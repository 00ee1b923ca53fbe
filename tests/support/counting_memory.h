// SPDX-License-Identifier: Apache-2.0
// Bytes that this program has taken from operator new, now and at most.
#pragma once

#include <cstddef>

namespace nvdla::test {

[[nodiscard]] std::size_t bytes_in_use();
// The most since reset_peak().
[[nodiscard]] std::size_t peak_bytes();
void reset_peak();
// False under sanitizers, which have an operator new of their own: nothing is counted.
[[nodiscard]] bool memory_is_counted();

}  // namespace nvdla::test
