// SPDX-License-Identifier: Apache-2.0
// Proves what an SDP that PDP holds up says it waited for: PDP's core, or what keeps PDP's output from
// memory, or that PDP has not started. The two engines as the accelerator connects them, with memories of
// their own, so that nothing else can hold SDP up.
#include <gtest/gtest.h>

#include "engine/units/pdp/pdp_engine.h"
#include "tests/amaix/pdp_test_operations.h"
#include "tests/engine/operation_account.h"
#include "tests/engine/sdp_test_bench.h"
#include "tests/engine/stream_test_bench.h"

namespace nvdla::engine {
namespace {

constexpr std::uint32_t kSide = 28, kChannels = 64;  // two surfaces of atoms of 32 int8
constexpr Cycle kAtoms = Cycle{kSide} * kSide * kChannels / 32;
constexpr Cycle kSdpAtom = 2;  // 16 elements a cycle
constexpr Cycle kStart = 100;
constexpr MemorySettings kFast{50, 64};

// SDP reads its cube from a memory that is fast enough; PDP writes to one of its own.
class HeldSdp : public testing::Test {
 protected:
  explicit HeldSdp(MemorySettings pdp_memory = kFast) : pdp_(preset("nv_full"), pdp_memory) {
    sdp_.engine.connect_pdp(pdp_.engine);
    pdp_.engine.connect_source(sdp_.engine);
  }
  // SDP's completion.
  EngineBench::Completion run(std::uint32_t kernel, Cycle pdp_start = kStart) {
    SdpOperation sdp = sdp_test::square(sdp_.hardware, Precision::kInt8, kSide, kChannels, false);
    sdp.output_to_pdp = true;
    PdpOperation pdp = amaix::pdp_test::operation(
        pdp_.hardware, {kSide, kSide, kChannels, kernel, 1, kernel / 2, kernel / 2}, Precision::kInt8,
        PoolingMethod::kMax);
    pdp.flying = true;
    sdp_.scheduler.advance(kStart - 1);
    sdp_.fetch_start(sdp.fetch, kStart);
    sdp_.start(sdp, kStart);
    bool started = false;
    for (Cycle at = kStart; at < 200'000; ++at) {
      if (at == pdp_start) {
        pdp_.scheduler.advance(at - 1);
        pdp_.start(pdp, at);
        started = true;
      }
      sdp_.scheduler.advance(at);
      if (started) pdp_.scheduler.advance(at);
    }
    EXPECT_EQ(pdp_.completions.size(), 1U);
    EXPECT_EQ(sdp_.completions.size(), 1U);
    return sdp_.completions.empty() ? EngineBench::Completion{} : sdp_.completions.front();
  }

  sdp_test::Bench sdp_{preset("nv_full"), kFast};
  stream_test::Bench<PdpEngine> pdp_;
};

Cycle of(const EngineBench::Completion& done, Resource resource) { return engine::of(done.time, resource); }

// PDP's core takes 8 elements a cycle, half of what SDP gives. SDP runs ahead by what lies in its pipeline
// and between the two, which is less than two lines.
TEST_F(HeldSdp, AFullPdpIsBlamedAsPdpCore) {
  const EngineBench::Completion done = run(3);
  constexpr Cycle kPdpAtom = 4;
  EXPECT_EQ(done.bound_by, Resource::kPdpCore);
  EXPECT_GE(of(done, Resource::kPdpCore), kPdpAtom * (kAtoms - 2 * kSide));
  EXPECT_LE(of(done, Resource::kPdpCore), kPdpAtom * (kAtoms + kSide));  // with the flush of a line
  EXPECT_EQ(of(done, Resource::kDbbBandwidth), 0);
  EXPECT_EQ(of(done, Resource::kPartner), 0);
  EXPECT_EQ(of(done, Resource::kDownstream), 0);
}

TEST_F(HeldSdp, APdpThatStartsLateIsBlamedAsPartner) {
  constexpr Cycle kDelay = 20'000;
  const EngineBench::Completion done = run(3, kStart + kDelay);
  EXPECT_EQ(done.bound_by, Resource::kPartner);
  EXPECT_GE(of(done, Resource::kPartner), kDelay - kSdpAtom * kSide - kFast.latency - 100);  // set-up
  EXPECT_LE(of(done, Resource::kPartner), kDelay);
}

// A byte a cycle: an atom of output needs 32 cycles, but for those that fill the 256 beats of 64 bytes that
// may be open.
class HeldByMemory : public HeldSdp {
 protected:
  HeldByMemory() : HeldSdp({50, 1}) {}
};

TEST_F(HeldByMemory, APdpWhoseOutputWaitsIsBlamedAsBandwidth) {
  const EngineBench::Completion done = run(3);
  constexpr Cycle kBusAtom = 32, kOpenAtoms = 256 * 64 / 32;
  EXPECT_EQ(done.bound_by, Resource::kDbbBandwidth);
  EXPECT_GE(of(done, Resource::kDbbBandwidth), kBusAtom * (kAtoms - kOpenAtoms - 4 * kSide) - 4 * kAtoms);
  EXPECT_LE(of(done, Resource::kDbbBandwidth), kBusAtom * kAtoms);
  EXPECT_EQ(of(done, Resource::kWritePath), 0);
}

}  // namespace
}  // namespace nvdla::engine
