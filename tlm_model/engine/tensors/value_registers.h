// SPDX-License-Identifier: Apache-2.0
// The registers that count values, or tell how a comparison ended: written into the group of an operation
// when it ends.
//   CACC      D_OUT_SATURATION
//   SDP       D_PERF_OUT_SATURATION, D_PERF_LUT_*, D_STATUS_NAN_OUTPUT_NUM, each where D_PERF_ENABLE says so;
//             D_STATUS. Its D_STATUS_NAN_INPUT_NUM and _INF_INPUT_NUM are tied to 0 (NV_NVDLA_sdp.v)
//   SDP_RDMA  D_STATUS_NAN_INPUT_NUM, D_STATUS_INF_INPUT_NUM, where its D_PERF_ENABLE says so
//   PDP       D_NAN_INPUT_NUM, D_INF_INPUT_NUM, D_NAN_OUTPUT_NUM
//   CDP       the same, D_OUT_SATURATION; D_PERF_LUT_* where D_PERF_ENABLE says so
// 32 bits that do not wrap. Limits: CDMA's counts of NaN and infinity stay 0.
#pragma once

#include <cstdint>

#include "engine/tensors/operation_tensors.h"
#include "registers/register_file.h"

namespace nvdla::engine {

// All of one register unit.
void show_values(registers::RegisterFile& file, Unit unit, std::uint32_t group, const ValueCounters& values);

}  // namespace nvdla::engine
