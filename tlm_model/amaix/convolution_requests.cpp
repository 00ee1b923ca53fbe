// SPDX-License-Identifier: Apache-2.0
// The order of CDMA's data requests.
//
// Direct convolution (CDMA_dc): lines are fetched in grains of FETCH_GRAIN lines (one, unless lines are
// packed). In a grain, for each batch, generation V1 fetches surfaces in pairs whose requests alternate, the
// scalable generation one after the other; each request is up to 8 atoms, the first of a surface shortened so
// that the next are aligned to 8 atoms. A packed 1x1 cube is one line of surfaces.
//
// Image (CDMA_IMG_ctrl, CDMA_IMG_sg): a line is padding atoms (dummies), the atoms that its pixels touch,
// padding atoms; it is cut into bundles of 8 atoms, the first of a line 9; bundles of two planes alternate,
// those of the second plane are 16 atoms, the first 17. A request ends where a bundle or a section of the
// line ends.
//
// Winograd: winograd_requests.cpp.
#include <algorithm>
#include <cmath>

#include "amaix/convolution_plan.h"
#include "operation/divide.h"
#include "operation/pixel_format.h"

namespace nvdla::amaix {

namespace {

constexpr std::uint32_t kRequestAtoms = 8;
constexpr std::uint32_t kBundle[2] = {8, 16};

bool winograd_input(const ConvolutionFetch& fetch) {
  return fetch.mode == ConvolutionMode::kWinograd && fetch.input_format == InputFormat::kFeature;
}
// Of all grains but the last; Winograd's are a line of cubes.
std::uint32_t grain_lines(const ConvolutionFetch& fetch) {
  if (winograd_input(fetch)) return kWinogradCube;
  const bool packed = fetch.input_format == InputFormat::kFeature && fetch.line_packed;
  return std::min(fetch.input.height, packed ? std::max(1U, fetch.fetch_grain) : 1U);
}

}  // namespace

std::uint32_t surfaces_together(const HardwareParameters& hardware) {
  return hardware.generation == Generation::kV1 ? 2 : 1;
}

std::uint32_t data_surfaces(const ConvolutionFetch& fetch, const HardwareParameters& hardware) {
  return ceil_div(fetch.input.channels * bytes_per_element(fetch.input_precision),
                  hardware.memory_atom_bytes);
}

std::uint32_t data_entries(const ConvolutionFetch& fetch) {
  const std::uint32_t lines = winograd_input(fetch)
                                  ? ceil_div(fetch.input_ext.height, kWinogradCube) * kWinogradCube
                                  : fetch.input.height;
  return lines * fetch.entries_per_slice * fetch.batches;
}

double data_entries_in(const ConvolutionFetch& fetch, double room) {
  const double need = data_entries(fetch);
  if (room >= need) return need;
  const double grain = grain_lines(fetch) * fetch.entries_per_slice * fetch.batches;
  return std::max(0.0, std::floor(room / grain)) * grain;
}

DataRequests::DataRequests(const ConvolutionFetch& fetch, const HardwareParameters& hardware)
    : image_(fetch.input_format == InputFormat::kPixel),
      winograd_(!image_ && fetch.mode == ConvolutionMode::kWinograd),
      fetch_(fetch),
      atom_bytes_(hardware.memory_atom_bytes) {
  done_ = false;
  mode_ = surfaces_together(hardware);
  surfaces_ = data_surfaces(fetch, hardware);
  width_ = fetch.input.width;
  if (!image_ && fetch.input.width == 1 && fetch.input.height == 1 && fetch.surface_packed) {
    width_ = surfaces_;
    surfaces_ = 1;
  }
  lines_ = winograd_ ? 1U : grain_lines(fetch);
  if (image_) {
    prepare_image();
    open_line();
    next_image();
  } else if (winograd_) {
    if (fetch.padding.left == 0) section_ = 1;
    next_winograd();
  } else {
    open_group();
    next_direct();
  }
}

std::uint32_t DataRequests::grain_entries() const {
  return (winograd_ ? kWinogradCube : lines_) * fetch_.entries_per_slice * fetch_.batches;
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
  const auto offset = static_cast<std::uint32_t>(base / atom_bytes_ % kRequestAtoms);
  const std::uint32_t limit = asked == 0 ? kRequestAtoms - offset : kRequestAtoms;
  current_.address = base + std::uint64_t{asked} * atom_bytes_;
  current_.atoms = std::min(limit, total - asked);
  current_.slot = slot_;
  current_.grain_start = start_of_grain_;
  asked_[slot_] += current_.atoms;
  group_end_ = true;
  for (std::uint32_t i = 0; i < slots_; ++i) group_end_ = group_end_ && asked_[i] == total;
  current_.bundle_end = group_end_;
  start_of_grain_ = false;
}

void DataRequests::prepare_image() {
  plane_count_ = planar(fetch_.pixel_format) ? 2 : 1;
  for (std::uint32_t p = 0; p < plane_count_; ++p) {
    const std::uint32_t pixels =
        std::max(1U, atom_bytes_ / pixel_bytes(fetch_.pixel_format, p));  // in an atom
    const std::uint32_t mask = pixels - 1;
    const std::uint32_t last = fetch_.input.width - 1;
    const std::uint32_t offset = p == 0 ? fetch_.pixel_x_offset : fetch_.pixel_x_offset & mask;
    Plane& plane = planes_[p];
    plane.base = p == 0 ? fetch_.data.address : fetch_.data_address_1;
    plane.stride = p == 0 ? fetch_.data.line_stride : fetch_.uv_line_stride;
    plane.left = fetch_.padding.left / pixels + (offset < (fetch_.padding.left & mask) ? 1 : 0);
    plane.real = (last + offset) / pixels + 1;
    const std::uint32_t all = (fetch_.padding.left + last + fetch_.padding.right) / pixels + 2;
    plane.right = all > plane.left + plane.real ? all - plane.left - plane.real : 0;
  }
}

void DataRequests::open_line() {
  for (std::uint32_t p = 0; p < plane_count_; ++p) {
    planes_[p].position = 0;
    planes_[p].budget = kBundle[p] + 1;
  }
  plane_ = 0;
}

void DataRequests::next_image() {
  Plane& plane = planes_[plane_];
  const std::uint32_t real_end = plane.left + plane.real;
  current_.dummy = plane.position < plane.left || plane.position >= real_end;
  const std::uint32_t section_end = plane.position < plane.left ? plane.left
                                    : plane.position < real_end ? real_end
                                                                : plane.total();
  current_.atoms = std::min(section_end - plane.position, plane.budget);
  current_.address = plane.base + std::uint64_t{line_} * plane.stride;
  if (!current_.dummy) current_.address += std::uint64_t{plane.position - plane.left} * atom_bytes_;
  current_.slot = plane_;
  current_.grain_start = start_of_grain_;
  start_of_grain_ = false;

  plane.position += current_.atoms;
  const bool plane_end = plane.position == plane.total();
  const bool bundle_end = current_.atoms == plane.budget || plane_end;
  plane.budget = bundle_end ? kBundle[plane_] : plane.budget - current_.atoms;
  const bool last_plane = plane_ + 1 == plane_count_;
  current_.bundle_end = bundle_end && last_plane;
  current_.line_end = plane_end && last_plane;
  if (bundle_end) plane_ = (plane_ + 1) % plane_count_;
}

void DataRequests::advance() {
  if (image_) {
    if (current_.line_end) {
      start_of_grain_ = true;
      if (++line_ == fetch_.input.height) {
        done_ = true;
        return;
      }
      open_line();
    }
    next_image();
    return;
  }
  if (winograd_) {
    advance_winograd();
    return;
  }
  if (group_end_) {
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
      if (request.dummy) continue;
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
    traffic.read[static_cast<std::size_t>(Client::kCdmaWt)] +=
        beats(plan.address, plan.bytes) + beats(fetch.wmb_address, plan.mask_bytes) +
        plan.sizes_bytes / hardware.memory_atom_bytes * bus;
  }
  return traffic;
}

}  // namespace nvdla::amaix
