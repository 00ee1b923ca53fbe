// SPDX-License-Identifier: Apache-2.0
// Proves that a pattern does not depend on how it is read, and what its kinds promise.
#include "memory/pattern.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace nvdla::memory {
namespace {

using Kind = Pattern::Kind;

std::vector<unsigned char> bytes_of(const Pattern& pattern, std::uint64_t address, std::size_t length) {
  std::vector<unsigned char> bytes(length);
  pattern.fill(address, bytes.data(), length);
  return bytes;
}

TEST(Pattern, IsTheSameInPieces) {
  for (const Kind kind : {Kind::kZero, Kind::kBytes, Kind::kFp16, Kind::kSparse}) {
    const Pattern pattern{kind, 7};
    const std::vector<unsigned char> whole = bytes_of(pattern, 0x80000003, 200);
    for (std::size_t begin = 0; begin < whole.size(); begin += 13) {
      const std::size_t count = std::min<std::size_t>(13, whole.size() - begin);
      EXPECT_TRUE(std::equal(whole.begin() + static_cast<std::ptrdiff_t>(begin),
                             whole.begin() + static_cast<std::ptrdiff_t>(begin + count),
                             bytes_of(pattern, 0x80000003 + begin, count).begin()));
    }
  }
}

TEST(Pattern, SparseKeepsOneByteInFourOfBytes) {
  const std::vector<unsigned char> all = bytes_of({Kind::kBytes, 1}, 0x80000000, 80000);
  const std::vector<unsigned char> some = bytes_of({Kind::kSparse, 1}, 0x80000000, 80000);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (some[i] == 0) continue;
    ASSERT_EQ(some[i], all[i]);
    ++kept;
  }
  EXPECT_NEAR(static_cast<double>(kept) / static_cast<double>(all.size()), 0.25 * 255 / 256, 0.01);
}

}  // namespace
}  // namespace nvdla::memory
