// SPDX-License-Identifier: Apache-2.0
#include "engine/port_settings.h"

#include <array>

namespace nvdla::engine {

void apply_port_settings(const registers::RegisterFile& file, Unit unit, MemoryInterface& memory) {
  struct Weight {
    const char* name;
    const char* field;
    Client client;
  };
  static constexpr std::array<Weight, 10> kRead = {
      {{"CFG_RD_WEIGHT_0", "RD_WEIGHT_BDMA", Client::kBdma},
       {"CFG_RD_WEIGHT_0", "RD_WEIGHT_SDP", Client::kSdp},
       {"CFG_RD_WEIGHT_0", "RD_WEIGHT_PDP", Client::kPdp},
       {"CFG_RD_WEIGHT_0", "RD_WEIGHT_CDP", Client::kCdp},
       {"CFG_RD_WEIGHT_1", "RD_WEIGHT_SDP_B", Client::kSdpB},
       {"CFG_RD_WEIGHT_1", "RD_WEIGHT_SDP_N", Client::kSdpN},
       {"CFG_RD_WEIGHT_1", "RD_WEIGHT_SDP_E", Client::kSdpE},
       {"CFG_RD_WEIGHT_1", "RD_WEIGHT_CDMA_DAT", Client::kCdmaDat},
       {"CFG_RD_WEIGHT_2", "RD_WEIGHT_CDMA_WT", Client::kCdmaWt},
       {"CFG_RD_WEIGHT_2", "RD_WEIGHT_RBK", Client::kRubik}}};
  static constexpr std::array<Weight, 5> kWrite = {{{"CFG_WR_WEIGHT_0", "WR_WEIGHT_BDMA", Client::kBdma},
                                                    {"CFG_WR_WEIGHT_0", "WR_WEIGHT_SDP", Client::kSdp},
                                                    {"CFG_WR_WEIGHT_0", "WR_WEIGHT_PDP", Client::kPdp},
                                                    {"CFG_WR_WEIGHT_0", "WR_WEIGHT_CDP", Client::kCdp},
                                                    {"CFG_WR_WEIGHT_1", "WR_WEIGHT_RBK", Client::kRubik}}};
  for (const Weight& weight : kRead) {
    memory.set_read_weight(weight.client, file.field(unit, weight.name, weight.field, 0));
  }
  for (const Weight& weight : kWrite) {
    memory.set_write_weight(weight.client, file.field(unit, weight.name, weight.field, 0));
  }
  // The counters admit one more than the register says.
  memory.set_outstanding_limits(file.field(unit, "CFG_OUTSTANDING_CNT", "RD_OS_CNT", 0) + 1,
                                file.field(unit, "CFG_OUTSTANDING_CNT", "WR_OS_CNT", 0) + 1);
}

}  // namespace nvdla::engine
