// SPDX-License-Identifier: Apache-2.0
// Pins at clock edges: hardware takes over what was there before the edge.
#include "host/waveform/edge_sampler.h"

#include <gmock/gmock.h>

#include <cstring>

#include "host/files/byte_source.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::host {
namespace {

// All that an import needs, with codes by name; the clocks first.
std::string header() {
  std::string text = "$scope module dut $end\n";
  for (Pin pin = 0; pin < kPins; ++pin)
    if (pin_required(pin) || pin == kPinCsbClock)
      text += "$var wire " + std::string(pin == kPinCsbAddr ? "16 " : "1 ") + pin_name(pin) + " " +
              pin_name(pin) + " $end\n";
  return text + "$upscope $end\n$enddefinitions $end\n";
}

VcdReader reader_of(const std::string& text) {
  auto at = std::make_shared<std::size_t>(0);
  return {"a.vcd",
          [text, at](char* data, std::size_t size) {
            const std::size_t count = std::min(size, text.size() - *at);
            std::memcpy(data, text.data() + *at, count);
            *at += count;
            return count;
          },
          [](std::string_view) { return true; }};
}

TEST(EdgeSampler, TakesWhatWasThereBeforeTheEdge) {
  VcdReader reader = reader_of(header() +
                               "0dla_core_clk 0dla_csb_clk 0dla_intr b101 csb2nvdla_addr\n"
                               "#5 1dla_core_clk 1dla_csb_clk 1dla_intr b110 csb2nvdla_addr\n"
                               "#10 0dla_core_clk #15 1dla_core_clk bx1 csb2nvdla_addr\n"
                               "#18 0dla_csb_clk #20 0dla_core_clk\n#23 1dla_csb_clk\n");
  const PinBinding binding = bind_pins(reader.signals(), {}, "a.vcd");
  EdgeSampler sampler(reader, binding);
  EdgeSampler::Edges edges;
  ASSERT_TRUE(sampler.next(edges));
  EXPECT_TRUE(edges.core && edges.csb);
  EXPECT_FALSE(sampler.high(kPinInterrupt)) << "it rises because of this edge";
  EXPECT_EQ(sampler.value(kPinCsbAddr), 5U);
  EXPECT_FALSE(sampler.known(kPinCsbData)) << "no value yet";
  ASSERT_TRUE(sampler.next(edges));
  EXPECT_TRUE(edges.core && !edges.csb);
  EXPECT_TRUE(sampler.high(kPinInterrupt));
  EXPECT_EQ(sampler.value(kPinCsbAddr), 6U);
  EXPECT_TRUE(sampler.known(kPinCsbAddr));
  ASSERT_TRUE(sampler.next(edges));
  EXPECT_TRUE(!edges.core && edges.csb);
  EXPECT_EQ(sampler.value(kPinCsbAddr), 1U);
  EXPECT_FALSE(sampler.known(kPinCsbAddr)) << "x extends to the left";
  EXPECT_FALSE(sampler.next(edges));
}

TEST(PinMap, OfSeveralScopesTheOneThatIsNvdla) {
  const auto signals = [](const std::vector<std::string>& scopes) {
    std::vector<WaveSignal> result;
    for (const std::string& scope : scopes)
      for (Pin pin = 0; pin < kPins; ++pin)
        if (pin_required(pin)) result.push_back({scope, pin_name(pin), 1, 0, pin});
    return result;
  };
  EXPECT_EQ(bind_pins(signals({"bench", "bench.dut"}), {}, "w").scope, "bench.dut");
  EXPECT_THAT(
      test::thrown_text<InputError>([&] {
        (void)bind_pins(signals({"soc.a", "soc.b"}), {}, "w");
      }),
      ::testing::HasSubstr("several scopes have all signals of NVDLA: soc.a, soc.b; choose one with a line "
                           "`scope = soc.a`"));
}

}  // namespace
}  // namespace nvdla::host
