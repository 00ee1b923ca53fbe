// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/cdma_data.h"

#include <algorithm>

namespace nvdla::engine {

CdmaData::CdmaData(Scheduler& scheduler, const HardwareParameters& hardware, MemoryInterface& dbb,
                   MemoryInterface& cvsram, CbufUsage& cbuf)
    : Process(scheduler),
      hardware_(hardware),
      timing_(convolution_timing(hardware)),
      held_places_(paths::held_beats_paths(hardware.master_rtl).places.cycles()),
      held_ready_(paths::held_beats_paths(hardware.master_rtl).ready.sum()),
      dbb_(dbb),
      cvsram_(cvsram),
      cbuf_(cbuf) {
  const auto depth = hardware.read_latency_fifo_beats[static_cast<std::size_t>(Client::kCdmaDat)];
  dbb_.connect(Client::kCdmaDat, *this, depth);
  cvsram_.connect(Client::kCdmaDat, *this, depth);
}

void CdmaData::start(OperationId id, const ConvolutionFetch& fetch, Cycle at, Cycle first_request) {
  id_ = id;
  fetch_ = fetch;
  ledger_.begin(at);
  requests_ = amaix::DataRequests(fetch, hardware_);
  busy_ = true;
  grain_taken_ = wants_room_ = false;
  all_returned_ = false;
  in_flight_ = 0;
  first_request_ = next_request_ = first_request;
  apart_ = 1;
  done_at_ = kNever;
  image_ = fetch.input_format == InputFormat::kPixel;
  winograd_ = !image_ && fetch.mode == ConvolutionMode::kWinograd;
  if (image_) {
    packer_.start(fetch, hardware_);
  } else if (winograd_) {
    winograd_buffer_.start(fetch, hardware_);
  } else {
    const bool packed_point = fetch.input.width == 1 && fetch.input.height == 1 && fetch.surface_packed;
    const std::uint32_t surfaces = amaix::data_surfaces(fetch, hardware_);
    buffer_.start(packed_point ? 1 : surfaces, packed_point ? surfaces : fetch.input.width,
                  fetch.input.height, fetch.line_packed ? std::max(1U, fetch.fetch_grain) : 1U, fetch.batches,
                  hardware_.dbb_width_bytes / hardware_.memory_atom_bytes,
                  amaix::surfaces_together(hardware_));
  }
  wake(first_request);
}

void CdmaData::release(std::uint64_t entries, Cycle at) {
  pending_release_ += entries;
  release_at_ = at;
  wake(at);
}

void CdmaData::run(Cycle now) {
  if (pending_release_ != 0 && release_at_ <= now) {
    cbuf_.data_entries -= std::min(cbuf_.data_entries, pending_release_);
    pending_release_ = 0;
    release_at_ = kNever;
  }
  wake(release_at_);  // a run for another reason must not lose it
  if (!busy_) return;
  if (done_at_ != kNever) {
    if (now < done_at_) {
      wake(done_at_);
      return;
    }
    busy_ = false;
    const Cycle at = done_at_;
    done_at_ = kNever;
    done_(at);
    return;
  }
  if (now < first_request_) {
    wake(first_request_);
    return;
  }
  MemoryInterface& memory = fetch_.data.space == MemorySpace::kDbb ? dbb_ : cvsram_;
  while (!requests_.done() && may_request(now) &&
         (requests_.front().dummy || memory.read_ready(Client::kCdmaDat))) {
    const amaix::DataRequest& request = requests_.front();
    if (request.grain_start && !grain_taken_) {
      if (cbuf_.data_entries + requests_.grain_entries() > cbuf_.data_capacity && cbuf_.data_entries > 0) {
        wants_room_ = true;
        return;
      }
      if (wants_room_) ledger_.add(Resource::kCbufSpace, now);
      wants_room_ = false;
      cbuf_.data_entries += requests_.grain_entries();
      grain_taken_ = true;
    }
    if (image_) packer_.expect(request);
    if (winograd_) winograd_buffer_.expect(request, now + static_cast<Cycle>(timing_.winograd_return));
    Cycle step = image_ || winograd_ || !request.bundle_end ? 1 : 2;
    if (!request.dummy) {
      ++in_flight_;
      memory.read(Client::kCdmaDat, id_, request.address, request.atoms * hardware_.memory_atom_bytes,
                  request.slot, now, 0, apart_);
      apart_ = 0;
    }
    requests_.advance();
    if (!requests_.done() && requests_.front().grain_start) {
      grain_taken_ = false;
      // CDMA_dc, CDMA_wg, CDMA_IMG_sg: cbuf_is_ready falls for a cycle between grains, groups, lines.
      ++step;
    }
    next_request_ = now + step;
    apart_ += step;
  }
  // Padding behind the last data.
  if (requests_.done() && in_flight_ == 0) finish();
}

bool CdmaData::may_request(Cycle now) {
  if (next_request_ > now) wake(next_request_);
  return next_request_ <= now && (!winograd_ || winograd_buffer_.has_room());
}

void CdmaData::on_read(const ReadReturn& data) {
  ledger_.add(data, Resource::kDataFetch);
  const std::uint32_t atom = hardware_.memory_atom_bytes;
  const std::uint32_t bus = hardware_.dbb_width_bytes;
  std::uint64_t address = data.address;
  const std::uint64_t end = data.address + data.bytes;
  const Cycle pipeline = image_      ? 0
                         : winograd_ ? static_cast<Cycle>(timing_.winograd_return)
                                     : static_cast<Cycle>(timing_.data_return);
  const Cycle span = data.last_beat - data.first_beat;
  const Cycle steps = std::max<Cycle>(1, data.beats - 1);
  Cycle count = 0;
  while (address < end) {
    const std::uint64_t stop = std::min(end, address / bus * bus + bus);
    const auto atoms = static_cast<std::uint32_t>((stop - address) / atom);
    const Cycle beat = (data.beats == 1 ? data.last_beat : data.first_beat + span * count / steps) + pipeline;
    if (image_) {
      packer_.accept(beat, atoms);
    } else if (winograd_) {
      winograd_buffer_.accept(beat, atoms);
    } else {
      buffer_.accept(beat, static_cast<std::uint32_t>(data.tag), atoms);
    }
    address = stop;
    ++count;
  }
  if (data.last_of_request) --in_flight_;
  if (requests_.done() && in_flight_ == 0) finish();
  if (winograd_ && !requests_.done()) wake(now());  // the request FIFO may have room again
}

Cycle CdmaData::bus_free(std::int32_t left) const {
  if (image_ || winograd_) return 0;
  return buffer_.entered(held_places_ + static_cast<std::size_t>(left)) + held_ready_;
}

void CdmaData::finish() {
  if (image_) {
    done_at_ = packer_.drain() + static_cast<Cycle>(timing_.image_done);
  } else if (winograd_) {
    done_at_ = winograd_buffer_.drain() + static_cast<Cycle>(timing_.winograd_done);
  } else {
    done_at_ = buffer_.drain() + static_cast<Cycle>(timing_.data_done);
  }
  wake(done_at_);
}

void CdmaData::on_write_acknowledged(const WriteReturn& /*write*/) {}

void CdmaData::on_room(Client /*client*/, Cycle at) { wake(at); }

void CdmaData::reset() {
  busy_ = false;
  in_flight_ = 0;
  done_at_ = kNever;
  pending_release_ = 0;
  release_at_ = kNever;
}

}  // namespace nvdla::engine
