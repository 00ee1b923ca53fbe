// SPDX-License-Identifier: Apache-2.0
// State of every register of one register map: ping-pong groups, producer and consumer pointers, status,
// access rules, GLB interrupt bits. No SystemC and no timing: the engines call the hardware side, software
// calls read() and write().
//
// Rules (RTL: *_regfile.v, *_REG_single.v, NV_NVDLA_GLB_ic.v, NV_NVDLA_BDMA_csb.v):
// - D_ registers exist once a group; software reaches the group that S_POINTER.PRODUCER selects.
// - A write to a D_ register of an enabled group is dropped, OP_ENABLE included.
// - S_STATUS of a group: 0 while OP_ENABLE is clear, else 1 for the consumer group, else 2.
// - Interrupt status: write one to clear, S_INTR_SET sets; the mask only gates the line, not the status.
// - LUT ports: see registers/lut_port.h. BDMA: CFG_OP queues a transfer, 20 at most; LAUNCHx starts the
//   transfers queued since the previous launch.
// Limits: GEC registers store what is written and collect no errors.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "hardware/parameters.h"
#include "registers/register_map.h"

namespace nvdla::registers {

enum class AccessStatus : std::uint8_t {
  kOk,
  kUnmapped,    // no register at this offset, or its unit is not in the configuration
  kMisaligned,  // offset is not a multiple of four
  kReadOnly,    // write to a register without a writable bit
  kWriteOnly,   // read of a register without a readable bit
  kIgnored      // write to a group that is enabled, BDMA's command FIFO is full: hardware drops it
};
[[nodiscard]] std::string_view access_status_name(AccessStatus status);

struct RegisterState;

// What a write asks of the hardware.
class RegisterListener {
 public:
  virtual ~RegisterListener() = default;
  // Software has set OP_ENABLE of `group` (BDMA: LAUNCH of `group`) with a write that entered the CSB master
  // in cycle `entered`.
  virtual void on_enable(Unit unit, std::uint32_t group, Cycle entered) = 0;
  // BDMA: CFG_OP has queued the transfer described by the CFG registers.
  virtual void on_bdma_queued() = 0;
  // A register outside the groups has been written that does more than store (MCIF, CVIF weights and limits,
  // interrupts, ...); `value` is what the register now holds.
  virtual void on_written(Unit unit, std::uint32_t offset, std::uint32_t value) = 0;
};

// Transfers that BDMA's command FIFO holds (NV_NVDLA_BDMA_LOAD_csb_fifo).
inline constexpr std::uint32_t kBdmaSlots = 20;

// What software writes; a byte offset.
struct RegisterWrite {
  std::uint32_t offset = 0;
  std::uint32_t value = 0;
};

class RegisterFile {
 public:
  // The register map follows from hardware.generation.
  explicit RegisterFile(const HardwareParameters& hardware);
  ~RegisterFile();
  RegisterFile(const RegisterFile&) = delete;
  RegisterFile& operator=(const RegisterFile&) = delete;

  void set_listener(RegisterListener* listener);

  // -- software side (byte offset in the CSB window)
  // `entered`: cycle in which the write has entered the CSB master's FIFO, handed on to the listener.
  AccessStatus write(std::uint32_t offset, std::uint32_t value, Cycle entered = 0);
  // The same, of writes in a row that only store, each all of its value: most writes of a driver. Returns how
  // many are made; the next one may do more, or needs an answer.
  std::size_t store(const RegisterWrite* writes, std::size_t count);
  AccessStatus read(std::uint32_t offset, std::uint32_t& value);  // may advance LUT access ports
  AccessStatus peek(std::uint32_t offset, std::uint32_t& value) const;

  // -- hardware side
  [[nodiscard]] const RegisterMap& map() const { return map_; }
  // Value of a register of `group` by its data-sheet name without unit prefix, e.g. "D_BANK"; of a single
  // register with group 0. Throws std::out_of_range for an unknown name: a programming error.
  [[nodiscard]] std::uint32_t value(Unit unit, std::string_view name, std::uint32_t group) const;
  [[nodiscard]] std::uint32_t field(Unit unit, std::string_view name, std::string_view field,
                                    std::uint32_t group) const;
  // Sets a register that software can only read (statistics, status). Throws std::out_of_range for an
  // unknown name, std::logic_error for a register that the register file itself keeps (S_STATUS, ...).
  void set_value(Unit unit, std::string_view name, std::uint32_t group, std::uint32_t value);
  // What the unit's registers hold, for comparisons: those outside of groups, and those of `group`.
  struct Words {
    const std::uint32_t* begin = nullptr;
    const std::uint32_t* end = nullptr;
  };
  [[nodiscard]] std::array<Words, 2> contents(Unit unit, std::uint32_t group) const;
  [[nodiscard]] bool has_unit(Unit unit) const;
  // OP_ENABLE of the group; BDMA: the group is launched and not done.
  [[nodiscard]] bool enabled(Unit unit, std::uint32_t group) const;
  // The group that software writes.
  [[nodiscard]] std::uint32_t producer(Unit unit) const;
  // The group that hardware runs next or now; BDMA: the group launched first.
  [[nodiscard]] std::uint32_t consumer(Unit unit) const;
  // The unit takes its consumer group; BDMA may take the other one as well while that one runs. Throws
  // std::logic_error when there is no such group.
  void start(Unit unit);
  // Entry of a look-up table of SDP or CDP as written through its access port: LO (257 entries) or LE (65).
  // Throws std::out_of_range for another unit or an entry that the table lacks: a programming error.
  [[nodiscard]] std::uint16_t lut_entry(Unit unit, bool lo, std::uint32_t index) const;
  // The consumer group has been taken and is not done.
  [[nodiscard]] bool running(Unit unit) const;
  // The unit is done with its consumer group: OP_ENABLE falls, S_STATUS idle, CONSUMER moves on. Throws
  // std::logic_error when the group is not enabled.
  void complete(Unit unit);
  // BDMA takes the oldest transfer out of its command FIFO: one more free slot.
  void take_bdma_transfer();
  std::uint32_t raise(Interrupt source, std::uint32_t group);
  // Some unmasked status bit is set.
  [[nodiscard]] bool interrupt() const;
  // CDMA_S_CBUF_FLUSH_STATUS.FLUSH_DONE
  void set_cbuf_flushed(bool done);

  void reset();

 private:
  const RegisterMap& map_;
  std::unique_ptr<RegisterState> state_;
};

}  // namespace nvdla::registers
