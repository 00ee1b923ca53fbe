// SPDX-License-Identifier: Apache-2.0
// The order of CDMA's data requests.
//
// Direct convolution (CDMA_dc): lines are fetched in grains of FETCH_GRAIN lines (one, unless lines are
// packed). In a grain, for each batch, surfaces are fetched in pairs; the requests of a pair alternate, each
// up to 8 atoms, the first one of a surface shortened so that the next are aligned to 8 atoms. A packed 1x1
// cube is one line of surfaces. Image (CDMA_IMG_sg): line by line and plane by plane, requests of 8 atoms
// counted from the start of the line.
#include <algorithm>

#include "amaix/convolution_plan.h"

namespace nvdla::amaix {

namespace {
constexpr std::uint32_t ceil_div(std::uint32_t a, std::uint32_t b) { return (a + b - 1) / b; }
}  // namespace

std::uint32_t data_surfaces(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  return ceil_div(fetch.input.channels * bytes_per_element(fetch.input_precision),
                  hardware.memory_atom_bytes);
}

DataRequests::DataRequests(const ConvolutionFetch& fetch, const HardwareParameters& hardware)
    : image_(fetch.input_format == InputFormat::kPixel),
      fetch_(fetch),
      atom_bytes_(hardware.memory_atom_bytes) {
  done_ = false;
  surfaces_ = data_surfaces(fetch, hardware);
  width_ = fetch.input.width;
  if (!image_ && fetch.input.width == 1 && fetch.input.height == 1 && fetch.surface_packed) {
    width_ = surfaces_;
    surfaces_ = 1;
  }
  lines_ = std::min(fetch.input.height, !image_ && fetch.line_packed ? std::max(1U, fetch.fetch_grain) : 1U);
  if (image_) {
    next_image();
  } else {
    open_group();
    next_direct();
  }
}

std::uint32_t DataRequests::grain_entries() const {
  return lines_ * fetch_.entries_per_slice * fetch_.batches;
}

void DataRequests::open_group() {
  slots_ = std::min(mode_, surfaces_ - surface_);
  std::fill(std::begin(asked_), std::end(asked_), 0U);
  slot_ = 0;
}

void DataRequests::next_direct() {
  const std::uint32_t total = lines_ * width_;
  const std::uint64_t base = fetch_.data.address + std::uint64_t{line_} * fetch_.data.line_stride +
                             std::uint64_t{batch_} * fetch_.batch_stride +
                             std::uint64_t{surface_ + slot_} * fetch_.data.surface_stride;
  const std::uint32_t asked = asked_[slot_];
  const auto offset = static_cast<std::uint32_t>(base / atom_bytes_ % request_atoms_);
  const std::uint32_t limit = asked == 0 ? request_atoms_ - offset : request_atoms_;
  current_.address = base + std::uint64_t{asked} * atom_bytes_;
  current_.atoms = std::min(limit, total - asked);
  current_.slot = slot_;
  current_.grain_start = start_of_grain_;
  asked_[slot_] += current_.atoms;
  current_.group_end = true;
  for (std::uint32_t i = 0; i < slots_; ++i) current_.group_end = current_.group_end && asked_[i] == total;
  start_of_grain_ = false;
}

void DataRequests::next_image() {
  const std::uint32_t pixels_bytes =
      fetch_.input.width * fetch_.input.channels * bytes_per_element(fetch_.input_precision);
  const std::uint32_t total = ceil_div(pixels_bytes, atom_bytes_);
  current_.address = fetch_.data.address + std::uint64_t{line_} * fetch_.data.line_stride +
                     std::uint64_t{plane_asked_} * atom_bytes_;
  current_.atoms = std::min(request_atoms_, total - plane_asked_);
  current_.slot = plane_;
  current_.grain_start = start_of_grain_;
  plane_asked_ += current_.atoms;
  current_.group_end = plane_asked_ == total;
  start_of_grain_ = false;
}

void DataRequests::advance() {
  if (image_) {
    if (current_.group_end) {
      plane_asked_ = 0;
      start_of_grain_ = true;
      if (++line_ == fetch_.input.height) {
        done_ = true;
        return;
      }
    }
    next_image();
    return;
  }
  if (current_.group_end) {
    surface_ += slots_;
    if (surface_ >= surfaces_) {
      surface_ = 0;
      if (++batch_ == fetch_.batches) {
        batch_ = 0;
        line_ += lines_;
        start_of_grain_ = true;
        if (line_ >= fetch_.input.height) {
          done_ = true;
          return;
        }
        lines_ = std::min(lines_, fetch_.input.height - line_);
      }
    }
    open_group();
  } else {
    const std::uint32_t total = lines_ * width_;
    do {
      slot_ = (slot_ + 1) % slots_;
    } while (asked_[slot_] == total);
  }
  next_direct();
}

Traffic convolution_traffic(const ConvolutionFetch& fetch, const HardwareParameters& hardware,
                            bool fetch_data, bool fetch_weights) {
  Traffic traffic;
  const std::uint64_t bus = hardware.dbb_width_bytes;
  const auto beats = [bus](std::uint64_t address, std::uint64_t bytes) {
    return bytes == 0 ? 0 : ((address + bytes - 1) / bus - address / bus + 1) * bus;
  };
  const std::uint64_t chunk = std::uint64_t{hardware.mcif_chunk_beats} * bus;
  if (fetch_data) {
    for (DataRequests requests(fetch, hardware); !requests.done(); requests.advance()) {
      const DataRequest& request = requests.front();
      std::uint64_t at = request.address;
      const std::uint64_t end = at + std::uint64_t{request.atoms} * hardware.memory_atom_bytes;
      while (at < end) {
        const std::uint64_t stop = std::min(end, at / chunk * chunk + chunk);
        traffic.read[static_cast<std::size_t>(Client::kCdmaDat)] += beats(at, stop - at);
        at = stop;
      }
    }
  }
  if (fetch_weights) {
    const WeightPlan plan = plan_weights(fetch, hardware);
    traffic.read[static_cast<std::size_t>(Client::kCdmaWt)] += beats(plan.address, plan.bytes) +
                                                               beats(fetch.wmb_address, plan.mask_bytes) +
                                                               beats(fetch.wgs_address, plan.sizes_bytes);
  }
  return traffic;
}

}  // namespace nvdla::amaix
