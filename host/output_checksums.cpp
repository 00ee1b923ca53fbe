// SPDX-License-Identifier: Apache-2.0
#include "host/output_checksums.h"

#include <zlib.h>

#include <vector>

namespace nvdla::host {

void OutputChecksums::on_output(OperationId id, const OutputTensor& output) {
  const std::uint32_t size = bytes_per_element(output.precision);
  const std::uint32_t lanes = output.atom_bytes == 0 ? 1 : output.atom_bytes / size;
  std::vector<unsigned char> line(std::size_t{output.cube.width} * lanes * size);
  std::uint32_t& sum = values_[id];
  for (std::uint32_t batch = 0; batch < output.batches; ++batch) {
    for (std::uint32_t c = 0; c < output.cube.channels; c += lanes) {
      for (std::uint32_t y = 0; y < output.cube.height; ++y) {
        if (!read_(output.address_of(batch, c, y, 0), line.data(), line.size())) continue;
        sum = static_cast<std::uint32_t>(crc32(sum, line.data(), static_cast<uInt>(line.size())));
      }
    }
  }
}

}  // namespace nvdla::host
