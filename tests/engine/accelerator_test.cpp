// SPDX-License-Identifier: Apache-2.0
// Proves what software and the ports see of convolutions: both register groups, prefetch, status, interrupts,
// ignored writes, faults, reset in the middle, an unbound CVSRAM, determinism, every configuration.
#include "engine/accelerator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "amaix/convolution_plan.h"
#include "registers/decoder.h"
#include "tests/engine/accelerator_test_bench.h"

namespace nvdla::engine {
namespace {

using accelerator_test::Bench;

constexpr std::initializer_list<Unit> kPipeline = {Unit::kCdma,  Unit::kCsc,  Unit::kCmacA,
                                                   Unit::kCmacB, Unit::kCacc, Unit::kSdp};
constexpr Cycle kFlushed = 5'000;  // behind the CBUF flush of every configuration

// GLB_S_INTR_STATUS with all that one group's convolution raises.
std::uint32_t all_interrupts(const Bench& b, std::uint32_t group) {
  std::uint32_t bits = 0;
  const registers::RegisterMap& map = b.accelerator.register_file().map();
  const registers::RegisterInfo& info = map[map.find(Unit::kGlb, "S_INTR_STATUS")];
  for (const char* unit :
       {"SDP_DONE_STATUS", "CDMA_DAT_DONE_STATUS", "CDMA_WT_DONE_STATUS", "CACC_DONE_STATUS"}) {
    const registers::FieldInfo* field = info.find(unit + std::to_string(group));
    if (field == nullptr) throw std::logic_error(unit);
    bits |= 1U << field->lsb;
  }
  return bits;
}

TEST(Accelerator, RunsAConvolutionAndReportsIt) {
  for (const char* configuration : {"nv_full", "nv_small"}) {
    Bench b(configuration);
    b.advance(kFlushed);
    b.program_convolution(0);
    b.enable_convolution(0);
    for (const Unit unit : kPipeline) EXPECT_EQ(b.read(unit, "D_OP_ENABLE"), 1U);
    EXPECT_EQ(b.accelerator.unfinished().size(), 2U);
    ASSERT_TRUE(b.finish()) << configuration;
    ASSERT_EQ(b.done.size(), 2U);
    const OperationRecord conv = b.of(Engine::kConv).at(0), sdp = b.of(Engine::kSdp).at(0);
    EXPECT_EQ(conv.enable, kFlushed);
    EXPECT_GT(conv.start, conv.enable);
    EXPECT_GT(conv.done, conv.start);
    EXPECT_GT(sdp.done, conv.done);
    EXPECT_TRUE(sdp.links.takes);
    EXPECT_FALSE(conv.links.takes);
    for (const Unit unit : kPipeline) {
      EXPECT_EQ(b.read(unit, "D_OP_ENABLE"), 0U);
      EXPECT_EQ(b.field(unit, "S_STATUS", "STATUS_0"), 0U);
      EXPECT_EQ(b.field(unit, "S_POINTER", "CONSUMER"), 1U);
    }
    EXPECT_EQ(b.read(Unit::kGlb, "S_INTR_STATUS"), all_interrupts(b, 0));
    EXPECT_TRUE(b.accelerator.unfinished().empty());
    EXPECT_TRUE(b.warnings.empty());
    EXPECT_TRUE(b.faults.empty());
  }
}

TEST(Accelerator, GroupsSerialiseAndTheSecondIsPrefetched) {
  for (const char* configuration : {"nv_full", "nv_small"}) {
    Bench b(configuration);
    b.advance(kFlushed);
    for (const std::uint32_t group : {0U, 1U}) {
      b.program_convolution(group);
      b.enable_convolution(group);
    }
    // Time for CDMA, CSC and CACC to take group 0: it runs, group 1 waits.
    b.advance(kFlushed + 30);
    for (const Unit unit : kPipeline) {
      EXPECT_EQ(b.field(unit, "S_STATUS", "STATUS_0"), 1U);
      EXPECT_EQ(b.field(unit, "S_STATUS", "STATUS_1"), 2U);
    }
    ASSERT_TRUE(b.finish());
    const auto conv = b.of(Engine::kConv), sdp = b.of(Engine::kSdp);
    ASSERT_EQ(conv.size(), 2U);
    ASSERT_EQ(sdp.size(), 2U);
    EXPECT_EQ(conv[0].group, 0U);
    EXPECT_EQ(conv[1].group, 1U);
    EXPECT_LT(sdp[0].done, sdp[1].done);
    // Fetched while the first still computes, computed behind it.
    EXPECT_LT(conv[1].start, conv[0].done);
    const auto prefetched = std::find_if(b.bursts.begin(), b.bursts.end(), [&](const Burst& burst) {
      return burst.client == Client::kCdmaDat && burst.issued >= conv[1].start;
    });
    ASSERT_NE(prefetched, b.bursts.end());
    EXPECT_LT(prefetched->issued, conv[0].done);
    const auto op = registers::test::Convolution(configuration).decode();
    const auto mac = static_cast<Cycle>(amaix::plan_sequence(op.sequence, b.hardware).mac_cycles());
    EXPECT_GE(conv[1].done - conv[0].done, mac - 64);  // the array is one: no two layers at once
    EXPECT_LT(conv[1].done - conv[0].done, conv[0].done - conv[0].enable);
    for (const OperationRecord& record : conv)
      EXPECT_EQ(record.dbb.total(), amaix::convolution_traffic(op.fetch, b.hardware, true, true).total());
    EXPECT_EQ(b.read(Unit::kGlb, "S_INTR_STATUS"), all_interrupts(b, 0) | all_interrupts(b, 1));
  }
}

TEST(Accelerator, TheLineFollowsStatusAndMask) {
  Bench b("nv_full");
  b.program_convolution(0);
  b.enable_convolution(0);
  EXPECT_FALSE(b.accelerator.interrupt());
  ASSERT_TRUE(b.finish());
  EXPECT_TRUE(b.accelerator.interrupt());
  b.write(Unit::kGlb, "S_INTR_MASK", ~0U);
  EXPECT_FALSE(b.accelerator.interrupt());
  b.write(Unit::kGlb, "S_INTR_MASK", 0);
  EXPECT_TRUE(b.accelerator.interrupt());
  b.write(Unit::kGlb, "S_INTR_STATUS", all_interrupts(b, 0));
  EXPECT_FALSE(b.accelerator.interrupt());
  EXPECT_EQ(b.read(Unit::kGlb, "S_INTR_STATUS"), 0U);
}

// Each done bit comes in the cycle that listeners are told, not a cycle earlier.
TEST(Accelerator, TheCaccBitAppearsWithItsRecord) {
  Bench first("nv_full");
  first.program_convolution(0);
  first.enable_convolution(0);
  first.finish();
  const Cycle done = first.of(Engine::kConv).at(0).done;
  Bench b("nv_full");
  b.program_convolution(0);
  b.enable_convolution(0);
  b.advance(done - 1);
  EXPECT_EQ(b.field(Unit::kGlb, "S_INTR_STATUS", "CACC_DONE_STATUS0"), 0U);
  b.advance(done);
  EXPECT_EQ(b.field(Unit::kGlb, "S_INTR_STATUS", "CACC_DONE_STATUS0"), 1U);
}

TEST(Accelerator, WritesToAnEnabledGroupAreDroppedWithAWarning) {
  Bench b("nv_full");
  b.program_convolution(0);
  b.enable_convolution(0);
  const std::uint32_t bank = b.read(Unit::kCdma, "D_BANK");
  EXPECT_EQ(b.write(Unit::kCdma, "D_BANK", 0), registers::AccessStatus::kIgnored);
  EXPECT_EQ(b.read(Unit::kCdma, "D_BANK"), bank);
  ASSERT_EQ(b.warnings.size(), 1U);
  EXPECT_NE(b.warnings[0].find("CDMA.D_BANK"), std::string::npos) << b.warnings[0];
  ASSERT_TRUE(b.finish());
  EXPECT_EQ(b.done.size(), 2U);
}

TEST(Accelerator, AnIllegalDescriptorIsAFaultAndDoesNotStart) {
  Bench b("nv_full");
  b.program_convolution(0);
  b.write(Unit::kCdma, "S_POINTER", 0);
  b.write(Unit::kCdma, "D_BANK", 15U | 15U << 16);  // 32 of 16 banks
  b.enable_convolution(0);
  ASSERT_FALSE(b.faults.empty());
  EXPECT_NE(b.faults[0].find("CDMA"), std::string::npos) << b.faults[0];
  EXPECT_NE(b.faults[0].find("D_BANK"), std::string::npos) << b.faults[0];
  ASSERT_TRUE(b.finish());
  EXPECT_TRUE(b.bursts.empty());
}

TEST(Accelerator, TheCbufFlushIsOverWhenTheRecordingsSay) {
  Bench full("nv_full"), small("nv_small");
  EXPECT_EQ(full.field(Unit::kCdma, "S_CBUF_FLUSH_STATUS", "FLUSH_DONE"), 1U);
  EXPECT_EQ(small.field(Unit::kCdma, "S_CBUF_FLUSH_STATUS", "FLUSH_DONE"), 0U);
  small.advance(4'096);  // two entries a cycle, less the cycles before time 0
  EXPECT_EQ(small.field(Unit::kCdma, "S_CBUF_FLUSH_STATUS", "FLUSH_DONE"), 0U);
  small.advance(4'130);
  EXPECT_EQ(small.field(Unit::kCdma, "S_CBUF_FLUSH_STATUS", "FLUSH_DONE"), 1U);
}

// Without the recordings' head start: from the end of reset, as after reset() in the middle.
TEST(Accelerator, TheCbufFlushBeginsWithReset) {
  // CDMA_cvt's counter: half the entries, times the beats that an entry takes.
  for (const auto& [name, flushed] :
       {std::pair{"nv_full", 4'104}, std::pair{"nv_small", 8'200}, std::pair{"nv_small_256", 8'200},
        std::pair{"nv_medium_512", 16'392}, std::pair{"nv_large", 8'200}}) {
    Accelerator accelerator(preset(name), {});
    const auto done = [&] {
      return accelerator.register_file().field(Unit::kCdma, "S_CBUF_FLUSH_STATUS", "FLUSH_DONE", 0);
    };
    for (const Cycle begin : {Cycle{0}, Cycle{20'000}}) {
      if (begin > 0) {
        accelerator.advance(begin);
        accelerator.reset();
      }
      EXPECT_EQ(done(), 0U) << name;
      accelerator.advance(begin + flushed - 1);
      EXPECT_EQ(done(), 0U) << name;
      accelerator.advance(begin + flushed);
      EXPECT_EQ(done(), 1U) << name;
    }
  }
}

// -- Reset ----------------------------------------------------------------------------------------

TEST(Accelerator, ResetInTheMiddleIssuesNothingLaterAndLeavesNothingBehind) {
  Bench reference("nv_full");
  reference.advance(20'000);
  reference.program_convolution(0);
  reference.enable_convolution(0);
  ASSERT_TRUE(reference.finish());
  const Cycle latency = reference.of(Engine::kSdp).at(0).done - 20'000;
  for (const Cycle at : {10, 25, 80, 200, 400, 700, 1'000, 1'500}) {
    Bench b("nv_full");
    b.program_convolution(0);
    b.enable_convolution(0);
    b.program_convolution(1);
    b.enable_convolution(1);
    b.advance(at);
    const std::size_t bursts = b.bursts.size(), done = b.done.size();
    b.accelerator.reset();
    EXPECT_FALSE(b.accelerator.interrupt());
    EXPECT_TRUE(b.accelerator.unfinished().empty());
    EXPECT_EQ(b.read(Unit::kCdma, "D_OP_ENABLE"), 0U);
    b.advance(20'000);  // the memory still answers what was asked before
    EXPECT_EQ(b.bursts.size(), bursts) << at;
    EXPECT_EQ(b.done.size(), done) << at;
    EXPECT_EQ(b.read(Unit::kGlb, "S_INTR_STATUS"), 0U) << at;
    b.program_convolution(0);
    b.enable_convolution(0);
    ASSERT_TRUE(b.finish()) << at;
    EXPECT_EQ(b.of(Engine::kSdp).back().done - 20'000, latency) << at;
    EXPECT_EQ(b.of(Engine::kSdp).back().group, 0U) << at;
  }
}

// -- Ports ----------------------------------------------------------------------------------------

TEST(Accelerator, AnUnboundCvsramCompletesWithAWarning) {
  Bench b("nv_full", {}, false);
  b.program_convolution(0);
  b.write(Unit::kCdma, "D_DAIN_RAM_TYPE", 0);
  b.enable_convolution(0);
  ASSERT_TRUE(b.finish());
  EXPECT_EQ(b.done.size(), 2U);
  ASSERT_EQ(b.warnings.size(), 1U);
  EXPECT_NE(b.warnings[0].find("CVSRAM"), std::string::npos);
  EXPECT_NE(b.warnings[0].find("cdmadat"), std::string::npos);
}

TEST(Accelerator, CvsramTakesTheTrafficThatRegistersSendThere) {
  Bench b("nv_full");
  b.program_convolution(0);
  b.write(Unit::kCdma, "D_DAIN_RAM_TYPE", 0);
  b.enable_convolution(0);
  ASSERT_TRUE(b.finish());
  const OperationRecord conv = b.of(Engine::kConv).at(0);
  const auto data = static_cast<std::size_t>(Client::kCdmaDat),
             weights = static_cast<std::size_t>(Client::kCdmaWt);
  EXPECT_GT(conv.cvsram.read[data], 0U);
  EXPECT_EQ(conv.cvsram.read[weights], 0U);
  EXPECT_EQ(conv.dbb.read[data], 0U);
  EXPECT_GT(conv.dbb.read[weights], 0U);
  EXPECT_EQ(b.bytes(MemorySpace::kCvsram), conv.cvsram.total());
  EXPECT_TRUE(b.warnings.empty());
}

// -- Determinism and configurations ---------------------------------------------------------------

TEST(Accelerator, TwoRunsGiveTheSameEvents) {
  for (const char* trace : {"lenet_nv_full_int8", "lenet_nv_small_int8"}) {
    const std::vector<recorded::Access> accesses = recorded::accesses(trace);
    std::vector<std::string> events[2];
    for (auto& list : events) {
      Bench b(std::string(trace).find("nv_full") != std::string::npos ? "nv_full" : "nv_small", {77, 5});
      b.play(accesses);
      list = b.events;
    }
    EXPECT_GT(events[0].size(), 1'000U);
    EXPECT_EQ(events[0], events[1]) << trace;
  }
}

TEST(Accelerator, EveryConfigurationRunsAConvolutionInBothGroups) {
  for (const HardwareParameters& hardware : presets()) {
    SCOPED_TRACE(hardware.name);
    Bench b(hardware.name, {50, hardware.dbb_width_bytes});
    b.advance(kFlushed * 4);
    for (const std::uint32_t group : {0U, 1U}) {
      b.program_convolution(group);
      b.enable_convolution(group);
    }
    ASSERT_TRUE(b.finish());
    EXPECT_TRUE(b.faults.empty());
    EXPECT_TRUE(b.warnings.empty());
    EXPECT_TRUE(b.accelerator.unfinished().empty());
    ASSERT_EQ(b.of(Engine::kSdp).size(), 2U);
    const auto op = registers::test::Convolution(hardware.name.c_str()).decode();
    const OperationRecord conv = b.of(Engine::kConv).at(0), sdp = b.of(Engine::kSdp).at(0);
    EXPECT_EQ(conv.dbb.total(), amaix::convolution_traffic(op.fetch, hardware, true, true).total());
    EXPECT_EQ(sdp.dbb.written[static_cast<std::size_t>(Client::kSdp)], 144U * 32);
    EXPECT_GE(sdp.done - conv.enable,
              static_cast<Cycle>(amaix::plan_sequence(op.sequence, hardware).mac_cycles()));
  }
}

TEST(Accelerator, InconsistentHardwareIsRefused) {
  HardwareParameters hardware = preset("nv_small");
  hardware.atomic_c = 0;
  EXPECT_THROW(Accelerator(hardware, {}), std::invalid_argument);
}

}  // namespace
}  // namespace nvdla::engine
