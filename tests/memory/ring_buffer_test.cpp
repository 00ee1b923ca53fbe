// SPDX-License-Identifier: Apache-2.0
// Proves that a ring is a queue: order, ends and places are those of std::deque, also while it grows in the
// middle of its slots.
#include "memory/ring_buffer.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace nvdla::memory {
namespace {

TEST(RingBuffer, IsAQueue) {
  RingBuffer<int> ring;
  std::deque<int> queue;
  for (int step = 0; step < 400; ++step) {
    const bool takes = step % 3 == 2 || (step > 200 && step % 2 == 0);  // grows to 200, then shrinks
    if (takes && !queue.empty()) {
      queue.pop_front();
      ring.pop();
    } else {
      queue.push_back(step);
      ring.push(step);
    }
    ASSERT_EQ(ring.size(), queue.size());
    ASSERT_EQ(ring.empty(), queue.empty());
    if (queue.empty()) continue;
    ASSERT_EQ(ring.front(), queue.front());
    ASSERT_EQ(ring.back(), queue.back());
    ASSERT_EQ(ring[queue.size() / 2], queue[queue.size() / 2]);
    ASSERT_EQ(std::vector<int>(queue.begin(), queue.end()), [&] {
      std::vector<int> all;
      for (const int value : ring) all.push_back(value);
      return all;
    }());
  }
  ring.clear();
  EXPECT_TRUE(ring.empty());
}

}  // namespace
}  // namespace nvdla::memory
