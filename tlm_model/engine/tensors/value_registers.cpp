// SPDX-License-Identifier: Apache-2.0
#include "engine/tensors/value_registers.h"

#include <algorithm>
#include <array>

namespace nvdla::engine {

namespace {

struct Row {
  Unit unit;
  const char* name;
  const char* enable;  // field of D_PERF_ENABLE; null: always
  std::uint64_t (*value)(const ValueCounters&);
  bool only_v1 = false;  // the scalable generation ties it to 0
};

constexpr std::uint64_t saturation(const ValueCounters& v) { return v.saturation; }
constexpr std::uint64_t nan_input(const ValueCounters& v) { return v.nan_input; }
constexpr std::uint64_t inf_input(const ValueCounters& v) { return v.inf_input; }
constexpr std::uint64_t nan_output(const ValueCounters& v) { return v.nan_output; }
constexpr std::uint64_t nan_weight(const ValueCounters& v) { return v.nan_weight; }
constexpr std::uint64_t inf_weight(const ValueCounters& v) { return v.inf_weight; }
constexpr std::uint64_t underflow(const ValueCounters& v) { return v.lut.underflow; }
constexpr std::uint64_t overflow(const ValueCounters& v) { return v.lut.overflow; }
constexpr std::uint64_t hybrid(const ValueCounters& v) { return v.lut.hybrid; }
constexpr std::uint64_t le_hit(const ValueCounters& v) { return v.lut.le_hit; }
constexpr std::uint64_t lo_hit(const ValueCounters& v) { return v.lut.lo_hit; }
constexpr std::uint64_t unequal(const ValueCounters& v) { return v.unequal ? 1 : 0; }

constexpr std::array kTable = {
    Row{Unit::kCdma, "D_NAN_INPUT_DATA_NUM", nullptr, nan_input},
    Row{Unit::kCdma, "D_INF_INPUT_DATA_NUM", nullptr, inf_input},
    Row{Unit::kCdma, "D_NAN_INPUT_WEIGHT_NUM", nullptr, nan_weight},
    Row{Unit::kCdma, "D_INF_INPUT_WEIGHT_NUM", nullptr, inf_weight},
    Row{Unit::kCacc, "D_OUT_SATURATION", nullptr, saturation},
    Row{Unit::kSdp, "D_PERF_OUT_SATURATION", "PERF_SAT_EN", saturation},
    Row{Unit::kSdp, "D_PERF_LUT_UFLOW", "PERF_LUT_EN", underflow},
    Row{Unit::kSdp, "D_PERF_LUT_OFLOW", "PERF_LUT_EN", overflow},
    Row{Unit::kSdp, "D_PERF_LUT_HYBRID", "PERF_LUT_EN", hybrid},
    Row{Unit::kSdp, "D_PERF_LUT_LE_HIT", "PERF_LUT_EN", le_hit},
    Row{Unit::kSdp, "D_PERF_LUT_LO_HIT", "PERF_LUT_EN", lo_hit},
    Row{Unit::kSdp, "D_STATUS_NAN_OUTPUT_NUM", nullptr, nan_output},
    Row{Unit::kSdp, "D_STATUS", nullptr, unequal},
    Row{Unit::kSdpRdma, "D_STATUS_NAN_INPUT_NUM", "PERF_NAN_INF_COUNT_EN", nan_input},
    Row{Unit::kSdpRdma, "D_STATUS_INF_INPUT_NUM", "PERF_NAN_INF_COUNT_EN", inf_input},
    Row{Unit::kPdp, "D_NAN_INPUT_NUM", nullptr, nan_input},
    Row{Unit::kPdp, "D_INF_INPUT_NUM", nullptr, inf_input},
    Row{Unit::kPdp, "D_NAN_OUTPUT_NUM", nullptr, nan_output},
    Row{Unit::kCdp, "D_NAN_INPUT_NUM", nullptr, nan_input},
    Row{Unit::kCdp, "D_INF_INPUT_NUM", nullptr, inf_input},
    Row{Unit::kCdp, "D_NAN_OUTPUT_NUM", nullptr, nan_output},
    Row{Unit::kCdp, "D_OUT_SATURATION", nullptr, saturation, true},
    Row{Unit::kCdp, "D_PERF_LUT_UFLOW", "LUT_EN", underflow},
    Row{Unit::kCdp, "D_PERF_LUT_OFLOW", "LUT_EN", overflow},
    Row{Unit::kCdp, "D_PERF_LUT_HYBRID", "LUT_EN", hybrid},
    Row{Unit::kCdp, "D_PERF_LUT_LE_HIT", "LUT_EN", le_hit},
    Row{Unit::kCdp, "D_PERF_LUT_LO_HIT", "LUT_EN", lo_hit},
};

}  // namespace

void show_values(registers::RegisterFile& file, Unit unit, std::uint32_t group, const ValueCounters& values) {
  const bool v1 = &file.map() == &registers::RegisterMap::of(Generation::kV1);
  for (const Row& row : kTable) {
    if (row.unit != unit || (row.only_v1 && !v1)) continue;
    if (row.enable != nullptr && file.field(unit, "D_PERF_ENABLE", row.enable, group) == 0) continue;
    file.set_value(unit, row.name, group,
                   static_cast<std::uint32_t>(std::min<std::uint64_t>(row.value(values), UINT32_MAX)));
  }
}

}  // namespace nvdla::engine
