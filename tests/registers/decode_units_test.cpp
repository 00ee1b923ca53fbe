// SPDX-License-Identifier: Apache-2.0
// Each rule of the decoder for SDP, PDP, CDP, BDMA and Rubik: a legal descriptor decodes, the same with one
// field changed is refused with an error that names register, field, value and rule.
#include <gtest/gtest.h>

#include "descriptors.h"

namespace nvdla::registers::test {

namespace {

TEST(DecodeSdp, ReadsALegalDescriptor) {
  Sdp descriptor("nv_full");
  descriptor.set(Unit::kSdp, "D_DP_EW_CFG", 0x28);  // all on, PReLU, sum, with the table
  descriptor.set(Unit::kSdp, "D_DP_EW_MUL_CFG", 1);
  descriptor.set(Unit::kSdpRdma, "D_ERDMA_CFG", 0x34);  // enabled, both, per element, main memory
  descriptor.set(Unit::kSdpRdma, "D_EW_LINE_STRIDE", 320);
  const SdpOperation op = descriptor.decode();
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
  EXPECT_EQ(op.fetch.y.use, SdpDataUse::kBoth);
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

  HardwareParameters without_table = preset("nv_small_256_full");
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
  Sdp batches("nv_full");
  batches.set(Unit::kSdp, "D_FEATURE_MODE_CFG", 0x103);  // two batches, on the fly on either side
  EXPECT_TRUE(mentions(error_of(batches), {"OUTPUT_DST", "multi-batch"}));
}

// The lines of a cube of several, and its surfaces, begin at even atoms; what is not there does not count.
TEST(DecodeSdp, BatchesAreWrittenInPairsOfAtoms) {
  const auto error = [](std::uint32_t height, std::uint32_t line, std::uint32_t surface) {
    Sdp descriptor("nv_full");
    for (const Unit unit : {Unit::kSdpRdma, Unit::kSdp})
      descriptor.set(unit, "D_FEATURE_MODE_CFG", 0x101);  // two batches, on the fly
    descriptor.set(Unit::kSdp, "D_DATA_CUBE_WIDTH", 2);
    descriptor.set(Unit::kSdp, "D_DATA_CUBE_HEIGHT", height - 1);
    descriptor.set(Unit::kSdp, "D_DATA_CUBE_CHANNEL", 63);
    descriptor.set(Unit::kSdp, "D_DST_LINE_STRIDE", line);
    descriptor.set(Unit::kSdp, "D_DST_SURFACE_STRIDE", surface);
    descriptor.set(Unit::kSdp, "D_DST_BATCH_STRIDE", 0x1000);
    return error_of(descriptor);
  };
  EXPECT_FALSE(mentions(error(2, 128, 256), {"two memory atoms"}));
  EXPECT_FALSE(mentions(error(1, 96, 128), {"two memory atoms"}));
  EXPECT_TRUE(mentions(error(2, 96, 256), {"D_DST_LINE_STRIDE", "two memory atoms"}));
  EXPECT_TRUE(mentions(error(2, 128, 288), {"D_DST_SURFACE_STRIDE", "two memory atoms"}));
}

TEST(DecodeSdp, OperandsFromMemoryNeedTheirReadDma) {
  Sdp descriptor("nv_full");
  descriptor.set(Unit::kSdp, "D_DP_BS_CFG", 0x58);  // adder only
  descriptor.set(Unit::kSdp, "D_DP_BS_ALU_CFG", 1);
  EXPECT_TRUE(mentions(error_of(descriptor), {"BS_ALU_SRC", "SDP_RDMA does not read"}));
  descriptor.set(Unit::kSdpRdma, "D_BRDMA_CFG", 0x20);  // enabled, but for the multiplier
  EXPECT_TRUE(mentions(error_of(descriptor), {"BS_ALU_SRC", "SDP_RDMA does not read"}));
  descriptor.set(Unit::kSdpRdma, "D_BRDMA_CFG", 0x22);
  EXPECT_EQ(error_of(descriptor), "");
  descriptor.set(Unit::kSdpRdma, "D_DATA_CUBE_HEIGHT", 5);
  descriptor.set(Unit::kSdpRdma, "D_SRC_SURFACE_STRIDE", 1920);
  EXPECT_TRUE(mentions(error_of(descriptor), {"SDP.D_DATA_CUBE_HEIGHT", "differs from SDP_RDMA"}));
  // Without SDP_RDMA only a convolution on the fly can feed SDP.
  SdpOperation alone = decode_sdp(Sdp("nv_full").file(), 0, descriptor.hardware());
  EXPECT_THROW(check_consistent(descriptor.file(), 0, alone, descriptor.hardware()), DecodeError);
}

TEST(DecodePdp, ReadsALegalDescriptor) {
  for (const char* configuration : kBoth) {
    const PdpOperation op = Pdp(configuration).decode();
    EXPECT_EQ(op.input.width, 20U);
    EXPECT_EQ(op.output.width, 10U);
    EXPECT_EQ(op.kernel_width, 2U);
    EXPECT_EQ(op.stride_y, 2U);
    EXPECT_EQ(op.method, PoolingMethod::kMax);
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
  descriptor.set(Unit::kPdpRdma, "D_POOLING_KERNEL_CFG", 0x11);
  EXPECT_EQ(descriptor.decode().splits, 3U);
  descriptor.set(Unit::kPdp, "D_PARTIAL_WIDTH_OUT", 3U | 2U << 10 | 1U << 20);
  EXPECT_TRUE(mentions(error_of(descriptor), {"D_PARTIAL_WIDTH_OUT", "cover 9 of 10"}));
  descriptor.set(Unit::kPdp, "D_PARTIAL_WIDTH_IN", 7U | 5U << 10 | 6U << 20);
  EXPECT_TRUE(mentions(error_of(descriptor), {"PDP.D_PARTIAL_WIDTH_IN", "cover 21 of 20"}));
  // PDP_RDMA is told the same widths, and the kernel that neighbouring parts share.
  descriptor.set(Unit::kPdp, "D_PARTIAL_WIDTH_IN", 7U | 5U << 10 | 5U << 20);
  descriptor.set(Unit::kPdp, "D_PARTIAL_WIDTH_OUT", 3U | 2U << 10 | 2U << 20);
  descriptor.set(Unit::kPdpRdma, "D_PARTIAL_WIDTH_IN", 8U | 4U << 10 | 5U << 20);
  EXPECT_TRUE(mentions(error_of(descriptor), {"PDP_RDMA.D_PARTIAL_WIDTH_IN", "differs from PDP"}));
}

// Windows of 4 columns at stride 1: the second part repeats 3 columns, the first part has 2.
TEST(DecodePdp, ThePartsOfASplitLieInTheLine) {
  Pdp descriptor("nv_full");
  for (const Unit unit : {Unit::kPdp, Unit::kPdpRdma}) {
    descriptor.set(unit, "D_OPERATION_MODE_CFG", "SPLIT_NUM", 1);
    descriptor.set(unit, "D_PARTIAL_WIDTH_IN", 2U | 16U << 10);  // 3 + 17 columns
  }
  descriptor.set(Unit::kPdp, "D_PARTIAL_WIDTH_OUT", 2U | 6U << 10);
  descriptor.set(Unit::kPdp, "D_POOLING_KERNEL_CFG", 0x00100103);
  descriptor.set(Unit::kPdp, "D_POOLING_PADDING_CFG", 2);
  descriptor.set(Unit::kPdpRdma, "D_POOLING_KERNEL_CFG", 0x03);
  EXPECT_EQ(descriptor.decode().splits, 2U);
  for (const Unit unit : {Unit::kPdp, Unit::kPdpRdma})
    descriptor.set(unit, "D_PARTIAL_WIDTH_IN", 1U | 17U << 10);  // 2 + 18 columns
  EXPECT_TRUE(
      mentions(error_of(descriptor), {"PDP_RDMA.D_PARTIAL_WIDTH_IN", "left of the line", "3 columns"}));
}

// 3x3 windows at stride 1 keep three lines in progress, which share the buffer: 32 columns each.
TEST(DecodePdp, ChecksTheLineBuffer) {
  Pdp descriptor("nv_full");
  for (const Unit unit : {Unit::kPdpRdma, Unit::kPdp}) descriptor.set(unit, "D_DATA_CUBE_IN_WIDTH", 33);
  descriptor.set(Unit::kPdp, "D_POOLING_KERNEL_CFG", 2U | 2U << 8);
  descriptor.set(Unit::kPdpRdma, "D_SRC_LINE_STRIDE", 34 * 32);
  descriptor.set(Unit::kPdpRdma, "D_SRC_SURFACE_STRIDE", 340 * 32);
  descriptor.set(Unit::kPdp, "D_DST_LINE_STRIDE", 33 * 32);
  descriptor.set(Unit::kPdp, "D_DST_SURFACE_STRIDE", 330 * 32);
  descriptor.set(Unit::kPdp, "D_DATA_CUBE_OUT_WIDTH", 31);
  EXPECT_EQ(error_of(descriptor), "");
  descriptor.set(Unit::kPdp, "D_POOLING_PADDING_CFG", "PAD_LEFT", 1);
  descriptor.set(Unit::kPdp, "D_DATA_CUBE_OUT_WIDTH", 32);
  EXPECT_TRUE(mentions(error_of(descriptor), {"CUBE_OUT_WIDTH", "the 32 columns", "3 lines"}));
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
  const BdmaTransfer op = Bdma("nv_full").decode();
  EXPECT_EQ(op.line_bytes, 128U);
  EXPECT_EQ(op.lines, 10U);
  EXPECT_EQ(op.surfaces, 2U);
  EXPECT_EQ(op.source.space, MemorySpace::kDbb);
  EXPECT_EQ(op.destination.space, MemorySpace::kCvsram);
  EXPECT_TRUE(mentions(error_with<Bdma>("nv_full", Unit::kBdma, "CFG_SRC_LINE", "STRIDE", 3),
                       {"CFG_SRC_LINE", "line of 128"}));
  EXPECT_TRUE(mentions(error_with<Bdma>("nv_full", Unit::kBdma, "CFG_DST_LINE", "STRIDE", 3),
                       {"CFG_DST_LINE", "line of 128"}));
  EXPECT_TRUE(mentions(error_with<Bdma>("nv_full", Unit::kBdma, "CFG_DST_SURF", "STRIDE", 39),
                       {"CFG_DST_SURF", "surface of 1280"}));
  const RegisterFile small(preset("nv_small"));
  EXPECT_THROW((void)decode_bdma(small, preset("nv_small")), DecodeError);
}

TEST(DecodeRubik, ReadsAndChecks) {
  const RubikOperation op = Rubik("nv_full").decode();
  EXPECT_EQ(op.mode, RubikMode::kContract);
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
  const RegisterFile small(preset("nv_small"));
  EXPECT_THROW((void)decode_rubik(small, 0, preset("nv_small")), DecodeError);
}

}  // namespace

}  // namespace nvdla::registers::test
