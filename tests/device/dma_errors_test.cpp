// SPDX-License-Identifier: Apache-2.0
// The text of a refused DMA access says who, where and why, and what a target without byte enables needs.
#include "device/dma_errors.h"

#include <gmock/gmock.h>

namespace nvdla::device {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(DmaErrors, ATargetThatRefusesByteEnablesIsToldOfMaskWrites) {
  engine::Burst burst;
  burst.write = true;
  burst.client = Client::kSdp;
  burst.address = 0x80001000;
  const std::string refused = DmaErrors::text(burst, tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  EXPECT_THAT(refused, HasSubstr("DMA write of client sdp at 0x80001000: TLM_BYTE_ENABLE_ERROR_RESPONSE"));
  EXPECT_THAT(refused, HasSubstr("mask_writes = false"));
  EXPECT_THAT(DmaErrors::text(burst, tlm::TLM_ADDRESS_ERROR_RESPONSE), Not(HasSubstr("mask_writes")));
  burst.write = false;
  EXPECT_THAT(DmaErrors::text(burst, tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE), Not(HasSubstr("mask_writes")));
}

}  // namespace
}  // namespace nvdla::device
