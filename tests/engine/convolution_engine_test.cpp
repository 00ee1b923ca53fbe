// SPDX-License-Identifier: Apache-2.0
// Proves how the stages of the convolution pipeline work together: prefetch under the layer before, the wait
// when the split of the banks changes, reuse without a fetch, bounds, reset. Every layer here has a sink that
// takes a transfer a cycle.
#include "engine/units/convolution/convolution_engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "tests/engine/convolution_test_bench.h"
#include "tests/engine/operation_account.h"

namespace nvdla::engine {
namespace {

using convolution_test::FixedMemory;
using convolution_test::layer;

constexpr Cycle kLatency = 50;

struct Bench : ConvolutionOwner, DeliverySink, Process {
  explicit Bench(const char* configuration = "nv_full")
      : Bench(configuration, std::make_unique<Scheduler>()) {}
  Bench(const char* configuration, std::unique_ptr<Scheduler> kernel)
      : Process(*kernel),
        owned(std::move(kernel)),
        scheduler(*owned),
        hardware(preset(configuration)),
        timing(convolution_timing(hardware)),
        dbb(scheduler, hardware, MemorySpace::kDbb),
        cvsram(scheduler, hardware, MemorySpace::kCvsram),
        memory(scheduler, dbb, hardware, kLatency),
        engine(scheduler, hardware, dbb, cvsram, account.log, *this) {
    engine.connect_sink(*this);
  }

  void on_data_done(Cycle at) override { data_done.push_back(at); }
  void on_weight_done(Cycle at) override { weight_done.push_back(at); }
  void on_fetch_done(Cycle at) override { fetch_done.push_back(at); }
  void on_sequence_done(Cycle at) override { sequence_done.push_back(at); }
  void on_accumulate_done(Cycle at) override { accumulate_done.push_back(at); }
  void on_accumulate_interrupt(Cycle at) override { interrupts.push_back(at); }

  void deliver(const Delivery& delivery) override {
    free_at = std::max(free_at, delivery.ready) + delivery.transfers;
    held.push_back({free_at - 1, delivery.transfers});
    wake(held.front().at);
  }
  void start(const ConvolutionOperation& op, Cycle at) {
    engine.fetch_start(account.id, op.fetch, at);
    engine.sequence_start(account.id, op.sequence, at);
  }
  // Cycle of the first burst of a client at or after `from`, kNever if there is none.
  [[nodiscard]] Cycle first_burst(Client client, Cycle from) const {
    for (const Burst& burst : memory.bursts) {
      if (burst.client == client && burst.issued >= from) return burst.issued;
    }
    return kNever;
  }

  std::unique_ptr<Scheduler> owned;
  Scheduler& scheduler;
  OperationAccount account;
  HardwareParameters hardware;
  ConvolutionTiming timing;
  MemoryInterface dbb, cvsram;
  FixedMemory memory;
  ConvolutionEngine engine;
  std::vector<Cycle> data_done, weight_done, fetch_done, sequence_done, accumulate_done, interrupts;
  struct Held {
    Cycle at;
    std::uint32_t transfers;
  };
  std::deque<Held> held;
  Cycle free_at = 0;

 protected:
  void run(Cycle now) override {
    while (!held.empty() && held.front().at <= now) {
      const Held taken = held.front();
      held.pop_front();
      engine.source().on_taken(taken.transfers, taken.at);
    }
    if (!held.empty()) wake(held.front().at);
  }
};

// Compute takes far longer than the fetch.
ConvolutionOperation heavy(const HardwareParameters& hardware) { return layer(hardware, 14, 14, 64, 64, 3); }

TEST(ConvolutionEngine, RunsALayerFromItsFirstRequestToTheInterrupt) {
  for (const char* configuration : {"nv_full", "nv_small"}) {
    Bench b(configuration);
    const ConvolutionOperation op = heavy(b.hardware);
    b.start(op, 100);
    b.scheduler.advance(1'000'000);
    ASSERT_EQ(b.interrupts.size(), 1U) << configuration;
    EXPECT_EQ(b.first_burst(Client::kCdmaWt, 0), 100 + b.timing.weight_request + b.timing.bank_change);
    EXPECT_GE(b.first_burst(Client::kCdmaDat, 0), 100 + b.timing.data_request + b.timing.bank_change);
    EXPECT_EQ(b.fetch_done, std::vector<Cycle>({std::max(b.data_done[0], b.weight_done[0])}));
    EXPECT_EQ(b.accumulate_done[0], b.sequence_done[0] - b.timing.sequence_done + b.timing.accumulate_done);
    // Never below the MAC cycles behind the data.
    const auto mac = static_cast<Cycle>(amaix::plan_sequence(op.sequence, b.hardware).mac_cycles());
    EXPECT_GE(b.interrupts[0], b.data_done[0] + mac);
    EXPECT_TRUE(b.engine.idle());
    EXPECT_TRUE(b.dbb.idle());
    EXPECT_EQ(b.dbb.traffic().total(), amaix::convolution_traffic(op.fetch, b.hardware, true, true).total());
  }
}

TEST(ConvolutionEngine, PrefetchesTheNextLayerUnderTheComputationOfTheOneBefore) {
  Bench b;
  const ConvolutionOperation op = heavy(b.hardware);
  b.start(op, 0);
  b.scheduler.advance(1'500);
  ASSERT_EQ(b.fetch_done.size(), 1U);
  b.engine.fetch_start(b.account.id, op.fetch, 1'500);
  const Cycle first = 1'500 + b.timing.weight_request;
  b.scheduler.advance(first - 1);
  EXPECT_EQ(b.first_burst(Client::kCdmaWt, 1'500), kNever);
  b.scheduler.advance(first);
  EXPECT_EQ(b.first_burst(Client::kCdmaWt, 1'500), first);
  b.scheduler.advance(3'000);
  EXPECT_EQ(b.fetch_done.size(), 2U);  // complete before CSC is through with layer 0
  EXPECT_TRUE(b.sequence_done.empty());
  b.scheduler.advance(1'000'000);
  EXPECT_EQ(b.sequence_done.size(), 1U);
  // With its data there, the second layer is computed a fixed time after its start.
  const Cycle start = b.scheduler.now();
  b.engine.sequence_start(b.account.id, op.sequence, start);
  b.scheduler.advance(2'000'000);
  ASSERT_EQ(b.sequence_done.size(), 2U);
  const amaix::SequencePlan plan = amaix::plan_sequence(op.sequence, b.hardware);
  EXPECT_EQ(b.sequence_done[1] - start, b.timing.start_to_sequence + plan.weight_cycles(0) +
                                            static_cast<Cycle>(plan.mac_cycles()) - 1 +
                                            b.timing.sequence_done);
}

TEST(ConvolutionEngine, AChangeOfTheBanksWaitsForCsc) {
  Bench b;
  ConvolutionOperation first = heavy(b.hardware), second = heavy(b.hardware);
  second.fetch.data_banks = second.sequence.data_banks = 9;
  second.fetch.weight_banks = second.sequence.weight_banks = 7;
  b.start(first, 0);
  b.scheduler.advance(3'000);
  ASSERT_EQ(b.fetch_done.size(), 1U);
  b.engine.fetch_start(b.account.id, second.fetch, 3'000);
  b.scheduler.advance(100'000);
  EXPECT_EQ(b.first_burst(Client::kCdmaWt, 3'000), kNever);
  EXPECT_FALSE(b.engine.idle());
  b.engine.sequence_start(b.account.id, second.sequence, 100'000);
  b.scheduler.advance(200'000);
  EXPECT_EQ(b.first_burst(Client::kCdmaWt, 3'000), 100'000 + b.timing.weight_request + b.timing.bank_change);
  EXPECT_EQ(b.interrupts.size(), 2U);
}

// CDMA_dc and CDMA_img look at the data banks only, CDMA_wt at both.
TEST(ConvolutionEngine, AChangeOfTheWeightBanksAloneHoldsUpTheWeights) {
  Bench b;
  ConvolutionOperation first = heavy(b.hardware), second = heavy(b.hardware);
  second.fetch.weight_banks = second.sequence.weight_banks = first.fetch.weight_banks - 1;
  b.start(first, 0);
  b.scheduler.advance(3'000);
  ASSERT_EQ(b.fetch_done.size(), 1U);
  b.engine.fetch_start(b.account.id, second.fetch, 3'000);
  b.scheduler.advance(100'000);
  EXPECT_EQ(b.first_burst(Client::kCdmaWt, 3'000), kNever);
  EXPECT_EQ(b.first_burst(Client::kCdmaDat, 3'000), 3'000 + b.timing.data_request);
  b.engine.sequence_start(b.account.id, second.sequence, 100'000);
  b.scheduler.advance(200'000);
  EXPECT_EQ(b.first_burst(Client::kCdmaWt, 3'000), 100'000 + b.timing.weight_request + b.timing.bank_change);
  EXPECT_EQ(b.interrupts.size(), 2U);
}

TEST(ConvolutionEngine, ReusedDataAreNotFetchedAgain) {
  Bench b;
  ConvolutionOperation first = heavy(b.hardware), second = heavy(b.hardware);
  first.fetch.skip_data_release = first.sequence.skip_data_release = true;
  second.fetch.data_reuse = second.sequence.data_reuse = true;
  b.start(first, 0);
  b.scheduler.advance(100'000);
  const std::size_t bursts = b.memory.of(Client::kCdmaDat).size();
  b.start(second, 100'000);
  b.scheduler.advance(100'010);
  EXPECT_EQ(b.data_done.size(), 2U);  // at once
  b.scheduler.advance(200'000);
  EXPECT_EQ(b.memory.of(Client::kCdmaDat).size(), bursts);
  EXPECT_EQ(b.interrupts.size(), 2U);
  EXPECT_EQ(b.dbb.traffic().read[static_cast<std::size_t>(Client::kCdmaWt)], 2 * second.fetch.weight_bytes);
}

TEST(ConvolutionEngine, ReusedWeightsAreNotFetchedAgain) {
  Bench b;
  ConvolutionOperation first = heavy(b.hardware), second = heavy(b.hardware);
  first.fetch.skip_weight_release = first.sequence.skip_weight_release = true;
  second.fetch.weight_reuse = second.sequence.weight_reuse = true;
  b.start(first, 0);
  b.scheduler.advance(100'000);
  b.start(second, 100'000);
  b.scheduler.advance(200'000);
  EXPECT_EQ(b.dbb.traffic().read[static_cast<std::size_t>(Client::kCdmaWt)], first.fetch.weight_bytes);
  EXPECT_EQ(b.interrupts.size(), 2U);
}

TEST(ConvolutionEngine, BothReusedGiveOneDoneEach) {
  Bench b;
  ConvolutionOperation first = heavy(b.hardware), second = heavy(b.hardware);
  for (bool* skip : {&first.fetch.skip_data_release, &first.sequence.skip_data_release,
                     &first.fetch.skip_weight_release, &first.sequence.skip_weight_release})
    *skip = true;
  for (bool* reuse : {&second.fetch.data_reuse, &second.sequence.data_reuse, &second.fetch.weight_reuse,
                      &second.sequence.weight_reuse})
    *reuse = true;
  b.start(first, 0);
  b.scheduler.advance(100'000);
  const std::uint64_t before = b.dbb.traffic().total();
  b.start(second, 100'000);
  b.scheduler.advance(200'000);
  EXPECT_EQ(b.dbb.traffic().total(), before);
  EXPECT_EQ(b.data_done.size(), 2U);
  EXPECT_EQ(b.weight_done.size(), 2U);
  EXPECT_EQ(b.fetch_done.size(), 2U);
  EXPECT_EQ(b.interrupts.size(), 2U);
}

// Reuse of what the layer before has not kept is a fetch: hardware has nothing to use.
TEST(ConvolutionEngine, ReuseOfWhatWasNotKeptIsFetched) {
  Bench b;
  const ConvolutionOperation first = heavy(b.hardware);
  ConvolutionOperation second = heavy(b.hardware);
  second.fetch.data_reuse = second.sequence.data_reuse = true;
  b.start(first, 0);
  b.scheduler.advance(100'000);
  b.start(second, 100'000);
  b.scheduler.advance(200'000);
  EXPECT_EQ(b.interrupts.size(), 2U);
  EXPECT_EQ(b.dbb.traffic().total(),
            2 * amaix::convolution_traffic(first.fetch, b.hardware, true, true).total());
}

// Weights of more than the banks: the stream goes on as CSC uses kernel groups up.
TEST(ConvolutionEngine, WeightsLargerThanTheirBanksStreamThrough) {
  for (const char* configuration : {"nv_full", "nv_small"}) {
    Bench b(configuration);
    ConvolutionOperation op = layer(b.hardware, 8, 8, 256, 128, 3);
    op.fetch.weight_banks = op.sequence.weight_banks = b.hardware.cbuf_bytes() == 512 * 1024 ? 3 : 24;
    const amaix::WeightPlan plan = amaix::plan_weights(op.fetch, b.hardware);
    ASSERT_GT(plan.bytes, plan.capacity);
    ASSERT_LE(plan.group_bytes, plan.capacity);
    b.start(op, 0);
    b.scheduler.advance(10'000'000);
    EXPECT_EQ(b.interrupts.size(), 1U) << configuration;
    EXPECT_EQ(b.dbb.traffic().read[static_cast<std::size_t>(Client::kCdmaWt)], plan.bytes);
  }
}

TEST(ConvolutionEngine, WinogradAndCompressedWeightsComeToAnEnd) {
  Bench b;
  ConvolutionOperation op = heavy(b.hardware);
  op.fetch.mode = op.sequence.mode = ConvolutionMode::kWinograd;
  op.fetch.input_ext = op.fetch.input;
  b.start(op, 0);
  b.scheduler.advance(100'000);
  EXPECT_EQ(b.interrupts.size(), 1U);
  op = heavy(b.hardware);
  op.fetch.weight_compressed = op.sequence.weight_compressed = true;
  op.fetch.wmb_address = 0xa0000000;
  op.fetch.wmb_bytes = 4608;
  op.fetch.wgs_address = 0xb0000000;
  b.start(op, 100'000);
  b.scheduler.advance(200'000);
  EXPECT_EQ(b.interrupts.size(), 2U);
}

TEST(ConvolutionEngine, SpendsItsCyclesWhereTheBoundIs) {
  Bench b;
  b.start(layer(b.hardware, 14, 14, 64, 64, 3), 0);
  b.scheduler.advance(100'000);
  const Account mac = b.account.until(b.interrupts.at(0));
  EXPECT_EQ(of(mac, Resource::kMacArray), 144 * 9 * 2);
  EXPECT_EQ(of(mac, Resource::kWeightLoad), 16);  // for the first package; the others are loaded under it
  // One position, many kernels: weights come from memory one group after the other.
  b.start(layer(b.hardware, 1, 1, 1024, 512, 1), 100'000);
  b.scheduler.advance(200'000);
  ASSERT_EQ(b.interrupts.size(), 2U);
  Account fc = b.account.until(b.interrupts.at(1));
  EXPECT_EQ(of(fc, Resource::kPartner), 100'000 - b.interrupts.at(0));  // the pause between the two
  fc[static_cast<std::size_t>(Resource::kPartner)] = 0;
  EXPECT_EQ(bound_by(fc), Resource::kDbbBandwidth);
}

TEST(ConvolutionEngine, ResetInTheMiddleLeavesNothingBehind) {
  for (const Cycle at : {10, 30, 200, 700, 1'500, 3'000}) {
    Bench b;
    b.start(heavy(b.hardware), 0);
    b.scheduler.advance(at);
    const std::size_t bursts = b.memory.bursts.size();
    b.scheduler.clear();
    b.dbb.reset();
    b.engine.reset();
    b.held.clear();
    EXPECT_TRUE(b.engine.idle());
    b.scheduler.advance(50'000);
    EXPECT_EQ(b.memory.bursts.size(), bursts) << at;
    EXPECT_TRUE(b.interrupts.empty()) << at;
    Bench fresh;
    fresh.start(heavy(fresh.hardware), 0);
    fresh.scheduler.advance(100'000);
    b.free_at = 0;
    b.start(heavy(b.hardware), 50'000);
    b.scheduler.advance(150'000);
    ASSERT_EQ(b.interrupts.size(), 1U) << at;
    EXPECT_EQ(b.interrupts[0] - 50'000, fresh.interrupts[0]) << at;
  }
}

}  // namespace
}  // namespace nvdla::engine
