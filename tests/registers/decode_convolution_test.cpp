// SPDX-License-Identifier: Apache-2.0
// Each rule of the decoder for the convolution pipeline: a legal descriptor decodes, the same with one field
// changed is refused with an error that names register, field, value and rule.
#include <gtest/gtest.h>

#include "descriptors.h"

namespace nvdla::registers::test {

namespace {

TEST(DecodeConvolution, ReadsALegalDescriptor) {
  for (const char* configuration : kBoth) {
    const ConvolutionOperation op = Convolution(configuration).decode();
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
    descriptor.set(unit, "D_WMB_BYTES", 2304);  // 18432 elements, a bit each
    descriptor.set(unit, "D_BANK", "WEIGHT_BANK", 10);
  }
  EXPECT_EQ(descriptor.decode().fetch.wmb_bytes, 2304U);
  descriptor.set(Unit::kCdma, "D_BANK", "WEIGHT_BANK", 11);
  EXPECT_TRUE(mentions(error_of(descriptor), {"WEIGHT_BANK", "exceed the 15"}));
  descriptor.set(Unit::kCdma, "D_BANK", "WEIGHT_BANK", 10);
  descriptor.set(Unit::kCdma, "D_WMB_BYTES", 2432);
  EXPECT_TRUE(mentions(error_of(descriptor), {"D_WMB_BYTES", "2304 bytes"}));
}

// 1x1 kernels of 4096 channels: a group of 32 fills 128 KiB, four banks.
TEST(DecodeConvolution, AKernelGroupMustFitIntoItsBanks) {
  Convolution descriptor("nv_full");
  descriptor.set(Unit::kCdma, "D_WEIGHT_SIZE_0", 4095);
  descriptor.set(Unit::kCdma, "D_WEIGHT_SIZE_1", 63);
  descriptor.set(Unit::kCdma, "D_WEIGHT_BYTES", 64 * 4096);
  descriptor.set(Unit::kCdma, "D_BANK", "WEIGHT_BANK", 3);
  EXPECT_NO_THROW((void)decode_fetch(descriptor.file(), 0, descriptor.hardware()));
  descriptor.set(Unit::kCdma, "D_BANK", "WEIGHT_BANK", 2);
  EXPECT_TRUE(mentions(error_of(descriptor), {"WEIGHT_BANK", "131072 bytes", "hold 98304"}));
  // 64 kernels that are kept take eight banks.
  descriptor.set(Unit::kCdma, "D_BANK", "WEIGHT_BANK", 7);
  descriptor.set(Unit::kCdma, "D_MISC_CFG", "SKIP_WEIGHT_RLS", 1);
  EXPECT_NO_THROW((void)decode_fetch(descriptor.file(), 0, descriptor.hardware()));
  descriptor.set(Unit::kCdma, "D_BANK", "WEIGHT_BANK", 6);
  EXPECT_TRUE(mentions(error_of(descriptor), {"WEIGHT_BANK", "kept must fit"}));
}

TEST(DecodeConvolution, WinogradNeedsTilesOfFour) {
  const auto winograd = [] {
    Convolution descriptor("nv_full");
    for (const Unit unit : {Unit::kCdma, Unit::kCsc, Unit::kCmacA, Unit::kCmacB, Unit::kCacc}) {
      descriptor.set(unit, "D_MISC_CFG", "CONV_MODE", 1);
    }
    descriptor.set(Unit::kCdma, "D_ZERO_PADDING", 1U | 1U << 8 | 1U << 16 | 1U << 24);
    for (const Unit unit : {Unit::kCdma, Unit::kCsc})
      descriptor.set(unit, "D_DATAIN_SIZE_EXT_0", 15U | 15U << 16);
    descriptor.set(Unit::kCsc, "D_WEIGHT_SIZE_EXT_0", 3U | 3U << 16);
    descriptor.set(Unit::kCsc, "D_RELEASE", 15);
    return descriptor.decode().sequence.mode == ConvolutionMode::kWinograd;
  };
  EXPECT_TRUE(winograd());
  Convolution descriptor("nv_full");
  descriptor.set(Unit::kCsc, "D_MISC_CFG", "CONV_MODE", 1);
  EXPECT_TRUE(mentions(error_of(descriptor), {"CSC", "WEIGHT_WIDTH_EXT", "4x4"}));
  descriptor.set(Unit::kCdma, "D_MISC_CFG", "CONV_MODE", 1);
  EXPECT_TRUE(mentions(error_of(descriptor), {"CDMA", "DATAIN_WIDTH_EXT", "multiple of 4"}));
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
  pixels.set(Unit::kCdma, "D_DATAIN_FORMAT", "PIXEL_FORMAT", 12);
  pixels.set(Unit::kCdma, "D_PIXEL_OFFSET", "PIXEL_Y_OFFSET", 1);
  EXPECT_TRUE(mentions(error_of(pixels), {"PIXEL_Y_OFFSET"}));
  pixels.set(Unit::kCdma, "D_PIXEL_OFFSET", "PIXEL_Y_OFFSET", 0);
  pixels.set(Unit::kCdma, "D_DATAIN_FORMAT", "PIXEL_MAPPING", 1);
  EXPECT_TRUE(mentions(error_of(pixels), {"PIXEL_MAPPING", "pitch-linear"}));
  pixels.set(Unit::kCdma, "D_DATAIN_FORMAT", "PIXEL_MAPPING", 0);
  pixels.set(Unit::kCsc, "D_POST_Y_EXTENSION", 1);
  EXPECT_TRUE(mentions(error_of(pixels), {"Y_EXTENSION", "2 lines of 64 channels"}));
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

TEST(DecodeConvolution, LinesOfPixelsFitTheirStride) {
  Convolution image("nv_full");
  image.set(Unit::kCdma, "D_DATAIN_FORMAT", 1U | 12U << 8);  // A8B8G8R8, four bytes
  image.set(Unit::kCsc, "D_DATAIN_FORMAT", 1);
  image.set(Unit::kCdma, "D_DATAIN_SIZE_0", 15U | 13U << 16);
  image.set(Unit::kCdma, "D_LINE_STRIDE", 32);
  EXPECT_TRUE(mentions(error_of(image), {"D_LINE_STRIDE", "smaller than a line of 64"}));
  image.set(Unit::kCdma, "D_LINE_STRIDE", 64);
  image.set(Unit::kCdma, "D_DATAIN_FORMAT", 1U | 28U << 8);  // Y8 and U8V8
  image.set(Unit::kCdma, "D_LINE_UV_STRIDE", 0);
  EXPECT_TRUE(mentions(error_of(image), {"D_LINE_UV_STRIDE", "smaller than a line of 32"}));
  image.set(Unit::kCdma, "D_LINE_UV_STRIDE", 32);
  EXPECT_EQ(decode_fetch(image.file(), 0, image.hardware()).uv_line_stride, 32U);
}

// Only the scalable generation keeps the low bits of addresses.
TEST(DecodeConvolution, ChecksTheAlignmentThatHardwareDoesNotForce) {
  Convolution small("nv_small");
  small.set(Unit::kCdma, "D_DAIN_ADDR_LOW_0", 0x80000004);
  EXPECT_TRUE(mentions(error_of(small), {"D_DAIN_ADDR_LOW_0", "multiple of the memory atom, 8"}));
  // Larger configurations of the scalable generation store the bits below their atom.
  Convolution large("nv_large");
  large.set(Unit::kCdma, "D_DAIN_ADDR_LOW_0", 0x80000008);
  EXPECT_TRUE(mentions(error_of(large), {"D_DAIN_ADDR_LOW_0", "multiple of the memory atom, 32"}));
  Convolution full("nv_full");
  full.set(Unit::kCdma, "D_DAIN_ADDR_LOW_0", 0x80000004);
  EXPECT_EQ(full.decode().fetch.data.address, 0x80000000U);
}

}  // namespace

}  // namespace nvdla::registers::test
