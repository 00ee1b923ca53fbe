// SPDX-License-Identifier: Apache-2.0
// Proves what a wait for data is blamed on: the way to memory, the beats, the limits, the other clients.
#include "engine/fetch_ledger.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/engine/operation_account.h"

namespace nvdla::engine {
namespace {

ReadReturn chunk(Cycle asked, Cycle issued, Cycle first, Cycle last, Cycle unloaded,
                 Resource held_by = Resource::kArbitration, Cycle held = 0) {
  ReadReturn data;
  data.first_beat = first;
  data.last_beat = last;
  data.timing = {asked, issued, unloaded, held, held_by, MemorySpace::kDbb};
  return data;
}

TEST(FetchLedger, ALoneChunkIsSetUpThenLatencyThenBeats) {
  OperationAccount b;
  FetchLedger ledger;
  ledger.begin(0);
  ledger.add(chunk(20, 20, 70, 73, 50), Resource::kDataFetch);
  ledger.explain(b.log, b.id, 80, Resource::kDataFetch);
  const Account time = b.until(80);
  EXPECT_EQ(of(time, Resource::kDataFetch), 20 + 7);
  EXPECT_EQ(of(time, Resource::kDbbLatency), 50);
  EXPECT_EQ(of(time, Resource::kDbbBandwidth), 3);
}

// A chunk every 16 cycles, each asked for long before: the port is the reason, not the way.
TEST(FetchLedger, AStreamAtTheRateOfThePortIsBandwidth) {
  OperationAccount b;
  FetchLedger ledger;
  ledger.begin(0);
  for (Cycle i = 0; i < 100; ++i) ledger.add(chunk(i, i, 50 + 16 * i, 53 + 16 * i, 50), Resource::kDataFetch);
  ledger.explain(b.log, b.id, 50 + 16 * 99, Resource::kDataFetch);
  const Account time = b.until(50 + 16 * 99);
  EXPECT_EQ(of(time, Resource::kDbbLatency), 50);
  EXPECT_EQ(of(time, Resource::kDbbBandwidth), 16 * 99);
}

// The same stream as a consumer behind a path of 12 cycles feels it: the path counts once, not for each
// chunk.
TEST(FetchLedger, TheWayToTheConsumerCountsOnce) {
  constexpr Cycle kPath = 12;
  OperationAccount b;
  FetchLedger ledger;
  ledger.begin(0);
  for (Cycle i = 0; i < 100; ++i) {
    const Cycle last = 53 + 16 * i;
    ledger.add(chunk(i, i, last - 3, last, 50), Resource::kDataFetch);
    ledger.explain(b.log, b.id, last + kPath, Resource::kDataFetch, kPath);
  }
  const Account time = b.until(53 + 16 * 99 + kPath);
  EXPECT_EQ(of(time, Resource::kDataFetch), kPath);
  EXPECT_EQ(of(time, Resource::kDbbLatency), 50);
  EXPECT_EQ(of(time, Resource::kDbbBandwidth), 3 + 16 * 99);
}

// Each chunk is issued when the one before has come: the limit is why the latency is seen every time.
TEST(FetchLedger, LatencyBehindTheLimitOfOpenReadsIsTheLimit) {
  for (const bool in_memory : {false, true}) {
    OperationAccount b;
    FetchLedger ledger;
    ledger.begin(0);
    for (Cycle i = 0; i < 10; ++i) {
      const Cycle issued = 54 * i;
      ledger.add(in_memory ? chunk(i, i, issued + 50, issued + 53, 50, Resource::kArbitration, issued - i)
                           : chunk(i, issued, issued + 50, issued + 53, 50, Resource::kOutstanding),
                 Resource::kDataFetch);
    }
    ledger.explain(b.log, b.id, 54 * 10 - 1, Resource::kDataFetch);
    const Account time = b.until(54 * 10 - 1);
    EXPECT_EQ(bound_by(time), Resource::kOutstanding) << in_memory;
    EXPECT_LE(of(time, Resource::kDbbLatency), 50) << in_memory;
  }
}

TEST(FetchLedger, AChunkThatAnotherClientHeldUpBlamesArbitration) {
  OperationAccount b;
  FetchLedger ledger;
  ledger.begin(0);
  ledger.add(chunk(10, 210, 220, 220, 10), Resource::kDataFetch);
  ledger.explain(b.log, b.id, 220, Resource::kDataFetch);
  EXPECT_EQ(of(b.until(220), Resource::kArbitration), 200);
}

TEST(FetchLedger, OnlyWhatTheConsumerWaitedForCounts) {
  OperationAccount b;
  FetchLedger ledger;
  ledger.begin(0);
  ledger.add(Resource::kCbufSpace, 100);
  ledger.add(Resource::kDbbBandwidth, 200);
  b.log.account(b.id, Resource::kMacArray, 150);  // it was busy until then
  ledger.explain(b.log, b.id, 180, Resource::kDataFetch);
  const Account time = b.until(180);
  EXPECT_EQ(of(time, Resource::kMacArray), 150);
  EXPECT_EQ(of(time, Resource::kCbufSpace), 0);
  EXPECT_EQ(of(time, Resource::kDbbBandwidth), 30);
}

TEST(FetchLedger, BeforeItsBeginItKnowsNothing) {
  OperationAccount b;
  FetchLedger ledger;
  ledger.begin(40);
  ledger.add(Resource::kDbbLatency, 60);
  ledger.explain(b.log, b.id, 60, Resource::kOperandFetch);
  const Account time = b.until(60);
  EXPECT_EQ(of(time, Resource::kOperandFetch), 40);
  EXPECT_EQ(of(time, Resource::kDbbLatency), 20);
}

// Beats that are taken at once are accounted as one by one, however they come.
TEST(FetchLedger, BeatsAtOnceAreThoseOneByOne) {
  std::mt19937 random(3);
  const auto pick = [&](std::uint32_t most) { return static_cast<Cycle>(random() % most); };
  for (int i = 0; i < 500; ++i) {
    SCOPED_TRACE(i);
    const bool steady = i % 2 == 0;  // a port that is busy, with a gap now and then
    ReadReturn first = chunk(pick(20), 20 + pick(20), 0, 0, 0);
    first.address = 8 * static_cast<std::uint64_t>(pick(8)) + static_cast<std::uint64_t>(pick(8));
    std::vector<BusCompletion::Row> beats_of_rows, beats_alone;
    const bool near = i % 3 == 0;  // memory answers at once
    Cycle at = first.timing.issued + (near ? pick(3) : 30 + pick(20));
    for (Cycle n = 1 + pick(60); n > 0; --n) {
      const Cycle held = near || (steady && pick(8) != 0) ? 0 : pick(12);
      beats_alone.push_back({at, held, 1});
      if (!beats_of_rows.empty() && beats_of_rows.back().last() + 1 == at &&
          beats_of_rows.back().held == held) {
        ++beats_of_rows.back().beats;
      } else {
        beats_of_rows.push_back({at, held, 1});
      }
      at += steady && pick(8) != 0 ? 1 : pick(9);
    }
    const auto count = static_cast<std::uint32_t>(beats_alone.size());
    const auto rows = static_cast<std::uint32_t>(beats_of_rows.size());
    const BusCompletion completion{1, at, 0, 0, nullptr, beats_of_rows.data(), rows, count};
    const BusCompletion as_beats{1, at, 0, 0, nullptr, beats_alone.data(), count, count};
    for (std::uint32_t n = 0; n < count; ++n) {
      EXPECT_EQ(completion.followed_by(n), beats_alone[count - 1 - n].at);
    }
    const std::uint64_t end = (first.address / 8 + count) * 8 - static_cast<std::uint64_t>(pick(8));
    Cycle unloaded = near ? pick(4) : 40 + pick(20), unloaded_alone = unloaded;
    FetchLedger together, alone;
    const Cycle begin = pick(60);
    together.begin(begin);
    alone.begin(begin);
    BeatReturns beats(first, end, 8, completion, unloaded);
    const std::uint64_t bytes = together.add(beats, Resource::kWeightFetch);
    std::uint64_t expected = 0;
    BeatReturns each(first, end, 8, as_beats, unloaded_alone);
    while (const ReadReturn* beat = each.next()) {
      alone.add(*beat, Resource::kWeightFetch);
      expected += beat->bytes;
    }
    EXPECT_EQ(bytes, expected);
    EXPECT_EQ(unloaded, unloaded_alone);
    OperationAccount b, c;
    together.explain(b.log, b.id, at + 5, Resource::kCbufSpace);
    alone.explain(c.log, c.id, at + 5, Resource::kCbufSpace);
    EXPECT_EQ(b.until(at + 5), c.until(at + 5));
  }
}

}  // namespace
}  // namespace nvdla::engine
