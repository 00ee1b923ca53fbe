// SPDX-License-Identifier: Apache-2.0
// Proves what waits between a convolution and a slow port in a walk: places for beats and commands, transfers
// in the datapath, on branch master beats that leave a granted chunk one by one.
#include "amaix/shared_write_path.h"

#include <gtest/gtest.h>

#include "tests/amaix/sdp_test_operations.h"

namespace nvdla::amaix {
namespace {

struct Path {
  Path(const HardwareParameters& hardware, double bytes)
      : operation(sdp_test::square(hardware, Precision::kInt8, 16, 8, true)),
        work(sdp_work(operation, hardware)),
        memory{{50, bytes}, {}},
        sdp(sdp_on_the_fly(operation, work, hardware, memory)),
        output(static_cast<double>(work.output.bus_bytes) / hardware.dbb_width_bytes),
        way(sdp, work, output, hardware) {
    way.restart();
  }
  // Chunks of `beats` that it takes before any is granted.
  int taken(std::uint32_t beats, bool begins) {
    int chunks = 0;
    for (; way.has_room(beats, 8.0 * beats); ++chunks) way.take({beats, begins});
    return chunks;
  }

  SdpOperation operation;
  SdpWork work;
  memory::MemorySystem memory;
  SdpOnTheFly sdp;
  double output;
  SharedWritePath way;
};

// Of commands of a beat each every second place of the pipes is a command's.
TEST(SharedWritePath, CommandsTakePlacesOfBeats) {
  Path one(sdp_test::nv_small(), 1), run(sdp_test::nv_small(), 1);
  const int commands = one.taken(1, true), beats = run.taken(1, false);
  EXPECT_LT(commands, beats);
  // The arbiter's two, three of the FIFO, four of the pipes, four of WDMA, and a beat in the datapath.
  EXPECT_EQ(beats, 14);
}

TEST(SharedWritePath, AGrantMakesRoom) {
  Path path(sdp_test::nv_small(), 1);
  path.taken(1, false);
  EXPECT_EQ(path.way.room_at(), 0);
  path.way.granted(1000);
  EXPECT_TRUE(path.way.has_room(1, 8));
  EXPECT_EQ(path.way.room_at(), 1001);
}

// Of a chunk of four that is granted a beat leaves every eight cycles; the room comes back to SDP later.
TEST(SharedWritePath, BeatsOfBranchMasterLeaveOneByOne) {
  Path path(preset("nv_medium_512"), 2);
  const int chunks = path.taken(4, false);
  ASSERT_GT(chunks, 1);
  path.way.granted(1000);
  const bool room = path.way.has_room(4, 32);
  if (!room) path.way.granted(1032);
  ASSERT_TRUE(path.way.has_room(4, 32));
  EXPECT_GT(path.way.room_at(), room ? 1000 : 1032);
  EXPECT_LE(path.way.room_at(), (room ? 1000 : 1032) + 4 * 8);
  EXPECT_GT(path.way.entry_at(), static_cast<double>(path.way.room_at()));
  EXPECT_EQ(path.way.leaving(), 1.5);
}

// Branch master: where Y sets the pace, what is in front of it has not entered the path.
TEST(SharedWritePath, OfADatapathThatWaitsForYOnlyThatBehindItCounts) {
  const HardwareParameters& hardware = preset("nv_large");
  SdpOperation operation = sdp_test::square(hardware, Precision::kInt8, 16, 32, true);
  const memory::MemorySystem memory{{50, 2}, {}};
  const double without = sdp_on_the_fly(operation, hardware, memory).write_buffer;
  operation.y.bypass = operation.y.alu_bypass = false;
  ASSERT_GT(sdp_work(operation, hardware).plan.ahead, 0U);
  const SdpWork work = sdp_work(operation, hardware);
  const double of_beat = static_cast<double>(work.plan.transfers) * hardware.dbb_width_bytes /
                         static_cast<double>(work.output.bus_bytes);
  EXPECT_LT(sdp_on_the_fly(operation, hardware, memory).write_buffer,
            without + work.plan.depth_y / of_beat - 1);
}

}  // namespace
}  // namespace nvdla::amaix
