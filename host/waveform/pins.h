// SPDX-License-Identifier: Apache-2.0
// The signals of NVDLA's top level (RTL: NV_nvdla) that an import looks at. Both generations have the same
// names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "hardware/types.h"
#include "hardware/units.h"

namespace nvdla::host {

// Those of one AXI port; the read and write data only tell its width.
enum class AxiPin : std::uint8_t {
  kArValid,
  kArReady,
  kArId,
  kArLen,
  kArAddr,
  kAwValid,
  kAwReady,
  kAwId,
  kAwLen,
  kAwAddr,
  kRValid,
  kRReady,
  kRId,
  kRLast,
  kRData,
  kWValid,
  kWReady,
  kWLast,
  kBValid,
  kBReady,
  kBId
};
inline constexpr std::size_t kAxiPins = 21;

// A pin of NVDLA, numbered.
using Pin = std::uint32_t;
enum FixedPin : Pin {
  kPinClock,
  kPinCsbClock,
  kPinReset,
  kPinCsbValid,
  kPinCsbReady,
  kPinCsbAddr,
  kPinCsbData,
  kPinCsbWrite,
  kPinReadValid,
  kPinReadData,
  kPinInterrupt,
  // The done registers of units, one bit a group: nets of the top level, not ports.
  kPinSdpDone,
  kPinCdpDone,
  kPinPdpDone,
  kPinBdmaDone,
  kPinRubikDone,
  kPinCdmaDataDone,
  kPinCdmaWeightDone,
  kPinCaccDone,
  kFirstAxiPin
};
inline constexpr Pin kPins = kFirstAxiPin + 2 * static_cast<Pin>(kAxiPins);

[[nodiscard]] constexpr Pin axi_pin(MemorySpace port, AxiPin pin) {
  return kFirstAxiPin + (port == MemorySpace::kDbb ? 0U : static_cast<Pin>(kAxiPins)) + static_cast<Pin>(pin);
}
[[nodiscard]] constexpr Pin done_pin(Interrupt source) { return kPinSdpDone + static_cast<Pin>(source); }

// Name in NV_nvdla: dla_core_clk, csb2nvdla_valid, nvdla_core2dbb_ar_arvalid, ...
[[nodiscard]] std::string pin_name(Pin pin);
[[nodiscard]] std::optional<Pin> pin_from_name(std::string_view name);
// Without these nothing can be imported: clock, CSB, interrupt, and the addresses of DBB.
[[nodiscard]] bool pin_required(Pin pin);

}  // namespace nvdla::host
