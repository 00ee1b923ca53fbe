// SPDX-License-Identifier: Apache-2.0
// Proves the record of operations: who they are, what they move, where their time goes, and that the parts of
// an operation's time add up to it. And the stand-in for a port that nobody has bound.
#include "engine/operation_log.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "engine/port_tap.h"

namespace nvdla::engine {
namespace {

constexpr OperationId kConv0{Engine::kConv, 0}, kConv1{Engine::kConv, 1}, kSdp0{Engine::kSdp, 0},
    kSdp1{Engine::kSdp, 1}, kPdp0{Engine::kPdp, 0};

struct Stall {
  OperationId id;
  Resource resource;
  Cycle from, to;
};

struct Recorder : Listener {
  void on_enabled(OperationId id, std::uint32_t group, Cycle at) override { add("enabled", id, group, at); }
  void on_started(OperationId id, std::uint32_t group, Cycle at) override { add("started", id, group, at); }
  void on_stalled(OperationId id, Resource resource, Cycle from, Cycle to) override {
    stalls.push_back({id, resource, from, to});
  }
  void on_done(const OperationRecord& record) override { done.push_back(record); }
  void on_burst(const Burst& burst) override { bursts.push_back(burst); }
  void on_interrupt(std::uint32_t status, Cycle at) override {
    lines.push_back("interrupt " + std::to_string(status) + " " + std::to_string(at));
  }
  void on_fault(const std::string& text, Cycle) override { lines.push_back("fault " + text); }
  void on_warning(const std::string& text, Cycle) override { lines.push_back("warning " + text); }
  void add(const char* what, OperationId id, std::uint32_t group, Cycle at) {
    lines.push_back(std::string(what) + " " + std::string(engine_name(id.engine)) + " " +
                    std::to_string(id.sequence) + " " + std::to_string(group) + " " + std::to_string(at));
  }
  std::vector<std::string> lines;
  std::vector<OperationRecord> done;
  std::vector<Burst> bursts;
  std::vector<Stall> stalls;
};

Burst burst(OperationId id, Client client, bool write, std::uint32_t beats,
            MemorySpace space = MemorySpace::kDbb) {
  Burst result;
  result.operation = id;
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

Cycle time(const OperationRecord& record, Resource resource) {
  return record.time[static_cast<std::size_t>(resource)];
}

Cycle sum(const Account& account) { return std::accumulate(account.begin(), account.end(), Cycle{0}); }

// Phases end in the cycle nearest to the sum of those before, stretched; nothing counts beyond the end.
// Stalls are told to those only who want what comes often.
TEST(OperationLog, PhasesAreAccountedByTheirEnds) {
  Bench bench;
  Recorder rare;
  bench.log.add_listener(rare, false);
  bench.log.enabled(kConv0, 0, {false, true}, 10);
  const std::vector<amaix::Phase> phases = {{Resource::kMacArray, 2.25},
                                            {Resource::kWeightLoad, 0.25},
                                            {Resource::kMacArray, 3.0},
                                            {Resource::kDownstream, 100.0}};
  bench.log.account(kConv0, 10, phases, 2.0, 30);
  bench.log.done(kConv0, Resource::kPartner, 32);
  ASSERT_EQ(bench.recorder.done.size(), 1U);
  const OperationRecord& record = bench.recorder.done.front();
  EXPECT_EQ(time(record, Resource::kMacArray), 5 + 6);  // to 14.5, which is 15, and from 15 to 21
  EXPECT_EQ(time(record, Resource::kWeightLoad), 0);
  EXPECT_EQ(time(record, Resource::kDownstream), 30 - 21);
  EXPECT_EQ(time(record, Resource::kPartner), 2);
  EXPECT_FALSE(bench.recorder.stalls.empty());
  EXPECT_TRUE(rare.stalls.empty());
  EXPECT_EQ(rare.done.size(), 1U);
}

TEST(OperationLog, TellsListenersInOrder) {
  Bench b;
  b.log.enabled(kConv0, 0, {false, true}, 10);
  b.log.enabled(kSdp0, 0, {true, false}, 11);
  b.log.enabled(kConv1, 1, {false, true}, 12);
  b.log.started(kConv0, 20);
  b.log.interrupt(4, 5, 30);
  EXPECT_EQ(b.recorder.lines,
            std::vector<std::string>({"enabled CONV 0 0 10", "enabled SDP 0 0 11", "enabled CONV 1 1 12",
                                      "started CONV 0 0 20", "interrupt 5 30"}));
}

TEST(OperationLog, DoneEndsTheOperationThatIsNamed) {
  Bench b;
  b.log.enabled(kConv0, 0, {false, true}, 5);
  b.log.enabled(kSdp0, 0, {true, false}, 10);
  b.log.enabled(kSdp1, 1, {}, 15);
  b.log.started(kSdp0, 20);
  b.log.done(kSdp0, Resource::kWritePath, 100);
  b.log.started(kSdp1, 104);
  b.log.done(kSdp1, Resource::kWritePath, 200);
  ASSERT_EQ(b.recorder.done.size(), 2U);
  const OperationRecord& first = b.recorder.done[0];
  EXPECT_EQ(first.id, kSdp0);
  EXPECT_EQ(first.layer, kConv0);
  EXPECT_EQ(first.enable, 10);
  EXPECT_EQ(first.begin, 10);
  EXPECT_EQ(first.start, 20);
  EXPECT_EQ(first.done, 100);
  EXPECT_TRUE(first.links.takes);
  EXPECT_EQ(b.recorder.done[1].id, kSdp1);
  EXPECT_EQ(b.recorder.done[1].layer, kSdp1);
  EXPECT_EQ(b.recorder.done[1].begin, 100);  // the one before ended later than it was enabled
  EXPECT_EQ(b.recorder.done[1].start, 104);
}

TEST(OperationLog, GroupOneEnabledFirstKeepsItsPlaceBehindGroupZero) {
  Bench b;
  b.log.enabled(kSdp1, 1, {}, 10);  // hardware runs group 0 first
  b.log.enabled(kSdp0, 0, {true, false}, 20);
  b.log.enabled(kConv0, 0, {false, true}, 30);
  b.log.done(kSdp0, Resource::kWritePath, 50);
  b.log.done(kSdp1, Resource::kWritePath, 90);
  ASSERT_EQ(b.recorder.done.size(), 2U);
  EXPECT_EQ(b.recorder.done[0].group, 0U);
  EXPECT_EQ(b.recorder.done[0].layer, kConv0);
  EXPECT_EQ(b.recorder.done[1].group, 1U);
  EXPECT_EQ(b.recorder.done[1].layer, kSdp1);
}

TEST(OperationLog, PartsOfTheTimeAddUpWhateverIsAccounted) {
  Bench b;
  b.log.enabled(kPdp0, 0, {}, 10);
  b.log.started(kPdp0, 23);
  b.log.account(kPdp0, Resource::kDbbLatency, 80);
  b.log.account(kPdp0, Resource::kPdpCore, 60);  // lies behind the mark: counts for nothing
  EXPECT_EQ(b.log.covered(kPdp0), 80);
  b.log.account(kPdp0, Resource::kPdpCore, 200);
  b.log.account(kPdp0, Resource::kPdpCore, 230);
  b.log.account(kPdp0, Resource::kDbbLatency, 240);
  b.log.done(kPdp0, Resource::kWritePath, 250);
  const OperationRecord& record = b.recorder.done.at(0);
  EXPECT_EQ(time(record, Resource::kProgramming), 13);
  EXPECT_EQ(time(record, Resource::kDbbLatency), 57 + 10);
  EXPECT_EQ(time(record, Resource::kPdpCore), 150);
  EXPECT_EQ(time(record, Resource::kWritePath), 10);
  EXPECT_EQ(sum(record.time), 240);
  EXPECT_EQ(record.bound_by, Resource::kPdpCore);
  // Told as intervals, one for each change of the reason.
  ASSERT_EQ(b.recorder.stalls.size(), 5U);
  Cycle at = 10;
  for (const Stall& stall : b.recorder.stalls) {
    EXPECT_EQ(stall.id, kPdp0);
    EXPECT_EQ(stall.from, at);
    at = stall.to;
  }
  EXPECT_EQ(at, 250);
  EXPECT_EQ(b.recorder.stalls[2].to, 230);
}

TEST(OperationLog, PrefetchUnderTheOperationBeforeDoesNotCount) {
  Bench b;
  b.log.enabled(kConv0, 0, {}, 0);
  b.log.enabled(kConv1, 1, {}, 5);
  b.log.account(kConv1, Resource::kDbbBandwidth, 70);
  b.log.account(kConv1, Resource::kMacArray, 130);  // runs ahead of the end of the one before
  b.log.done(kConv0, Resource::kMacArray, 100);
  b.log.account(kConv1, Resource::kDownstream, 150);
  b.log.done(kConv1, Resource::kDownstream, 180);
  const OperationRecord& second = b.recorder.done.at(1);
  EXPECT_EQ(second.begin, 100);
  EXPECT_EQ(time(second, Resource::kDbbBandwidth), 0);
  EXPECT_EQ(time(second, Resource::kMacArray), 30);
  EXPECT_EQ(time(second, Resource::kDownstream), 50);
  EXPECT_EQ(sum(second.time), 80);
}

TEST(OperationLog, NothingCountsBeyondTheEnd) {
  Bench b;
  b.log.enabled(kSdp0, 0, {}, 0);
  b.log.account(kSdp0, Resource::kSdpCore, 500);
  b.log.done(kSdp0, Resource::kWritePath, 400);
  EXPECT_EQ(sum(b.recorder.done.at(0).time), 400);
}

TEST(OperationLog, BurstsCountForTheOperationTheyName) {
  Bench b;
  b.log.enabled(kConv0, 0, {}, 0);
  b.log.enabled(kConv1, 1, {}, 1);
  b.log.burst(burst(kConv0, Client::kCdmaDat, false, 4), 64);
  b.log.burst(burst(kConv1, Client::kCdmaDat, false, 1), 64);
  b.log.burst(burst(kConv1, Client::kCdmaWt, false, 3, MemorySpace::kCvsram), 64);
  b.log.burst(burst(kConv0, Client::kCdmaWt, true, 8), 64);
  b.log.done(kConv0, Resource::kMacArray, 50);
  b.log.done(kConv1, Resource::kMacArray, 99);
  ASSERT_EQ(b.recorder.done.size(), 2U);
  EXPECT_EQ(read(b.recorder.done[0], Client::kCdmaDat), 4U * 64);
  EXPECT_EQ(b.recorder.done[0].dbb.written[static_cast<std::size_t>(Client::kCdmaWt)], 8U * 64);
  EXPECT_EQ(read(b.recorder.done[1], Client::kCdmaDat), 64U);
  EXPECT_EQ(b.recorder.done[1].cvsram.read[static_cast<std::size_t>(Client::kCdmaWt)], 3U * 64);
  EXPECT_EQ(b.recorder.bursts.size(), 4U);
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
  b.log.enabled(kConv0, 1, {}, 10);
  b.log.enabled(kPdp0, 0, {}, 20);
  b.log.started(kPdp0, 33);
  const std::vector<std::string> lines = b.log.unfinished();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NE(lines[0].find("CONV operation 0 (group 1)"), std::string::npos) << lines[0];
  EXPECT_NE(lines[0].find("not started"), std::string::npos) << lines[0];
  EXPECT_NE(lines[1].find("started in cycle 33"), std::string::npos) << lines[1];
  b.log.reset();
  EXPECT_TRUE(b.log.unfinished().empty());
  b.log.done(kConv0, Resource::kMacArray, 50);  // of before the reset
  EXPECT_TRUE(b.recorder.done.empty());
  // Numbers go on: an operation of after the reset is another one.
  EXPECT_EQ(b.log.id(Engine::kConv, 0), kConv1);
}

// -- PortTap --------------------------------------------------------------------------------------

struct TapBench : MemoryClient {
  TapBench() : hardware(preset("nv_full")) {
    log.add_listener(recorder);
    memory.connect(Client::kSdp, *this, 0);
    memory.reset();
  }
  void on_read(const ReadReturn& data) override { reads.push_back(data); }
  void on_write_acknowledged(const WriteReturn& write) override { acknowledged.push_back(write.at); }
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
  b.memory.read(Client::kSdp, {}, 0x1000, 512, 0, 10);
  b.memory.write(Client::kSdp, {}, 0x1000, 256, 0, 10);
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
  b.memory.read(Client::kSdp, {}, 0x1000, 512, 0, 10);
  b.scheduler.advance(1000);
  EXPECT_EQ(port.bursts.size(), 2U);
  EXPECT_EQ(b.recorder.bursts.size(), 2U);
  EXPECT_TRUE(b.reads.empty());
  EXPECT_TRUE(b.recorder.lines.empty());
}

TEST(PortTap, ResetForgetsUnansweredBursts) {
  TapBench b;
  b.memory.read(Client::kSdp, {}, 0x1000, 256, 0, 10);
  b.scheduler.advance(11);
  b.tap.reset();
  b.memory.reset();
  b.scheduler.advance(100);
  EXPECT_TRUE(b.reads.empty());
}

// An operation that waits for the engine's one before: its intervals have neither gap nor overlap, and what
// was told ahead of its begin counts from there on.
TEST(OperationLog, APrefetchedOperationIsToldWithoutGaps) {
  Bench b;
  b.log.enabled(kConv0, 0, {}, 0);
  b.log.enabled(kConv1, 1, {}, 0);
  b.log.account(kConv1, Resource::kDataFetch, 10);
  b.log.account(kConv1, Resource::kProgramming, 12);  // told up to 10
  b.log.done(kConv0, Resource::kMacArray, 50);
  b.log.account(kConv1, Resource::kMacArray, 60);
  b.log.done(kConv1, Resource::kWritePath, 70);

  Cycle end = 0;
  for (const Stall& stall : b.recorder.stalls) {
    if (stall.id != kConv1) continue;
    EXPECT_EQ(stall.from, end);
    end = stall.to;
  }
  EXPECT_EQ(end, 70);
  EXPECT_EQ(sum(b.recorder.done.back().time), 20);
  EXPECT_EQ(time(b.recorder.done.back(), Resource::kMacArray), 10);
}

TEST(OperationLog, TimeToldAheadOfItsBeginCountsFromThere) {
  Bench b;
  b.log.enabled(kConv0, 0, {}, 0);
  b.log.enabled(kConv1, 1, {}, 0);
  b.log.account(kConv1, Resource::kDataFetch, 40);
  b.log.account(kConv1, Resource::kWeightFetch, 45);  // tells 0 to 40
  b.log.done(kConv0, Resource::kMacArray, 30);
  b.log.done(kConv1, Resource::kWritePath, 50);
  const OperationRecord& record = b.recorder.done.back();
  EXPECT_EQ(time(record, Resource::kDataFetch), 10);
  EXPECT_EQ(time(record, Resource::kWeightFetch), 5);
  EXPECT_EQ(time(record, Resource::kWritePath), 5);
}

}  // namespace
}  // namespace nvdla::engine
