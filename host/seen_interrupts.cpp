// SPDX-License-Identifier: Apache-2.0
#include "host/seen_interrupts.h"

namespace nvdla::host {

namespace {

std::uint32_t lowest(std::uint32_t bits) { return static_cast<std::uint32_t>(__builtin_ctz(bits)); }

}  // namespace

void SeenInterrupts::raised(std::uint32_t bits) {
  for (; bits != 0; bits &= bits - 1) ++left_[lowest(bits)];
}

std::uint32_t SeenInterrupts::missing(std::uint32_t bits) const {
  for (std::uint32_t left = bits; left != 0; left &= left - 1)
    if (left_[lowest(left)] != 0) bits &= ~(left & -left);
  return bits;
}

void SeenInterrupts::use_up_one(std::uint32_t bits) {
  for (std::uint32_t i = 0; i < left_.size(); ++i) {
    if (left_[i] == 0 || (bits >> i & 1U) == 0) continue;
    --left_[i];
    return;
  }
}

void SeenInterrupts::cleared(std::uint32_t bits) {
  // The line stood for one of them, unless the program has named them.
  if (line_ && (waited_ & bits) == 0) use_up_one(bits);
  line_ = false;
  for (std::uint32_t i = 0; i < left_.size(); ++i)
    if ((waited_ & bits) >> i & 1U && left_[i] != 0) --left_[i];
  waited_ &= ~bits;
}

}  // namespace nvdla::host
