// SPDX-License-Identifier: Apache-2.0
// Register traces of random legal operations, one behind the other, for two models of the same hardware to be
// held against each other: each operation reads memory that nobody writes and leaves its result in a place of
// its own. The same seed gives the same trace everywhere.
//
// The other side (NVIDIA's functional model) cannot run batches above 1: it can run their convolutions one by
// one.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/parameters.h"
#include "hardware/units.h"
#include "operation/cube.h"
#include "registers/register_map.h"

namespace nvdla::test {

class RandomProgram {
 public:
  RandomProgram(const HardwareParameters& hardware, Precision precision, std::uint64_t seed);

  // What one engine can do; a convolution brings the SDP behind it. Each call adds one operation.
  void convolution();
  // The same with a PDP on the fly behind it.
  void pooled_convolution();
  // Two of the same shape; the second takes data, weights or both from CBUF.
  void convolution_with_reuse();
  // Compressed weights: the trace writes masks and sizes of the groups, the weights are what memory holds.
  void compressed_convolution();
  // Several batches at once; or, one by one, as many convolutions that together do the same.
  void batched_convolution(bool one_by_one = false);
  void sdp();
  void pdp();
  void cdp();
  void bdma();
  void rubik();

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  // Below `end`; 1 in `n`; in [low, high].
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(random_() % end); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  std::uint32_t between(std::uint32_t low, std::uint32_t high) { return low + below(high - low + 1); }
  // As a register holds it, of few or of all bits.
  std::uint32_t number(std::uint32_t bits);
  // A real number as fp16, fp17 (1 + 6 + 10 bits) or fp32 pattern.
  static std::uint32_t fp16(double value);
  static std::uint32_t fp17(double value);
  static std::uint32_t fp32(double value);
  double real(double magnitude);

  // Sets a register of the next operation, or one field of it.
  void set(Unit unit, std::string_view reg, std::uint32_t value);
  void set(Unit unit, std::string_view reg, std::string_view field, std::uint32_t value);
  // Writes at once.
  void write(Unit unit, std::string_view reg, std::uint32_t value);
  // Writes what was set, enables the units in this order and waits for their interrupts.
  void run(const std::vector<Unit>& units, const std::vector<Interrupt>& interrupts);

  // Somewhere to read from, and a place for the result of this operation. Aligned to atoms.
  std::uint32_t source();
  std::uint32_t destination();
  // Strides of a cube, sometimes with room between lines and surfaces. Where one line is `packed` atoms or
  // less (a cube of one position), its surfaces must follow each other.
  struct Strides {
    std::uint32_t line = 0, surface = 0;
  };
  Strides strides(std::uint32_t width, std::uint32_t height, std::uint32_t packed = 1);
  [[nodiscard]] std::uint32_t lanes() const;

  void set_cube(Unit unit, const Cube& cube);
  // What of a convolution is in CBUF already, and what stays there.
  struct Reuse {
    bool data = false, weights = false, skip_data_release = false, skip_weight_release = false;
  };
  struct Shape;
  Shape convolution_shape(bool direct, std::uint32_t batches = 1);
  void write_masks(Shape& shape);
  // Sets all registers of a convolution and of what runs behind it; returns the units.
  std::vector<Unit> set_convolution(const Shape& shape, const Reuse& reuse, bool pooled);
  void run_convolution(const Shape& shape, const Reuse& reuse, bool pooled);
  struct Pooling {
    std::uint32_t kernel_x = 1, kernel_y = 1, stride_x = 1, stride_y = 1;
    std::uint32_t left = 0, right = 0, top = 0, bottom = 0;
    std::uint32_t method = 0;
    bool on_the_fly = false;
  };
  void set_pooling(const Pooling& pooling);
  void pool_on_the_fly(const Cube& cube);
  // One sub-engine of SDP. True: it takes operands from memory.
  bool sdp_stage(const char* unit, const char* reader, const Cube& cube);
  bool sdp_stages(const Cube& cube);
  void sdp_output(const Cube& cube, Precision precision);
  void look_up_tables(Unit unit);
  std::uint32_t table_entry(std::uint32_t i, double phase);

  const HardwareParameters hardware_;
  const registers::RegisterMap& map_;
  Precision precision_;
  std::mt19937_64 random_;
  std::map<std::pair<Unit, std::string>, std::uint32_t> pending_;
  std::map<Unit, std::uint32_t> runs_;
  std::uint32_t operations_ = 0;
  std::string text_;
};

}  // namespace nvdla::test
