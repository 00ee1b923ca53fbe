// SPDX-License-Identifier: Apache-2.0
// A document has one reading, or an error that names its file.
#include "hardware/strict_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace nvdla {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string error_of(const std::string& text) {
  try {
    (void)parse_strict_json(text, "file.json");
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(StrictJson, ReadsWhatIsWellFormed) {
  const nlohmann::json json =
      parse_strict_json(R"({"a": [1, 2.5, {"a": "x"}], "b": {"a": null, "c": 18446744073709551615}})", "f");
  EXPECT_EQ(json.at("a").at(2).at("a"), "x");
  EXPECT_EQ(json.at("b").at("c").get<std::uint64_t>(), 18446744073709551615ULL);
  EXPECT_EQ(error_of(nested(kDeepestJson)), "");
}

TEST(StrictJson, EveryErrorNamesTheFile) {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("{} x"), std::string("[1,]"), std::string("[01]"),
        std::string("[+1]"), std::string("[NaN]"), std::string("[1e999]"), std::string("[-1e999]"),
        std::string("{\"a\": 1, \"a\": 1}"), std::string("[{\"b\": {\"a\": 1, \"c\": [], \"a\": 2}}]"),
        std::string("\"\xff\""), std::string("[1] // why"), nested(kDeepestJson + 1), nested(1 << 20)}) {
    EXPECT_THAT(error_of(text), StartsWith("file.json: ")) << text.substr(0, 40);
  }
  EXPECT_THAT(error_of("{\n\"a\": ?}"), HasSubstr("line 2"));
  EXPECT_THAT(error_of("{\"a\": 1, \"a\": 1}"), HasSubstr("\"a\" is given twice"));
  EXPECT_THAT(error_of("[1e999]"), HasSubstr("1e999"));
}

}  // namespace
}  // namespace nvdla
