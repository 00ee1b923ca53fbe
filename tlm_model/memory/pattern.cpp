// SPDX-License-Identifier: Apache-2.0
#include "memory/pattern.h"

#include <algorithm>

namespace nvdla::memory {

namespace {

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9U;
  z = (z ^ z >> 27U) * 0x94d049bb133111ebU;
  return z ^ z >> 31U;
}

// Of four fp16: the two highest bits of the exponent become 01.
std::uint64_t tamed(std::uint64_t word) {
  return (word & ~std::uint64_t{0x6000600060006000}) | std::uint64_t{0x2000200020002000};
}

// Of eight bytes one in four stays.
std::uint64_t thinned(std::uint64_t word) {
  const std::uint64_t choice = mix(word);
  for (unsigned i = 0; i < 8; ++i) {
    if ((choice >> 2 * i & 3U) != 0) word &= ~(std::uint64_t{0xff} << 8 * i);
  }
  return word;
}

}  // namespace

void Pattern::fill(std::uint64_t address, unsigned char* data, std::size_t length) const {
  if (kind == Kind::kZero) {
    std::fill_n(data, length, static_cast<unsigned char>(0));
    return;
  }
  while (length > 0) {
    std::uint64_t word = mix(seed * 0x9e3779b97f4a7c15U + address / 8);
    if (kind == Kind::kFp16) word = tamed(word);
    if (kind == Kind::kSparse) word = thinned(word);
    const auto offset = static_cast<unsigned>(address % 8);
    const std::size_t here = std::min<std::size_t>(length, 8 - offset);
    for (std::size_t i = 0; i < here; ++i) data[i] = static_cast<unsigned char>(word >> 8 * (offset + i));
    address += here;
    data += here;
    length -= here;
  }
}

}  // namespace nvdla::memory
