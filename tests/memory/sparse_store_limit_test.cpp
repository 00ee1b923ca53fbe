// SPDX-License-Identifier: Apache-2.0
// Contents of memory cost memory of the host only where they are not zero, and no more than the limit.
#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "memory/sparse_store.h"

namespace nvdla::memory {
namespace {

TEST(SparseStoreLimit, ZerosCostNothing) {
  SparseStore store;
  const std::vector<unsigned char> zeros(1 << 20);
  store.write(100, zeros.data(), zeros.size());
  EXPECT_EQ(store.pages(), 0U);
  const unsigned char one = 1;
  store.write(5000, &one, 1);
  EXPECT_EQ(store.pages(), 1U);
  store.write(0, zeros.data(), zeros.size());  // over what was written
  unsigned char read = 1;
  store.read(5000, &read, 1);
  EXPECT_EQ(read, 0);
}

}  // namespace
}  // namespace nvdla::memory
