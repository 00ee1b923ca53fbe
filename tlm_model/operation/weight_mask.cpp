// SPDX-License-Identifier: Apache-2.0
#include "operation/weight_mask.h"

#include <algorithm>

#include "operation/atomic_k.h"
#include "operation/divide.h"

namespace nvdla {

std::uint64_t mask_bytes_of_group(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  const std::uint64_t entry = hardware.cbuf_entry_bytes,
                      request = std::uint64_t{8} * hardware.memory_atom_bytes;
  const std::uint32_t kernels = atomic_k(hardware, fetch.processing_precision);
  const std::uint64_t bits = fetch.bytes_per_kernel / bytes_per_element(fetch.processing_precision);
  const std::uint64_t end = ceil_div(bits * fetch.kernels, entry * 8) * entry;
  const std::uint64_t begin = fetch.wmb_address % request;  // where the first request begins
  std::uint64_t most = 0;
  for (std::uint64_t first = 0; first < fetch.kernels; first += kernels) {
    const std::uint64_t given_back = ceil_div(bits * first, entry * 8) * entry;
    const std::uint64_t needed = ceil_div(bits * (first + kernels), std::uint64_t{8});
    const std::uint64_t fetched = ceil_div(begin + needed, request) * request - begin;
    most = std::max(most, std::min(end, fetched) - given_back);
  }
  return most;
}

bool mask_fits(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  return mask_bytes_of_group(fetch, hardware) <=
         std::uint64_t{hardware.cbuf_entries_per_bank} * hardware.cbuf_entry_bytes;
}

}  // namespace nvdla
