// SPDX-License-Identifier: Apache-2.0
// Legal descriptors of every unit, programmed into a register file, to be changed field by field.
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <stdexcept>
#include <string>

#include "registers/decoder.h"

namespace nvdla::registers::test {

// Writes single fields of group 0 by name, keeping the others.
class Programmer {
 public:
  explicit Programmer(const HardwareParameters& hardware) : hardware_(hardware), file_(hardware_) {}

  void set(Unit unit, const std::string& reg, std::uint32_t value) {
    const AccessStatus status = file_.write(file_.map().offset(unit, reg), value);
    if (status != AccessStatus::kOk)
      throw std::logic_error(reg + ": " + std::string(access_status_name(status)));
  }
  void set(Unit unit, const std::string& reg, const std::string& field, std::uint32_t value) {
    const RegisterInfo& info = file_.map()[file_.map().find(unit, reg)];
    const FieldInfo* layout = info.find(field);
    if (layout == nullptr) throw std::logic_error(reg + " has no field " + field);
    const std::uint32_t old = file_.value(unit, reg, 0);
    set(unit, reg, (old & ~(layout->mask() << layout->lsb)) | (value & layout->mask()) << layout->lsb);
  }

  [[nodiscard]] const RegisterFile& file() const { return file_; }
  [[nodiscard]] const HardwareParameters& hardware() const { return hardware_; }

 private:
  HardwareParameters hardware_;
  RegisterFile file_;
};

// A 3x3 convolution of 14x14x64 int8 elements with 32 kernels.
class Convolution : public Programmer {
 public:
  explicit Convolution(const char* configuration) : Programmer(preset(configuration)) {
    const std::uint32_t atom = hardware().memory_atom_bytes;
    const std::uint32_t entries = 14 * 64 / hardware().cbuf_entry_bytes;
    for (const Unit unit : {Unit::kCdma, Unit::kCsc}) {
      set(unit, "D_MISC_CFG", 0);
      set(unit, "D_ENTRY_PER_SLICE", entries - 1);
      set(unit, "D_BANK", 3U | 3U << 16);
      set(unit, "D_WEIGHT_BYTES", 32 * 9 * 64);
      set(unit, "D_DATAIN_SIZE_EXT_0", 13U | 13U << 16);
    }
    for (const Unit unit : {Unit::kCmacA, Unit::kCmacB, Unit::kCacc}) set(unit, "D_MISC_CFG", 0);
    set(Unit::kCdma, "D_DATAIN_SIZE_0", 13U | 13U << 16);
    set(Unit::kCdma, "D_DATAIN_SIZE_1", 63);
    set(Unit::kCdma, "D_DAIN_RAM_TYPE", 1);
    set(Unit::kCdma, "D_DAIN_ADDR_LOW_0", 0x80000000);
    set(Unit::kCdma, "D_LINE_STRIDE", 14 * atom);
    set(Unit::kCdma, "D_SURF_STRIDE", 14 * 14 * atom);
    set(Unit::kCdma, "D_WEIGHT_SIZE_0", 9 * 64 - 1);
    set(Unit::kCdma, "D_WEIGHT_SIZE_1", 31);
    set(Unit::kCdma, "D_WEIGHT_RAM_TYPE", 1);
    set(Unit::kCdma, "D_WEIGHT_ADDR_LOW", 0x80100000);
    set(Unit::kCdma, "D_ZERO_PADDING_VALUE", 0xfffe);
    set(Unit::kCsc, "D_DATAIN_SIZE_EXT_1", 63);
    set(Unit::kCsc, "D_WEIGHT_SIZE_EXT_0", 2U | 2U << 16);
    set(Unit::kCsc, "D_WEIGHT_SIZE_EXT_1", 63U | 31U << 16);
    set(Unit::kCsc, "D_ATOMICS", 12 * 12 - 1);
    set(Unit::kCsc, "D_RELEASE", 13);
    for (const Unit unit : {Unit::kCsc, Unit::kCacc}) {
      set(unit, "D_DATAOUT_SIZE_0", 11U | 11U << 16);
      set(unit, "D_DATAOUT_SIZE_1", 31);
    }
  }

  [[nodiscard]] ConvolutionOperation decode() const {
    ConvolutionOperation op;
    op.fetch = decode_fetch(file(), 0, hardware());
    op.sequence = decode_sequence(file(), 0, hardware());
    op.accumulate = decode_accumulate(file(), 0, hardware());
    check_consistent(file(), 0, op, hardware());
    return op;
  }
};

class Sdp : public Programmer {
 public:
  explicit Sdp(const char* configuration) : Programmer(preset(configuration)) {
    const std::uint32_t atom = hardware().memory_atom_bytes;
    for (const Unit unit : {Unit::kSdpRdma, Unit::kSdp}) {
      set(unit, "D_DATA_CUBE_WIDTH", 9);
      set(unit, "D_DATA_CUBE_HEIGHT", 4);
      set(unit, "D_DATA_CUBE_CHANNEL", 63);
    }
    set(Unit::kSdpRdma, "D_FEATURE_MODE_CFG", 0);
    for (const char* operand : {"BRDMA", "NRDMA", "ERDMA"}) {
      set(Unit::kSdpRdma, std::string("D_") + operand + "_CFG", 0x21);  // disabled, main memory
    }
    set(Unit::kSdpRdma, "D_SRC_DMA_CFG", 1);
    set(Unit::kSdpRdma, "D_SRC_LINE_STRIDE", 10 * atom);
    set(Unit::kSdpRdma, "D_SRC_SURFACE_STRIDE", 50 * atom);
    for (const char* stage : {"BS", "BN", "EW"}) set(Unit::kSdp, std::string("D_DP_") + stage + "_CFG", 0x53);
    set(Unit::kSdp, "D_DATA_FORMAT", 0);
    set(Unit::kSdp, "D_DST_DMA_CFG", 1);
    set(Unit::kSdp, "D_DST_LINE_STRIDE", 10 * atom);
    set(Unit::kSdp, "D_DST_SURFACE_STRIDE", 50 * atom);
    set(Unit::kSdp, "D_CVT_OFFSET", 0xffffffff);
  }

  [[nodiscard]] SdpOperation decode() const {
    SdpOperation op = decode_sdp(file(), 0, hardware());
    op.has_fetch = true;
    op.fetch = decode_sdp_fetch(file(), 0, hardware());
    check_consistent(file(), 0, op, hardware());
    return op;
  }
};

// 2x2 pooling with stride 2 of 20x10x64 elements.
class Pdp : public Programmer {
 public:
  explicit Pdp(const char* configuration) : Programmer(preset(configuration)) {
    const std::uint32_t atom = hardware().memory_atom_bytes;
    for (const Unit unit : {Unit::kPdpRdma, Unit::kPdp}) {
      set(unit, "D_DATA_CUBE_IN_WIDTH", 19);
      set(unit, "D_DATA_CUBE_IN_HEIGHT", 9);
      set(unit, "D_DATA_CUBE_IN_CHANNEL", 63);
      set(unit, "D_DATA_FORMAT", 0);
    }
    set(Unit::kPdp, "D_DATA_CUBE_OUT_WIDTH", 9);
    set(Unit::kPdp, "D_DATA_CUBE_OUT_HEIGHT", 4);
    set(Unit::kPdp, "D_DATA_CUBE_OUT_CHANNEL", 63);
    set(Unit::kPdp, "D_OPERATION_MODE_CFG", 0x11);  // maximum, off line
    set(Unit::kPdp, "D_POOLING_KERNEL_CFG", 0x00110101);
    set(Unit::kPdpRdma, "D_SRC_RAM_CFG", 1);
    set(Unit::kPdpRdma, "D_SRC_LINE_STRIDE", 20 * atom);
    set(Unit::kPdpRdma, "D_SRC_SURFACE_STRIDE", 200 * atom);
    set(Unit::kPdp, "D_DST_RAM_CFG", 1);
    set(Unit::kPdp, "D_DST_LINE_STRIDE", 10 * atom);
    set(Unit::kPdp, "D_DST_SURFACE_STRIDE", 50 * atom);
  }
  // Off line: with what PDP_RDMA of the same group reads.
  [[nodiscard]] PdpOperation decode() const {
    PdpOperation op = decode_pdp(file(), 0, hardware());
    if (op.flying) return op;
    const PdpFetch fetch = decode_pdp_fetch(file(), 0, hardware());
    check_consistent(file(), 0, op, fetch, hardware());
    op.source = fetch.source;
    return op;
  }
};

class Cdp : public Programmer {
 public:
  explicit Cdp(const char* configuration) : Programmer(preset(configuration)) {
    const std::uint32_t atom = hardware().memory_atom_bytes;
    set(Unit::kCdpRdma, "D_DATA_CUBE_WIDTH", 9);
    set(Unit::kCdpRdma, "D_DATA_CUBE_HEIGHT", 4);
    set(Unit::kCdpRdma, "D_DATA_CUBE_CHANNEL", 63);
    set(Unit::kCdpRdma, "D_DATA_FORMAT", 0);
    set(Unit::kCdpRdma, "D_SRC_DMA_CFG", 1);
    set(Unit::kCdpRdma, "D_SRC_LINE_STRIDE", 10 * atom);
    set(Unit::kCdpRdma, "D_SRC_SURFACE_STRIDE", 50 * atom);
    set(Unit::kCdp, "D_DATA_FORMAT", 0);
    set(Unit::kCdp, "D_LRN_CFG", 1);
    set(Unit::kCdp, "D_DST_DMA_CFG", 1);
    set(Unit::kCdp, "D_DST_LINE_STRIDE", 10 * atom);
    set(Unit::kCdp, "D_DST_SURFACE_STRIDE", 50 * atom);
  }
  [[nodiscard]] CdpOperation decode() const {
    const CdpFetch fetch = decode_cdp_fetch(file(), 0, hardware());
    const CdpOperation op = joined(decode_cdp(file(), 0, hardware()), fetch);
    check_consistent(file(), 0, op, 0, fetch, hardware());
    return op;
  }
};

class Bdma : public Programmer {
 public:
  explicit Bdma(const char* configuration) : Programmer(preset(configuration)) {
    set(Unit::kBdma, "CFG_SRC_ADDR_LOW", 0x80000000);
    set(Unit::kBdma, "CFG_DST_ADDR_LOW", 0x50000000);
    set(Unit::kBdma, "CFG_LINE", 3);
    set(Unit::kBdma, "CFG_LINE_REPEAT", 9);
    set(Unit::kBdma, "CFG_SURF_REPEAT", 1);
    set(Unit::kBdma, "CFG_CMD", 1);  // main memory to CVSRAM
    set(Unit::kBdma, "CFG_SRC_LINE", 256);
    set(Unit::kBdma, "CFG_SRC_SURF", 4096);
    set(Unit::kBdma, "CFG_DST_LINE", 128);
    set(Unit::kBdma, "CFG_DST_SURF", 1280);
  }
  [[nodiscard]] BdmaTransfer decode() const { return decode_bdma(file(), hardware()); }
};

class Rubik : public Programmer {
 public:
  explicit Rubik(const char* configuration) : Programmer(preset(configuration)) {
    set(Unit::kRubik, "D_MISC_CFG", 0);
    set(Unit::kRubik, "D_DAIN_RAM_TYPE", 1);
    set(Unit::kRubik, "D_DAOUT_RAM_TYPE", 1);
    set(Unit::kRubik, "D_DATAIN_SIZE_0", 7U | 7U << 16);
    set(Unit::kRubik, "D_DATAIN_SIZE_1", 127);
    set(Unit::kRubik, "D_DATAOUT_SIZE_1", 31);
    set(Unit::kRubik, "D_DAIN_LINE_STRIDE", 256);
    set(Unit::kRubik, "D_DAIN_SURF_STRIDE", 2048);
    set(Unit::kRubik, "D_DAOUT_LINE_STRIDE", 512);
    set(Unit::kRubik, "D_DECONV_STRIDE", 1U | 1U << 16);
  }
  [[nodiscard]] RubikOperation decode() const { return decode_rubik(file(), 0, hardware()); }
};

// The message of the DecodeError that decoding throws, empty if it throws none.
template <class Descriptor>
std::string error_of(const Descriptor& descriptor) {
  try {
    (void)descriptor.decode();
  } catch (const DecodeError& error) {
    return error.what();
  }
  return "";
}

inline testing::AssertionResult mentions(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts) {
    if (text.find(part) == std::string::npos) {
      return testing::AssertionFailure() << "\"" << text << "\" does not mention \"" << part << "\"";
    }
  }
  return testing::AssertionSuccess();
}

// One field changed in a legal descriptor of `configuration`: the error.
template <class Descriptor>
std::string error_with(const char* configuration, Unit unit, const char* reg, const char* field,
                       std::uint32_t value) {
  Descriptor descriptor(configuration);
  EXPECT_EQ(error_of(descriptor), "");
  descriptor.set(unit, reg, field, value);
  return error_of(descriptor);
}

inline constexpr const char* kBoth[] = {"nv_full", "nv_small"};

}  // namespace nvdla::registers::test
