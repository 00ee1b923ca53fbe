// SPDX-License-Identifier: Apache-2.0
// When operations ended, seen from outside. A recording dates an interrupt at the unit's done register. Of
// that a waveform shows, the surest first:
//
//   the done register itself, where it is among the signals;
//   the acknowledge of the unit's last write: the interrupt follows by a fixed path (hardware/paths,
//     `acknowledge`), of SDP, PDP, CDP, BDMA and Rubik;
//   dla_intr, which rises interrupt_status + interrupt_line after the first unmasked bit;
//   reads of S_INTR_STATUS: the bit came between the last read without it and the first with it.
//
// An acknowledge or a rise counts for a bit only if it lies between those two reads.
// Limits: a bit that software clears without having read it is not seen; two groups of one unit that become
// set between two reads are dated by the reads alone.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "hardware/clients.h"
#include "hardware/interrupt_bits.h"
#include "hardware/types.h"
#include "host/waveform/bus_monitor.h"

namespace nvdla::host {

struct InterruptDate {
  Cycle at = 0;        // where it is not exact, the latest
  Cycle earliest = 0;  // equal to `at` where it is exact
};

class InterruptDates {
 public:
  explicit InterruptDates(Generation generation);

  void on_access(const CsbAccess& access);
  void on_line(bool high, Cycle at);
  void on_done(Interrupt source, std::uint32_t groups, Cycle at);
  void on_acknowledge(Client client, Cycle at);

  // Of one source and group, in order of time.
  [[nodiscard]] const std::vector<InterruptDate>& of(Interrupt source, std::uint32_t group) const {
    return dates_[interrupt_bit(source) + group];
  }

 private:
  static constexpr std::size_t kBits = 22;
  struct Bit {
    bool set = false;       // as software knows it
    bool exact = false;     // its done register is among the signals
    Cycle clear_since = 0;  // it was not set then
  };
  struct Fresh {
    Interrupt source = Interrupt::kSdp;
    std::uint32_t bit = 0;
    InterruptDate date;
  };
  void on_status(std::uint32_t status, Cycle at);
  void date_by_acknowledge(std::vector<Fresh>& fresh) const;
  void date_by_line(std::vector<Fresh>& fresh, Cycle until);

  Generation generation_;
  std::uint32_t status_offset_, mask_offset_;
  std::uint32_t mask_ = 0;
  std::array<Bit, kBits> bits_{};
  std::array<std::vector<InterruptDate>, kBits> dates_;
  std::deque<Cycle> rises_;  // of the line, dated at the done register
  std::array<std::deque<Cycle>, kClients> acknowledges_;
};

}  // namespace nvdla::host
