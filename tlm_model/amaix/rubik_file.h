// SPDX-License-Identifier: Apache-2.0
// Rubik's register file: two halves of a group each. A group comes in, beat by beat, while the one before
// goes out reshaped; what goes out waits in the write FIFO for the write link.
//
// Model, a beat a cycle each way:
//   in(b)   = max(in(b-1) + 1, data in the FIFO in front, kFileFree behind the last read of the half's group
//   before);
//             from the third beat on also behind the last push of that group
//   read(p) = max(read(p-1) + 1, last in of its group + kFileTurn, push(p - kFileReads) + 1)
//             of a group's first beat also behind the command kFileCommands before its own
//   push(p) = max(read(p) + kFileRead, push(p-1) + 1, the atom that left kFifoAtoms before + 1)
//   A datum of the link is ready kFifo cycles after the push of its last atom, a command with its first atom.
// Sources: NV_NVDLA_RUBIK_rf_ctrl (rf_full, rf_nempty), rf_core (pipes p1, p2), wr_req (send_cmd,
// dbuf_nempty).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "amaix/dates.h"
#include "amaix/stream_plan.h"
#include "amaix/write_link.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class RubikFile {
 public:
  RubikFile(WriteLink& link, std::uint32_t atom_bytes, std::uint32_t atoms_per_datum)
      : link_(&link), atom_bytes_(atom_bytes), atoms_per_datum_(atoms_per_datum) {}

  // A beat of the group that comes in leaves the FIFO in front not before `ready`.
  void beat(Cycle ready, std::uint32_t read_beats);
  // Behind the last beat of a group: its output, in order.
  void command(std::uint64_t tag, const StreamRequest& request);
  void output(std::uint32_t atoms);
  // The group is complete.
  void close();
  // The link has taken the next command.
  void command_taken(Cycle at);
  // The link has taken the next datum.
  void taken(Cycle at);

  struct Freed {
    std::uint32_t read_beats = 0;
    Cycle at = 0;
  };
  // The next beat that has left the FIFO in front, or will.
  std::optional<Freed> freed();
  void clear();

 private:
  struct Beat {
    Cycle ready = 0;
    std::uint32_t read_beats = 0;
  };
  struct Output {
    bool command = false;
    std::uint64_t tag = 0;
    StreamRequest request;
    std::uint32_t atoms = 0;
    bool first = false, last = false;  // of the group
  };

  void advance();
  bool take_in();
  bool put_out();
  void offer(std::uint32_t atoms, Cycle pushed);

  WriteLink* link_;
  std::uint32_t atom_bytes_, atoms_per_datum_;
  memory::RingBuffer<Beat> beats_;                 // not yet in
  std::uint32_t open_beats_ = 0;                   // of the group that is not closed
  memory::RingBuffer<std::uint32_t> group_beats_;  // of the closed ones that are not in
  std::uint32_t beats_in_ = 0;                     // of the group that comes in
  Cycle last_in_ = -1;
  Dates complete_;  // of each group, the last beat in
  memory::RingBuffer<Output> outputs_;
  bool fresh_ = true;              // the next output is its group's first
  Dates file_read_, file_pushed_;  // the last output of each group
  Cycle last_read_ = -1;
  Dates commands_taken_;
  std::uint64_t commands_ = 0;  // seen
  Dates pushed_;
  std::uint64_t atoms_pushed_ = 0;
  Dates atoms_gone_;
  // The command that the link has.
  std::uint64_t tag_ = 0;
  std::optional<StreamRequest> command_;  // not yet offered
  std::uint32_t atoms_left_ = 0, atoms_waiting_ = 0;
  memory::RingBuffer<std::uint32_t> data_;  // atoms of the data that the link has not taken
  bool idle_ = true;                        // no command has been offered yet
  memory::RingBuffer<Freed> freed_;
};

}  // namespace nvdla::amaix
