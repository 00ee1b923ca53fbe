// SPDX-License-Identifier: Apache-2.0
#include "engine/units/convolution/cdma_shared_buffer.h"

#include <algorithm>

namespace nvdla::engine {

void SharedBuffer::start(std::uint32_t surfaces, std::uint32_t width, std::uint32_t height,
                         std::uint32_t grain, std::uint32_t batches, std::uint32_t bus_atoms,
                         std::uint32_t together) {
  surfaces_ = surfaces;
  width_ = width;
  height_ = height;
  grain_ = grain;
  batches_ = batches;
  bus_atoms_ = bus_atoms;
  together_ = together;
  line_ = batch_ = surface_ = row_ = column_ = 0;
  lines_ = std::min(grain_, height_);
  stored_[0] = stored_[1] = 0;
  blocking_ = false;
  finished_ = false;
  at_ = 0;
  open_group();
}

void SharedBuffer::open_group() { slots_ = std::min(together_, surfaces_ - surface_); }

SharedBuffer::Read SharedBuffer::read_now() const {
  Read read;
  if (finished_) return read;
  if (slots_ == 2) {
    read.enabled = stored_[0] > 0 && stored_[1] > 0;
    read.single = true;
    read.first = read.second = 1;
    return read;
  }
  // A lone surface: two atoms make an entry half, unless it is the third of four or the line ends.
  const bool upper_half = (surface_ & 2U) != 0;
  read.single = upper_half || column_ + 1 == width_;
  read.first = read.single ? 1 : bus_atoms_;
  read.enabled = stored_[0] >= read.first;
  return read;
}

void SharedBuffer::commit(const Read& read) {
  stored_[0] -= read.first;
  stored_[1] -= read.second;
  last_read_ = at_;
  column_ += read.first;
  if (column_ < width_) return;
  column_ = 0;
  if (++row_ < lines_) return;
  row_ = 0;
  surface_ += slots_;
  if (surface_ >= surfaces_) {
    surface_ = 0;
    if (++batch_ == batches_) {
      batch_ = 0;
      line_ += lines_;
      if (line_ >= height_) {
        finished_ = true;
        return;
      }
      lines_ = std::min(grain_, height_ - line_);
    }
  }
  open_group();
}

Cycle SharedBuffer::pass(Cycle arrival) {
  Cycle at = arrival - static_cast<Cycle>(kPipes);
  for (std::size_t i = 0; i < kPipes; ++i) {
    Pipe& pipe = pipes_[i];
    at = std::max(at, pipe.entered + 1);
    while (pipe.waited(at - 1)) ++at;
    pipe.entered = at;
    at = from_[i] = std::max(at, pipe.last.taken) + 1;
  }
  return at;
}

void SharedBuffer::leave(Cycle taken) {
  for (std::size_t i = kPipes; i-- > 0;) {
    Pipe& pipe = pipes_[i];
    pipe.before = pipe.last;
    pipe.last = {from_[i], taken};
    taken = pipe.entered;
  }
}

void SharedBuffer::accept(Cycle arrival, std::uint32_t slot, std::uint32_t atoms) {
  arrival = pass(arrival);
  entered_[++beat_ % kKept] = pipes_.front().entered;
  for (;;) {
    const Read read = read_now();
    if (at_ < arrival && !read.enabled) {  // nothing happens until the beat comes
      blocking_ = false;
      at_ = arrival;
      continue;
    }
    const bool taken = at_ >= arrival && !blocking_;
    blocking_ = !blocking_ && read.enabled && read.single;
    if (read.enabled) commit(read);
    if (taken) stored_[slot] += atoms;
    ++at_;
    if (!taken) continue;
    leave(at_ - 1);
    return;
  }
}

Cycle SharedBuffer::drain() {
  for (Read read = read_now(); read.enabled; read = read_now()) {
    commit(read);
    ++at_;
  }
  return last_read_;
}

}  // namespace nvdla::engine
