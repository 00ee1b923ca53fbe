// SPDX-License-Identifier: Apache-2.0
// Proves against every recorded convolution what a layer costs before any memory system matters: the atomic
// operations that CSC issues, the beats that CDMA reads for each client, and the addresses of its data
// requests in their order. The operations are decoded from the registers that the driver wrote.
#include <gtest/gtest.h>

#include <map>

#include "amaix/convolution_plan.h"
#include "tests/engine/recorded_convolutions.h"

namespace nvdla::engine {
namespace {

using recorded::number;
using recorded::Recording;
using recorded::Row;

TEST(ConvolutionRecordings, ThereAreRecordingsOfBothGenerationsAndBothInputs) {
  std::map<std::string, int> seen;
  for (const std::string& name : recorded::names()) {
    const Recording recording = recorded::load(name);
    for (const auto& operation : recorded::convolutions(recording.trace, recording.hardware())) {
      const bool image = operation.fetch.input_format == InputFormat::kPixel;
      ++seen[recording.hardware().name + (image ? " image" : " feature")];
    }
  }
  EXPECT_GT(seen["nv_full feature"], 0);
  EXPECT_GT(seen["nv_full image"], 0);
  EXPECT_GT(seen["nv_small feature"], 0);
  EXPECT_GT(seen["nv_small image"], 0);
}

// `active_cycles` counts cycles with an atomic operation. A package shorter than its issue interval leaves
// the array idle, which mac_cycles() includes: the plan's own atomic operations are what is recorded.
TEST(ConvolutionRecordings, AtomicOperationsEqualTheRecordedActiveCyclesOfCsc) {
  for (const std::string& name : recorded::names()) {
    SCOPED_TRACE(name);
    const Recording recording = recorded::load(name);
    const auto operations = recorded::convolutions(recording.trace, recording.hardware());
    const std::vector<Row> rows = recording.of("CSC");
    ASSERT_EQ(operations.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const amaix::SequencePlan plan = amaix::plan_sequence(operations[i].sequence, recording.hardware());
      const std::uint64_t atomics =
          std::uint64_t{plan.groups} * plan.blocks * plan.positions() * plan.batches;
      const auto active = static_cast<std::uint64_t>(number(rows[i], "active_cycles"));
      EXPECT_EQ(atomics, active) << "operation " << i;
      // The array without any wait is busy at least that long, and the recorded layer took at least that.
      EXPECT_GE(plan.mac_cycles(), active) << "operation " << i;
      const std::uint32_t last = plan.interval(plan.stripes.back(), plan.groups - 1);
      const std::int64_t span = number(rows[i], "last_active") - number(rows[i], "first_active") + 1;
      EXPECT_LE(static_cast<std::int64_t>(plan.mac_cycles()) - last, span) << "operation " << i;
    }
  }
}

// When nothing holds CSC up, first to last atomic operation is exactly the plan: all but the idle rest of
// the last package's interval.
TEST(ConvolutionRecordings, MacCyclesEqualTheRecordedSpanWhereNothingWaits) {
  int exact = 0, with_idle_slots = 0;
  for (const std::string& name : recorded::names()) {
    const Recording recording = recorded::load(name);
    if (recording.bytes_per_cycle < recording.hardware().dbb_width_bytes) continue;
    const auto operations = recorded::convolutions(recording.trace, recording.hardware());
    const std::vector<Row> csc = recording.of("CSC"), cdma = recording.of("CDMA");
    for (std::size_t i = 0; i < csc.size(); ++i) {
      const amaix::SequencePlan plan = amaix::plan_sequence(operations[i].sequence, recording.hardware());
      // One block and few channel operations between results would wait for CACC's credits, late weights
      // for the memory: such layers are the engine's business.
      const bool weights_early = number(cdma[i], "interrupt_weight") < number(csc[i], "first_active");
      const std::uint64_t transfers_per_stripe =
          std::uint64_t{plan.stripes.front()} * plan.transfers_per_position * plan.batches;
      const std::uint64_t cycles_per_stripe =
          std::uint64_t{plan.blocks} * plan.interval(plan.stripes.front(), 0);
      if (!weights_early || cycles_per_stripe <= 2 * transfers_per_stripe) continue;
      const std::uint32_t last_length = plan.stripes.back() * plan.batches;
      const std::uint32_t idle = plan.interval(plan.stripes.back(), plan.groups - 1) - last_length;
      const std::int64_t span = number(csc[i], "last_active") - number(csc[i], "first_active") + 1;
      EXPECT_EQ(static_cast<std::int64_t>(plan.mac_cycles() - idle), span) << name << " operation " << i;
      ++exact;
      if (plan.mac_cycles() != static_cast<std::uint64_t>(number(csc[i], "active_cycles"))) ++with_idle_slots;
    }
  }
  EXPECT_GE(exact, 20);
  EXPECT_GE(with_idle_slots, 5);  // the issue interval is really at work, not only the atomic operations
}

TEST(ConvolutionRecordings, BytesByClientEqualTheRecordedBeats) {
  for (const std::string& name : recorded::names()) {
    SCOPED_TRACE(name);
    const Recording recording = recorded::load(name);
    const HardwareParameters& hardware = recording.hardware();
    const auto operations = recorded::convolutions(recording.trace, hardware);
    std::map<std::int64_t, std::map<std::string, std::uint64_t>> beats;
    for (const Row& row : recording.reads()) {
      if (row.at("unit") == "CDMA")
        beats[number(row, "sequence")][row.at("client")] += static_cast<std::uint64_t>(number(row, "beats"));
    }
    for (std::size_t i = 0; i < operations.size(); ++i) {
      const Traffic traffic =
          amaix::convolution_traffic(operations[i].fetch, hardware, recorded::fetches_data(operations, i),
                                     recorded::fetches_weights(operations, i));
      auto& recorded_beats = beats[static_cast<std::int64_t>(i)];
      const std::uint64_t bus = hardware.dbb_width_bytes;
      EXPECT_EQ(traffic.read[static_cast<std::size_t>(Client::kCdmaDat)], recorded_beats["cdmadat"] * bus)
          << "operation " << i;
      EXPECT_EQ(traffic.read[static_cast<std::size_t>(Client::kCdmaWt)], recorded_beats["cdmawt"] * bus)
          << "operation " << i;
      EXPECT_EQ(traffic.total(), (recorded_beats["cdmadat"] + recorded_beats["cdmawt"]) * bus);
    }
  }
}

class ConvolutionDmaTrace : public testing::TestWithParam<std::string> {};

// Beat by beat: what the memory interface makes of the requests is one address after the other.
TEST_P(ConvolutionDmaTrace, DataRequestsFollowTheRecordedAddressSequence) {
  const Recording recording = recorded::load(GetParam());
  const HardwareParameters& hardware = recording.hardware();
  const auto operations = recorded::convolutions(recording.trace, hardware);
  const std::uint64_t bus = hardware.dbb_width_bytes;

  std::vector<std::uint64_t> expected;
  for (const Row& row : recording.dma_trace()) {
    if (row.at("client") != "cdmadat") continue;
    const std::uint64_t address = std::stoull(row.at("address"), nullptr, 16);
    for (std::int64_t i = 0; i < number(row, "beats"); ++i)
      expected.push_back(address + static_cast<std::uint64_t>(i) * bus);
  }
  ASSERT_FALSE(expected.empty());

  std::size_t at = 0;
  for (std::size_t op = 0; op < operations.size(); ++op) {
    if (!recorded::fetches_data(operations, op)) continue;
    amaix::DataRequests requests(operations[op].fetch, hardware);
    for (std::uint32_t n = 0; !requests.done(); requests.advance(), ++n) {
      const amaix::DataRequest& request = requests.front();
      if (request.dummy) continue;
      const std::uint64_t end = request.address + std::uint64_t{request.atoms} * hardware.memory_atom_bytes;
      for (std::uint64_t beat = request.address / bus * bus; beat < end; beat += bus, ++at) {
        ASSERT_LT(at, expected.size()) << "operation " << op << " request " << n;
        ASSERT_EQ(beat, expected[at]) << "beat " << at << ", operation " << op << " request " << n;
      }
    }
  }
  EXPECT_EQ(at, expected.size());
}

// The weight stream is one run of addresses, in requests of 8 atoms that start at multiples of 8 atoms.
TEST_P(ConvolutionDmaTrace, WeightsAreOneAscendingRunOfAddresses) {
  const Recording recording = recorded::load(GetParam());
  const HardwareParameters& hardware = recording.hardware();
  const auto operations = recorded::convolutions(recording.trace, hardware);
  const std::uint64_t bus = hardware.dbb_width_bytes;
  std::vector<std::uint64_t> expected;
  for (const Row& row : recording.dma_trace()) {
    if (row.at("client") != "cdmawt") continue;
    const std::uint64_t address = std::stoull(row.at("address"), nullptr, 16);
    for (std::int64_t i = 0; i < number(row, "beats"); ++i)
      expected.push_back(address + static_cast<std::uint64_t>(i) * bus);
  }
  std::size_t at = 0;
  for (std::size_t op = 0; op < operations.size(); ++op) {
    if (!recorded::fetches_weights(operations, op)) continue;
    const amaix::WeightPlan plan = amaix::plan_weights(operations[op].fetch, hardware);
    for (std::uint64_t beat = plan.address; beat < plan.address + plan.bytes; beat += bus, ++at) {
      ASSERT_LT(at, expected.size()) << "operation " << op;
      ASSERT_EQ(beat, expected[at]) << "beat " << at << ", operation " << op;
    }
  }
  EXPECT_EQ(at, expected.size());
}

INSTANTIATE_TEST_SUITE_P(All, ConvolutionDmaTrace, testing::ValuesIn(recorded::names_with_dma_trace()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace nvdla::engine
