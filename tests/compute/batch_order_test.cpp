// SPDX-License-Identifier: Apache-2.0
// Proves the order in which the columns of several batches pass, and what becomes of a line when CACC
// takes it to begin at an odd atom.
#include "compute/batch_order.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "compute/sdp.h"
#include "memory/sparse_store.h"

namespace nvdla::compute {
namespace {

using Places = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

// Batch and column in the order in which the RTL's CACC hands them on.
Places order(std::uint32_t batches, std::uint32_t width, bool odd) {
  Places places;
  for (std::uint32_t x = 0, columns = 0; x < width; x += columns) {
    columns = (odd && x == 0) || x + 1 == width ? 1 : 2;
    for (std::uint32_t b = 0; b < batches; ++b)
      for (std::uint32_t i = 0; i < columns; ++i) places.emplace_back(b, x + i);
  }
  return places;
}

TEST(BatchOrder, PairsColumnsFromAnEvenAtomOn) {
  for (std::uint32_t batches = 1; batches <= 5; ++batches) {
    for (std::uint32_t width = 1; width <= 9; ++width) {
      for (const bool odd : {false, true}) {
        const BatchOrder tested{batches, width, odd};
        const Places expected = order(batches, width, odd);
        for (std::size_t i = 0; i < expected.size(); ++i) {
          const BatchPlace place = tested.at(i);
          EXPECT_EQ(std::make_pair(place.batch, place.column), expected[i]) << width << odd << i;
          EXPECT_EQ(tested.index(place), i);
        }
      }
    }
  }
}

TEST(BatchOrder, ALineBeginsWhereItsAddressIs) {
  const Surface surface{MemorySpace::kDbb, 0x80000040, 96, 160};
  EXPECT_FALSE(begins_odd(surface, 0, 0, 32));
  EXPECT_TRUE(begins_odd(surface, 0, 1, 32));
  EXPECT_TRUE(begins_odd(surface, 1, 0, 32));
  EXPECT_FALSE(begins_odd(surface, 1, 1, 32));
}

// Two batches of two lines of three columns, 32 kernels. Their accumulators are 50 batch + 10 line + column -
// 60, the operand of column x, added, is 30 x. SDP's lines begin at 64 bytes; CACC's by their stride.
class BatchesOfALine : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kOperands = 0x80010000, kResult = 0x80000000;
  static constexpr std::uint32_t kLine = 128;
  // Line 1 as it is in memory: batch 0, then batch 1.
  std::vector<int> line_1(std::uint32_t cacc_stride) {
    SdpOperation op;
    op.cube = {3, 2, 32};
    op.flying = true;
    op.batches = 2;
    op.destination = {MemorySpace::kDbb, kResult, kLine, 2 * kLine};
    op.batch_stride = 0x1000;
    op.x1.bypass = false;
    op.x1.alu_bypass = false;
    op.x1.alu_algorithm = 2;
    op.x1.alu_from_dma = true;
    op.has_fetch = true;
    op.fetch.x1 = {true, SdpDataUse::kAlu, false, true, {MemorySpace::kDbb, kOperands, 96, 192}, 0};
    memory::SparseStore memory;
    for (std::uint32_t y = 0; y < 2; ++y)
      for (std::uint32_t x = 0; x < 3; ++x) {
        const std::vector<unsigned char> atom(32, static_cast<unsigned char>(x * 30));
        memory.write(kOperands + y * 96 + x * 32, atom.data(), atom.size());
      }
    Accumulators accumulators;
    accumulators.batches = 2;
    accumulators.channels = 32;
    accumulators.height = 2;
    accumulators.width = 3;
    accumulators.destination = {MemorySpace::kDbb, 0, cacc_stride, 2 * cacc_stride};
    accumulators.values.resize(std::size_t{2} * 32 * 2 * 3);
    for (std::uint32_t b = 0; b < 2; ++b)
      for (std::uint32_t c = 0; c < 32; ++c)
        for (std::uint32_t y = 0; y < 2; ++y)
          for (std::uint32_t x = 0; x < 3; ++x)
            accumulators.values[accumulators.index(b, c, y, x)] =
                static_cast<std::int32_t>(50 * b + 10 * y + x) - 60;
    Bytes bytes(memory);
    (void)compute_sdp(op, SdpLut{}, preset("nv_full"), &accumulators, bytes, bytes);
    std::vector<int> found;
    for (std::uint32_t b = 0; b < 2; ++b)
      for (std::uint32_t x = 0; x < 3; ++x) {
        signed char value = 0;
        memory.read(kResult + b * 0x1000 + kLine + x * 32, reinterpret_cast<unsigned char*>(&value), 1);
        found.push_back(value + 60);
      }
    return found;
  }

 private:
  struct Bytes : memory::ByteSource, memory::ByteSink {
    explicit Bytes(memory::SparseStore& s) : store(s) {}
    void read(MemorySpace, std::uint64_t address, unsigned char* data, std::size_t length) const override {
      store.read(address, data, length);
    }
    void write(MemorySpace, std::uint64_t address, const unsigned char* data, std::size_t length) override {
      store.write(address, data, length);
    }
    memory::SparseStore& store;
  };
};

TEST_F(BatchesOfALine, LieWhereTheyBelongWithStridesOf64Bytes) {
  EXPECT_EQ(line_1(128), std::vector<int>({10, 11 + 30, 12 + 60, 60, 61 + 30, 62 + 60}));
}

// CACC hands on (0,0) (1,0) | (0,1) (0,2) (1,1) (1,2), SDP writes (0,0) (0,1) | (1,0) (1,1) | (0,2) (1,2).
TEST_F(BatchesOfALine, ChangePlacesWhenCaccBeginsOdd) {
  EXPECT_EQ(line_1(96), std::vector<int>({10, 60 + 30, 61 + 60, 11, 12 + 30, 62 + 60}));
}

}  // namespace
}  // namespace nvdla::compute
