// SPDX-License-Identifier: Apache-2.0
// An operation whose computation fails stays for the one behind it, which holds it, is reported once and
// computes nothing more. What is read for one that has ended is dropped.
#include "engine/tensors/tensors.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace nvdla::engine {
namespace {

constexpr OperationId kBefore{Engine::kConv, 0}, kBehind{Engine::kSdp, 0};
constexpr std::uint32_t kBytes = 32;

struct Calls {
  unsigned produced = 0, delivered = 0, destroyed = 0;
};

class TooLarge : public OperationTensors {
 public:
  TooLarge(OperationImage& image, Calls& calls) : OperationTensors(image), calls_(calls) {}
  ~TooLarge() override { ++calls_.destroyed; }
  void produce(MemorySpace, std::uint64_t, std::uint32_t) override {
    ++calls_.produced;
    throw std::length_error("an output of 2^40 values");
  }
  void finish() override { produce(MemorySpace::kDbb, 0, kBytes); }
  [[nodiscard]] std::vector<OutputTensor> outputs() const override { return {}; }
  void deliver() { ++calls_.delivered; }

 private:
  Calls& calls_;
};

class Behind : public OperationTensors {
 public:
  Behind(OperationImage& image, TooLarge& before) : OperationTensors(image), before_(before) {}
  void produce(MemorySpace, std::uint64_t, std::uint32_t) override { before_.deliver(); }
  void finish() override { before_.deliver(); }
  [[nodiscard]] std::vector<OutputTensor> outputs() const override { return {}; }

 private:
  TooLarge& before_;
};

class FailedOperation : public testing::Test {
 protected:
  std::unique_ptr<OperationTensors> make(OperationId id, OperationImage& image) {
    if (id == kBefore) return std::make_unique<TooLarge>(image, calls_);
    return std::make_unique<Behind>(image, dynamic_cast<TooLarge&>(*tensors_.find(kBefore)));
  }
  Calls calls_;
  std::vector<std::string> warnings_;
  Tensors tensors_{[this](OperationId id, OperationImage& image) { return make(id, image); },
                   [this](const std::string& text) { warnings_.push_back(text); }, 1};
};

TEST_F(FailedOperation, IsThereUntilTheOneBehindEnds) {
  ASSERT_NE(tensors_.find(kBehind), nullptr);
  tensors_.connect(kBehind, kBefore);
  EXPECT_FALSE(tensors_.finish(kBefore, true));
  EXPECT_EQ(calls_.destroyed, 0U);
  EXPECT_TRUE(tensors_.finish(kBehind, false));
  EXPECT_EQ(calls_.delivered, 1U);
  EXPECT_EQ(calls_.destroyed, 1U);
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find("an output of 2^40 values"), std::string::npos);
}

TEST_F(FailedOperation, WritesZerosAndIsNotTriedAgain) {
  for (unsigned i = 0; i < 3; ++i) {
    std::vector<unsigned char> bytes(kBytes, 0x55);
    tensors_.fill(kBefore, MemorySpace::kDbb, 0x1000 + i * kBytes, kBytes, bytes.data());
    EXPECT_EQ(bytes, std::vector<unsigned char>(kBytes, 0));
  }
  EXPECT_FALSE(tensors_.finish(kBefore, false));
  EXPECT_EQ(calls_.produced, 1U);
  EXPECT_EQ(calls_.destroyed, 1U);
  EXPECT_EQ(warnings_.size(), 1U);
}

// A fetch may bring more than its operation needs.
TEST_F(FailedOperation, DoesNotComeBackWithWhatIsReadAfterItsEnd) {
  const std::vector<unsigned char> data(kBytes, 0x55);
  const auto arrive = [&](OperationId id) {
    tensors_.arrived(id, MemorySpace::kDbb, 0x1000, data.data(), data.size());
  };
  arrive(kBefore);
  EXPECT_EQ(tensors_.count(), 1U);
  EXPECT_FALSE(tensors_.finish(kBefore, false));
  arrive(kBefore);
  EXPECT_EQ(tensors_.count(), 0U);
  arrive({Engine::kConv, 1});
  EXPECT_EQ(tensors_.count(), 1U);
}

}  // namespace
}  // namespace nvdla::engine
