// SPDX-License-Identifier: Apache-2.0
// Several masters on one memory: the rule of turns, and that nobody notices who is not there.
#include "memory/shared_timing.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

namespace nvdla::memory {
namespace {

MemoryDescription full_rate() {
  MemoryDescription description;
  description.latency = 50;
  description.bytes_per_cycle = 64;
  return description;
}

// Completions by (master, id).
using Done = std::map<std::pair<std::uint32_t, std::uint64_t>, Cycle>;
Done drain(SharedTiming& memory, std::uint32_t masters, Cycle until) {
  Done done;
  memory.advance(until);
  for (std::uint32_t master = 0; master < masters; ++master)
    for (MemoryTiming::Completion completion; memory.pop(master, completion);)
      done[{master, completion.id}] = completion.at;
  return done;
}

// Three masters ask for three bursts of four beats in one cycle: they take turns, burst by burst, and the
// channel is busy for four cycles with each.
TEST(SharedTiming, BurstsTakeTurns) {
  SharedTiming memory(full_rate(), 64, 3);
  for (std::uint64_t burst = 0; burst < 3; ++burst)
    for (const std::uint32_t master : {2U, 0U, 1U}) memory.submit(master, burst, false, 4, 100);
  EXPECT_EQ(memory.next(), 100);
  const Done done = drain(memory, 3, 1000);
  for (std::uint64_t burst = 0; burst < 3; ++burst)
    for (std::uint32_t master = 0; master < 3; ++master)
      EXPECT_EQ(done.at({master, burst}), 100 + 4 * (3 * static_cast<Cycle>(burst) + master) + 50 + 3)
          << master << " " << burst;
  EXPECT_EQ(memory.next(), kNever);
}

// Who was granted last comes last, however long ago that was; a burst of 16 beats is one turn.
TEST(SharedTiming, TheTurnIsRememberedAndABurstIsOne) {
  SharedTiming memory(full_rate(), 64, 2);
  memory.submit(0, 1, false, 16, 10);
  EXPECT_EQ(drain(memory, 2, 500).at({0, 1}), 10 + 50 + 15);
  memory.submit(0, 2, false, 16, 600);
  memory.submit(1, 3, false, 1, 600);
  const Done done = drain(memory, 2, 2000);
  EXPECT_EQ(done.at({1, 3}), 600 + 50);
  EXPECT_EQ(done.at({0, 2}), 601 + 50 + 15);
}

// A master alone sees the memory's own rule; of several, who waits for its turn has no room for more.
TEST(SharedTiming, WriteRoom) {
  SharedTiming alone(full_rate(), 64, 1);
  alone.submit(0, 1, true, 4, 100);
  EXPECT_EQ(alone.write_room(0, 3, 101), 101);
  EXPECT_EQ(alone.write_room(0, 1, 101), 103);
  SharedTiming shared(full_rate(), 64, 2);
  shared.submit(0, 1, true, 4, 100);
  shared.submit(1, 2, true, 4, 100);
  EXPECT_EQ(shared.write_room(1, 3, 101), 105);  // its burst is granted in cycle 104
  EXPECT_EQ(shared.write_room(1, 3, 105), 105);
}

TEST(SharedTiming, ReadRoom) {
  SharedTiming alone(full_rate(), 64, 1);
  EXPECT_EQ(alone.open_reads(), 256U);
  alone.submit(0, 1, false, 4, 100);
  EXPECT_EQ(alone.read_room(0, 0, 102), 103);  // its last beat comes and is accepted
  SharedTiming early(full_rate(), 64, 1);
  early.submit_ahead(0, 1, false, 4, 100);
  EXPECT_EQ(early.read_room(0, 4, 90), 90);  // all four may be in front
  EXPECT_EQ(early.read_room(0, 3, 90), 91);
  SharedTiming shared(full_rate(), 64, 2);
  EXPECT_EQ(shared.open_reads(), 0U);
  shared.submit(0, 1, false, 4, 100);
  shared.submit(1, 2, false, 4, 100);
  EXPECT_EQ(shared.read_room(1, 3, 101), 105);  // its burst is granted in cycle 104
  EXPECT_EQ(shared.read_room(1, 4, 101), 101);
  EXPECT_EQ(shared.read_room(0, 1, 101), 102);
  EXPECT_EQ(shared.read_room(1, 3, 104), 104);
}

TEST(SharedTiming, ReadReturn) {
  MemoryDescription slow = full_rate();
  slow.bytes_per_cycle = 8;
  SharedTiming alone(slow, 64, 1);
  alone.submit(0, 1, false, 4, 100);
  const Cycle first = 100 + Cycle{slow.latency};
  EXPECT_EQ(alone.read_return(0, 3, 101), first + 1);
  EXPECT_EQ(alone.read_return(0, 2, first + 8), first + 8);
  SharedTiming early(slow, 64, 1);
  early.submit_ahead(0, 1, false, 4, 100);
  EXPECT_EQ(early.read_return(0, 4, 90), 90);  // all four may be out
  EXPECT_EQ(early.read_return(0, 3, 90), 91);
  SharedTiming shared(slow, 64, 2);  // others' beats come between
  shared.submit(0, 1, false, 4, 100);
  EXPECT_EQ(shared.read_return(0, 3, 101), kNever);
}

// Reads and writes have a channel each: a write does not wait for the other master's read.
TEST(SharedTiming, WritesDoNotWaitForReads) {
  SharedTiming memory(full_rate(), 64, 2);
  memory.submit(0, 1, false, 16, 10);
  memory.submit(1, 2, true, 1, 10);
  EXPECT_EQ(drain(memory, 2, 500).at({1, 2}), 10 + 50);
}

// A master whose bursts leave room for their beats, as the accelerator's do, sees the memory as if it were
// alone, as long as the other asks for nothing.
RC_GTEST_PROP(SharedTiming, AQuietNeighbourCostsNothing, ()) {
  MemoryDescription description;
  description.latency = *rc::gen::inRange<std::uint32_t>(0, 100);
  description.bytes_per_cycle = *rc::gen::inRange(1, 64);
  description.max_outstanding = *rc::gen::inRange<std::uint32_t>(1, 64);
  SharedTiming shared(description, 64, 2), alone(description, 64, 1);
  std::array<Cycle, 2> free{};
  Cycle now = 0;
  const auto bursts = *rc::gen::inRange<std::uint64_t>(1, 40);
  for (std::uint64_t id = 0; id < bursts; ++id) {
    const bool write = *rc::gen::arbitrary<bool>();
    const auto beats = *rc::gen::inRange<std::uint32_t>(1, 16);
    now = std::max(now + *rc::gen::inRange(0, 8), free[write ? 1 : 0]);
    free[write ? 1 : 0] = now + beats;
    shared.submit(1, id, write, beats, now);
    alone.submit(0, id, write, beats, now);
  }
  Done other;
  for (const auto& [key, at] : drain(shared, 2, 1'000'000)) other[{0, key.second}] = at;
  RC_ASSERT(other == drain(alone, 1, 1'000'000));
}

// Requests that are told ahead of their time, in between others, are served as if they had come in it; next()
// is never later than the next completion.
RC_GTEST_PROP(SharedTiming, AheadIsAsInTime, ()) {
  MemoryDescription description;
  description.latency = *rc::gen::inRange<std::uint32_t>(0, 100);
  description.bytes_per_cycle = *rc::gen::inRange(1, 130);
  description.max_outstanding = *rc::gen::inRange<std::uint32_t>(1, 64);
  struct Request {
    bool write, ahead;
    std::uint32_t beats;
    Cycle at;
  };
  std::vector<Request> requests;
  Cycle at = 0;
  const auto count = *rc::gen::inRange<std::size_t>(1, 40);
  for (std::size_t i = 0; i < count; ++i) {
    at += *rc::gen::inRange(1, 40);  // of one cycle, those told first come first
    requests.push_back({*rc::gen::inRange(0, 4) == 0, *rc::gen::arbitrary<bool>(),
                        *rc::gen::inRange<std::uint32_t>(1, 16), at});
  }
  const auto lead = *rc::gen::inRange<Cycle>(1, 100);
  SharedTiming in_time(description, 64, 1), ahead(description, 64, 1);
  std::map<std::uint64_t, Cycle> expected, found;
  std::vector<bool> told(count);
  const Cycle slowest = 64;  // cycles of a beat
  const Cycle end = at + description.latency + 16 * slowest * static_cast<Cycle>(count) + 1;
  for (Cycle now = 0; now <= end; ++now) {
    for (std::size_t i = 0; i < count; ++i) {
      const Request& request = requests[i];
      if (request.at == now) (void)in_time.submit(0, i, request.write, request.beats, now);
      if (told[i] || request.at > now + (request.ahead ? lead : 0)) continue;
      told[i] = true;
      if (request.at > now) {
        (void)ahead.submit_ahead(0, i, request.write, request.beats, request.at);
      } else {
        (void)ahead.submit(0, i, request.write, request.beats, now);
      }
    }
    MemoryTiming::Completion completion;
    for (in_time.advance(now); in_time.pop(0, completion);) expected[completion.id] = completion.at;
    if (ahead.next() > now) continue;
    for (ahead.advance(now); ahead.pop(0, completion);) {
      RC_ASSERT(completion.at == now);
      found[completion.id] = now;
    }
  }
  RC_ASSERT(expected.size() == count);
  RC_ASSERT(found == expected);
  RC_ASSERT(in_time.idle(0) && ahead.idle(0));
}

}  // namespace
}  // namespace nvdla::memory
