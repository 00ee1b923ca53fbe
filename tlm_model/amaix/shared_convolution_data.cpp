// SPDX-License-Identifier: Apache-2.0
// What CDMA asks for of its data in a walk: their chunks, the cycles between them, and how many find room
// beside the layer before.
#include "amaix/convolution_plan.h"
#include "amaix/shared_convolution.h"
#include "hardware/paths/convolution.h"
#include "operation/chunk.h"

namespace nvdla::amaix {

void SharedConvolution::add_data(const ConvolutionFetch& fetch, const ConvolutionContext& context) {
  data_released_ = context.data_released;
  if (!context.fetch_data) return;
  const HardwareParameters& hardware = hardware_;
  const std::uint32_t bus = hardware.dbb_width_bytes;
  const bool image = fetch.input_format == InputFormat::kPixel;
  const bool winograd = !image && fetch.mode == ConvolutionMode::kWinograd;
  if (!image && !winograd)
    held_beats_ =
        paths::held_beats_paths(hardware.master_rtl).places.cycles() + paths::kSharedBufferPipes.cycles();
  std::uint32_t gap = 0;
  for (DataRequests requests(fetch, hardware); !requests.done(); requests.advance()) {
    const DataRequest& request = requests.front();
    if (request.grain_start && !data_.empty()) ++gap;
    if (!request.dummy) {
      for_each_chunk(request.address,
                     request.address + std::uint64_t{request.atoms} * hardware.memory_atom_bytes,
                     chunk_bytes(), [&](std::uint64_t begin, std::uint64_t end) {
                       data_.push_back({beats_of(begin, end, bus), gap});
                       gap = 0;
                     });
      if (data_.size() > kMostSteps) {
        whole_ = false;
        return;
      }
    }
    gap += image || winograd || !request.bundle_end ? 1 : 2;
  }
  data_beside_ = data_.size();
  const double need = data_entries(fetch);
  const double room =
      static_cast<double>(fetch.data_banks) * cbuf_shape(hardware).entries_per_bank - context.held_entries;
  if (need > room)
    data_beside_ =
        static_cast<std::size_t>(data_entries_in(fetch, room) / need * static_cast<double>(data_.size()));
}

}  // namespace nvdla::amaix
