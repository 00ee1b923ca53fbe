// SPDX-License-Identifier: Apache-2.0
// Proves, with a thousand or more random descriptors of each unit, that computing reads only bytes that the
// unit's DMA requests by the timing model's plan, writes exactly those that it writes, and (under sanitizers)
// never leaves its buffers, whatever the values, strides and settings; descriptors that hardware would reject
// included.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "amaix/bdma_plan.h"
#include "amaix/cdp_plan.h"
#include "amaix/pdp_plan.h"
#include "amaix/rubik_plan.h"
#include "amaix/sdp_plan.h"
#include "compute/cdp.h"
#include "compute/movers.h"
#include "compute/pdp.h"
#include "compute/sdp.h"
#include "compute/sdp_stage.h"

namespace nvdla::compute {
namespace {

// Bytes of an address range, as disjoint intervals.
class Ranges {
 public:
  void add(MemorySpace space, std::uint64_t begin, std::uint64_t length) {
    if (length == 0) return;
    auto& intervals = spaces_[space];
    std::uint64_t end = begin + length;
    auto it = intervals.upper_bound(begin);
    if (it != intervals.begin() && std::prev(it)->second >= begin) --it;
    while (it != intervals.end() && it->first <= end) {
      begin = std::min(begin, it->first);
      end = std::max(end, it->second);
      it = intervals.erase(it);
    }
    intervals[begin] = end;
  }

  [[nodiscard]] bool covers(const Ranges& other) const {
    for (const auto& [space, intervals] : other.spaces_) {
      const auto mine = spaces_.find(space);
      for (const auto& [begin, end] : intervals) {
        if (mine == spaces_.end()) return false;
        auto it = mine->second.upper_bound(begin);
        if (it == mine->second.begin() || std::prev(it)->second < end) return false;
      }
    }
    return true;
  }

  friend bool operator==(const Ranges& a, const Ranges& b) { return a.spaces_ == b.spaces_; }

 private:
  std::map<MemorySpace, std::map<std::uint64_t, std::uint64_t>> spaces_;
};

// Any contents everywhere; keeps what was touched.
class Memory : public memory::ByteSource, public memory::ByteSink {
 public:
  void read(MemorySpace space, std::uint64_t address, unsigned char* data,
            std::size_t length) const override {
    reads.add(space, address, length);
    for (std::size_t i = 0; i < length; ++i)
      data[i] = static_cast<unsigned char>(((address + i) * 0x9e3779b97f4a7c15U) >> 53U);
  }
  void write(MemorySpace space, std::uint64_t address, const unsigned char*, std::size_t length) override {
    writes.add(space, address, length);
  }

  mutable Ranges reads;
  Ranges writes;
};

class PostAccess : public testing::Test {
 protected:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  bool flag() { return below(2) == 0; }
  std::int32_t any() { return static_cast<std::int32_t>(random_()) >> below(32); }
  const HardwareParameters& hardware() {
    static const char* const kNames[] = {"nv_full", "nv_full", "nv_small", "nv_large"};
    return preset(kNames[below(4)]);
  }
  Precision precision(const HardwareParameters& hw) {
    return hw.int16 ? static_cast<Precision>(below(3)) : Precision::kInt8;
  }
  Surface surface(const HardwareParameters& hw) {
    const std::uint32_t atom = hw.memory_atom_bytes;
    return {flag() ? MemorySpace::kDbb : MemorySpace::kCvsram,
            (0x10000 + below(1 << 16)) * std::uint64_t{atom}, below(40) * atom, below(400) * atom};
  }
  Cube cube() { return {1 + below(flag() ? 3 : 20), 1 + below(flag() ? 2 : 9), 1 + below(80)}; }
  template <class Lut>
  Lut lut() {
    Lut result;
    result.le_exponential = flag();
    result.underflow_lo = flag();
    result.overflow_lo = flag();
    result.hybrid_lo = flag();
    result.le_index_offset = static_cast<std::int8_t>(any());
    result.le_index_select = static_cast<std::int8_t>(any());
    result.lo_index_select = static_cast<std::int8_t>(any());
    for (auto* bound : {&result.le_start, &result.le_end, &result.lo_start, &result.lo_end}) *bound = any();
    for (LutSlope* slope : {&result.le_slope, &result.lo_slope}) {
      *slope = {static_cast<std::int16_t>(any()), static_cast<std::int16_t>(any()),
                static_cast<std::int32_t>(below(32)) - 16, static_cast<std::int32_t>(below(32)) - 16};
    }
    for (auto& entry : result.le) entry = static_cast<std::uint16_t>(any());
    for (auto& entry : result.lo) entry = static_cast<std::uint16_t>(any());
    return result;
  }

  SdpStage stage(bool y) {
    SdpStage s;
    s.bypass = flag();
    s.alu_bypass = flag();
    s.mul_bypass = flag();
    s.relu_bypass = flag();
    s.prelu = flag();
    s.alu_algorithm = below(y ? 4 : 3);
    s.alu_from_dma = flag();
    s.mul_from_dma = flag();
    s.alu_operand = any();
    s.mul_operand = any();
    s.alu_shift = below(64);
    s.mul_shift = below(y ? 1024 : 64);
    s.lut = y && flag();
    s.alu_convert = flag();
    s.mul_convert = flag();
    s.alu_convert_offset = any();
    s.mul_convert_offset = any();
    s.alu_convert_scale = static_cast<std::int16_t>(any());
    s.mul_convert_scale = static_cast<std::int16_t>(any());
    s.alu_convert_truncate = below(64);
    s.mul_convert_truncate = below(64);
    return s;
  }
  SdpOperand operand(const HardwareParameters& hw, Precision processing) {
    return {flag(),
            static_cast<SdpDataUse>(below(3)),
            processing != Precision::kInt8 || flag(),
            flag(),
            surface(hw),
            0};
  }

  std::mt19937_64 random_{8};
};

TEST_F(PostAccess, Sdp) {
  int chains = 0;
  for (int round = 0; round < 4000; ++round) {
    const HardwareParameters& hw = hardware();
    SdpOperation op;
    op.cube = cube();
    op.processing_precision = precision(hw);
    op.output_precision = precision(hw);
    // Combinations that hang hardware compute something, but their addresses are nobody's.
    const bool narrow =
        op.processing_precision != Precision::kInt8 && op.output_precision == Precision::kInt8;
    op.flying = flag();
    op.output_to_pdp = below(4) == 0;
    op.nan_to_zero = flag();
    op.batches = op.flying && below(4) == 0 ? 1 + below(3) : 1;
    const bool widening =
        op.processing_precision == Precision::kInt8 && op.output_precision != Precision::kInt8;
    if (widening) op.batches = 1;
    op.batch_stride = below(100) * hw.memory_atom_bytes;
    op.destination = surface(hw);
    op.x1 = stage(false);
    op.x2 = stage(false);
    op.y = stage(true);
    op.convert_offset = any();
    op.convert_scale = static_cast<std::int16_t>(any());
    op.convert_shift = below(64);
    op.has_fetch = true;
    op.fetch.cube = op.cube;
    op.fetch.flying = op.flying;
    op.fetch.batches = op.batches;
    op.fetch.source = surface(hw);
    op.fetch.processing_precision = op.processing_precision;
    op.fetch.input_precision = op.processing_precision == Precision::kInt8 && hw.int16 && flag()
                                   ? Precision::kInt16
                                   : op.processing_precision;
    op.fetch.x1 = operand(hw, op.processing_precision);
    op.fetch.x2 = operand(hw, op.processing_precision);
    op.fetch.y = operand(hw, op.processing_precision);
    Accumulators accumulators;
    accumulators.floating = op.processing_precision == Precision::kFp16;
    accumulators.batches = 1 + below(2);
    accumulators.channels = 1 + below(80);
    accumulators.width = flag() ? op.cube.width : 1 + below(9);
    accumulators.height = flag() ? op.cube.height : 1 + below(9);
    accumulators.values.resize(std::size_t{accumulators.batches} * accumulators.channels *
                               accumulators.width * accumulators.height);
    for (std::int32_t& value : accumulators.values) value = any();
    Memory memory;
    const SdpResult result =
        compute_sdp(op, lut<SdpLut>(), hw, op.flying ? &accumulators : nullptr, memory, memory);
    chains += result.to_pdp.bytes.empty() ? 0 : 1;

    Ranges fetched, written;
    for (const amaix::SdpStream& stream : amaix::plan_sdp_fetch(op.fetch, hw).streams) {
      amaix::SdpWalk walk(stream.walk);
      amaix::SdpRequest request;
      while (walk.next(request)) fetched.add(stream.space, request.address, request.bytes);
    }
    if (const auto output = amaix::plan_sdp(op, hw).output) {
      amaix::SdpWalk walk(output->walk);
      amaix::SdpRequest request;
      while (walk.next(request)) written.add(output->space, request.address, request.bytes);
    }
    ASSERT_TRUE(fetched.covers(memory.reads)) << round;
    if (!narrow) {
      ASSERT_TRUE(memory.writes == written) << round;
    }
  }
  EXPECT_GT(chains, 100);
}

TEST_F(PostAccess, Pdp) {
  for (int round = 0; round < 4000; ++round) {
    const HardwareParameters& hw = hardware();
    PdpOperation op;
    op.input = cube();
    op.output = {1 + below(20), 1 + below(9), op.input.channels};
    op.method = static_cast<PoolingMethod>(below(3));
    op.precision = precision(hw);
    op.flying = below(3) == 0;
    op.splits = op.flying ? 1 : 1 + below(4);
    op.partial_in = {1 + below(12), 1 + below(12), 1 + below(12)};
    op.partial_out = {1 + below(12), 1 + below(12), 1 + below(12)};
    op.kernel_width = 1 + below(8);
    op.kernel_height = 1 + below(8);
    op.stride_x = 1 + below(16);
    op.stride_y = 1 + below(16);
    op.reciprocal_width = below(1 << 17);
    op.reciprocal_height = below(1 << 17);
    op.padding = {below(8), below(8), below(8), below(8), 0};
    for (std::int32_t& value : op.padding_values) value = any() >> 13;
    op.nan_to_zero = flag();
    op.source = surface(hw);
    op.destination = surface(hw);
    Memory memory;
    FeatureCube cube(1 + below(20), 1 + below(9), 1 + below(4), hw.memory_atom_bytes);
    for (unsigned char& byte : cube.bytes) byte = static_cast<unsigned char>(any());
    (void)compute_pdp(op, hw, op.flying ? &cube : nullptr, memory, memory);

    Ranges fetched, written;
    const amaix::PdpPlan plan = amaix::plan_pdp(op, hw);
    amaix::PdpReads reads(amaix::plan_pdp_reads(fetch_of(op), hw));
    amaix::StreamRequest request;
    while (reads.next(request)) fetched.add(request.space, request.address, request.bytes);
    for (const amaix::PdpPass& pass : plan.passes) {
      for (std::uint32_t s = 0; s < plan.surfaces; ++s) {
        for (std::uint32_t y = 0; y < op.output.height; ++y)
          written.add(op.destination.space,
                      op.destination.address + pass.destination_offset +
                          std::uint64_t{s} * op.destination.surface_stride +
                          std::uint64_t{y} * op.destination.line_stride,
                      pass.columns.complete.size() * hw.memory_atom_bytes);
      }
    }
    ASSERT_TRUE(fetched.covers(memory.reads)) << round;
    ASSERT_TRUE(memory.writes == written) << round;
  }
}

TEST_F(PostAccess, Cdp) {
  for (int round = 0; round < 4000; ++round) {
    const HardwareParameters& hw = hardware();
    CdpOperation op;
    op.cube = cube();
    op.precision = precision(hw);
    op.normalization_length = 3 + 2 * below(4);
    op.square_sum_bypass = flag();
    op.multiply_bypass = flag();
    op.nan_to_zero = flag();
    op.input_offset = any();
    op.input_scale = any();
    op.input_shift = below(32);
    op.output_offset = any();
    op.output_scale = any();
    op.output_shift = below(64);
    op.source = surface(hw);
    op.destination = surface(hw);
    Memory memory;
    (void)compute_cdp(op, lut<CdpLut>(), hw, memory, memory);

    Ranges fetched, written;
    const amaix::CdpPlan plan = amaix::plan_cdp(op, hw);
    amaix::CdpReads reads(plan);
    amaix::StreamRequest request;
    while (reads.next(request)) {
      fetched.add(request.space, request.address, request.bytes);
    }
    for (std::uint32_t s = 0; s < plan.surfaces; ++s) {
      for (std::uint32_t y = 0; y < op.cube.height; ++y)
        written.add(op.destination.space,
                    op.destination.address + std::uint64_t{s} * op.destination.surface_stride +
                        std::uint64_t{y} * op.destination.line_stride,
                    std::uint64_t{op.cube.width} * hw.memory_atom_bytes);
    }
    ASSERT_TRUE(fetched.covers(memory.reads)) << round;
    ASSERT_TRUE(memory.writes == written) << round;
  }
}

TEST_F(PostAccess, RubikAndBdma) {
  const HardwareParameters& hw = preset("nv_full");
  for (int round = 0; round < 1000; ++round) {
    RubikOperation op;
    op.mode = static_cast<RubikMode>(below(3));
    op.precision = precision(hw);
    op.input = {1 + below(100), 1 + below(5), 1 + below(80)};
    op.output_channels = 1 + below(80);
    op.source = surface(hw);
    op.source_planar_stride = below(400) * hw.memory_atom_bytes;
    op.destination = surface(hw);
    op.destination_planar_stride = below(400) * hw.memory_atom_bytes;
    op.contract_stride_0 = below(400) * hw.memory_atom_bytes;
    op.deconvolution_stride_x = 1 + below(flag() ? 3 : 12);
    op.deconvolution_stride_y = 1 + below(3);
    Memory memory;
    compute_rubik(op, hw, memory, memory);
    const amaix::RubikPlan plan = amaix::plan_rubik(op, hw);
    Ranges fetched, written;
    amaix::RubikWalk walk(plan);
    amaix::RubikGroup group;
    while (walk.next(group)) {
      for (const amaix::StreamRequest& read : group.reads) fetched.add(read.space, read.address, read.bytes);
      for (const amaix::RubikRun& write : group.writes)
        written.add(op.destination.space, write.address, write.bytes);
    }
    ASSERT_TRUE(memory.reads == fetched) << round;
    ASSERT_TRUE(memory.writes == written) << round;

    std::vector<BdmaTransfer> transfers(below(4));
    for (BdmaTransfer& transfer : transfers)
      transfer = {surface(hw), surface(hw), (1 + below(40)) * 32, 1 + below(5), 1 + below(4)};
    Memory moved;
    compute_bdma(transfers, moved, moved);
    Ranges read;
    amaix::BdmaReads reads(amaix::plan_bdma(transfers, hw));
    amaix::StreamRequest request;
    while (reads.next(request)) read.add(request.space, request.address, request.bytes);
    ASSERT_TRUE(moved.reads == read) << round;
  }
}

}  // namespace
}  // namespace nvdla::compute
