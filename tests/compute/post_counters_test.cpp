// SPDX-License-Identifier: Apache-2.0
// Proves what the status and counters of SDP, PDP and CDP count, on cubes small enough to count by hand, and
// what hardware does with NaN, with lanes beyond the channels, in place, and in a comparison.
#include <gtest/gtest.h>

#include <map>

#include "compute/cdp.h"
#include "compute/pdp.h"
#include "compute/sdp.h"

namespace nvdla::compute {
namespace {

class Memory : public memory::ByteSource, public memory::ByteSink {
 public:
  void read(MemorySpace, std::uint64_t address, unsigned char* data, std::size_t length) const override {
    for (std::size_t i = 0; i < length; ++i) {
      const auto it = bytes_.find(address + i);
      data[i] = it == bytes_.end() ? 0 : it->second;
    }
  }
  void write(MemorySpace, std::uint64_t address, const unsigned char* data, std::size_t length) override {
    for (std::size_t i = 0; i < length; ++i) bytes_[address + i] = data[i];
    written += length;
  }
  void put16(std::uint64_t address, std::uint32_t value) {
    bytes_[address] = static_cast<unsigned char>(value);
    bytes_[address + 1] = static_cast<unsigned char>(value >> 8U);
  }
  void put8(std::uint64_t address, int value) { bytes_[address] = static_cast<unsigned char>(value); }
  [[nodiscard]] std::uint32_t get16(std::uint64_t address) const {
    unsigned char two[2];
    read(MemorySpace::kDbb, address, two, 2);
    return two[0] | static_cast<std::uint32_t>(two[1]) << 8U;
  }
  [[nodiscard]] int get8(std::uint64_t address) const {
    unsigned char one;
    read(MemorySpace::kDbb, address, &one, 1);
    return static_cast<signed char>(one);
  }
  std::size_t written = 0;

 private:
  std::map<std::uint64_t, unsigned char> bytes_;
};

constexpr std::uint64_t kIn = 0x1000, kOut = 0x2000, kOperand = 0x3000;

SdpOperation sdp(Precision precision, std::uint32_t width, std::uint32_t channels) {
  SdpOperation op;
  op.cube = {width, 1, channels};
  op.processing_precision = op.output_precision = precision;
  op.destination = {MemorySpace::kDbb, kOut, 32 * width, 32 * width};
  op.has_fetch = true;
  op.fetch.cube = op.cube;
  op.fetch.input_precision = op.fetch.processing_precision = precision;
  op.fetch.source = {MemorySpace::kDbb, kIn, 32 * width, 32 * width};
  return op;
}

SdpCounters run(const SdpOperation& op, Memory& memory, const SdpLut& lut = {}) {
  return compute_sdp(op, lut, preset("nv_full"), nullptr, memory, memory).counters;
}

TEST(SdpCounters, SpecialValuesOfFp16InAndOut) {
  Memory memory;
  memory.put16(kIn, 0x7c00);
  memory.put16(kIn + 2, 0xfc01);
  memory.put16(kIn + 30, 0x7e00);  // lane 15 of 3 channels: counts too
  memory.put16(kIn + 32, 0x7bff);
  SdpOperation op = sdp(Precision::kFp16, 2, 3);
  SdpCounters counters = run(op, memory);
  EXPECT_EQ(counters.inf_input, 1U);
  EXPECT_EQ(counters.nan_input, 2U);
  EXPECT_EQ(counters.nan_output, 2U);
  EXPECT_EQ(counters.out_saturation, 2U);  // the infinity is clamped to the largest number
  EXPECT_EQ(memory.get16(kOut), 0x7bffU);
  EXPECT_EQ(memory.get16(kOut + 2), 0xfc01U);
  EXPECT_EQ(memory.get16(kOut + 30), 0x7e00U);
  op.nan_to_zero = true;
  counters = run(op, memory);
  EXPECT_EQ(counters.nan_input, 2U);
  EXPECT_EQ(counters.nan_output, 0U);
  EXPECT_EQ(memory.get16(kOut + 2), 0U);
}

TEST(SdpCounters, AComparisonWritesNothingAndSetsTheStatus) {
  Memory memory;
  SdpOperation op = sdp(Precision::kInt8, 2, 32);
  op.y.bypass = false;
  op.y.alu_bypass = false;
  op.y.alu_algorithm = 3;
  op.y.alu_from_dma = true;
  op.fetch.y = {true, SdpDataUse::kAlu, false, true, {MemorySpace::kDbb, kOperand, 64, 64}, 0};
  for (std::uint64_t i = 0; i < 64; ++i) {
    memory.put8(kIn + i, static_cast<int>(i) - 32);
    memory.put8(kOperand + i, static_cast<int>(i) - 32);
  }
  EXPECT_FALSE(run(op, memory).unequal);
  memory.put8(kOperand + 63, 7);
  EXPECT_TRUE(run(op, memory).unequal);
  EXPECT_EQ(memory.written, 0U);
}

TEST(SdpCounters, LookUpsOfAllLanes) {
  Memory memory;
  for (std::uint64_t i = 0; i < 32; ++i) memory.put8(kIn + i, static_cast<int>(i));
  SdpOperation op = sdp(Precision::kInt8, 1, 1);
  op.y.bypass = false;
  op.y.lut = true;
  SdpLut lut;
  lut.le_exponential = false;
  lut.le_start = 3;
  lut.le_index_select = -5;  // a step is 1 / 32: 64 entries cover one value
  lut.lo_start = 7;
  lut.lo_index_select = 0;
  lut.hybrid_lo = true;
  const SdpCounters counters = run(op, memory, lut);
  EXPECT_EQ(counters.lut.le_hit, 1U);     // 4
  EXPECT_EQ(counters.lut.lo_hit, 24U);    // 8 to 31
  EXPECT_EQ(counters.lut.underflow, 7U);  // 0 to 3 of both; 5 to 7: LE above, LO below, LO decides
  EXPECT_EQ(counters.lut.overflow, 0U);
  EXPECT_EQ(counters.lut.hybrid, 25U);
}

TEST(Sdp, InPlaceWithOperandsFromTheSamePlace) {
  Memory memory;
  for (std::uint64_t i = 0; i < 128; ++i) memory.put8(kIn + i, static_cast<int>(i % 50));
  SdpOperation op = sdp(Precision::kInt8, 2, 64);
  op.destination.address = kIn;
  op.x1.bypass = false;
  op.x1.alu_bypass = false;
  op.x1.alu_algorithm = 2;
  op.x1.alu_from_dma = true;
  op.fetch.x1 = {true, SdpDataUse::kAlu, false, true, op.fetch.source, 0};
  run(op, memory);
  for (std::uint64_t i = 0; i < 128; ++i) EXPECT_EQ(memory.get8(kIn + i), static_cast<int>(i % 50 * 2)) << i;
}

TEST(PdpCounters, SpecialValuesCountOnceForEachPass) {
  Memory memory;
  memory.put16(kIn, 0x7c01);
  memory.put16(kIn + 2, 0xfc00);
  memory.put16(kIn + 3 * 32, 0x7c02);  // column 3: read by both passes of a window of 2, stride 1
  PdpOperation op;
  op.input = {6, 1, 16};
  op.output = {5, 1, 16};
  op.precision = Precision::kFp16;
  op.kernel_width = 2;
  op.splits = 2;
  op.partial_in = {4, 1, 2};
  op.partial_out = {3, 1, 2};
  op.source = {MemorySpace::kDbb, kIn, 192, 192};
  op.destination = {MemorySpace::kDbb, kOut, 160, 160};
  const PdpCounters counters = compute_pdp(op, preset("nv_full"), nullptr, memory, memory);
  EXPECT_EQ(counters.inf_input, 1U);
  EXPECT_EQ(counters.nan_input, 3U);
  EXPECT_EQ(counters.nan_output, 3U);  // outputs 0, 2 and 3
  EXPECT_EQ(memory.get16(kOut), 0x7c01U);
  EXPECT_EQ(memory.get16(kOut + 3 * 32), 0x7c02U);
  EXPECT_EQ(memory.get16(kOut + 2), 0U);  // the largest of minus infinity and 0
}

TEST(PdpAverage, KeepsTheBitsOfTheHardwaresRegisters) {
  Memory memory;
  memory.put8(kIn, 127);
  PdpOperation op;
  op.input = {1, 1, 32};
  op.output = {1, 1, 32};
  op.method = PoolingMethod::kAverage;
  op.reciprocal_width = 65536;
  op.reciprocal_height = 65536 + 300;  // 127.58 rounds to 128, which eight bits do not hold
  op.source = {MemorySpace::kDbb, kIn, 32, 32};
  op.destination = {MemorySpace::kDbb, kOut, 32, 32};
  (void)compute_pdp(op, preset("nv_full"), nullptr, memory, memory);
  EXPECT_EQ(memory.get8(kOut), -128);
  EXPECT_EQ(memory.get8(kOut + 1), 0);
}

TEST(CdpCounters, LanesBeyondTheChannelsAreZeroAndCounted) {
  Memory memory;
  for (std::uint64_t i = 0; i < 32; ++i) memory.put8(kIn + i, 100);
  CdpOperation op;
  op.cube = {1, 1, 2};
  op.square_sum_bypass = true;
  op.multiply_bypass = true;
  op.source = {MemorySpace::kDbb, kIn, 32, 32};
  op.destination = {MemorySpace::kDbb, kOut, 32, 32};
  CdpLut lut;
  lut.le_exponential = false;
  lut.lo_start = -1;
  lut.le_start = 1000;
  for (std::uint32_t i = 0; i < LutSettings::kLoEntries; ++i) lut.lo[i] = static_cast<std::uint16_t>(2 * i);
  const CdpCounters counters = compute_cdp(op, lut, preset("nv_full"), memory, memory);
  EXPECT_EQ(memory.get8(kOut + 1), 127);  // entry 101 is 202
  EXPECT_EQ(memory.get8(kOut + 2), 2);    // entry 1: the value is 0
  EXPECT_EQ(counters.out_saturation, 2U);
  EXPECT_EQ(counters.lut.lo_hit, 32U);
}

}  // namespace
}  // namespace nvdla::compute
