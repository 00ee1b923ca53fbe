// SPDX-License-Identifier: Apache-2.0
// NaN and infinities among the fp16 numbers that a unit reads, as its counters see them: by the patterns in
// memory, before NAN_TO_ZERO makes zeros of the NaN.
#pragma once

#include <cstddef>
#include <cstdint>

namespace nvdla::compute {

struct SpecialNumbers {
  std::uint64_t nans = 0, infinities = 0;

  SpecialNumbers& operator+=(const SpecialNumbers& more) {
    nans += more.nans;
    infinities += more.infinities;
    return *this;
  }
};

// Of `length` bytes, low byte first; an odd one at the end does not count.
[[nodiscard]] SpecialNumbers count_special(const unsigned char* bytes, std::size_t length);
// Makes +0 of every NaN.
void flush_nans(unsigned char* bytes, std::size_t length);

}  // namespace nvdla::compute
