// SPDX-License-Identifier: Apache-2.0
// Proves which cycles count as write stalls of SDP: those from the one in which a beat shows behind the write
// DMA's FIFOs to the one before it is taken. A trace of nv_medium_512: three lines of eleven beats of a
// convolution (conv_two_s1, a bus of 2 bytes a cycle).
#include "engine/write_path.h"

#include <gtest/gtest.h>

#include <vector>

#include "hardware/parameters.h"
#include "hardware/paths/memory_interface.h"
#include "hardware/paths/write_link.h"

namespace nvdla::engine {
namespace {

constexpr std::uint32_t kBeat = 16, kLine = 11;
constexpr Cycle kPace = 4;   // of a beat through the datapath
constexpr Cycle kDepth = 8;  // the entry of its last transfer to the output of the FIFOs
// The last transfer of each beat, from CACC.
const std::vector<Cycle> kEntries = {16120, 16125, 16130, 16135, 16140, 16145, 16150, 16155, 16160,
                                     16165, 16170, 16175, 16180, 16185, 16190, 16195, 16200, 16205,
                                     16210, 16234, 16239, 16244, 16249, 16254, 16259, 16266, 16271,
                                     16276, 16298, 16303, 16308, 16387, 16392};
// Beats that leave the arbiter, by chunk.
const std::vector<std::vector<Cycle>> kLeft = {{16143, 16155, 16156},
                                               {16171, 16187, 16203, 16219},
                                               {16227, 16235, 16243, 16251},
                                               {16259, 16267, 16275, 16283},
                                               {16291, 16299, 16307, 16315},
                                               {16323, 16331, 16339},
                                               {16347},
                                               {16355, 16363, 16371, 16379}};

TEST(WritePath, CountsABeatFromTheCycleInWhichItShows) {
  const HardwareParameters hardware = preset("nv_medium_512");
  const Cycle way =
      paths::write_link(Client::kSdp, hardware.generation, true).cycles() + paths::write_bus(true).sum();
  WritePath path(hardware, Client::kSdp);
  path.follow(0);
  for (std::uint32_t beat = 0; beat < kEntries.size(); ++beat) {
    if (beat % kLine == 0)
      path.command({MemorySpace::kDbb, 0x80002810 + std::uint64_t{beat} * kBeat, kLine * kBeat}, 0);
    path.datum(kEntries[beat] + kDepth + way, kPace);
  }
  for (const std::vector<Cycle>& chunk : kLeft)
    for (std::size_t beat = 0; beat < chunk.size(); ++beat)
      path.left(MemorySpace::kDbb, chunk[beat], beat + 1 == chunk.size());
  EXPECT_EQ(path.last_take(), 16400);
  EXPECT_EQ(path.stalled(), 41U + 22 + 28 + 26 + 20);
}

}  // namespace
}  // namespace nvdla::engine
