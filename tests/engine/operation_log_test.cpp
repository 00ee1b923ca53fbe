// SPDX-License-Identifier: Apache-2.0
// Proves the record of activations, the attribution of DMA bursts to them, and the stand-in for a port that
// nobody has bound.
#include "engine/operation_log.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/port_tap.h"

namespace nvdla::engine {
namespace {

using Unit = Engine;

struct Recorder : Listener {
  void on_enabled(Unit unit, std::uint32_t sequence, std::uint32_t group, Cycle at) override {
    add("enabled", unit, sequence, group, at);
  }
  void on_started(Unit unit, std::uint32_t sequence, std::uint32_t group, Cycle at) override {
    add("started", unit, sequence, group, at);
  }
  void on_done(const OperationRecord& record) override { done.push_back(record); }
  void on_burst(const Burst& burst) override { bursts.push_back(burst); }
  void on_interrupt(std::uint32_t status, Cycle at) override {
    lines.push_back("interrupt " + std::to_string(status) + " " + std::to_string(at));
  }
  void on_fault(const std::string& text, Cycle) override { lines.push_back("fault " + text); }
  void on_warning(const std::string& text, Cycle) override { lines.push_back("warning " + text); }
  void add(const char* what, Unit unit, std::uint32_t sequence, std::uint32_t group, Cycle at) {
    lines.push_back(std::string(what) + " " + std::string(engine_name(unit)) + " " +
                    std::to_string(sequence) + " " + std::to_string(group) + " " + std::to_string(at));
  }
  std::vector<std::string> lines;
  std::vector<OperationRecord> done;
  std::vector<Burst> bursts;
};

Burst burst(Client client, bool write, std::uint32_t beats, MemorySpace space = MemorySpace::kDbb) {
  Burst result;
  result.client = client;
  result.write = write;
  result.beats = beats;
  result.space = space;
  return result;
}

struct Bench {
  Bench() { log.add_listener(recorder); }
  OperationLog log;
  Recorder recorder;
};

std::uint64_t read(const OperationRecord& record, Client client) {
  return record.dbb.read[static_cast<std::size_t>(client)];
}

TEST(OperationLog, TellsListenersInOrderAndCountsEachUnitFromZero) {
  Bench b;
  b.log.enabled(Unit::kConv, 0, 10);
  b.log.enabled(Unit::kSdp, 0, 11);
  b.log.enabled(Unit::kConv, 1, 12);
  b.log.started(Unit::kConv, 0, 20, false);
  b.log.interrupt(5, 30);
  EXPECT_EQ(b.recorder.lines,
            std::vector<std::string>({"enabled CONV 0 0 10", "enabled SDP 0 0 11", "enabled CONV 1 1 12",
                                      "started CONV 0 0 20", "interrupt 5 30"}));
}

TEST(OperationLog, DoneClosesTheOldestActivation) {
  Bench b;
  b.log.enabled(Unit::kSdp, 0, 10);
  b.log.enabled(Unit::kSdp, 1, 15);
  b.log.started(Unit::kSdp, 0, 20, true);
  b.log.bound_by(Unit::kSdp, Resource::kSdpX1);
  b.log.done(Unit::kSdp, 100);
  b.log.started(Unit::kSdp, 1, 104, false);
  b.log.done(Unit::kSdp, 200);
  ASSERT_EQ(b.recorder.done.size(), 2U);
  const OperationRecord& first = b.recorder.done[0];
  EXPECT_EQ(first.sequence, 0U);
  EXPECT_EQ(first.enable, 10);
  EXPECT_EQ(first.start, 20);
  EXPECT_EQ(first.done, 100);
  EXPECT_TRUE(first.flying);
  EXPECT_EQ(first.bound_by, Resource::kSdpX1);
  EXPECT_EQ(b.recorder.done[1].sequence, 1U);
  EXPECT_EQ(b.recorder.done[1].start, 104);
  EXPECT_FALSE(b.recorder.done[1].flying);
}

TEST(OperationLog, PrefetchBelongsToTheLayerThatIsFetched) {
  Bench b;
  b.log.enabled(Unit::kConv, 0, 0);
  b.log.enabled(Unit::kConv, 1, 1);
  b.log.burst(burst(Client::kCdmaDat, false, 4), 64);
  b.log.burst(burst(Client::kCdmaWt, false, 2), 64);
  b.log.fetched();
  b.log.burst(burst(Client::kCdmaDat, false, 1), 64);  // while CSC still works on layer 0
  b.log.done(Unit::kConv, 50);
  b.log.burst(burst(Client::kCdmaWt, false, 3, MemorySpace::kCvsram), 64);
  b.log.fetched();
  b.log.done(Unit::kConv, 99);
  ASSERT_EQ(b.recorder.done.size(), 2U);
  EXPECT_EQ(read(b.recorder.done[0], Client::kCdmaDat), 4U * 64);
  EXPECT_EQ(read(b.recorder.done[0], Client::kCdmaWt), 2U * 64);
  EXPECT_EQ(read(b.recorder.done[1], Client::kCdmaDat), 64U);
  EXPECT_EQ(read(b.recorder.done[1], Client::kCdmaWt), 0U);
  EXPECT_EQ(b.recorder.done[1].cvsram.read[static_cast<std::size_t>(Client::kCdmaWt)], 3U * 64);
  EXPECT_EQ(b.recorder.bursts.size(), 4U);
}

TEST(OperationLog, ReadsOfAnRdmaBelongToItsGroupAndWritesToTheOldest) {
  Bench b;
  b.log.enabled(Unit::kSdp, 0, 0);
  b.log.enabled(Unit::kSdp, 1, 1);
  b.log.read_group(Unit::kSdp, 0);
  b.log.burst(burst(Client::kSdpB, false, 1), 64);
  b.log.read_group(Unit::kSdp, 1);  // SDP_RDMA is ahead
  b.log.burst(burst(Client::kSdpN, false, 2), 64);
  b.log.burst(burst(Client::kSdp, true, 8), 64);
  b.log.done(Unit::kSdp, 10);
  b.log.done(Unit::kSdp, 20);
  EXPECT_EQ(read(b.recorder.done[0], Client::kSdpB), 64U);
  EXPECT_EQ(read(b.recorder.done[0], Client::kSdpN), 0U);
  EXPECT_EQ(b.recorder.done[0].dbb.written[static_cast<std::size_t>(Client::kSdp)], 8U * 64);
  EXPECT_EQ(read(b.recorder.done[1], Client::kSdpN), 2U * 64);
}

TEST(OperationLog, EachWarningIsToldOnceAndEachFaultAlways) {
  Bench b;
  b.log.warn("a", 1);
  b.log.warn("b", 2);
  b.log.warn("a", 3);
  b.log.fault("c", 4);
  b.log.fault("c", 5);
  EXPECT_EQ(b.recorder.lines, std::vector<std::string>({"warning a", "warning b", "fault c", "fault c"}));
}

TEST(OperationLog, NamesWhatIsUnfinishedAndForgetsItAtReset) {
  Bench b;
  b.log.enabled(Unit::kConv, 1, 10);
  b.log.enabled(Unit::kPdp, 0, 20);
  b.log.started(Unit::kPdp, 0, 33, false);
  const std::vector<std::string> lines = b.log.unfinished();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find("CONV operation 0 (group 1)"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("not started"), std::string::npos) << lines[0];
  EXPECT_NE(lines[1].find("started in cycle 33"), std::string::npos) << lines[1];
  b.log.reset();
  EXPECT_TRUE(b.log.unfinished().empty());
  b.log.done(Unit::kConv, 50);  // of before the reset
  EXPECT_TRUE(b.recorder.done.empty());
}

// -- PortTap --------------------------------------------------------------------------------------

struct TapBench : MemoryClient {
  TapBench() : hardware(preset("nv_full")) {
    log.add_listener(recorder);
    memory.connect(Client::kSdp, *this, 0);
    memory.reset();
  }
  void on_read(const ReadReturn& data) override { reads.push_back(data); }
  void on_write_acknowledged(std::uint64_t, Cycle at) override { acknowledged.push_back(at); }
  void on_room(Client, Cycle) override {}
  HardwareParameters hardware;
  Scheduler scheduler;
  OperationLog log;
  Recorder recorder;
  MemoryInterface memory{scheduler, hardware, MemorySpace::kCvsram};
  PortTap tap{scheduler, memory, log, 64, "CVSRAM"};
  std::vector<ReadReturn> reads;
  std::vector<Cycle> acknowledged;
};

TEST(PortTap, AnUnboundPortWarnsOnceAndAnswersAfterTheBeats) {
  TapBench b;
  EXPECT_FALSE(b.tap.bound());
  b.memory.read(Client::kSdp, 0x1000, 512, 0, 10);
  b.memory.write(Client::kSdp, 0x1000, 256, 0, 10);
  b.scheduler.advance(13);
  EXPECT_TRUE(b.reads.empty());
  b.scheduler.advance(14);
  EXPECT_EQ(b.reads.size(), 1U);
  EXPECT_EQ(b.acknowledged, std::vector<Cycle>({14}));
  b.scheduler.advance(100);
  EXPECT_EQ(b.reads.size(), 2U);
  EXPECT_TRUE(b.memory.idle());
  EXPECT_EQ(b.recorder.bursts.size(), 3U);
  ASSERT_EQ(b.recorder.lines.size(), 1U);
  EXPECT_NE(b.recorder.lines[0].find("CVSRAM"), std::string::npos);
  EXPECT_NE(b.recorder.lines[0].find("sdp"), std::string::npos);
}

TEST(PortTap, ABoundPortGetsTheBurstsAndIsNotAnsweredFor) {
  struct Port : BusPort {
    void issue(const Burst& burst) override { bursts.push_back(burst); }
    std::vector<Burst> bursts;
  } port;
  TapBench b;
  b.tap.bind(port);
  b.memory.read(Client::kSdp, 0x1000, 512, 0, 10);
  b.scheduler.advance(1000);
  EXPECT_EQ(port.bursts.size(), 2U);
  EXPECT_EQ(b.recorder.bursts.size(), 2U);
  EXPECT_TRUE(b.reads.empty());
  EXPECT_TRUE(b.recorder.lines.empty());
}

TEST(PortTap, ResetForgetsUnansweredBursts) {
  TapBench b;
  b.memory.read(Client::kSdp, 0x1000, 256, 0, 10);
  b.scheduler.advance(11);
  b.tap.reset();
  b.memory.reset();
  b.scheduler.advance(100);
  EXPECT_TRUE(b.reads.empty());
}

}  // namespace
}  // namespace nvdla::engine
