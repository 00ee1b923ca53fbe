// SPDX-License-Identifier: Apache-2.0
// Proves what lies between a latency FIFO of SDP_RDMA and the datapath, and when a pack leaves unpack: as
// traces of the RTL show it.
#include "amaix/sdp_reorder.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace nvdla::amaix {
namespace {

constexpr std::uint64_t kAtom = 8;  // bytes, and the width of the bus

// Records of so many atoms, requests of so many records; each is used by so many atoms of the cube.
SdpStream stream_of(std::uint64_t atoms, std::uint64_t request, std::uint64_t uses = 1) {
  SdpStream stream;
  stream.record_bytes = atoms * kAtom;
  stream.record_atoms = uses;
  stream.request_bytes = request * atoms * kAtom;
  stream.gather_bytes = 4 * kAtom;
  return stream;
}

TEST(SkidPipe, CatchesTheSecondItemOnlyRightBehindTheFirst) {
  SkidPipe pipe;
  EXPECT_EQ(pipe.takes(5), 5);
  pipe.take(5);
  EXPECT_EQ(pipe.offers(), 6);
  EXPECT_EQ(pipe.takes(6), 6);  // the first is not seen to stand
  EXPECT_EQ(pipe.takes(7), std::nullopt);
  pipe.take(6);
  EXPECT_EQ(pipe.takes(7), std::nullopt);
  pipe.leave(20);
  EXPECT_EQ(pipe.offers(), 21);
  EXPECT_EQ(pipe.takes(7), 21);
  EXPECT_EQ(pipe.takes(22), std::nullopt);
  pipe.leave(30);
  EXPECT_EQ(pipe.offers(), std::nullopt);
  EXPECT_EQ(pipe.takes(22), 31);
  EXPECT_EQ(pipe.takes(21), 21);  // it was ready then
}

// Beats that had left the latency FIFO when the first datum came, from a fast memory: nv_small_256_full, Y,
// ALU operands of two bytes for each element, lines of 1 to 5; nv_medium_512, X1, MUL.
TEST(SdpReorder, TakesWhatItsFifosCatch) {
  const HardwareParameters hardware = preset("nv_small_256_full");
  const std::uint64_t beats[] = {8, 12, 12, 12, 10};
  for (std::uint64_t line = 1; line <= 5; ++line)
    EXPECT_EQ(stream_of(2, line).room_ahead(hardware), beats[line - 1] * kAtom) << line;
  EXPECT_EQ(stream_of(4, 5).room_ahead(hardware), 16 * kAtom);      // with the ALU's
  EXPECT_EQ(stream_of(2, 40, 12).room_ahead(hardware), 8 * kAtom);  // for each kernel
}

// Packs leave unpack, and the next one enters it, as the uses in front of the datapath let them.
struct Case {
  SdpStream stream;
  std::vector<Cycle> whole, uses, left;  // cycles of the trace
};

void run(const Case& of) {
  SdpReorder reorder(of.stream);
  std::uint64_t begin = 0;
  std::size_t uses = 0;
  for (std::size_t pack = 0; pack < of.whole.size(); ++pack) {
    reorder.pack(of.stream.pack_records(begin), of.whole[pack]);
    while (!reorder.left() && uses < of.uses.size()) reorder.use(of.uses[uses++]);
    EXPECT_EQ(reorder.left(), of.left[pack]) << pack;
    begin = of.stream.pack_end(begin);
  }
}

// Lines of 5 records of two atoms, packs of 2, 2 and 1 of them.
TEST(SdpReorder, LetsShortPacksInBesideOthers) {
  run({stream_of(2, 5),
       {336, 389, 440, 5741, 5749, 5763, 5773, 5807},
       {5735, 5743, 5751, 5759, 5767, 5775, 5783, 5791, 5815, 5823},
       {336, 389, 5737, 5745, 5761, 5769, 5785, 5817}});
}

// Lines of 3. The memory was slow: the third record, which would fit in the output pipe, came too late.
TEST(SdpReorder, LeavesARecordOutsideThatComesLate) {
  run({stream_of(2, 3), {336, 387, 489, 5115}, {5111, 5119, 5127, 5135}, {336, 387, 5113, 5121}});
}

// Lines of 5 pairs of ALU and MUL operands of a byte.
TEST(SdpReorder, LetsPairsIn) {
  run({stream_of(2, 5),
       {319, 371, 421, 22546, 22551, 22559, 22566},
       {22540, 22545, 22550, 22555, 22560, 22565, 22570, 22575},
       {319, 371, 22542, 22547, 22557, 22562, 22572}});
}

// A record for 12 positions stays until the last has gone on: its last four uses.
TEST(SdpReorder, KeepsARecordForItsLastPosition) {
  run({stream_of(2, 3, 12), {319, 369}, {20440, 20445, 20450, 20455}, {319, 20442}});
}

}  // namespace
}  // namespace nvdla::amaix
