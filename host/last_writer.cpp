// SPDX-License-Identifier: Apache-2.0
#include "host/last_writer.h"

namespace nvdla::host {

namespace {

// Lanes beyond the channels are written too.
bool holds(const OutputTensor& tensor, std::uint64_t address) {
  const std::uint32_t size = bytes_per_element(tensor.precision);
  const std::uint32_t lanes = tensor.atom_bytes == 0 ? 1 : tensor.atom_bytes / size;
  const std::uint64_t line = std::uint64_t{tensor.cube.width} * lanes * size;
  for (std::uint32_t batch = 0; batch < tensor.batches; ++batch) {
    for (std::uint32_t c = 0; c < tensor.cube.channels; c += lanes) {
      for (std::uint32_t y = 0; y < tensor.cube.height; ++y) {
        const std::uint64_t begin = tensor.address_of(batch, c, y, 0);
        if (address >= begin && address - begin < line) return true;
      }
    }
  }
  return false;
}

}  // namespace

std::optional<std::string> LastWriter::of(std::uint64_t address) const {
  for (auto output = outputs_.rbegin(); output != outputs_.rend(); ++output) {
    if (holds(output->second, address))
      return std::string(engine_name(output->first.engine)) + " " + std::to_string(output->first.sequence);
  }
  return std::nullopt;
}

}  // namespace nvdla::host
