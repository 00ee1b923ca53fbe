// SPDX-License-Identifier: Apache-2.0
// Proves that a JSON of layers is read as it says, and that what is wrong in it is named with its place.
#include "mapper/json_reader.h"

#include <gmock/gmock.h>

#include "host/files/byte_source.h"

namespace nvdla::mapper {
namespace {

using ::testing::HasSubstr;

std::string document(const std::string& layers, const std::string& shape = "[8, 16, 16]") {
  return R"({"schema": "nvdla-network/1", "inputs": [{"name": "x", "shape": )" + shape +
         R"(}], "layers": [)" + layers + "]}";
}
LayerNetwork parsed(const std::string& layers) { return parse_json_network(document(layers), "net.json"); }
std::string error_of(const std::string& text) {
  try {
    (void)parse_json_network(text, "net.json");
  } catch (const host::InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(JsonReader, WindowsPaddingAndDefaults) {
  const LayerNetwork network = parsed(
      R"({"name": "c", "type": "convolution", "kernels": 4, "window": [3, 5], "stride": 2, "padding": [1, 2],
          "dilation": [2, 1], "groups": 2, "bias": false},
         {"name": "p", "type": "average_pool", "window": 3, "stride": 2, "padding": [0, 1, 2, 0]})");
  const Layer& c = network.layers[0];
  EXPECT_EQ(c.window.height, 3U);
  EXPECT_EQ(c.window.width, 5U);
  EXPECT_EQ(c.window.bottom, 1U);
  EXPECT_EQ(c.window.right, 2U);
  EXPECT_FALSE(c.bias);
  EXPECT_EQ(c.shape, (Shape{4, (16 + 2 - 5) / 2 + 1, (16 + 4 - 5) / 2 + 1}));
  const Layer& p = network.layers[1];
  EXPECT_THAT(p.inputs, ::testing::ElementsAre("c"));
  EXPECT_EQ(p.pooling, PoolingMode::kAverage);
  EXPECT_EQ(p.shape, (Shape{4, (7 + 2 - 3) / 2 + 1, (8 + 1 - 3) / 2 + 1}));
}

TEST(JsonReader, WindowsThatBeginInTheInputCountWhenRoundedUp) {
  const auto height = [](const char* round_up) {
    return parsed(std::string(R"({"name": "p", "type": "max_pool", "window": 3, "stride": 2, "round_up": )") +
                  round_up + "}")
        .layers[0]
        .shape.height;
  };
  EXPECT_EQ(height("false"), 7U);
  EXPECT_EQ(height("true"), 8U);
}

TEST(JsonReader, ErrorsNameTheirPlace) {
  EXPECT_EQ(error_of("{}"), R"(net.json: schema: must be "nvdla-network/1")");
  EXPECT_THAT(error_of("{"), HasSubstr("net.json: "));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "relu", "size": 3})")),
              HasSubstr("net.json: layers[0] 'a'.size: unknown key"));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "mish"})")),
              HasSubstr("net.json: layers[0] 'a'.type: unknown type \"mish\" (known: "));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "convolution", "kernels": -1})")),
              HasSubstr("layers[0] 'a'.kernels: must be a natural number"));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "max_pool", "window": [1, 2, 3]})")),
              HasSubstr("layers[0] 'a'.window: "));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "max_pool", "window": 40})")),
              HasSubstr("layer 'a' (max_pool): its window of 40 is larger than its input of 16"));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "sum", "inputs": ["x", "y"]})")),
              HasSubstr("layer 'a' (sum): no layer before gives its input 'y'"));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "sum", "inputs": ["x"]})")),
              HasSubstr("layer 'a' (sum): has 1 inputs, takes 2"));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "relu"}, {"name": "a", "type": "relu"})")),
              HasSubstr("layer 'a' (relu): there is another layer of this name"));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "convolution", "kernels": 3, "groups": 2})")),
              HasSubstr("2 groups"));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "relu"})", "[0, 1, 1]")), HasSubstr("input 'x'"));
  EXPECT_THAT(error_of(document("")), HasSubstr("the network has no layer"));
  EXPECT_THAT(error_of(document(R"({"name": "a", "type": "max_pool", "window": 2, "stride": 2},
                           {"name": "b", "type": "sum", "inputs": ["a", "x"]})")),
              HasSubstr("shapes 8x8x8 and 8x16x16"));
}

}  // namespace
}  // namespace nvdla::mapper
