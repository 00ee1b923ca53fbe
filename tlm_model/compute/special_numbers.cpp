// SPDX-License-Identifier: Apache-2.0
#include "compute/special_numbers.h"

#include "compute/number.h"

namespace nvdla::compute {

namespace {

std::uint16_t element(const unsigned char* bytes) {
  return static_cast<std::uint16_t>(bytes[0] | bytes[1] << 8U);
}

}  // namespace

SpecialNumbers count_special(const unsigned char* bytes, std::size_t length) {
  SpecialNumbers count;
  for (std::size_t i = 0; i + 1 < length; i += 2) {
    const std::uint32_t magnitude = element(bytes + i) & 0x7fffU;
    count.nans += magnitude > 0x7c00U ? 1 : 0;
    count.infinities += magnitude == 0x7c00U ? 1 : 0;
  }
  return count;
}

void flush_nans(unsigned char* bytes, std::size_t length) {
  for (std::size_t i = 0; i + 1 < length; i += 2) {
    if (fp16_is_nan(element(bytes + i))) bytes[i] = bytes[i + 1] = 0;
  }
}

}  // namespace nvdla::compute
