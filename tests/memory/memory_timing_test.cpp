// SPDX-License-Identifier: Apache-2.0
// The memory's timing against closed forms, and against a cycle-by-cycle reference written as the rules read.
#include "memory/memory_timing.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <map>

namespace nvdla::memory {
namespace {

memory::MemoryDescription describe(std::uint32_t latency, double bandwidth, std::uint32_t outstanding = 256) {
  memory::MemoryDescription description;
  description.latency = latency;
  description.bytes_per_cycle = bandwidth;
  description.max_outstanding = outstanding;
  return description;
}

std::map<std::uint64_t, Cycle> drain(MemoryTiming& memory, Cycle until = 1000000) {
  std::map<std::uint64_t, Cycle> done;
  MemoryTiming::Completion completion;
  memory.advance(until);
  while (memory.pop(completion)) done[completion.id] = completion.at;
  return done;
}

TEST(MemoryTiming, OneReadTakesLatencyPlusItsBeats) {
  for (const std::uint32_t beats : {1U, 2U, 4U, 16U}) {
    MemoryTiming memory(describe(50, 64), 64);
    memory.submit(7, false, beats, 100);
    const Cycle done = 100 + 50 + beats - 1;
    MemoryTiming::Completion completion;
    memory.advance(done - 1);
    EXPECT_FALSE(memory.pop(completion)) << beats;
    EXPECT_EQ(memory.next(), done) << beats;
    memory.advance(done);
    ASSERT_TRUE(memory.pop(completion)) << beats;
    EXPECT_EQ(completion.id, 7U);
    EXPECT_EQ(completion.at, done);
    EXPECT_TRUE(memory.idle());
    EXPECT_EQ(memory.next(), kNever);
  }
}

TEST(MemoryTiming, MemoryWithoutLatencyAnswersInTheCycleOfTheBeat) {
  MemoryTiming memory(describe(0, 64), 64);
  memory.submit(1, false, 1, 10);
  memory.submit(2, true, 1, 10);
  MemoryTiming::Completion completion;
  memory.advance(9);
  EXPECT_FALSE(memory.pop(completion));
  EXPECT_EQ(drain(memory, 10), (std::map<std::uint64_t, Cycle>{{1, 10}}));
  EXPECT_EQ(drain(memory, 11), (std::map<std::uint64_t, Cycle>{{2, 11}}));  // one beat a cycle in all
}

TEST(MemoryTiming, WriteIsAcknowledgedLatencyAfterItsLastBeat) {
  MemoryTiming memory(describe(50, 64), 64);
  memory.submit(1, true, 4, 10);
  MemoryTiming::Completion completion;
  memory.advance(62);
  EXPECT_FALSE(memory.pop(completion));
  memory.advance(63);
  ASSERT_TRUE(memory.pop(completion));
  EXPECT_EQ(completion.at, 13 + 50);
  EXPECT_TRUE(completion.write);
}

// Spans of recorded SDP_RDMA reads (first to last beat, an idle memory before): recordings L128_B16, L20_B8,
// L128_B4.
TEST(MemoryTiming, StreamsOutOfAnIdleMemoryAsRecorded) {
  struct Span {
    std::uint32_t width;
    double bandwidth;
    std::uint32_t beats;
    Cycle span;
  };
  for (const Span& recorded :
       {Span{64, 16, 2, 3}, Span{64, 16, 3, 7}, Span{64, 16, 16, 59}, Span{64, 16, 128, 507},
        Span{64, 8, 2, 7}, Span{64, 8, 32, 247}, Span{8, 4, 4, 5}, Span{8, 4, 126, 249}}) {
    MemoryTiming memory(describe(20, recorded.bandwidth), recorded.width);
    memory.submit(1, false, recorded.beats, 1000);
    EXPECT_EQ(drain(memory)[1], 1020 + recorded.span) << recorded.beats << " beats at " << recorded.bandwidth;
  }
}

// 64 bytes a beat at 16 bytes a cycle: one beat in four cycles once the bucket is empty.
TEST(MemoryTiming, BandwidthBoundsAStream) {
  MemoryTiming memory(describe(50, 16), 64);
  constexpr std::uint32_t kBeats = 400;
  memory.submit(1, false, kBeats, 0);
  const Cycle done = drain(memory)[1];
  EXPECT_GE(done, 50 + 4 * (kBeats - 3));
  EXPECT_LE(done, 50 + 4 * kBeats);
}

TEST(MemoryTiming, FullRatePortMovesOneBeatACycleInAll) {
  MemoryTiming memory(describe(50, 64), 64);
  for (std::uint64_t i = 0; i < 100; ++i) {
    memory.submit(2 * i, false, 1, static_cast<Cycle>(i));
    memory.submit(2 * i + 1, true, 1, static_cast<Cycle>(i) + 0);
  }
  Cycle last = 0;
  for (const auto& [id, at] : drain(memory)) last = std::max(last, at);
  // Writes go at once, reads `latency` later: no contention in the first 50 cycles, then they share.
  EXPECT_GE(last, 100 + 50 - 1);
  EXPECT_LE(last, 50 + 200);
}

// Both directions always ready, only one beat a cycle fits: neither starves and their shares are equal.
TEST(MemoryTiming, ReadsAndWritesAlternate) {
  MemoryTiming memory(describe(1, 32), 64);
  memory.submit(1, false, 200, 0);
  memory.submit(2, true, 200, 0);
  const auto done = drain(memory);
  EXPECT_NEAR(static_cast<double>(done.at(1)), static_cast<double>(done.at(2)), 6);
  EXPECT_GE(done.at(1), 2 * 400 - 8);
}

// A beat that moves while nobody else waits leaves the turn where it is.
TEST(MemoryTiming, TheTurnChangesWhereBothWait) {
  MemoryTiming memory(describe(0, 8), 8);
  for (std::uint64_t i = 0; i < 5; ++i) memory.submit(i, false, 1, static_cast<Cycle>(i));
  memory.submit(10, true, 1, 5);  // the read's turn, after five reads
  memory.submit(11, false, 1, 5);
  memory.submit(12, true, 1, 6);  // and the write's, after this one
  memory.submit(13, false, 1, 6);
  const auto done = drain(memory);
  EXPECT_EQ(done.at(11), 5);
  EXPECT_EQ(done.at(10), 6);
  EXPECT_EQ(done.at(13), 7);
  EXPECT_EQ(done.at(12), 8);
}

// More than two beats in the bucket let both move in a cycle; exactly two do not.
TEST(MemoryTiming, BothMoveWithMoreThanTwoBeatsInTheBucket) {
  for (const int gain : {64, 65}) {
    MemoryTiming memory(describe(0, gain), 64);
    memory.submit(1, false, 1, 10);
    memory.submit(2, true, 1, 10);
    EXPECT_EQ(drain(memory).at(2), gain == 64 ? 11 : 10);
  }
}

// A burst that the port has for itself lets the bucket fill again: both move at its end as at the beginning.
TEST(MemoryTiming, TheBucketFillsWhileABurstReturns) {
  MemoryTiming memory(describe(0, 96), 64);  // a beat and a half a cycle, two and a half in the bucket
  memory.submit(1, false, 1, 0);
  memory.submit(2, true, 1, 0);
  memory.submit(3, false, 4, 1);
  memory.submit(4, false, 1, 5);
  memory.submit(5, true, 1, 5);
  EXPECT_EQ(drain(memory), (std::map<std::uint64_t, Cycle>{{1, 0}, {2, 0}, {3, 4}, {4, 5}, {5, 5}}));
}

// One beat in eight cycles: the four are taken in cycles 0, 7, 15 and 23.
TEST(MemoryTiming, SaysWhenWritesHaveBeenTaken) {
  MemoryTiming memory(describe(50, 8), 64);
  for (std::uint64_t i = 0; i < 4; ++i) memory.submit(i, true, 1, static_cast<Cycle>(i));
  EXPECT_EQ(memory.write_room(7, 4), 0);
  EXPECT_EQ(memory.write_room(3, 4), 1);
  EXPECT_EQ(memory.write_room(2, 4), 8);
  EXPECT_EQ(memory.write_room(1, 4), 16);
  EXPECT_EQ(memory.write_room(2, 7), 8);
  EXPECT_EQ(memory.write_room(2, 8), 8);
  EXPECT_EQ(memory.write_room(0, 23), 24);
  EXPECT_EQ(memory.write_room(0, 24), 24);
}

// Two open at a time: accepted in cycles 0, 1, 51, 52 and 102.
TEST(MemoryTiming, SaysWhenReadsHaveBeenAccepted) {
  MemoryTiming memory(describe(50, 64, 2), 64);
  EXPECT_EQ(memory.open_reads(), 2U);
  EXPECT_EQ(memory.read_room(0, 0), 0);
  for (std::uint64_t i = 0; i < 5; ++i) memory.submit(i, false, 1, static_cast<Cycle>(i));
  EXPECT_EQ(memory.read_room(3, 4), 4);
  EXPECT_EQ(memory.read_room(3, 1), 1);
  EXPECT_EQ(memory.read_room(4, -1), 0);  // the first, in the cycle of its request
  EXPECT_EQ(memory.read_room(2, 4), 51);
  EXPECT_LE(memory.read_room(0, 4), 102);
  EXPECT_GT(memory.read_room(0, 4), 51);
  EXPECT_EQ(memory.read_room(1, 51), 52);
  EXPECT_EQ(memory.read_room(1, 52), 52);
  EXPECT_EQ(memory.read_room(0, 60), 102);
  EXPECT_EQ(memory.read_room(0, 102), 102);
}

// Bursts of up to four, one of them open at a time: each is accepted behind the last beat of the one before,
// however many beats that has.
TEST(MemoryTiming, LimitCountsBursts) {
  MemoryDescription description = describe(50, 64, 1);
  description.burst_beats = 4;
  MemoryTiming memory(description, 64);
  memory.submit(1, false, 4, 0);
  memory.submit(2, false, 2, 1);
  memory.submit(3, false, 7, 2);  // two bursts
  EXPECT_EQ(memory.read_room(2, 60), 60);
  std::map<std::uint64_t, Cycle> done = drain(memory, 300);
  EXPECT_EQ(done[1], 50 + 3);
  EXPECT_EQ(done[2], 54 + 50 + 1);
  EXPECT_EQ(done[3], 106 + 50 + 3 + 1 + 50 + 2);
  // Two of them open: the second is there with the first.
  description.max_outstanding = 2;
  MemoryTiming two(description, 64);
  two.submit(1, false, 4, 0);
  two.submit(2, false, 4, 1);
  two.submit(3, false, 4, 2);
  done = drain(two, 300);
  EXPECT_EQ(done[2], 50 + 7);
  EXPECT_EQ(done[3], 54 + 50 + 3);
  // A burst is open until its last beat has returned: two of four have when the second comes.
  description.max_outstanding = 1;
  MemoryTiming part(description, 64);
  part.submit(1, false, 4, 0);
  part.submit(2, false, 4, 52);
  EXPECT_EQ(drain(part, 300)[2], 54 + 50 + 3);
}

// One beat in eight cycles: the four of a burst return in cycles 50, 57, 65 and 73.
TEST(MemoryTiming, SaysWhenReadsHaveReturned) {
  MemoryTiming memory(describe(50, 8), 64);
  EXPECT_EQ(memory.read_return(0, 5), 5);
  memory.submit(1, false, 4, 0);
  EXPECT_EQ(memory.read_return(3, 1), 51);
  EXPECT_EQ(memory.read_return(2, 51), 58);
  EXPECT_EQ(memory.read_return(3, 51), 51);
  EXPECT_EQ(memory.read_return(2, 57), 58);
  EXPECT_EQ(memory.read_return(2, 58), 58);
  EXPECT_EQ(memory.read_return(0, 58), 74);
  EXPECT_EQ(memory.read_return(0, 74), 74);
}

// The first returns in cycle 55, behind a write, and lets the second one be accepted.
TEST(MemoryTiming, SaysAtMostWhenReadsReturnThatAreNotAccepted) {
  MemoryTiming memory(describe(50, 8, 1), 64);
  memory.submit(1, false, 2, 0);
  memory.submit(2, true, 2, 48);
  EXPECT_LE(memory.read_return(0, 49), 107);
  EXPECT_GT(memory.read_return(0, 49), 58);
  EXPECT_EQ(memory.read_return(1, 55), 56);
  EXPECT_EQ(memory.read_return(0, 106), 107);
  EXPECT_EQ(memory.read_return(0, 107), 107);
}

// Beats return in cycles 50 to 53; the last of them are dated when time has gone on.
TEST(MemoryTiming, DatesReadsThatReturnABeatACycle) {
  MemoryTiming memory(describe(50, 64), 64);
  EXPECT_FALSE(memory.spreads_beats());
  memory.submit(1, false, 4, 0);
  EXPECT_EQ(memory.read_return(3, 1), 51);
  EXPECT_EQ(memory.read_return(4, 1), 1);
  for (const Cycle now : {54, 56, 60}) {
    memory.advance(now);
    for (std::uint32_t ahead = 0; ahead < 4; ++ahead)
      EXPECT_EQ(memory.read_return(ahead, now - 3), std::max<Cycle>(now - 3, 54 - Cycle{ahead})) << now;
  }
}

// Little's law: 8 beats open over 100 cycles of latency.
TEST(MemoryTiming, OutstandingLimitBoundsTheRate) {
  MemoryTiming memory(describe(100, 64, 8), 64);
  memory.submit(1, false, 80, 0);
  const Cycle done = drain(memory)[1];
  EXPECT_EQ(done, 9 * 101 + 100 + 7);  // ten rounds of eight; a freed place is taken one cycle later
}

TEST(MemoryTiming, ReadsReturnInOrderOfRequest) {
  MemoryTiming memory(describe(30, 8), 8);
  for (std::uint64_t i = 0; i < 50; ++i) memory.submit(i, false, 1 + i % 4, static_cast<Cycle>(4 * i));
  memory.advance(100000);
  MemoryTiming::Completion completion;
  for (std::uint64_t i = 0; i < 50; ++i) {
    ASSERT_TRUE(memory.pop(completion));
    EXPECT_EQ(completion.id, i);
  }
}

TEST(MemoryTiming, RejectsParametersOutOfRange) {
  EXPECT_THROW(MemoryTiming(describe(50, 0), 64), std::invalid_argument);
  EXPECT_THROW(MemoryTiming(describe(50, 64, 0), 64), std::invalid_argument);
  EXPECT_THROW(MemoryTiming(describe(50, 64), 0), std::invalid_argument);
}

// The rules, cycle by cycle.
struct Request {
  bool write;
  std::uint32_t beats;
  Cycle issued;
};

std::map<std::uint64_t, Cycle> reference(const std::vector<Request>& requests,
                                         const memory::MemoryDescription& memory, int width) {
  struct Beat {
    std::uint64_t id;
    bool last;    // of its request
    bool closes;  // its burst
    Cycle at;     // asked for (writes), ready (reads)
  };
  struct ReadBurst {
    std::uint64_t id;
    std::uint32_t beats;
    bool last;
    Cycle asked;
  };
  std::deque<ReadBurst> read_asked;
  std::deque<Beat> read_open, writes;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Request& request = requests[i];
    for (std::uint32_t b = 0; request.write && b < request.beats; ++b)
      writes.push_back({i, b + 1 == request.beats, false, request.issued + b});
    for (std::uint32_t b = 0; !request.write && b < request.beats; b += memory.burst_beats) {
      const std::uint32_t beats = std::min(memory.burst_beats, request.beats - b);
      read_asked.push_back({i, beats, b + beats == request.beats, request.issued + b});
    }
  }
  const int gain = static_cast<int>(memory.bytes_per_cycle);
  std::uint32_t open = 0;  // bursts
  const int capacity = width + gain;
  int tokens = capacity;
  bool read_was_last = false;
  std::map<std::uint64_t, Cycle> done;
  for (Cycle now = 0; !read_asked.empty() || !read_open.empty() || !writes.empty(); ++now) {
    if (now > 0) tokens = std::min(capacity, tokens + gain);
    for (; !read_asked.empty() && read_asked.front().asked <= now && open < memory.max_outstanding; ++open) {
      const ReadBurst& burst = read_asked.front();
      for (std::uint32_t b = 0; b < burst.beats; ++b) {
        const bool closes = b + 1 == burst.beats;
        read_open.push_back({burst.id, closes && burst.last, closes, now + b + memory.latency});
      }
      read_asked.pop_front();
    }
    const bool read = !read_open.empty() && read_open.front().at <= now;
    const bool write = !writes.empty() && writes.front().at <= now;
    const bool both = read && write && tokens > 2 * width;
    const bool one = tokens >= width;
    const bool take_read = read && (both || (one && (!write || !read_was_last)));
    const bool take_write = write && (both || (one && !take_read));
    if (take_read) {
      if (read_open.front().last) done[read_open.front().id] = now;
      if (read_open.front().closes) --open;
      read_open.pop_front();
      tokens -= width;
    }
    if (take_write) {
      if (writes.front().last) done[writes.front().id] = now + memory.latency;
      writes.pop_front();
      tokens -= width;
    }
    if (read && write && take_read != take_write) read_was_last = take_read;
  }
  return done;
}

RC_GTEST_PROP(MemoryTiming, EqualsTheRulesPlayedCycleByCycle, ()) {
  const auto latency = *rc::gen::inRange<std::uint32_t>(0, 80);
  const int width = *rc::gen::element(8, 16, 64);
  const int gain = *rc::gen::inRange(1, 2 * width + 1);
  memory::MemoryDescription description =
      describe(latency, gain, *rc::gen::element<std::uint32_t>(1, 2, 3, 7, 16, 256));
  description.burst_beats = *rc::gen::element<std::uint32_t>(1, 2, 4, 16);
  const auto count = *rc::gen::inRange<std::size_t>(1, 60);
  std::vector<Request> requests;
  Cycle issued = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto beats = *rc::gen::inRange<std::uint32_t>(1, 40);
    requests.push_back({*rc::gen::arbitrary<bool>(), beats, issued});
    issued += beats + *rc::gen::inRange(0, 12);
  }
  MemoryTiming memory(description, static_cast<std::uint32_t>(width));
  std::map<std::uint64_t, Cycle> done;
  MemoryTiming::Completion completion;
  Cycle now = 0;
  const auto collect = [&](Cycle until) {  // as the SystemC memory does: wakes at next()
    while (memory.next() <= until) {
      RC_ASSERT(memory.next() >= now);
      now = memory.next();
      memory.advance(now);
      while (memory.pop(completion)) {
        RC_ASSERT(completion.at <= now);
        done[completion.id] = completion.at;
      }
    }
  };
  for (std::size_t i = 0; i < requests.size(); ++i) {
    collect(requests[i].issued - 1);
    memory.submit(i, requests[i].write, requests[i].beats, requests[i].issued);
  }
  collect(kNever - 1);
  RC_ASSERT(done == reference(requests, description, width));
}

}  // namespace
}  // namespace nvdla::memory
