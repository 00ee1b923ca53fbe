// SPDX-License-Identifier: Apache-2.0
#include "amaix/shared_write_path.h"

#include <algorithm>
#include <cmath>

#include "hardware/paths/memory_interface.h"

namespace nvdla::amaix {

namespace {

// Transfers that the datapath's stages hold when it stands, and the one at its entry.
std::uint32_t held_by_stages(const SdpPlan& plan) { return plan.depth() / plan.cycles_per_transfer + 1; }

}  // namespace

SharedWritePath::SharedWritePath(const SdpOnTheFly& sdp, const SdpWork& work, double output,
                                 const HardwareParameters& hardware)
    : master_(hardware.master_rtl),
      chain_(paths::sdp_write_chain(hardware.generation, hardware.master_rtl)),
      beats_(sdp.write_buffer),
      beat_(output > 0 ? sdp.write_time / output : 0),
      way_back_(sdp.write_back),
      datapath_(static_cast<double>(held_by_stages(work.plan)) + static_cast<double>(chain_.datapath())) {
  if (work.plan.output)
    full_beat_ = std::max(1U, hardware.dbb_width_bytes / work.plan.output->walk.atom_bytes) *
                 work.plan.transfers_per_atom;
}

SharedWritePath::SharedWritePath(const HardwareParameters& hardware)
    : chain_(paths::pdp_write_chain(hardware.generation, hardware.master_rtl)) {}

void SharedWritePath::restart() {
  waiting_ = {};
  leaving_ = 0;
  granted_at_ = room_at_ = 0;
  full_ = false;
}

bool SharedWritePath::has_room(std::uint32_t beats, double transfers) {
  full_ = false;
  if (master_) {
    // Behind the arbiter is what was granted last but for what has moved since, and kWriteAhead beats before.
    double lacking = beats + paths::kWriteAheadMaster.sum() - beats_;
    for (const WaitingChunk& chunk : waiting_) lacking += chunk.beats;
    if (lacking <= 0)
      room_at_ = granted_at_ + static_cast<Cycle>(std::ceil(std::max(0.0, lacking + leaving_) * beat_));
    return lacking <= 0 || waiting_.empty();
  }
  // Its last transfer has to find a place.
  full_ = !waiting_.empty() &&
          static_cast<double>(chain_.room(waiting_)) * full_beat_ + datapath_ <= transfers - 1;
  return !full_;
}

void SharedWritePath::granted(Cycle at) {
  leaving_ = waiting_.front().beats;
  granted_at_ = at;
  waiting_.pop();
  if (full_) room_at_ = at + 1;
}

}  // namespace nvdla::amaix
