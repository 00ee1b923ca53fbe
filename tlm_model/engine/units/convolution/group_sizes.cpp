// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/group_sizes.h"

#include "amaix/convolution_plan.h"

namespace nvdla::engine {

std::vector<std::uint32_t> read_group_sizes(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                                            const MemoryInterface& memory) {
  constexpr std::size_t kSizeBytes = 4;
  const std::uint32_t groups = amaix::plan_weights(fetch, hardware).groups;
  std::vector<unsigned char> bytes(groups * kSizeBytes);
  if (!memory.peek(fetch.wgs_address, bytes.data(), bytes.size())) return {};
  std::vector<std::uint32_t> sizes(groups);
  std::uint64_t sum = 0;
  for (std::uint32_t group = 0; group < groups; ++group) {
    const unsigned char* const at = bytes.data() + group * kSizeBytes;
    sizes[group] =
        at[0] | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
    sum += sizes[group];
  }
  if (sum == 0 || sum > fetch.weight_bytes) return {};
  return sizes;
}

}  // namespace nvdla::engine
