// SPDX-License-Identifier: Apache-2.0
#include "operation/weight_mask.h"

#include <algorithm>

#include "operation/atomic_k.h"

namespace nvdla {
namespace {

std::uint64_t in_entries(std::uint64_t bits, const HardwareParameters& hardware) {
  const std::uint64_t entry_bits = std::uint64_t{hardware.cbuf_entry_bytes} * 8;
  return (bits + entry_bits - 1) / entry_bits * hardware.cbuf_entry_bytes;
}

}  // namespace

std::uint64_t mask_bytes_of_group(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  const std::uint32_t kernels = atomic_k(hardware, fetch.processing_precision);
  const std::uint64_t bits = fetch.bytes_per_kernel / bytes_per_element(fetch.processing_precision);
  const std::uint64_t whole = in_entries(bits * fetch.kernels, hardware);
  const std::uint64_t of_group = bits * kernels;
  const bool aligned = of_group % (std::uint64_t{hardware.cbuf_entry_bytes} * 8) == 0;
  return std::min(whole, in_entries(of_group, hardware) + (aligned ? 0 : hardware.cbuf_entry_bytes));
}

bool mask_fits(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  return mask_bytes_of_group(fetch, hardware) <=
         std::uint64_t{hardware.cbuf_entries_per_bank} * hardware.cbuf_entry_bytes;
}

}  // namespace nvdla
