// SPDX-License-Identifier: Apache-2.0
// What memory holds where nobody has written: zeros, or bytes that depend on address and seed alone, so that
// every model of a system can be given the same contents without a file.
//   bytes   w(a) = mix(seed * g + a / 8), the eight bytes at a multiple a of 8, lowest first;
//           g = 0x9e3779b97f4a7c15; mix: z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9,
//           z = (z ^ z >> 27) * 0x94d049bb133111eb, z ^ z >> 31  (the output function of SplitMix64, Steele,
//           Lea, Flood, OOPSLA 2014)
//   fp16    the same bits; of each 16 the exponent becomes 8 + its low three bits: numbers of magnitude 2^-7
//           to 2, no NaN and no infinity
//   sparse  of the eight bytes of w, byte i stays where bits 2 i and 2 i + 1 of mix(w) are 0, else it is 0:
//           sums of products stay small, and many 16-bit words are 0
#pragma once

#include <cstddef>
#include <cstdint>

namespace nvdla::memory {

struct Pattern {
  enum class Kind : std::uint8_t { kZero, kBytes, kFp16, kSparse };
  Kind kind = Kind::kZero;
  std::uint64_t seed = 0;

  // Bytes [address, address + length).
  void fill(std::uint64_t address, unsigned char* data, std::size_t length) const;
};

}  // namespace nvdla::memory
