// SPDX-License-Identifier: Apache-2.0
// Proves that docs/hardware-facts.md says what the tables say, and that each table can be read: a segment
// names what it is and where it was seen.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "path_tables.h"

namespace nvdla::paths {
namespace {

const std::string kDocument = std::string(NVDLA_SOURCE_DIR) + "/docs/hardware-facts.md";

// scripts/hardware_facts.sh sets the variable.
TEST(HardwareFacts, TheDocumentIsUpToDate) {
  if (std::getenv("NVDLA_WRITE_HARDWARE_FACTS") != nullptr) {
    std::ofstream(kDocument) << hardware_facts();
    GTEST_SKIP() << "written";
  }
  std::ifstream file(kDocument);
  ASSERT_TRUE(file) << kDocument << " is missing: run scripts/hardware_facts.sh";
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), hardware_facts()) << "run scripts/hardware_facts.sh and commit what it writes";
}

TEST(HardwareFacts, EverySegmentHasANameASourceAndANumber) {
  for (const Table& table : all_tables()) {
    for (const Row& row : table.rows) {
      for (const Path* path : {row.v1, row.scalable, row.master}) {
        if (path == nullptr) continue;
        for (const Segment& segment : *path) {
          EXPECT_FALSE(segment.name.empty()) << table.unit << " " << row.name;
          EXPECT_FALSE(segment.source.empty()) << table.unit << " " << row.name << ": " << segment.name;
          // What was measured says so with more than a module's name.
          if (segment.evidence == Evidence::kMeasured) {
            EXPECT_GE(segment.source.size(), 20U) << table.unit << " " << row.name << ": " << segment.name;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace nvdla::paths
