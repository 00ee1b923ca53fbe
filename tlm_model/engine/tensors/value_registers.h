// SPDX-License-Identifier: Apache-2.0
// The registers that count values, or tell how a comparison ended: written into the group of an operation
// when it ends.
//   CDMA      D_NAN_INPUT_DATA_NUM, D_INF_INPUT_DATA_NUM, D_NAN_INPUT_WEIGHT_NUM, D_INF_INPUT_WEIGHT_NUM, at
//             the end of its part: of all that it fetched in fp16, before NAN_TO_ZERO (NV_NVDLA_CDMA_cvt.v,
//             _wt.v)
//   CACC      D_OUT_SATURATION
//   SDP       D_PERF_OUT_SATURATION, D_PERF_LUT_*, each where D_PERF_ENABLE says so; D_STATUS_NAN_OUTPUT_NUM
//             whatever it says (NV_NVDLA_SDP_WDMA_DAT_in.v); D_STATUS. Its D_STATUS_NAN_INPUT_NUM and
//             _INF_INPUT_NUM are tied to 0 (NV_NVDLA_sdp.v)
//   SDP_RDMA  D_STATUS_NAN_INPUT_NUM, D_STATUS_INF_INPUT_NUM, where its D_PERF_ENABLE says so
//   PDP       D_NAN_INPUT_NUM, D_INF_INPUT_NUM, D_NAN_OUTPUT_NUM
//   CDP       the same, D_OUT_SATURATION; D_PERF_LUT_* where D_PERF_ENABLE says so
// 32 bits that do not wrap. Limits: what CDMA fetches behind the last weight, to the end of an entry, and a
// padding value of Winograd that is a NaN, are not counted.
#pragma once

#include <cstdint>

#include "engine/tensors/operation_tensors.h"
#include "registers/register_file.h"

namespace nvdla::engine {

// All of one register unit.
void show_values(registers::RegisterFile& file, Unit unit, std::uint32_t group, const ValueCounters& values);

}  // namespace nvdla::engine
