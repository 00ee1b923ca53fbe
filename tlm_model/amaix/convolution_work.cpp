// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_work.h"

#include <algorithm>

#include "amaix/convolution_plan.h"
#include "amaix/winograd_buffer.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {

using Behind = ConvolutionDataWork::Behind;

// Adds to the upper convex hull of points in order of their beats.
void add_corner(const Behind& point, std::vector<Behind>& hull) {
  while (hull.size() > 1) {
    const Behind &before = hull[hull.size() - 2], &last = hull.back();
    if ((last.cycles - before.cycles) * (point.beat - last.beat) >
        (point.cycles - last.cycles) * (last.beat - before.beat))
      break;
    hull.pop_back();
  }
  hull.push_back(point);
}

// CDMA_wg's shared buffer (amaix/winograd_buffer.h) where nothing but data keeps it: beats and padding are
// taken one a cycle, cubes are read one behind the other.
class WinogradPath {
 public:
  WinogradPath(const ConvolutionFetch& fetch, const HardwareParameters& hardware)
      : per_cycle_(std::max(1U, hardware.dbb_width_bytes / hardware.memory_atom_bytes)),
        stride_(fetch.stride_x) {}

  void take(std::uint64_t beats) {
    for (; beats > 0; --beats) beats_.push_back({taken_++, available_.size()});
  }
  void end_request(const DataRequest& request) {
    if (request.dummy) taken_ += ceil_div(request.atoms, per_cycle_);
    if (!request.bundle_end) return;
    columns_ += request.atoms;
    const std::uint32_t cube = kWinogradCube * stride_;
    available_.resize(available_.size() + columns_ / cube * stride_,
                      static_cast<double>(taken_ - 1 + WinogradBuffer::kToRead));
    columns_ %= cube;
  }
  void finish(ConvolutionDataWork& work) {
    // Of each cube on, when all are read.
    double end = 0, reads = 0;
    for (auto cube = available_.rbegin(); cube != available_.rend(); ++cube)
      *cube = end = std::max(end, *cube + (reads += WinogradBuffer::kCubeReads) - 1);
    work.path = end;
    for (std::size_t i = 0; i < beats_.size(); ++i)
      if (beats_[i].cubes < available_.size())
        add_corner(
            {static_cast<double>(i), available_[beats_[i].cubes] - static_cast<double>(beats_[i].taken)},
            work.behind);
  }

 private:
  struct Beat {
    std::uint64_t taken;  // in this cycle, if none waits
    std::size_t cubes;    // that are complete before
  };
  const std::uint32_t per_cycle_, stride_;
  std::uint64_t taken_ = 0;
  std::uint32_t columns_ = 0;  // that no cube has yet
  std::vector<Beat> beats_;
  std::vector<double> available_;  // of the cubes
};

}  // namespace

ConvolutionDataWork convolution_data_work(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  ConvolutionDataWork work;
  const std::uint64_t bus = hardware.dbb_width_bytes;
  const std::uint64_t chunk = bus * hardware.mcif_chunk_beats;
  const auto per_beat = static_cast<std::uint32_t>(bus / hardware.memory_atom_bytes);
  const bool image = fetch.input_format == InputFormat::kPixel;
  const bool winograd = !image && fetch.mode == ConvolutionMode::kWinograd;
  WinogradPath buffer(fetch, hardware);
  std::uint64_t beats = 0, chunks = 0, cycles = 0, slots = 0;
  for (DataRequests requests(fetch, hardware); !requests.done(); requests.advance()) {
    const DataRequest& request = requests.front();
    // CDMA_dc, CDMA_wg, CDMA_IMG_sg: as CDMA's data side asks (engine/units/convolution/cdma_data.h).
    cycles += (request.grain_start ? 1 : 0) + (image || winograd || !request.bundle_end ? 1 : 2);
    if (image) slots += (request.atoms + per_beat - 1) / per_beat;
    if (request.dummy) {
      if (winograd) buffer.end_request(request);
      continue;
    }
    std::uint64_t at = request.address;
    const std::uint64_t end = at + std::uint64_t{request.atoms} * hardware.memory_atom_bytes;
    while (at < end) {
      const std::uint64_t stop = std::min(end, at / chunk * chunk + chunk);
      const std::uint64_t moved = (stop - 1) / bus - at / bus + 1;
      beats += moved;
      ++chunks;
      if (winograd) buffer.take(moved);
      at = stop;
    }
    if (winograd) buffer.end_request(request);
  }
  work.beats = static_cast<double>(beats);
  work.chunks = static_cast<double>(chunks);
  work.requests = static_cast<double>(cycles);
  work.path = static_cast<double>(slots);
  if (winograd) buffer.finish(work);
  if (image || winograd) return work;
  // engine/units/convolution/cdma_shared_buffer.h: a pair needs a cycle a beat and one for two reads, a lone
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
    if (pair) {
      line += 0.5 * width;
    } else if (upper && per_beat == 1) {
      line += 1.5 * width;
    } else if (upper) {
      line += width;
    } else {
      const std::uint32_t beats = (width + per_beat - 1) / per_beat;
      line += beats + (per_beat == 1 || width % per_beat != 0 ? 1 : 0);
    }
  }
  const double paired = together == 2 ? surfaces / 2 * 2 : 0;
  work.path = line * fetch.input.height * fetch.batches + work.beats * paired / surfaces;
  return work;
}

}  // namespace nvdla::amaix
