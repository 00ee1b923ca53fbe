// SPDX-License-Identifier: Apache-2.0
#include "amaix/shared_operands.h"

#include <algorithm>
#include <cmath>

#include "amaix/sdp_walk.h"
#include "amaix/shared_walk.h"

namespace nvdla::amaix {
namespace {

Cycle up(double cycles) { return static_cast<Cycle>(std::ceil(cycles)); }

}  // namespace

SharedOperands::SharedOperands(const SdpWork& work, const SdpOnTheFly& sdp, double ahead, double output,
                               const HardwareParameters& hardware)
    : output_(output) {
  const SdpPathLengths& paths = sdp_path_lengths(hardware);
  if (sdp.write_time > 0) beat_ = sdp.write_time / output;
  transfer_ = sdp.cycles_with_operands;
  for (std::size_t i = 0; i < work.streams.size(); ++i) {
    const SdpStream& fetched = work.fetch.streams[i];
    Stream stream{};
    stream.all = static_cast<double>(work.streams[i].bus_bytes) / hardware.dbb_width_bytes;
    stream.places = fetched.beats_ahead(stream.all, hardware);
    stream.fifo = hardware.read_latency_fifo_beats[static_cast<std::size_t>(fetched.client)];
    if (stream.fifo == 0) stream.fifo = stream.all;
    stream.credit = paths.credit;
    stream.chunks = walk_chunks(fetched.walk, hardware, SharedUnit::kMostSteps);
    stream.since = ahead - paths.request;
    stream.path = entry_path(fetched, work.plan, paths) + sdp.write_tail - paths.from_cacc;
    stream.use = sdp.write_tail - paths.from_cacc - paths.use - work.plan.place_of(fetched).registers;
    if (stream.chunks.size() > SharedUnit::kMostSteps) whole_ = false;
    readers_.push_back(fetched.client);
    streams_.push_back(stream);
  }
}

Cycle SharedOperands::ahead() const {
  return streams_.empty() ? 0 : up(std::max(0.0, streams_.front().since));
}

// What came before the walk: a chunk of each stream in turn, as far as it has places.
void SharedOperands::restart(Cycle begin) {
  double before = 0;  // cycles
  for (Stream& stream : streams_) {
    before = stream.since - static_cast<double>(begin);
    stream.next = up(std::max(0.0, -before));
    stream.chunk = 0;
    stream.asked = 0;
    stream.last = begin;
    stream.used = {};
    stream.landed = {};
  }
  double beats = std::floor(before / beat_);
  for (bool some = true; some;) {
    some = false;
    for (Stream& stream : streams_) {
      if (stream.chunk == stream.chunks.size()) continue;
      const double next = stream.chunks[stream.chunk].beats;
      if (next > beats || stream.asked + next > stream.places) continue;
      stream.asked += next;
      ++stream.chunk;
      beats -= next;
      some = true;
    }
  }
  for (Stream& stream : streams_) {
    stream.come = stream.asked;
    stream.room = stream.places;
    stream.way = stream.asked + stream.fifo;
  }
}

Cycle SharedOperands::asks(std::size_t index) {
  Stream& stream = streams_[index];
  if (stream.chunk == stream.chunks.size()) return kNever;
  const double wanted = stream.asked + beats(index);
  while (wanted > stream.way) {
    if (stream.landed.empty()) return kNever;
    stream.way = stream.fifo + stream.landed.front().amount;
    stream.next = std::max(stream.next, stream.landed.front().at);
    stream.landed.pop();
  }
  while (wanted > stream.room) {
    if (stream.used.empty()) return kNever;
    stream.room = stream.places + stream.used.front().amount;
    stream.next = std::max(stream.next, stream.used.front().at);
    stream.used.pop();
  }
  return stream.next;
}

std::uint32_t SharedOperands::beats(std::size_t stream) const {
  return streams_[stream].chunks[streams_[stream].chunk].beats;
}

void SharedOperands::granted(std::size_t index, Cycle at) {
  Stream& stream = streams_[index];
  stream.asked += stream.chunks[stream.chunk++].beats;
  stream.next = std::max(stream.next, at);
}

void SharedOperands::came(std::size_t index, Cycle last, std::uint32_t beats) {
  Stream& stream = streams_[index];
  stream.come += beats;
  stream.landed.push({stream.come, last + stream.credit});
  stream.last = last;
}

bool SharedOperands::reach(double beats) const {
  const double part = std::min(1.0, beats / output_);
  return std::all_of(streams_.begin(), streams_.end(),
                     [&](const Stream& stream) { return stream.come + 1e-6 >= stream.all * part; });
}

Cycle SharedOperands::ready() const {
  Cycle ready = 0;
  for (const Stream& stream : streams_) ready = std::max(ready, stream.last + up(stream.path));
  return ready;
}

double SharedOperands::resumes(std::size_t index, double before, double beats, double taking,
                               Cycle now) const {
  const Stream& stream = streams_[index];
  const double had = stream.come - stream.all * before / output_;
  const double need = stream.all * std::min(beats, output_ - before) / output_;
  if (had >= need) return 0;
  // `path` has the cycles of the first transfer that goes on.
  return static_cast<double>(now) + stream.path - std::max(0.0, had / need) * taking - transfer_;
}

void SharedOperands::used(double before, double beats, Cycle ready, double taking) {
  for (Stream& stream : streams_)
    for (double part = 1, parts = std::ceil(beats); part <= parts; ++part) {
      const double left = (1 - part / parts) * taking;
      stream.used.push({stream.all * std::min(1.0, (before + beats * part / parts) / output_),
                        ready - up(stream.use + left)});
    }
}

}  // namespace nvdla::amaix
