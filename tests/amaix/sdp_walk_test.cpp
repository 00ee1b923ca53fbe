// SPDX-License-Identifier: Apache-2.0
// Proves that the totals of a walk are those of its requests, counted one by one, for whatever strides: lines
// that are counted once for all that are alike must be alike.
#include "amaix/sdp_walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace nvdla::amaix {
namespace {

SdpWalkTotals counted(const SdpWalkShape& shape, std::uint64_t bus, std::uint64_t chunk) {
  SdpWalkTotals totals;
  SdpWalk walk(shape);
  for (SdpRequest request; walk.next(request);) {
    const std::uint64_t begin = request.address, last = request.address + request.bytes - 1;
    ++totals.requests;
    totals.bytes += request.bytes;
    totals.bus_bytes += (last / bus - begin / bus + 1) * bus;
    totals.chunks += last / chunk - begin / chunk + 1;
    totals.last_chunk_beats =
        static_cast<std::uint32_t>(last / bus - std::max(begin, last / chunk * chunk) / bus + 1);
  }
  return totals;
}

TEST(SdpWalk, TotalsAreThoseOfTheRequests) {
  std::mt19937 random(7);
  const auto pick = [&](std::uint32_t most) { return static_cast<std::uint32_t>(random() % most); };
  for (int i = 0; i < 3000; ++i) {
    SdpWalkShape shape;
    shape.atom_bytes = 8U << pick(3);
    shape.base = std::uint64_t{pick(1000)} * shape.atom_bytes;
    shape.width = 1 + pick(40);
    shape.block = 1 + pick(8);
    shape.aligned_blocks = pick(2) != 0;
    shape.lines = 1 + pick(40);
    shape.line_step = std::uint64_t{pick(60)} * shape.atom_bytes;
    shape.surfaces = 1 + pick(4);
    shape.surface_step = std::uint64_t{pick(3000)} * shape.atom_bytes;
    shape.inner = 1 + pick(2);
    shape.inner_step = std::uint64_t{pick(3000)} * shape.atom_bytes;
    const std::uint32_t bus = 8U << pick(4), chunk = bus * (1U << pick(4));
    const SdpWalkTotals expected = counted(shape, bus, chunk), totals = walk_totals(shape, bus, chunk);
    ASSERT_EQ(totals.requests, expected.requests) << i;
    ASSERT_EQ(totals.bytes, expected.bytes) << i;
    ASSERT_EQ(totals.bus_bytes, expected.bus_bytes) << i;
    ASSERT_EQ(totals.chunks, expected.chunks) << i;
    ASSERT_EQ(totals.last_chunk_beats, expected.last_chunk_beats) << i;
  }
}

}  // namespace
}  // namespace nvdla::amaix
