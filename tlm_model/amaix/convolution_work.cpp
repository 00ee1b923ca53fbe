// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_work.h"

#include <algorithm>

#include "amaix/convolution_plan.h"
#include "amaix/winograd_buffer.h"

namespace nvdla::amaix {

ConvolutionDataWork convolution_data_work(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  ConvolutionDataWork work;
  const std::uint64_t bus = hardware.dbb_width_bytes;
  const std::uint64_t chunk = bus * hardware.mcif_chunk_beats;
  const auto per_beat = static_cast<std::uint32_t>(bus / hardware.memory_atom_bytes);
  const bool image = fetch.input_format == InputFormat::kPixel;
  const bool winograd = !image && fetch.mode == ConvolutionMode::kWinograd;
  WinogradBuffer buffer;
  Cycle asked = -1, last_data = 0;
  if (winograd) buffer.start(fetch, hardware);
  for (DataRequests requests(fetch, hardware); !requests.done(); requests.advance()) {
    const DataRequest& request = requests.front();
    if (winograd) {
      // CDMA_wg asks once a cycle, a cycle later when a group of lines begins.
      asked += request.grain_start && asked >= 0 ? 2 : 1;
      buffer.expect(request, asked);
    }
    // CDMA_dc, CDMA_wg, CDMA_IMG_sg: as CDMA's data side asks (engine/units/convolution/cdma_data.h).
    work.requests += (request.grain_start ? 1 : 0) + (image || winograd || !request.bundle_end ? 1 : 2);
    const std::uint32_t packed = (request.atoms + per_beat - 1) / per_beat;
    if (image) work.path += packed;
    if (request.dummy) continue;
    std::uint64_t at = request.address;
    const std::uint64_t end = at + std::uint64_t{request.atoms} * hardware.memory_atom_bytes;
    while (at < end) {
      const std::uint64_t stop = std::min(end, at / chunk * chunk + chunk);
      const std::uint64_t beats = (stop - 1) / bus - at / bus + 1;
      work.beats += static_cast<double>(beats);
      work.chunks += 1;
      if (winograd) {
        for (std::uint64_t beat = at; beat < stop;) {
          const std::uint64_t next = std::min(stop, beat / bus * bus + bus);
          buffer.accept(asked, static_cast<std::uint32_t>((next - beat) / hardware.memory_atom_bytes));
          beat = next;
        }
        last_data = buffer.next() - 1;
      }
      at = stop;
    }
  }
  if (winograd) {
    work.path = static_cast<double>(buffer.drain());
    work.drain = work.path - static_cast<double>(last_data);
  }
  if (image || winograd) return work;
  // engine/units/convolution/cdma_shared_buffer.h: a pair needs 3 cycles for 2 atoms of each surface, a lone
  // surface a cycle a beat, one more when the line ends in half a beat, a cycle an atom in the upper half of
  // an entry.
  std::uint32_t surfaces = data_surfaces(fetch, hardware);
  std::uint32_t width = fetch.input.width;
  if (fetch.input.width == 1 && fetch.input.height == 1 && fetch.surface_packed) {
    width = surfaces;
    surfaces = 1;
  }
  const std::uint32_t together = surfaces_together(hardware);
  double line = 0;
  for (std::uint32_t surface = 0; surface < surfaces; surface += together) {
    const bool pair = surface + 1 < surfaces && together == 2;
    const bool upper = (surface & 2U) != 0;
    if (pair || (upper && per_beat == 1)) {
      line += 1.5 * width;
    } else if (upper) {
      line += width;
    } else {
      const std::uint32_t beats = (width + per_beat - 1) / per_beat;
      line += beats + (per_beat == 1 || width % per_beat != 0 ? 1 : 0);
    }
  }
  work.path = line * fetch.input.height * fetch.batches;
  return work;
}

}  // namespace nvdla::amaix
