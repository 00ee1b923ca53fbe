// SPDX-License-Identifier: Apache-2.0
// Each rule of the decoder: a legal descriptor decodes, the same with one field changed is refused with an
// error that names register, field, value and rule.
#include "registers/decoder.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

namespace nvdla::registers {

namespace {

// Writes single fields of group 0 by name, keeping the others.
class Programmer {
 public:
  explicit Programmer(const amaix::HardwareParameters& hardware) : hardware_(hardware), file_(hardware_) {}

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
  [[nodiscard]] const amaix::HardwareParameters& hardware() const { return hardware_; }

 private:
  amaix::HardwareParameters hardware_;
  RegisterFile file_;
};

// A 3x3 convolution of 14x14x64 int8 elements with 32 kernels.
class Convolution : public Programmer {
 public:
  explicit Convolution(const char* configuration) : Programmer(amaix::preset(configuration)) {
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

  [[nodiscard]] amaix::ConvolutionOperation decode() const {
    amaix::ConvolutionOperation op;
    op.fetch = decode_fetch(file(), 0, hardware());
    op.sequence = decode_sequence(file(), 0, hardware());
    op.accumulate = decode_accumulate(file(), 0, hardware());
    check_consistent(file(), 0, op, hardware());
    return op;
  }
};

class Sdp : public Programmer {
 public:
  explicit Sdp(const char* configuration) : Programmer(amaix::preset(configuration)) {
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

  [[nodiscard]] amaix::SdpOperation decode() const {
    amaix::SdpOperation op = decode_sdp(file(), 0, hardware());
    op.fetch = decode_sdp_fetch(file(), 0, hardware());
    return op;
  }
};

// 2x2 pooling with stride 2 of 20x10x64 elements.
class Pdp : public Programmer {
 public:
  explicit Pdp(const char* configuration) : Programmer(amaix::preset(configuration)) {
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
  [[nodiscard]] amaix::PdpOperation decode() const { return decode_pdp(file(), 0, hardware()); }
};

class Cdp : public Programmer {
 public:
  explicit Cdp(const char* configuration) : Programmer(amaix::preset(configuration)) {
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
  [[nodiscard]] amaix::CdpOperation decode() const { return decode_cdp(file(), 0, hardware()); }
};

class Bdma : public Programmer {
 public:
  explicit Bdma(const char* configuration) : Programmer(amaix::preset(configuration)) {
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
  [[nodiscard]] amaix::BdmaTransfer decode() const { return decode_bdma(file(), hardware()); }
};

class Rubik : public Programmer {
 public:
  explicit Rubik(const char* configuration) : Programmer(amaix::preset(configuration)) {
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
  [[nodiscard]] amaix::RubikOperation decode() const { return decode_rubik(file(), 0, hardware()); }
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

testing::AssertionResult mentions(const std::string& text, std::initializer_list<const char*> parts) {
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

constexpr const char* kBoth[] = {"nv_full", "nv_small"};

TEST(DecodeConvolution, ReadsALegalDescriptor) {
  for (const char* configuration : kBoth) {
    const amaix::ConvolutionOperation op = Convolution(configuration).decode();
    EXPECT_EQ(op.fetch.input.width, 14U);
    EXPECT_EQ(op.fetch.input.channels, 64U);
    EXPECT_EQ(op.fetch.kernels, 32U);
    EXPECT_EQ(op.fetch.weight_bytes, 32U * 9 * 64);
    EXPECT_EQ(op.fetch.padding.value, -2);
    EXPECT_EQ(op.sequence.kernel_width, 3U);
    EXPECT_EQ(op.sequence.atomics, 144U);
    EXPECT_EQ(op.sequence.release_slices, 14U);
    EXPECT_EQ(op.accumulate.output.channels, 32U);
  }
}

TEST(DecodeConvolution, ErrorNamesUnitRegisterOffsetFieldValueAndRule) {
  const std::string error = error_with<Convolution>("nv_full", Unit::kCdma, "D_BANK", "WEIGHT_BANK", 12);
  EXPECT_EQ(
      error,
      "CDMA.D_BANK (0x050bc, group 0) field WEIGHT_BANK = 0xc: data (4 banks) and weights (13) exceed the 16 "
      "available");
}

TEST(DecodeConvolution, RefusesWhatTheBufferCannotHold) {
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_small", Unit::kCdma, "D_BANK", "DATA_BANK", 31),
                       {"DATA_BANK", "no bank for weights"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_small", Unit::kCsc, "D_BANK", "WEIGHT_BANK", 30),
                       {"CSC.D_BANK", "exceed the 32"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCdma, "D_ENTRY_PER_SLICE", "ENTRIES", 74),
                       {"DATA_BANK", "1050 entries", "1024"}));
  // 14 lines of 73 entries fill 1022 of the 1024 entries of four banks: CSC's own value must agree with it.
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCdma, "D_ENTRY_PER_SLICE", "ENTRIES", 72),
                       {"CSC.D_ENTRY_PER_SLICE", "differs from CDMA"}));
}

// Bank 15 holds the mask bits of compressed weights.
TEST(DecodeConvolution, CompressedWeightsLeaveOneBankLess) {
  Convolution descriptor("nv_full");
  for (const Unit unit : {Unit::kCdma, Unit::kCsc}) {
    descriptor.set(unit, "D_WEIGHT_FORMAT", 1);
    descriptor.set(unit, "D_WMB_BYTES", 4096);
    descriptor.set(unit, "D_BANK", "WEIGHT_BANK", 10);
  }
  EXPECT_EQ(descriptor.decode().fetch.wmb_bytes, 4096U);
  descriptor.set(Unit::kCdma, "D_BANK", "WEIGHT_BANK", 11);
  EXPECT_TRUE(mentions(error_of(descriptor), {"WEIGHT_BANK", "exceed the 15"}));
  descriptor.set(Unit::kCdma, "D_BANK", "WEIGHT_BANK", 10);
  descriptor.set(Unit::kCdma, "D_WMB_BYTES", 0);
  EXPECT_TRUE(mentions(error_of(descriptor), {"D_WMB_BYTES", "mask bits"}));
}

TEST(DecodeConvolution, RefusesFeaturesThatTheConfigurationLacks) {
  const auto error = [](Unit unit, const char* reg, const char* field, std::uint32_t value) {
    return error_with<Convolution>("nv_small", unit, reg, field, value);
  };
  EXPECT_TRUE(
      mentions(error(Unit::kCdma, "D_MISC_CFG", "CONV_MODE", 1), {"CONV_MODE", "nv_small", "Winograd"}));
  EXPECT_TRUE(mentions(error(Unit::kCacc, "D_MISC_CFG", "CONV_MODE", 1), {"CACC", "Winograd"}));
  EXPECT_TRUE(
      mentions(error(Unit::kCdma, "D_MISC_CFG", "PROC_PRECISION", 2), {"PROC_PRECISION", "precision"}));
  EXPECT_TRUE(mentions(error(Unit::kCsc, "D_MISC_CFG", "IN_PRECISION", 1), {"CSC", "IN_PRECISION"}));
  EXPECT_TRUE(mentions(error(Unit::kCdma, "D_BATCH_NUMBER", "BATCHES", 1), {"BATCHES", "multi-batch"}));
  EXPECT_TRUE(mentions(error(Unit::kCdma, "D_WEIGHT_FORMAT", "WEIGHT_FORMAT", 1), {"compression"}));
  EXPECT_TRUE(mentions(error(Unit::kCdma, "D_DAIN_RAM_TYPE", "DATAIN_RAM_TYPE", 0), {"CVSRAM"}));
  EXPECT_TRUE(mentions(error(Unit::kCdma, "D_WEIGHT_RAM_TYPE", "WEIGHT_RAM_TYPE", 0), {"CVSRAM"}));
  EXPECT_TRUE(
      mentions(error(Unit::kCdma, "D_DAIN_ADDR_HIGH_0", "DATAIN_ADDR_HIGH_0", 1), {"32-bit addresses"}));
  Convolution pixels("nv_small");
  for (const Unit unit : {Unit::kCdma, Unit::kCsc}) pixels.set(unit, "D_DATAIN_FORMAT", "DATAIN_FORMAT", 1);
  pixels.set(Unit::kCdma, "D_DATAIN_FORMAT", "PIXEL_FORMAT", 12);
  EXPECT_EQ(error_of(pixels), "");
  pixels.set(Unit::kCdma, "D_DATAIN_FORMAT", "PIXEL_FORMAT", 6);
  EXPECT_TRUE(mentions(error_of(pixels), {"PIXEL_FORMAT", "does not read"}));
}

TEST(DecodeConvolution, RefusesUnknownValues) {
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCdma, "D_MISC_CFG", "IN_PRECISION", 3),
                       {"IN_PRECISION", "no such value"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCdma, "D_DATAIN_FORMAT", "PIXEL_FORMAT", 36),
                       {"PIXEL_FORMAT", "0x24"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCsc, "D_POST_Y_EXTENSION", "Y_EXTENSION", 3),
                       {"Y_EXTENSION"}));
}

TEST(DecodeConvolution, RefusesContradictions) {
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCdma, "D_LINE_STRIDE", "LINE_STRIDE", 13),
                       {"D_LINE_STRIDE", "smaller than a line of 448"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCdma, "D_SURF_STRIDE", "SURF_STRIDE", 195),
                       {"D_SURF_STRIDE", "smaller than a surface of 6272"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCdma, "D_WEIGHT_BYTES", "WEIGHT_BYTES", 143),
                       {"D_WEIGHT_BYTES", "18432"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCsc, "D_ATOMICS", "ATOMICS", 142),
                       {"ATOMICS", "144 positions"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCsc, "D_RELEASE", "RLS_SLICES", 14),
                       {"RLS_SLICES"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCmacB, "D_MISC_CFG", "PROC_PRECISION", 1),
                       {"CMAC_B", "differs from CDMA"}));
  EXPECT_TRUE(
      mentions(error_with<Convolution>("nv_full", Unit::kCacc, "D_DATAOUT_SIZE_0", "DATAOUT_WIDTH", 9),
               {"CACC", "differs from CSC"}));
  EXPECT_TRUE(mentions(error_with<Convolution>("nv_full", Unit::kCsc, "D_POST_Y_EXTENSION", "Y_EXTENSION", 1),
                       {"Y_EXTENSION", "image"}));
}

// Only the scalable generation keeps the low bits of addresses.
TEST(DecodeConvolution, ChecksTheAlignmentThatHardwareDoesNotForce) {
  Convolution small("nv_small");
  small.set(Unit::kCdma, "D_DAIN_ADDR_LOW_0", 0x80000004);
  EXPECT_TRUE(mentions(error_of(small), {"D_DAIN_ADDR_LOW_0", "multiple of the memory atom, 8"}));
  Convolution full("nv_full");
  full.set(Unit::kCdma, "D_DAIN_ADDR_LOW_0", 0x80000004);
  EXPECT_EQ(full.decode().fetch.data.address, 0x80000000U);
}

TEST(DecodeSdp, ReadsALegalDescriptor) {
  Sdp descriptor("nv_full");
  descriptor.set(Unit::kSdp, "D_DP_EW_CFG", 0x28);  // all on, PReLU, sum, with the table
  descriptor.set(Unit::kSdp, "D_DP_EW_MUL_CFG", 1);
  descriptor.set(Unit::kSdpRdma, "D_ERDMA_CFG", 0x34);  // enabled, both, per element, main memory
  descriptor.set(Unit::kSdpRdma, "D_EW_LINE_STRIDE", 320);
  const amaix::SdpOperation op = descriptor.decode();
  EXPECT_EQ(op.cube.width, 10U);
  EXPECT_EQ(op.convert_offset, -1);
  EXPECT_TRUE(op.x1.bypass);
  EXPECT_TRUE(op.y.lut);
  EXPECT_TRUE(op.y.prelu);
  EXPECT_TRUE(op.y.mul_from_dma);
  EXPECT_TRUE(op.y.mul_convert);
  EXPECT_EQ(op.y.alu_algorithm, 2U);
  EXPECT_TRUE(op.fetch.y.enabled);
  EXPECT_TRUE(op.fetch.y.per_element);
  EXPECT_EQ(op.fetch.y.use, amaix::SdpDataUse::kBoth);
  EXPECT_FALSE(op.has_fetch);
}

TEST(DecodeSdp, RefusesFeaturesThatTheConfigurationLacks) {
  EXPECT_TRUE(mentions(error_with<Sdp>("nv_small", Unit::kSdp, "D_DP_EW_CFG", "EW_BYPASS", 0),
                       {"EW_BYPASS", "no EW sub-engine"}));
  EXPECT_TRUE(mentions(error_with<Sdp>("nv_small", Unit::kSdpRdma, "D_ERDMA_CFG", "ERDMA_DISABLE", 0),
                       {"ERDMA_DISABLE", "no EW sub-engine"}));
  EXPECT_TRUE(
      mentions(error_with<Sdp>("nv_small", Unit::kSdp, "D_FEATURE_MODE_CFG", "BATCH_NUMBER", 1), {"batch"}));
  EXPECT_TRUE(
      mentions(error_with<Sdp>("nv_small", Unit::kSdp, "D_FEATURE_MODE_CFG", "WINOGRAD", 1), {"WINOGRAD"}));
  EXPECT_TRUE(mentions(error_with<Sdp>("nv_small", Unit::kSdp, "D_DATA_FORMAT", "OUT_PRECISION", 2),
                       {"OUT_PRECISION"}));
  EXPECT_TRUE(
      mentions(error_with<Sdp>("nv_small", Unit::kSdp, "D_DST_DMA_CFG", "DST_RAM_TYPE", 0), {"CVSRAM"}));

  amaix::HardwareParameters without_table = amaix::preset("nv_small_256_full");
  without_table.sdp_lut = false;
  Programmer sdp(without_table);
  sdp.set(Unit::kSdp, "D_DST_DMA_CFG", 1);
  sdp.set(Unit::kSdp, "D_DATA_FORMAT", 0);
  sdp.set(Unit::kSdp, "D_DP_EW_CFG", 0x12);
  try {
    (void)decode_sdp(sdp.file(), 0, without_table);
    ADD_FAILURE() << "no error";
  } catch (const DecodeError& error) {
    EXPECT_TRUE(mentions(error.what(), {"EW_LUT_BYPASS", "no look-up table"}));
  }
}

TEST(DecodeSdp, RefusesContradictions) {
  EXPECT_TRUE(mentions(error_with<Sdp>("nv_full", Unit::kSdp, "D_DST_LINE_STRIDE", "DST_LINE_STRIDE", 9),
                       {"D_DST_LINE_STRIDE", "line of 320"}));
  EXPECT_TRUE(
      mentions(error_with<Sdp>("nv_full", Unit::kSdpRdma, "D_SRC_SURFACE_STRIDE", "SRC_SURFACE_STRIDE", 49),
               {"D_SRC_SURFACE_STRIDE", "surface of 1600"}));
  EXPECT_TRUE(
      mentions(error_with<Sdp>("nv_full", Unit::kSdp, "D_FEATURE_MODE_CFG", "WINOGRAD", 1), {"on the fly"}));
  EXPECT_TRUE(mentions(error_with<Sdp>("nv_full", Unit::kSdpRdma, "D_FEATURE_MODE_CFG", "IN_PRECISION", 3),
                       {"no such value"}));
  Sdp element("nv_full");
  element.set(Unit::kSdpRdma, "D_BRDMA_CFG", 0x30);  // per element, stride left at 0
  EXPECT_TRUE(mentions(error_of(element), {"D_BS_LINE_STRIDE", "line of 320"}));
  Sdp algorithm("nv_full");
  algorithm.set(Unit::kSdp, "D_DP_BS_CFG", 0x0c);  // equality exists in Y only
  EXPECT_TRUE(mentions(error_of(algorithm), {"BS_ALU_ALGO", "no such value"}));
}

TEST(DecodePdp, ReadsALegalDescriptor) {
  for (const char* configuration : kBoth) {
    const amaix::PdpOperation op = Pdp(configuration).decode();
    EXPECT_EQ(op.input.width, 20U);
    EXPECT_EQ(op.output.width, 10U);
    EXPECT_EQ(op.kernel_width, 2U);
    EXPECT_EQ(op.stride_y, 2U);
    EXPECT_EQ(op.method, amaix::PoolingMethod::kMax);
    EXPECT_FALSE(op.flying);
  }
}

TEST(DecodePdp, ChecksSplitWidths) {
  Pdp descriptor("nv_full");
  for (const Unit unit : {Unit::kPdp, Unit::kPdpRdma})
    descriptor.set(unit, "D_OPERATION_MODE_CFG", "SPLIT_NUM", 2);
  // Three parts: 8 + 6 + 6 columns in, 4 + 3 + 3 out; fields in the order first, last, middle.
  for (const Unit unit : {Unit::kPdp, Unit::kPdpRdma}) {
    descriptor.set(unit, "D_PARTIAL_WIDTH_IN", 7U | 5U << 10 | 5U << 20);
  }
  descriptor.set(Unit::kPdp, "D_PARTIAL_WIDTH_OUT", 3U | 2U << 10 | 2U << 20);
  EXPECT_EQ(descriptor.decode().splits, 3U);
  descriptor.set(Unit::kPdp, "D_PARTIAL_WIDTH_OUT", 3U | 2U << 10 | 1U << 20);
  EXPECT_TRUE(mentions(error_of(descriptor), {"D_PARTIAL_WIDTH_OUT", "cover 9 of 10"}));
  descriptor.set(Unit::kPdp, "D_PARTIAL_WIDTH_IN", 7U | 5U << 10 | 6U << 20);
  EXPECT_TRUE(mentions(error_of(descriptor), {"D_PARTIAL_WIDTH_IN", "cover 21 of 20"}));
}

TEST(DecodePdp, RefusesContradictions) {
  EXPECT_TRUE(mentions(error_with<Pdp>("nv_full", Unit::kPdp, "D_DATA_CUBE_OUT_WIDTH", "CUBE_OUT_WIDTH", 10),
                       {"CUBE_OUT_WIDTH", "22 of 20"}));
  EXPECT_TRUE(
      mentions(error_with<Pdp>("nv_full", Unit::kPdp, "D_DATA_CUBE_OUT_CHANNEL", "CUBE_OUT_CHANNEL", 1),
               {"keeps the channels"}));
  EXPECT_TRUE(
      mentions(error_with<Pdp>("nv_full", Unit::kPdpRdma, "D_DATA_CUBE_IN_HEIGHT", "CUBE_IN_HEIGHT", 8),
               {"PDP_RDMA", "differs from PDP"}));
  EXPECT_TRUE(mentions(error_with<Pdp>("nv_full", Unit::kPdp, "D_OPERATION_MODE_CFG", "POOLING_METHOD", 3),
                       {"POOLING_METHOD", "no such value"}));
  EXPECT_TRUE(mentions(error_with<Pdp>("nv_full", Unit::kPdp, "D_POOLING_KERNEL_CFG", "KERNEL_WIDTH", 8),
                       {"KERNEL_WIDTH", "no such value"}));
  EXPECT_TRUE(
      mentions(error_with<Pdp>("nv_small", Unit::kPdp, "D_DATA_FORMAT", "INPUT_DATA", 1), {"precision"}));
  EXPECT_TRUE(mentions(error_with<Pdp>("nv_full", Unit::kPdpRdma, "D_SRC_LINE_STRIDE", "SRC_LINE_STRIDE", 19),
                       {"line of 640"}));
}

TEST(DecodeCdp, ReadsAndChecks) {
  EXPECT_EQ(Cdp("nv_full").decode().normalization_length, 5U);
  EXPECT_TRUE(mentions(error_with<Cdp>("nv_full", Unit::kCdp, "D_DATA_FORMAT", "INPUT_DATA_TYPE", 2),
                       {"CDP_RDMA", "differs from CDP"}));
  EXPECT_TRUE(mentions(error_with<Cdp>("nv_full", Unit::kCdp, "D_DST_LINE_STRIDE", "DST_LINE_STRIDE", 9),
                       {"D_DST_LINE_STRIDE", "line of 320"}));
  EXPECT_TRUE(
      mentions(error_with<Cdp>("nv_small", Unit::kCdp, "D_DST_DMA_CFG", "DST_RAM_TYPE", 0), {"CVSRAM"}));
}

TEST(DecodeBdma, ReadsAndChecks) {
  const amaix::BdmaTransfer op = Bdma("nv_full").decode();
  EXPECT_EQ(op.line_bytes, 128U);
  EXPECT_EQ(op.lines, 10U);
  EXPECT_EQ(op.surfaces, 2U);
  EXPECT_EQ(op.source.space, amaix::MemorySpace::kDbb);
  EXPECT_EQ(op.destination.space, amaix::MemorySpace::kCvsram);
  EXPECT_TRUE(mentions(error_with<Bdma>("nv_full", Unit::kBdma, "CFG_DST_LINE", "STRIDE", 3),
                       {"CFG_DST_LINE", "line of 128"}));
  EXPECT_TRUE(mentions(error_with<Bdma>("nv_full", Unit::kBdma, "CFG_DST_SURF", "STRIDE", 39),
                       {"CFG_DST_SURF", "surface of 1280"}));
  const RegisterFile small(amaix::preset("nv_small"));
  EXPECT_THROW((void)decode_bdma(small, amaix::preset("nv_small")), DecodeError);
}

TEST(DecodeRubik, ReadsAndChecks) {
  const amaix::RubikOperation op = Rubik("nv_full").decode();
  EXPECT_EQ(op.mode, amaix::RubikMode::kContract);
  EXPECT_EQ(op.output_channels, 32U);
  EXPECT_EQ(op.deconvolution_stride_x, 2U);
  EXPECT_TRUE(mentions(error_with<Rubik>("nv_full", Unit::kRubik, "D_MISC_CFG", "RUBIK_MODE", 3),
                       {"RUBIK_MODE", "no such value"}));
  EXPECT_TRUE(
      mentions(error_with<Rubik>("nv_full", Unit::kRubik, "D_DAIN_LINE_STRIDE", "DAIN_LINE_STRIDE", 7),
               {"line of 256"}));
  EXPECT_TRUE(
      mentions(error_with<Rubik>("nv_full", Unit::kRubik, "D_DAOUT_LINE_STRIDE", "DAOUT_LINE_STRIDE", 15),
               {"D_DAOUT_LINE_STRIDE", "line of 512"}));
  const RegisterFile small(amaix::preset("nv_small"));
  EXPECT_THROW((void)decode_rubik(small, 0, amaix::preset("nv_small")), DecodeError);
}

}  // namespace

}  // namespace nvdla::registers
