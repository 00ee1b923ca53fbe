// SPDX-License-Identifier: Apache-2.0
// Proves the rates of CDMA's shared buffer: closed forms by generation, and two recorded layers that it
// bounds.
#include "engine/units/convolution/cdma_shared_buffer.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

#include "amaix/convolution_plan.h"
#include "hardware/convolution_timing.h"
#include "tests/engine/recorded_convolutions.h"

namespace nvdla::engine {
namespace {

struct Beat {
  std::uint32_t slot, atoms;
};

// The beats of a dense cube as memory returns them.
std::vector<Beat> beats_of(const HardwareParameters& hardware, std::uint32_t width, std::uint32_t height,
                           std::uint32_t surfaces, std::uint32_t batches = 1) {
  const std::uint32_t atom = hardware.memory_atom_bytes;
  ConvolutionFetch fetch;
  fetch.input = {width, height, surfaces * atom};
  fetch.data.line_stride = width * atom;
  fetch.data.surface_stride = fetch.data.line_stride * height;
  fetch.batches = batches;
  fetch.batch_stride = fetch.data.surface_stride * surfaces;
  std::vector<Beat> beats;
  for (amaix::DataRequests requests(fetch, hardware); !requests.done(); requests.advance()) {
    const amaix::DataRequest& request = requests.front();
    std::uint64_t at = request.address;
    const std::uint64_t end = at + std::uint64_t{request.atoms} * atom;
    while (at < end) {
      const std::uint64_t stop =
          std::min(end, at / hardware.dbb_width_bytes * hardware.dbb_width_bytes + hardware.dbb_width_bytes);
      beats.push_back({request.slot, static_cast<std::uint32_t>(stop - at) / atom});
      at = stop;
    }
  }
  return beats;
}

void start(SharedBuffer& buffer, const HardwareParameters& hardware, std::uint32_t width,
           std::uint32_t height, std::uint32_t surfaces, std::uint32_t batches = 1) {
  buffer.start(surfaces, width, height, 1, batches, hardware.dbb_width_bytes / hardware.memory_atom_bytes,
               amaix::surfaces_together(hardware));
}

// Cycles from the first beat to the last read when a beat comes every `period` cycles.
Cycle cycles(const HardwareParameters& hardware, std::uint32_t width, std::uint32_t height,
             std::uint32_t surfaces, Cycle period = 1) {
  SharedBuffer buffer;
  start(buffer, hardware, width, height, surfaces);
  Cycle arrival = 100;
  for (const Beat& beat : beats_of(hardware, width, height, surfaces)) {
    EXPECT_FALSE(buffer.finished());
    buffer.accept(arrival, beat.slot, beat.atoms);
    arrival += period;
  }
  const Cycle last = buffer.drain();
  EXPECT_TRUE(buffer.finished());
  EXPECT_EQ(buffer.last_read(), last);
  return last - 100;
}

const HardwareParameters& nv_full() { return preset("nv_full"); }
const HardwareParameters& nv_small() { return preset("nv_small"); }

// What 8 more atoms of every surface cost.
Cycle more(const HardwareParameters& hardware, std::uint32_t surfaces, Cycle period = 1) {
  const Cycle first = cycles(hardware, 64, 1, surfaces, period);
  const Cycle second = cycles(hardware, 128, 1, surfaces, period);
  EXPECT_EQ((second - first) % 8, 0);
  return (second - first) / 8;
}

TEST(SharedBuffer, EightBeatsOfAPairTake12Cycles) { EXPECT_EQ(more(nv_full(), 2), 12); }

TEST(SharedBuffer, ALoneSurfaceTakesABeatACycle) { EXPECT_EQ(more(nv_full(), 1), 4); }

// The third of four surfaces is the upper half of an entry, written one atom at a time: 2 cycles a beat.
TEST(SharedBuffer, ALoneUpperHalfTakesTwoCyclesABeat) {
  EXPECT_EQ(more(nv_full(), 3), 12 + 8);
  EXPECT_EQ(more(nv_full(), 4), 12 + 12);
  EXPECT_EQ(more(nv_full(), 5), 12 + 12 + 4);
}

// nv_small: an atom is a beat. Surfaces 0 and 1 of four go at full rate; every read of the others is of a
// single atom and keeps a beat out: two beats in three cycles.
TEST(SharedBuffer, TwoOfFourSurfacesOfNvSmallGoAtFullRate) {
  EXPECT_EQ(more(nv_small(), 1), 8);
  EXPECT_EQ(more(nv_small(), 2), 8 + 8);
  EXPECT_EQ(more(nv_small(), 3), 8 + 8 + 12);
  EXPECT_EQ(more(nv_small(), 4), 8 + 8 + 12 + 12);
  EXPECT_EQ(more(nv_small(), 5), 8 + 8 + 12 + 12 + 8);
}

// A line of 9 atoms is five beats, whose last read is a single atom, which keeps the next beat out.
TEST(SharedBuffer, AnOddWidthCostsACycleALine) {
  const Cycle even = cycles(nv_full(), 8, 21, 1) - cycles(nv_full(), 8, 11, 1);
  EXPECT_EQ(even, 10 * 4);
  // Lines of 8 + 1 and, shifted by an atom, of 7 + 2 atoms: five beats each.
  const Cycle odd = cycles(nv_full(), 9, 33, 1) - cycles(nv_full(), 9, 17, 1);
  EXPECT_GE(odd, 16 * 5);
  EXPECT_LE(odd, 16 * 6);
}

// As simulated (nv_small, third surface, a beat every second cycle): ready of the pipes in front is a cycle
// behind, so a beat that was blocked costs those behind it more than the cycle.
TEST(SharedBuffer, ABlockedBeatHoldsUpThoseBehindIt) {
  SharedBuffer buffer;
  start(buffer, preset("nv_small"), 16, 1, 3);
  constexpr Cycle kLast = 10 + 2 * 47;
  for (Cycle at = 10; at <= kLast; at += 2) buffer.accept(at, 0, 1);
  EXPECT_EQ(buffer.drain(), kLast + 5);
}

TEST(SharedBuffer, SlowBeatsAreReadAsTheyCome) {
  EXPECT_EQ(more(nv_full(), 2, 4), 8 * 4);
  EXPECT_EQ(more(nv_full(), 1, 4), 4 * 4);
  // A pair is read when its second half is there: not before the last beat, and then at once.
  const auto beats = static_cast<Cycle>(beats_of(nv_full(), 64, 1, 2).size());
  EXPECT_GE(cycles(nv_full(), 64, 1, 2, 4), (beats - 1) * 4);
  EXPECT_LE(cycles(nv_full(), 64, 1, 2, 4), (beats - 1) * 4 + 8);
}

// Whatever the cube and the gaps between beats: everything is read, no earlier than it came, and no later
// than two cycles a beat after a last gap would allow.
TEST(SharedBuffer, ReadsEverythingAndStaysWithinItsRates) {
  EXPECT_TRUE(rc::check([] {
    const HardwareParameters& hardware = *rc::gen::arbitrary<bool>() ? nv_full() : nv_small();
    const auto any = [](std::uint32_t low, std::uint32_t high) {
      return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high));
    };
    const std::uint32_t width = any(1, 40), height = any(1, 6), surfaces = any(1, 7), batches = any(1, 4);
    const auto gaps =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<Cycle>>(rc::gen::inRange<Cycle>(1, 6)));
    SharedBuffer buffer;
    start(buffer, hardware, width, height, surfaces, batches);
    Cycle arrival = 0;
    const std::vector<Beat> beats = beats_of(hardware, width, height, surfaces, batches);
    for (std::size_t i = 0; i < beats.size(); ++i) {
      RC_ASSERT(!buffer.finished());
      arrival += gaps[i % gaps.size()];
      buffer.accept(arrival, beats[i].slot, beats[i].atoms);
    }
    const Cycle last = buffer.drain();
    RC_ASSERT(buffer.finished());
    RC_ASSERT(last >= arrival);
    RC_ASSERT(last <= arrival + 2 * static_cast<Cycle>(beats.size()) + 2);
  }));
}

// 56 x 56 x 64 elements behind a memory that gives a beat a cycle: 12 cycles for 8 beats of a pair (nv_full),
// 40 for 32 of four surfaces (nv_small). Weights take beats of their own before the buffer is the bound.
TEST(SharedBuffer, BoundsTheFetchOfRecordedLayers) {
  for (const char* name : {"u_conv06_c64_56x56_k64_r1_s1_nv_full_int8__L50_B64",
                           "u_conv06_c64_56x56_k64_r1_s1_nv_small_int8__L50_B8"}) {
    const recorded::Recording recording = recorded::load(name);
    const HardwareParameters& hardware = recording.hardware();
    const ConvolutionFetch fetch = recorded::convolutions(recording.trace, hardware).at(0).fetch;
    const ConvolutionTiming timing = convolution_timing(hardware);
    const recorded::Row row = recording.of("CDMA").at(0);
    const Cycle first = recorded::number(row, "first_read_beat") + timing.data_return;
    const Cycle last = recorded::number(row, "interrupt") - timing.data_done;
    const std::uint32_t surfaces = amaix::data_surfaces(fetch, hardware);
    const Cycle alone = cycles(hardware, fetch.input.width, fetch.input.height, surfaces);
    const auto weights = static_cast<Cycle>(fetch.weight_bytes / hardware.dbb_width_bytes);
    EXPECT_GE(last - first, alone) << name;
    EXPECT_LE(last - first, alone + weights) << name;
  }
}

}  // namespace
}  // namespace nvdla::engine
