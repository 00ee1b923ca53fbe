// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/interrupt_dates.h"

#include <algorithm>
#include <optional>

#include "hardware/paths/cdp.h"
#include "hardware/paths/csb.h"
#include "hardware/paths/movers.h"
#include "hardware/paths/pdp.h"
#include "hardware/paths/sdp.h"
#include "registers/register_map.h"

namespace nvdla::host {
namespace {

// A status read shows a write's end a few cycles after it: so many acknowledges and rises are enough.
constexpr std::size_t kRemembered = 1024;

// In the order in which the parts of a layer end.
constexpr std::array<Interrupt, kInterrupts> kSources{
    Interrupt::kCdmaWeight, Interrupt::kCdmaData, Interrupt::kCacc, Interrupt::kSdp,
    Interrupt::kPdp,        Interrupt::kCdp,      Interrupt::kBdma, Interrupt::kRubik};

struct Writer {
  Client client;
  Cycle path;  // from the acknowledge to the done register
};
std::optional<Writer> writer_of(Interrupt source, Generation generation) {
  switch (source) {
    case Interrupt::kSdp:
      return Writer{Client::kSdp, paths::sdp_paths(generation).acknowledge.sum()};
    case Interrupt::kPdp:
      return Writer{Client::kPdp, paths::pdp_paths(generation).acknowledge.sum()};
    case Interrupt::kCdp:
      return Writer{Client::kCdp, paths::cdp_paths(generation).acknowledge.sum()};
    case Interrupt::kBdma:
      return Writer{Client::kBdma, paths::kBdma.acknowledge.sum()};
    case Interrupt::kRubik:
      return Writer{Client::kRubik, paths::kRubik.acknowledge.sum()};
    default:
      return std::nullopt;
  }
}

void remember(std::deque<Cycle>& cycles, Cycle at) {
  cycles.push_back(at);
  if (cycles.size() > kRemembered) cycles.pop_front();
}

}  // namespace

InterruptDates::InterruptDates(Generation generation) : generation_(generation) {
  const auto& map = registers::RegisterMap::of(generation);
  status_offset_ = map.offset(Unit::kGlb, "S_INTR_STATUS");
  mask_offset_ = map.offset(Unit::kGlb, "S_INTR_MASK");
}

void InterruptDates::on_line(bool high, Cycle at) {
  const paths::CsbPaths& csb = paths::csb_paths(generation_);
  if (high) remember(rises_, at - csb.interrupt_status.sum() - csb.interrupt_line.sum());
}

void InterruptDates::on_acknowledge(Client client, Cycle at) {
  remember(acknowledges_[static_cast<std::size_t>(client)], at);
}

void InterruptDates::on_done(Interrupt source, std::uint32_t groups, Cycle at) {
  for (std::uint32_t group = 0; group < 2; ++group) {
    const std::uint32_t bit = interrupt_bit(source) + group;
    bits_[bit].exact = true;
    if ((groups >> group & 1U) != 0) dates_[bit].push_back({at, at});
  }
}

void InterruptDates::on_access(const CsbAccess& access) {
  if (access.write && access.offset == mask_offset_) mask_ = access.value;
  if (access.offset != status_offset_) return;
  if (!access.write) {
    // The register is read so long before its value arrives; dates are those of done registers.
    const paths::CsbPaths& csb = paths::csb_paths(generation_);
    on_status(access.value, access.answered - csb.read_return.sum() - csb.interrupt_status.sum());
    return;
  }
  for (std::uint32_t bit = 0; bit < kBits; ++bit) {
    if ((access.value >> bit & 1U) == 0 || !bits_[bit].set) continue;
    bits_[bit].set = false;
    bits_[bit].clear_since = access.accepted;
  }
}

void InterruptDates::on_status(std::uint32_t status, Cycle at) {
  std::vector<Fresh> fresh;
  for (const Interrupt source : kSources) {
    for (std::uint32_t bit = interrupt_bit(source); bit < interrupt_bit(source) + 2; ++bit) {
      Bit& known = bits_[bit];
      if ((status >> bit & 1U) == 0) {
        known.set = false;
        known.clear_since = at;
      } else if (!known.set) {
        known.set = true;
        if (!known.exact) fresh.push_back({source, bit, {at, std::min(known.clear_since, at)}});
      }
    }
  }
  date_by_acknowledge(fresh);
  date_by_line(fresh, at);
  for (const Fresh& event : fresh) dates_[event.bit].push_back(event.date);
}

void InterruptDates::date_by_acknowledge(std::vector<Fresh>& fresh) const {
  for (Fresh& event : fresh) {
    const auto writer = writer_of(event.source, generation_);
    const bool alone = std::count_if(fresh.begin(), fresh.end(),
                                     [&](const Fresh& other) { return other.source == event.source; }) == 1;
    if (!writer || !alone) continue;
    const auto& acknowledges = acknowledges_[static_cast<std::size_t>(writer->client)];
    for (auto last = acknowledges.rbegin(); last != acknowledges.rend(); ++last) {
      const Cycle done = *last + writer->path;
      if (done > event.date.at) continue;
      if (done > event.date.earliest) event.date = {done, done};
      break;
    }
  }
}

void InterruptDates::date_by_line(std::vector<Fresh>& fresh, Cycle until) {
  while (!rises_.empty() && rises_.front() <= until) {
    const Cycle rise = rises_.front();
    rises_.pop_front();
    Fresh* first = nullptr;
    bool explained = false;
    for (Fresh& event : fresh) {
      if ((mask_ >> event.bit & 1U) != 0) continue;
      const bool exact = event.date.at == event.date.earliest;
      explained = explained || (exact && event.date.at == rise);
      if (!exact && first == nullptr && event.date.earliest < rise && rise <= event.date.at) first = &event;
    }
    if (first == nullptr || explained) continue;
    first->date = {rise, rise};
    for (Fresh& event : fresh)
      if (event.date.at != event.date.earliest && event.date.earliest < rise && rise <= event.date.at)
        event.date.earliest = rise;
  }
}

}  // namespace nvdla::host
