// SPDX-License-Identifier: Apache-2.0
#include "amaix/rubik_file.h"

#include <algorithm>

#include "hardware/paths/movers.h"
#include "operation/divide.h"

namespace nvdla::amaix {

namespace {
constexpr Cycle kFree = paths::kRubikFileFree.sum();
constexpr Cycle kTurn = paths::kRubikFileTurn.sum();
constexpr Cycle kRead = paths::kRubikFileRead.sum();
constexpr Cycle kFifo = paths::kRubikFifo.sum();
constexpr std::uint64_t kReads = paths::kRubikFileReads.cycles();
constexpr std::uint64_t kCommands = paths::kRubikFileCommands.cycles();
constexpr std::uint64_t kFifoAtoms = paths::kRubikFifoAtoms.cycles();
constexpr std::uint32_t kWritesAhead = paths::kRubikFileWrites.cycles();
constexpr std::uint64_t kHalves = 2;
}  // namespace

void RubikFile::beat(Cycle ready, std::uint32_t read_beats) {
  beats_.push({ready, read_beats});
  ++open_beats_;
  advance();
}

void RubikFile::command(std::uint64_t tag, const StreamRequest& request) {
  outputs_.push({true, tag, request, 0, false, false});
}

void RubikFile::output(std::uint32_t atoms) {
  outputs_.push({false, 0, {}, atoms, fresh_, false});
  fresh_ = false;
}

void RubikFile::close() {
  outputs_.back().last = fresh_ = true;
  group_beats_.push(open_beats_);
  open_beats_ = 0;
  advance();
}

void RubikFile::command_taken(Cycle at) {
  commands_taken_.add(at);
  advance();
}

void RubikFile::taken(Cycle at) {
  for (std::uint32_t atom = 0; atom < data_.front(); ++atom) atoms_gone_.add(at);
  data_.pop();
  advance();
}

std::optional<RubikFile::Freed> RubikFile::freed() {
  if (freed_.empty()) return std::nullopt;
  const Freed freed = freed_.front();
  freed_.pop();
  return freed;
}

void RubikFile::advance() {
  while (take_in() || put_out()) {
  }
}

bool RubikFile::take_in() {
  if (!group_beats_.empty() && beats_in_ == group_beats_.front()) {
    complete_.add(last_in_);
    group_beats_.pop();
    beats_in_ = 0;
    return true;
  }
  if (beats_.empty()) return false;
  // The pipe in front of the file takes some beats before its half is free.
  const Dates& left = beats_in_ < kWritesAhead ? file_read_ : file_pushed_;
  const std::optional<Cycle> room = left.room(complete_.count(), kHalves, kFree);
  if (!room) return false;
  last_in_ = std::max({last_in_ + 1, beats_.front().ready, *room});
  freed_.push({beats_.front().read_beats, last_in_});
  beats_.pop();
  ++beats_in_;
  return true;
}

bool RubikFile::put_out() {
  if (outputs_.empty()) return false;
  const Output& output = outputs_.front();
  if (output.command) {
    tag_ = output.tag;
    command_ = output.request;
    ++commands_;
    atoms_left_ = ceil_div(output.request.bytes, atom_bytes_);
    outputs_.pop();
    return true;
  }
  Cycle read = last_read_ + 1;
  if (output.first) {
    const std::optional<Cycle> complete = complete_.of(file_read_.count());
    // The sequencer tells of a group's reads behind the commands of the groups before.
    const std::optional<Cycle> told = commands_taken_.room(commands_ - 1, kCommands, 1);
    if (!complete || !told) return false;
    read = std::max({read, *complete + kTurn, *told});
  }
  read = std::max(read, *pushed_.room(pushed_.count(), kReads, 1));
  const std::optional<Cycle> room = atoms_gone_.room(atoms_pushed_ + output.atoms - 1, kFifoAtoms, 1);
  if (!room) return false;
  const Cycle pushed = std::max({read + kRead, pushed_.last() + 1, *room});
  last_read_ = read;
  pushed_.add(pushed);
  atoms_pushed_ += output.atoms;
  if (output.last) {
    file_read_.add(read);
    file_pushed_.add(pushed);
  }
  const std::uint32_t atoms = output.atoms;
  outputs_.pop();
  offer(atoms, pushed);
  return true;
}

// `atoms` are in the write FIFO.
void RubikFile::offer(std::uint32_t atoms, Cycle pushed) {
  if (command_) {
    // A command follows the last datum of the one before; the first of all waits for an atom.
    link_->command(tag_, *command_, idle_ ? pushed + kFifo : 0);
    command_.reset();
    idle_ = false;
  }
  atoms_waiting_ += atoms;
  while (atoms_waiting_ >= atoms_per_datum_ || (atoms_waiting_ > 0 && atoms_waiting_ == atoms_left_)) {
    const std::uint32_t part = std::min(atoms_waiting_, atoms_per_datum_);
    atoms_waiting_ -= part;
    atoms_left_ -= part;
    data_.push(part);
    link_->datum(tag_, pushed + kFifo, 0);
  }
}

void RubikFile::clear() { *this = RubikFile(*link_, atom_bytes_, atoms_per_datum_); }

}  // namespace nvdla::amaix
