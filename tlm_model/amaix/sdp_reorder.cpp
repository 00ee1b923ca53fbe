// SPDX-License-Identifier: Apache-2.0
#include "amaix/sdp_reorder.h"

#include <algorithm>

#include "operation/divide.h"

namespace nvdla::amaix {

void SdpReorder::pack(std::uint32_t records, Cycle at) {
  left_.reset();
  whole_ = records;
  whole_at_ = at;
  go_on();
}

void SdpReorder::use(Cycle at) {
  taken_.push(at);
  go_on();
}

void SdpReorder::go_on() {
  for (bool goes = true; goes;) {
    goes = leave_unpack();
    goes = enter_output() || goes;
    goes = enter_pack() || goes;
  }
}

bool SdpReorder::leave_unpack() {
  if (left_) return false;
  Cycle at = whole_at_;
  for (std::uint32_t ready = 0, i = 0; ready < whole_; ++ready, i = (i + 1) % whole_) {
    const std::optional<Cycle> takes = fifos_[i].takes(at);
    if (!takes) return false;
    if (*takes > at) ready = 0;
    at = *takes;
  }
  for (std::uint32_t i = 0; i < whole_; ++i) fifos_[i].take(at);
  packs_.push(whole_);
  left_ = at;
  return true;
}

bool SdpReorder::enter_output() {
  if (packs_.empty()) return false;
  const std::optional<Cycle> offered = fifos_[record_].offers();
  if (!offered) return false;
  const std::optional<Cycle> takes = output_.takes(std::max(*offered, output_free_));
  if (!takes) return false;
  output_.take(*takes);
  output_free_ = *takes + 1;
  if (++used_ < uses_) return true;
  used_ = 0;
  fifos_[record_].leave(*takes);
  if (++record_ < packs_.front()) return true;
  record_ = 0;
  packs_.pop();
  return true;
}

bool SdpReorder::enter_pack() {
  if (in_pack_) {
    if (taken_.empty()) return false;
    pack_free_ = taken_.front();
    taken_.pop();
    in_pack_ = false;
  }
  const std::optional<Cycle> offered = output_.offers();
  if (!offered) return false;
  output_.leave(std::max(*offered, pack_free_));
  in_pack_ = true;
  return true;
}

std::uint64_t SdpStream::room_ahead(const HardwareParameters& hardware) const {
  SdpReorder reorder(*this);
  std::uint64_t begin = 0, end = 0;
  while (reorder.left()) {
    begin = end;
    end = pack_end(begin);
    const auto beats = static_cast<Cycle>(ceil_div<std::uint64_t>(end - begin, hardware.dbb_width_bytes));
    reorder.pack(pack_records(begin), *reorder.left() + beats);
  }
  return end;
}

}  // namespace nvdla::amaix
