// SPDX-License-Identifier: Apache-2.0
// Proves that the closed forms of a port are what the memory of the recordings does: limits of open reads
// beat by beat, and reads whose data are written some cycles later on a port that is never idle.
#include "amaix/port_time.h"

#include <gtest/gtest.h>

#include <deque>
#include <stdexcept>

#include "memory/memory_timing.h"

namespace nvdla::amaix {
namespace {

using memory::MemoryTiming;

// From the first beat to the last one, of reads that are asked for one a cycle.
Cycle measured_span(const memory::MemoryDescription& description, std::uint32_t beats) {
  MemoryTiming memory(description, 64);
  for (std::uint32_t beat = 0; beat < beats; ++beat) memory.submit(beat + 1, false, 1, beat);
  memory.advance(1'000'000);
  MemoryTiming::Completion completion;
  Cycle first = -1, last = 0;
  while (memory.pop(completion)) {
    if (first < 0) first = completion.at;
    last = completion.at;
  }
  return last - first;
}

TEST(OpenLimit, SpanIsThatOfTheMemory) {
  for (const std::uint32_t latency : {20U, 100U, 1000U})
    for (const std::uint32_t open : {1U, 4U, 16U})
      for (const std::uint32_t beats : {1U, 4U, 16U, 17U, 33U, 100U}) {
        const memory::MemoryDescription description{latency, 64, open};
        const OpenLimit limit = read_limit(description, preset("nv_full"), 4);
        EXPECT_DOUBLE_EQ(limit.span(beats, 1), static_cast<double>(measured_span(description, beats)))
            << "latency " << latency << ", " << open << " open, " << beats << " beats";
      }
}

TEST(OpenLimit, BeatsInASpanAreThoseThatHaveCome) {
  const OpenLimit limit{16, 101};
  for (const double beats : {1.0, 16.0, 17.0, 40.0}) {
    EXPECT_GE(limit.beats_in(limit.span(beats, 1) + 1, 1), beats);
    EXPECT_LT(limit.beats_in(limit.span(beats, 1), 1), beats);
  }
}

TEST(OpenLimit, AFifoHoldsDataLongerThanTheMemory) {
  const memory::MemoryDescription description{50, 64, 256};
  const OpenLimit fifo = fifo_limit(Client::kPdp, description, 10, preset("nv_full"));
  EXPECT_DOUBLE_EQ(fifo.open, 61);
  EXPECT_DOUBLE_EQ(fifo.turn, 60);
  // No FIFO: no limit.
  EXPECT_DOUBLE_EQ(fifo_limit(Client::kCdmaDat, description, 10, preset("nv_full")).rate(),
                   std::numeric_limits<double>::infinity());
  // MCIF's own limit counts where memory allows as many.
  EXPECT_DOUBLE_EQ(read_limit({1000, 64, 1000}, preset("nv_full"), 4).open, 256);
  EXPECT_DOUBLE_EQ(write_limit({1000, 64, 16}, preset("nv_full")).open, 256);
}

// Reads are asked for as fast as they go; of every datum `written / read` beats are written `lag` cycles
// later. From the first read to the last write.
double measured_port_span(const memory::MemoryDescription& description, std::uint32_t read,
                          std::uint32_t written, Cycle lag) {
  MemoryTiming memory(description, 8);
  std::deque<Cycle> writes;
  Cycle first = -1, last = 0;
  std::uint64_t id = 0, sent = 0;
  std::uint32_t come = 0;
  for (Cycle now = 0; come < read || !writes.empty() || !memory.idle(); ++now) {
    memory.advance(now - 1);
    MemoryTiming::Completion completion;
    while (memory.pop(completion)) {
      if (completion.write) {
        last = std::max(last, completion.at - description.latency);
        continue;
      }
      if (first < 0) first = completion.at;
      ++come;
      while (sent < std::uint64_t{come} * written / read) {
        writes.push_back(completion.at + lag);
        ++sent;
      }
    }
    for (; !writes.empty() && writes.front() <= now; writes.pop_front()) memory.submit(++id, true, 1, now);
    if (now < read) memory.submit(++id, false, 1, now);
  }
  return static_cast<double>(last - first);
}

TEST(PortSpan, IsThatOfTheMemoryWithinTwoPercent) {
  for (const double bytes : {8.0, 2.0})
    for (const std::uint32_t read : {200U, 1000U})
      for (const std::uint32_t written : {read / 4, read / 2, read})
        for (const Cycle lag : {40, 100}) {
          const memory::MemoryDescription description{50, bytes, 256};
          const double span = port_span(
              {static_cast<double>(read), 0, static_cast<double>(written), static_cast<double>(lag)},
              description, preset("nv_small"));
          const double measured = measured_port_span(description, read, written, lag);
          EXPECT_NEAR(span, measured, std::max(8.0, 0.02 * measured))
              << read << " read, " << written << " written, lag " << lag << ", " << bytes << " bytes a cycle";
          EXPECT_GE(span, (read + written - 1) * 8 / bytes);
        }
}

// nv_full collects chunks of four beats, which goes on while the last data are read; what is read ahead of
// all others leaves the writes the port's other half for the rest.
TEST(PortSpan, ChunksAndEarlyReads) {
  const memory::MemoryDescription slow{50, 16, 256};
  const double small = port_span({200, 0, 50, 65}, slow, preset("nv_full"));
  EXPECT_DOUBLE_EQ(small, (249 - 3) * 4 - 65.0 * 50 / 250 + 65);
  EXPECT_GT(port_span({250, 0, 200, 65}, slow, preset("nv_full")),
            port_span({250, 50, 200, 65}, slow, preset("nv_full")));
  EXPECT_DOUBLE_EQ(port_span({250, 50, 200, 65}, slow, preset("nv_full")), 449 * 4);
}

// A port of two beats a cycle: reads and writes do not disturb each other.
TEST(PortSpan, DirectionsOfAWidePortAreTheirOwn) {
  const memory::MemoryDescription wide{50, 128, 256};
  EXPECT_NEAR(port_span({1000, 0, 1000, 40}, wide, preset("nv_full")), 999 + 40, 2);
  EXPECT_DOUBLE_EQ(port_span({1, 0, 0, 40}, wide, preset("nv_full")), 40);
  EXPECT_DOUBLE_EQ(port_span({0, 0, 0, 40}, wide, preset("nv_full")), 0);
}

TEST(PortMemory, WithoutBandwidthIsRefused) {
  memory::MemorySystem memory;
  memory.dbb.bytes_per_cycle = 0;
  EXPECT_THROW((void)port_memory(memory, MemorySpace::kDbb), std::invalid_argument);
  // Without a second port, its space is behind the first.
  EXPECT_THROW((void)port_memory(memory, MemorySpace::kCvsram), std::invalid_argument);
  memory.cvsram = memory::MemoryDescription{20, 16, 256};
  EXPECT_EQ(port_memory(memory, MemorySpace::kCvsram).latency, 20U);
}

}  // namespace
}  // namespace nvdla::amaix
