// SPDX-License-Identifier: Apache-2.0
#include "amaix/shared_stream.h"

#include <algorithm>
#include <cmath>

#include "hardware/paths/csb.h"

namespace nvdla::amaix {
namespace {

constexpr double kSwitch = paths::kCsbV1.group_switch.sum();

}  // namespace

double SharedStream::done() const { return walker_->free() + release_ + timing_.depth; }

void SharedStream::restart(Cycle begin, const SharedUnit* before) {
  walker_.emplace(chunks_, timing_, clients_.front(), hardware_,
                  static_cast<double>(begin + timing_.request));
  outputs_ = {};
  held_ = nullptr;
  const auto portions = std::count_if(chunks_.list().begin(), chunks_.list().end(),
                                      [](const StreamChunk& chunk) { return chunk.portion.cycles > 0; });
  marks_.assign(static_cast<std::size_t>(portions) + 1, kNever);
  portions_ = 0;
  before_ = dynamic_cast<const SharedStream*>(before);
  waits_ = false;
}

Cycle SharedStream::asks(std::size_t /*reader*/) {
  if (!walker_->asks_more()) return kNever;
  const double at = walker_->asks();
  return std::isfinite(at) ? static_cast<Cycle>(std::ceil(at)) : kNever;
}

void SharedStream::came(std::size_t /*reader*/, Cycle first, Cycle last, std::uint32_t beats) {
  const double step = beats > 1 ? static_cast<double>(last - first) / (beats - 1) : 0;
  for (std::uint32_t beat = 0; beat < beats; ++beat) walker_->come(static_cast<double>(first) + step * beat);
  due_ = last + 1;
  if (held_ != nullptr)
    if (const std::optional<double> at = walker_->leave(*held_)) leave_strip(*at);
  take(0);
}

void SharedStream::write_granted(Cycle at) {
  outputs_.pop();
  take(at);
}

bool SharedStream::has_room(std::uint32_t cycles) {
  if (outputs_.size() < chain_.quiet(hardware_.mcif_chunk_beats, timing_.row_cycles > 0)) return true;
  waiting_.clear();
  for (const Output& output : outputs_) waiting_.push(output.chunk);
  if (held_ != nullptr) waiting_.push({held_->written, true});
  return timing_.row_cycles > 0
             ? chain_.strip_has_room(waiting_, timing_.depth, timing_.output_cycles, timing_.row_cycles)
             : chain_.room(waiting_) + timing_.datapath(cycles) >= 0;
}

// Portions that have come and whose output finds room.
void SharedStream::take(Cycle not_before) {
  while (const std::optional<double> nominal = walker_->entry()) {
    double entry = std::max(*nominal, static_cast<double>(not_before));
    waits_ = portions_ == 0 && before_ != nullptr && !before_->walker_->over();
    if (waits_) return;
    if (portions_ == 0 && before_ != nullptr) entry = std::max(entry, before_->done() + kSwitch);
    if (!has_room(walker_->next_cycles())) return;
    const StreamPortion& portion = walker_->take(entry);
    marks_[portions_++] = static_cast<Cycle>(walker_->free());
    if (held_ != nullptr) leave_strip(held_->leave(portion, entry));
    held_ = portion.held > 0 ? &portion : nullptr;
    if (held_ == nullptr) {
      chunks_.leaving(portion, entry, [&](double at, std::uint32_t beats, bool begins) {
        leave({beats, begins}, at, portion.command);
      });
    } else if (walker_->over()) {
      leave_strip(walker_->free() + portion.held);
    }
    not_before = 0;
  }
}

// The last one that was taken.
void SharedStream::leave_strip(double at) {
  for_each_chunk_of(*held_, at + timing_.depth + timing_.write, hardware_,
                    [&](double ready, std::uint32_t beats, bool begins) {
                      outputs_.push({static_cast<Cycle>(ready), {beats, begins}});
                    });
  held_ = nullptr;
}

// In chunks; `command`: slots of the write path between them.
void SharedStream::leave(WaitingChunk output, double at, std::uint32_t command) {
  Cycle ready = static_cast<Cycle>(at) + timing_.depth + timing_.write;
  while (output.beats > 0) {
    const std::uint32_t chunk = std::min(output.beats, hardware_.mcif_chunk_beats);
    outputs_.push({ready, {chunk, output.begins_command}});
    output = {output.beats - chunk, false};
    if (command > 0) ready += chunk + command;
  }
}

}  // namespace nvdla::amaix
