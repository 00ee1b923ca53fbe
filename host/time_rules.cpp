// SPDX-License-Identifier: Apache-2.0
#include "host/time_rules.h"

namespace nvdla::host {
namespace {

constexpr std::uint32_t kConsumer = 1U << 16U;
constexpr std::uint32_t kGroupStatus = 3;  // of group 0; group 1: 16 bits further up
constexpr std::uint32_t kBdmaIdle = 1U << 8U;
constexpr std::uint32_t kBdmaBusy = 3U << 9U;

}  // namespace

std::uint32_t timeless_bits(const registers::RegisterInfo& info, std::uint32_t mask, std::uint32_t expected,
                            std::uint32_t producer) {
  if (info.name == "S_POINTER") return mask & ~kConsumer;
  if (info.name == "S_STATUS") {
    const std::uint32_t group = mask & (kGroupStatus << (16 * producer));
    return (expected & group) == 0 ? group : 0;
  }
  if (info.name == "D_OP_ENABLE") return (expected & 1U) == 0 ? mask : mask & ~1U;
  if (info.unit == Unit::kBdma && info.name == "STATUS")
    return mask & ((kBdmaBusy & ~expected) | (kBdmaIdle & expected));
  if (info.name == "S_CBUF_FLUSH_STATUS") return (expected & 1U) != 0 ? mask : mask & ~1U;
  if (info.grouped() && info.write_mask == 0) return 0;
  return mask;
}

}  // namespace nvdla::host
