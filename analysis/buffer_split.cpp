// SPDX-License-Identifier: Apache-2.0
#include "analysis/buffer_split.h"

#include <algorithm>
#include <string>

#include "amaix/convolution_plan.h"
#include "operation/divide.h"
#include "operation/pixel_format.h"

namespace nvdla::analysis {

std::optional<std::uint32_t> entries_of_line(const ConvolutionFetch& fetch,
                                             const HardwareParameters& hardware) {
  if (fetch.mode == ConvolutionMode::kWinograd) return std::nullopt;
  if (fetch.input_format == InputFormat::kPixel) {
    const std::uint32_t pixels = fetch.padding.left + fetch.input.width + fetch.padding.right;
    std::uint32_t bytes = pixels * pixel_bytes(fetch.pixel_format, 0);
    if (planar(fetch.pixel_format)) bytes += pixels * pixel_bytes(fetch.pixel_format, 1);
    return ceil_div(bytes, hardware.cbuf_entry_bytes);
  }
  const std::uint32_t atoms = amaix::data_surfaces(fetch, hardware);
  const std::uint32_t in_entry = hardware.cbuf_entry_bytes / hardware.memory_atom_bytes;
  std::uint32_t rest = 0;
  if (atoms % in_entry != 0)
    for (rest = 1; rest < atoms % in_entry;) rest *= 2;
  return atoms / in_entry * fetch.input.width + ceil_div(fetch.input.width * rest, in_entry);
}

std::uint32_t data_banks(const ConvolutionFetch& fetch, std::uint32_t entries,
                         const HardwareParameters& hardware) {
  return ceil_div(entries * fetch.input.height * fetch.batches, hardware.cbuf_entries_per_bank);
}

std::uint32_t weight_banks(const ConvolutionFetch& fetch, std::uint32_t left,
                           const HardwareParameters& hardware) {
  const std::uint64_t bank = std::uint64_t{hardware.cbuf_entry_bytes} * hardware.cbuf_entries_per_bank;
  const std::uint64_t all = ceil_div(fetch.weight_bytes, bank);
  if (all <= left) return static_cast<std::uint32_t>(std::max<std::uint64_t>(1, all));
  const std::uint64_t kernels = std::min(fetch.kernels, atomic_k(hardware, fetch.processing_precision));
  const std::uint64_t group = ceil_div(fetch.bytes_per_kernel * kernels, bank);
  if (fetch.skip_weight_release || group > left)
    throw Infeasible((fetch.skip_weight_release ? "its weights, which are kept, need " + std::to_string(all)
                                                : "a group of its kernels needs " + std::to_string(group)) +
                     " banks of CBUF, its input leaves " + std::to_string(left));
  return static_cast<std::uint32_t>(2 * group <= left ? 2 * group : group);
}

}  // namespace nvdla::analysis
