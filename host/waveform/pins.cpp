// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/pins.h"

#include <array>

namespace nvdla::host {
namespace {

constexpr std::array<const char*, kFirstAxiPin> kFixed{"dla_core_clk",
                                                       "dla_csb_clk",
                                                       "dla_reset_rstn",
                                                       "csb2nvdla_valid",
                                                       "csb2nvdla_ready",
                                                       "csb2nvdla_addr",
                                                       "csb2nvdla_wdat",
                                                       "csb2nvdla_write",
                                                       "nvdla2csb_valid",
                                                       "nvdla2csb_data",
                                                       "dla_intr",
                                                       "sdp2glb_done_intr_pd",
                                                       "cdp2glb_done_intr_pd",
                                                       "pdp2glb_done_intr_pd",
                                                       "bdma2glb_done_intr_pd",
                                                       "rubik2glb_done_intr_pd",
                                                       "cdma_dat2glb_done_intr_pd",
                                                       "cdma_wt2glb_done_intr_pd",
                                                       "cacc2glb_done_intr_pd"};

constexpr std::array<const char*, kAxiPins> kAxi{
    "ar_arvalid", "ar_arready", "ar_arid",   "ar_arlen", "ar_araddr", "aw_awvalid", "aw_awready",
    "aw_awid",    "aw_awlen",   "aw_awaddr", "r_rvalid", "r_rready",  "r_rid",      "r_rlast",
    "r_rdata",    "w_wvalid",   "w_wready",  "w_wlast",  "b_bvalid",  "b_bready",   "b_bid"};

// CACC's done register reaches GLB through retiming stages in nv_full.
constexpr std::string_view kRetimedCaccDone = "cacc2glb_done_intr_src_pd";

}  // namespace

std::string pin_name(Pin pin) {
  if (pin < kFirstAxiPin) return kFixed[pin];
  const Pin axi = pin - kFirstAxiPin;
  return (axi < kAxiPins ? "nvdla_core2dbb_" : "nvdla_core2cvsram_") + std::string(kAxi[axi % kAxiPins]);
}

std::optional<Pin> pin_from_name(std::string_view name) {
  if (name == kRetimedCaccDone) return kPinCaccDone;
  for (Pin pin = 0; pin < kPins; ++pin)
    if (pin_name(pin) == name) return pin;
  return std::nullopt;
}

bool pin_required(Pin pin) {
  if (pin == kPinCsbClock || pin == kPinReset) return false;
  if (pin < kFirstAxiPin) return pin < kPinSdpDone;
  return pin <= axi_pin(MemorySpace::kDbb, AxiPin::kAwAddr);
}

}  // namespace nvdla::host
