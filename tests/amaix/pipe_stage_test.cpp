// SPDX-License-Identifier: Apache-2.0
// Proves when each kind of pipe takes its items while the stage behind it stands, against the rules of the
// RTL's pipe generators, and a late skid register against a waveform of nv_medium_512 (MCIF_WRITE_IG_bpt,
// pipe_p1 of CDP).
#include "amaix/pipe_stage.h"

#include <gtest/gtest.h>

#include <vector>

namespace nvdla::amaix {
namespace {

using paths::PipeKind;

// When a stage takes items offered in these cycles; those behind it leave not before `free`, one a cycle.
std::vector<Cycle> taken(const paths::Pipe& pipe, const std::vector<Cycle>& offered, Cycle free) {
  PipeStage stage(pipe);
  std::vector<Cycle> result;
  for (const Cycle wanted : offered) {
    const Cycle at = result.empty() ? wanted : std::max(wanted, result.back() + 1);
    std::optional<Cycle> take;
    while (!(take = stage.takes(at))) {
      const std::optional<Cycle> offers = stage.offers(stage.left());
      if (!offers) ADD_FAILURE() << "it neither takes nor offers";
      if (!offers) return result;
      const Cycle leaves = std::max(*offers, free);
      stage.leave(leaves);
      free = leaves + 1;
    }
    stage.take(*take);
    result.push_back(*take);
  }
  return result;
}

TEST(PipeStage, RegisterHoldsOneAndFollowsTheStageBehind) {
  EXPECT_EQ(taken({PipeKind::kRegister}, {10, 11, 12}, 20), (std::vector<Cycle>{10, 20, 21}));
}

TEST(PipeStage, SkidRegisterTakesASecondWheneverItComes) {
  EXPECT_EQ(taken({PipeKind::kSkid}, {10, 11, 12}, 20), (std::vector<Cycle>{10, 11, 21}));
  EXPECT_EQ(taken({PipeKind::kSkid}, {10, 15, 16}, 20), (std::vector<Cycle>{10, 15, 21}));
}

TEST(PipeStage, LateSkidRegisterTakesASecondOnlyRightBehindTheFirst) {
  EXPECT_EQ(taken({PipeKind::kLateSkid}, {10, 11, 12}, 20), (std::vector<Cycle>{10, 11, 21}));
  // Its ready has fallen.
  EXPECT_EQ(taken({PipeKind::kLateSkid}, {10, 15, 16}, 20), (std::vector<Cycle>{10, 21, 22}));
  // Nothing stands behind it: it takes one a cycle.
  EXPECT_EQ(taken({PipeKind::kLateSkid}, {10, 11, 12}, 0), (std::vector<Cycle>{10, 11, 12}));
}

TEST(PipeStage, FifoHandsOnItsPlacesLater) {
  const paths::Pipe fifo{PipeKind::kFifo, 2, 4};
  EXPECT_EQ(taken(fifo, {10, 11, 12, 13, 14, 15}, 20), (std::vector<Cycle>{10, 11, 12, 13, 22, 23}));
}

// What has not left is not guessed.
TEST(PipeStage, IsUnknownUntilThoseBeforeHaveLeft) {
  PipeStage stage({PipeKind::kLateSkid});
  stage.take(10);
  EXPECT_EQ(stage.takes(11), 11);
  EXPECT_EQ(stage.takes(12), std::nullopt);
  EXPECT_EQ(stage.offers(0), 11);
  stage.leave(30);
  EXPECT_EQ(stage.takes(12), 31);
}

}  // namespace
}  // namespace nvdla::amaix
