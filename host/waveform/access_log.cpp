// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/access_log.h"

#include "host/text.h"
#include "registers/register_map.h"

namespace nvdla::host {
namespace {

using registers::RegisterMap;

constexpr std::uint32_t kFirstAddress = 0xffff0000;

std::optional<Interrupt> interrupt_of(Unit unit) {
  switch (unit) {
    case Unit::kBdma:
      return Interrupt::kBdma;
    case Unit::kCdma:
      return Interrupt::kCdmaData;
    case Unit::kCacc:
      return Interrupt::kCacc;
    case Unit::kSdp:
      return Interrupt::kSdp;
    case Unit::kPdp:
      return Interrupt::kPdp;
    case Unit::kCdp:
      return Interrupt::kCdp;
    case Unit::kRubik:
      return Interrupt::kRubik;
    default:
      return std::nullopt;
  }
}

// The group's dates are its activations', one behind the other.
void date(std::vector<Activation>& list, const std::vector<InterruptDate>& dates, std::uint32_t group,
          std::optional<InterruptDate> Activation::*member) {
  std::size_t next = 0;
  for (Activation& activation : list) {
    if (activation.group != group || next == dates.size()) continue;
    activation.*member = dates[next++];
  }
}

}  // namespace

void AccessLog::on_access(const CsbAccess& access) {
  if (first_ == kNever) first_ = access.offered;
  const bool waited = rise_ > answered_ && rise_ <= access.offered && !entries_.empty();
  answered_ = access.answered;
  if (!entries_.empty() && !waited) {
    const Entry& last = entries_.back();
    if (!access.write && !last.write && last.offset == access.offset && last.value == access.value) return;
  }
  entries_.push_back({access.write, waited, access.offset, access.value, access.accepted});
}

void write_register_trace(const AccessLog& log, Generation generation, std::ostream& out) {
  const std::uint32_t status = RegisterMap::of(generation).offset(Unit::kGlb, "S_INTR_STATUS");
  const std::vector<AccessLog::Entry>& entries = log.entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const AccessLog::Entry& entry = entries[i];
    const std::string address = hex(kFirstAddress + entry.offset / 4);
    if (entry.waited) out << "wait\n";
    if (entry.write) {
      out << "write_reg " << address << ' ' << hex(entry.value) << '\n';
      continue;
    }
    // To the last read of this poll.
    std::uint32_t before = 0;
    while (i + 1 < entries.size() && !entries[i + 1].write && !entries[i + 1].waited &&
           entries[i + 1].offset == entry.offset)
      before = entries[i++].value;
    const std::uint32_t value = entries[i].value;
    if (entry.offset != status) {
      out << "read_reg " << address << " 0xffffffff " << hex(value) << '\n';
    } else if (value == 0) {
      out << "read_reg " << address << " 0x00000000 0x00000000\n";
    } else {
      out << "until " << address << ' ' << hex((value & ~before) != 0 ? value & ~before : value) << '\n';
    }
  }
}

std::array<std::vector<Activation>, kUnits> activations(const AccessLog& log, const InterruptDates& dates,
                                                        Generation generation) {
  const RegisterMap& map = RegisterMap::of(generation);
  std::array<std::vector<Activation>, kUnits> result;
  std::array<std::uint32_t, kUnits> producer{};
  for (const AccessLog::Entry& entry : log.entries()) {
    const std::size_t index = map.at(entry.offset);
    if (!entry.write || index == RegisterMap::kNone) continue;
    const registers::RegisterInfo& target = map[index];
    const auto unit = static_cast<std::size_t>(target.unit);
    if (target.name == "S_POINTER") producer[unit] = entry.value & 1U;
    const bool launch0 = target.name == "CFG_LAUNCH0", launch1 = target.name == "CFG_LAUNCH1";
    if ((entry.value & 1U) == 0 || (target.name != "D_OP_ENABLE" && !launch0 && !launch1)) continue;
    Activation activation;
    activation.unit = target.unit;
    activation.sequence = static_cast<std::uint32_t>(result[unit].size());
    activation.group = launch0 ? 0 : launch1 ? 1 : producer[unit];
    activation.enable = entry.accepted;
    result[unit].push_back(activation);
  }
  for (std::vector<Activation>& list : result) {
    if (list.empty()) continue;
    const auto source = interrupt_of(list.front().unit);
    for (std::uint32_t group = 0; source && group < 2; ++group) {
      date(list, dates.of(*source, group), group, &Activation::interrupt);
      if (list.front().unit == Unit::kCdma)
        date(list, dates.of(Interrupt::kCdmaWeight, group), group, &Activation::weight_interrupt);
    }
  }
  return result;
}

}  // namespace nvdla::host
