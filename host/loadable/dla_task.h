// SPDX-License-Identifier: Apache-2.0
// What a DLA task holds: the structures that the compiler and the firmware of nvdla/sw share (its DLA
// interface, versions 0.10 to 0.12). A task's address list selects memory; entry 0 holds the network
// descriptor (40 bytes), which says where the lists are: operations (116 bytes each), surfaces (644), the
// dependency graph (36) and look-up tables (700). All little endian and packed. Since version 0.12 a cube has
// an offset: 32 bytes instead of 28.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "hardware/units.h"
#include "host/loadable/loadable.h"

namespace nvdla::host {

inline constexpr std::size_t kDlaUnits = 6;
// In the numbering of the DLA interface: BDMA, convolution, SDP, PDP, CDP, Rubik.
inline constexpr std::array<Engine, kDlaUnits> kDlaEngines = {Engine::kBdma, Engine::kConv, Engine::kSdp,
                                                              Engine::kPdp,  Engine::kCdp,  Engine::kRubik};
inline constexpr std::uint8_t kDlaBdma = 0, kDlaConv = 1, kDlaSdp = 2, kDlaPdp = 3, kDlaCdp = 4,
                              kDlaRubik = 5;

// Where a cube lives; kHardware: on the fly between units.
inline constexpr std::uint16_t kDlaMainMemory = 0, kDlaCvsram = 1, kDlaHardware = 2;

enum class DlaEvent : std::uint8_t {
  kCompleted = 1,
  kProgrammed = 2,
  kEnabled = 3,
  kWeightsRead = 4,
  kDataRead = 5
};

// Strides and sizes in bytes, dimensions in elements.
struct DlaCube {
  std::uint16_t type = kDlaMainMemory;
  std::int16_t address = -1;  // index into the task's address list
  std::uint32_t offset = 0;   // from there
  std::uint32_t size = 0;
  std::uint16_t width = 0, height = 0, channel = 0;
  std::uint32_t line_stride = 0, surface_stride = 0, plane_stride = 0;
};

struct DlaConverter {
  std::int16_t scale = 0;
  std::uint8_t truncate = 0;
  std::uint8_t enable = 0;
  std::int32_t offset = 0;
};

struct DlaBdma {
  struct Transfer {
    std::int16_t source = -1, destination = -1;  // indices into the task's address list
    std::uint32_t line_size = 0, line_repeat = 0, source_line = 0, destination_line = 0;
    std::uint32_t surface_repeat = 0, source_surface = 0, destination_surface = 0;
  };
  std::uint8_t source_type = 0, destination_type = 0;
  std::uint16_t count = 0;
  std::array<Transfer, 20> transfers;
};

struct DlaConvolution {
  std::uint8_t mode = 0, data_reuse = 0, weight_reuse = 0, skip_data_release = 0, skip_weight_release = 0;
  std::uint16_t entries_per_slice = 0;
  std::uint8_t data_format = 0, pixel_mapping = 0;
  std::uint16_t fetch_grain = 0;
  std::uint8_t batch = 0, weight_format = 0, data_bank = 0, weight_bank = 0;
  std::uint32_t batch_stride = 0;
  std::uint8_t post_extension = 0, pixel_override = 0;
  std::uint16_t release = 0;
  std::uint16_t csc_width = 0, csc_height = 0, csc_channel = 0;
  std::uint16_t kernel_width = 0, kernel_height = 0, kernel_channel = 0;
  std::uint16_t cmac_width = 0, cmac_height = 0;
  std::uint32_t bytes_per_kernel = 0;
  std::int16_t mean_ry = 0, mean_gu = 0, mean_bv = 0, mean_ax = 0;
  std::uint8_t mean_format = 0, stride_x = 0, stride_y = 0;
  std::uint8_t pad_left = 0, pad_right = 0, pad_top = 0, pad_bottom = 0;
  std::uint8_t dilation_x = 0, dilation_y = 0, pra_truncate = 0;
  std::uint8_t in_precision = 0, out_precision = 0;
  std::int16_t pad_value = 0;
  DlaConverter in_converter, out_converter;
  DlaCube weight, mask, group_sizes, source, destination;  // mask, group_sizes: of compressed weights
  std::int64_t offset_u = 0;
  std::uint32_t line_uv_stride = 0;
};

struct DlaSdpStage {
  std::uint8_t enable = 0, alu = 0, type = 0, mode = 0;
  std::uint8_t activation = 0, shift = 0, truncate = 0, precision = 0;
  std::int32_t alu_operand = 0, mul_operand = 0;
  DlaConverter alu_converter, mul_converter;
};

struct DlaSdp {
  std::uint8_t source_precision = 0, destination_precision = 0;
  std::int16_t lut = -1;
  DlaConverter out_converter;
  std::uint8_t conv_mode = 0, batch = 0;
  std::uint32_t batch_stride = 0;
  DlaSdpStage x1, x2, y;
  DlaCube source, x1_data, x2_data, y_data, destination;
};

struct DlaPdp {
  std::uint16_t in_first = 0, in_mid = 0, in_last = 0, out_first = 0, out_mid = 0, out_last = 0;
  std::uint8_t split = 0, mode = 0, kernel_width = 0, kernel_height = 0, stride_x = 0, stride_y = 0;
  std::uint8_t pad_left = 0, pad_right = 0, pad_top = 0, pad_bottom = 0, precision = 0;
  std::array<std::int32_t, 7> padding_values{};
  DlaCube source, destination;
};

struct DlaCdp {
  std::uint8_t in_precision = 0, out_precision = 0;
  std::int16_t lut = -1;
  DlaConverter in_converter, out_converter;
  std::uint8_t local_size = 0, bypass_square_sum = 0, bypass_multiply = 0;
  DlaCube source, destination;
};

struct DlaRubik {
  std::uint8_t mode = 0, precision = 0, stride_x = 0, stride_y = 0;
  DlaCube source, destination;
};

struct DlaLut {
  struct Slope {
    std::int16_t scale = 0;  // as fp16 pattern where the unit computes in fp16
    std::int8_t shift = 0;
  };
  std::array<std::int16_t, 65> exponent_table{};
  std::array<std::int16_t, 257> linear_table{};
  std::int8_t exponent_offset = 0,
              linear_offset = 0;  // index offset of the exponent method, else index select
  std::uint64_t exponent_start = 0, exponent_end = 0, linear_start = 0, linear_end = 0;
  Slope exponent_underflow, exponent_overflow, linear_underflow, linear_overflow;
  std::uint8_t hybrid_priority = 0, underflow_priority = 0, overflow_priority = 0, method = 0;
};

struct DlaConsumer {
  std::int16_t index = -1;  // operation; -1: none
  DlaEvent event = DlaEvent::kCompleted;
};

struct DlaOperation {
  std::size_t index = 0;
  std::uint8_t unit = 0;  // index of kDlaEngines
  std::uint8_t dependencies = 0;
  std::array<DlaConsumer, kDlaUnits> consumers;
  DlaConsumer fused_parent;
  std::variant<DlaBdma, DlaConvolution, DlaSdp, DlaPdp, DlaCdp, DlaRubik> work;
};

struct DlaTask {
  std::string place;  // "file: task_list[1]", for error texts
  std::array<std::int16_t, kDlaUnits> heads{};
  std::uint16_t regions = 1;       // "ROIs": how often each operation runs, with descriptors of its own
  std::uint16_t operations = 0;    // of one region
  std::int16_t statistics = -1;    // where the firmware is to leave its counters: index into the address list
  std::vector<DlaOperation> list;  // regions * operations, region by region
  std::vector<DlaLut> luts;

  [[nodiscard]] std::string operation_place(std::size_t operation) const {
    return place + " operation " + std::to_string(operation);
  }
};

// Throws InputError with the place inside the file. What the result refers to exists: operations, tables and
// indices into the address list. Dynamic regions of interest are refused: no loadable that is known has them.
[[nodiscard]] DlaTask parse_dla_task(const Loadable& loadable, std::size_t task);

}  // namespace nvdla::host
