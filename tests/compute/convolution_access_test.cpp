// SPDX-License-Identifier: Apache-2.0
// Proves that loading the input and the weights of a convolution touches only bytes that CDMA asks for: the
// requests of the timing plan. Feature cubes and images; Winograd's requests are not a list in the plan.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>

#include "amaix/convolution_plan.h"
#include "compute/convolution.h"
#include "random_convolution.h"

namespace nvdla::compute {
namespace {

// Disjoint ranges that have been fetched, and a count of bytes read outside of them.
class FetchedMemory : public memory::ByteSource {
 public:
  void add(std::uint64_t address, std::uint64_t length) {
    for (std::uint64_t i = 0; i < length; ++i) fetched_[address + i] = true;
  }
  void read(MemorySpace, std::uint64_t address, unsigned char* data, std::size_t length) const override {
    for (std::size_t i = 0; i < length; ++i) {
      data[i] = 1;
      if (fetched_.count(address + i) == 0) ++outside_;
      ++inside_;
    }
  }
  [[nodiscard]] std::uint64_t outside() const { return outside_; }
  [[nodiscard]] std::uint64_t read_bytes() const { return inside_; }

 private:
  std::map<std::uint64_t, bool> fetched_;
  mutable std::uint64_t outside_ = 0, inside_ = 0;
};

TEST(ConvolutionAccess, ReadsOnlyWhatCdmaRequests) {
  test::RandomConvolutions random(5);
  std::uint32_t direct = 0, images = 0;
  for (std::uint32_t i = 0; i < 150; ++i) {
    const test::RandomConvolution c = random.next(static_cast<Precision>(i % 3));
    if (c.fetch.mode == ConvolutionMode::kWinograd || c.fetch.weight_compressed) continue;
    FetchedMemory memory;
    for (amaix::DataRequests requests(c.fetch, c.hardware); !requests.done(); requests.advance()) {
      const amaix::DataRequest& request = requests.front();
      if (!request.dummy)
        memory.add(request.address, std::uint64_t{request.atoms} * c.hardware.memory_atom_bytes);
    }
    const amaix::WeightPlan weights = amaix::plan_weights(c.fetch, c.hardware);
    memory.add(weights.address, weights.bytes);
    (void)load_input(c.fetch, c.hardware, memory);
    (void)load_weights(c.fetch, memory);
    ASSERT_EQ(memory.outside(), 0U) << "case " << i;
    ASSERT_GT(memory.read_bytes(), 0U);
    ++(c.fetch.input_format == InputFormat::kPixel ? images : direct);
  }
  EXPECT_GT(direct, 40U);
  EXPECT_GT(images, 10U);
}

}  // namespace
}  // namespace nvdla::compute
