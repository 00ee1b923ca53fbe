// SPDX-License-Identifier: Apache-2.0
// The accuracy report: from comparisons to Markdown and figures; and that what the repository claims is what
// its recordings give today.
#include "validation/accuracy_report.h"

#include <gmock/gmock.h>

#include <iterator>

#include "comparisons.h"
#include "tests/support/command_line.h"
#include "tests/support/temporary_directory.h"

namespace nvdla::validation {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path kRoot = NVDLA_SOURCE_DIR;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The text between two lines.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const std::size_t first = text.find(begin + "\n");
  const std::size_t last = text.find(end + "\n");
  if (first == std::string::npos || last == std::string::npos) return "no " + begin;
  return text.substr(first + begin.size() + 1, last - first - begin.size() - 1);
}

class AccuracyReportFiles : public test::TemporaryDirectory {};

TEST(AccuracyReportText, HasOperationsStatisticsAndWorstCasesWithTheirExplanation) {
  const std::vector<RecordingComparison> comparisons{
      made_comparison("net__L50_B64", 3000, 3010, {{1000, 1010}, {2000, 2000}}),
      made_comparison("u_conv__L50_B64", 500, 510, {{500, 510}}),
      made_comparison("u_conv__L50_B8", 1000, 1020, {{1000, 1020}})};
  Notes notes;
  notes.explanations.push_back({"net*", amaix::Level::kDynamic, std::nullopt, "a known reason"});
  notes.not_covered.emplace_back("Something.");
  const AccuracyReport report = accuracy_report(comparisons, notes);
  EXPECT_THAT(report.markdown, HasSubstr("| net__L50_B64 | 3000 | +0.33 | 0.50 | 1.00 | equal |"));
  EXPECT_THAT(report.markdown, HasSubstr("| layer0 | CONV+SDP 0 | 1000 | 1010 | +1.00 | mac_array |"));
  EXPECT_THAT(report.markdown, HasSubstr("| 2 single-layer recordings | dynamic | 2 | 2.00 |"));
  EXPECT_THAT(report.markdown,
              HasSubstr("| net__L50_B64 | CONV+SDP 0 | 1000 | 1010 | +1.00 | a known reason |"));
  EXPECT_THAT(report.markdown,
              HasSubstr("| u_conv__L50_B64 | CONV+SDP 0 | 500 | 510 | +2.00 | not explained |"));
  EXPECT_THAT(report.markdown, HasSubstr("| u_conv__L50_B8 | L50 B64 | 2.0000 | 2.0000 | +0.00 |"));
  EXPECT_THAT(report.markdown, HasSubstr("- Something."));
  EXPECT_THAT(report.markdown, HasSubstr("No recording has these units: PDP, CDP, BDMA, RUBIK."));
  for (const char* name : {"net__L50_B64.svg", "unit_CONV.svg", "memory.svg"})
    EXPECT_EQ(report.figures.count(name), 1u) << name;
}

TEST(AccuracyReportText, RecordingsOfAModeAreShownByModeConfigurationAndMemory) {
  const std::vector<RecordingComparison> comparisons{
      made_comparison("net__L50_B64", 3000, 3000, {{1000, 1000}}),
      made_comparison("wg_a__L50_B64", 1000, 1010, {{1000, 1010}}),
      made_comparison("wg_b__L50_B64", 1000, 970, {{500, 490}, {500, 480}}),
      made_comparison("rbk__L50_B64", 100, 100, {{100, 100}})};
  Notes notes;
  notes.modes = {{"wg_*", "Winograd"}, {"rbk*", "Rubik"}};
  const std::string text = accuracy_report(comparisons, notes).markdown;
  EXPECT_THAT(text, HasSubstr("| Winograd | 2 | 3 | 2.00 | 3.00 | 2.33 | 4.00 | 20 |"));
  EXPECT_THAT(text, HasSubstr("| Rubik | 1 | 1 | 0.00 | 0.00 | 0.00 | 0.00 | 0 |"));
  EXPECT_THAT(text, HasSubstr("| nv_full int8 | 3 | 4 |"));
  EXPECT_THAT(text, HasSubstr("| nv_full L50 B64 | 3 | 4 |"));
  EXPECT_THAT(text, HasSubstr("| wg_b__L50_B64 | 2 | 1000 | -3.00 | -4.00 | 20 | equal |"));
  EXPECT_THAT(text, HasSubstr("| 1 network recordings |"));
}

TEST(AccuracyReportText, SetsHaveSectionsOfTheirOwnWithTheDetailTheyWant) {
  std::vector<RecordingComparison> comparisons{
      made_comparison("wg_a__L50_B64", 1000, 1010, {{1000, 1010}}),
      made_comparison("wg_s1__L50_B64", 1000, 1020, {{1000, 1020}}),
      made_comparison("wg_s1__L300_B64", 1000, 1030, {{1000, 1030}}),
      made_comparison("wg_s1__L50_B32", 1000, 1040, {{1000, 1040}}),
      made_comparison("wg_s1__L50_B64_O16", 1000, 1050, {{1000, 1050}}),
      made_comparison("wg_s101__L50_B64", 1000, 1060, {{1000, 1060}})};
  for (RecordingComparison& comparison : comparisons) {
    comparison.recording.bus_bytes = 64;
    comparison.recording.dbb = {};
    comparison.recording.dbb.latency = 50;
    comparison.recording.dbb.bytes_per_cycle = 64;
    comparison.recording.dbb.max_outstanding = 17;
  }
  comparisons[2].recording.dbb.latency = 300;
  comparisons[3].recording.dbb.bytes_per_cycle = 32;
  comparisons[4].recording.dbb.max_outstanding = 16;
  Notes notes;
  notes.modes = {{"wg_*", "Winograd"}};
  notes.sets = {{"wg_s101*", "held back", "Never used.", ModeSet::Detail::kNone},
                {"wg_s*", "seen", "", ModeSet::Detail::kWorst}};
  notes.explanations.push_back({"wg_s*", amaix::Level::kDynamic, std::nullopt, "a reason"});
  const std::string text = accuracy_report(comparisons, notes).markdown;
  const std::size_t held_back = text.find("## Held back"), seen = text.find("## Seen"),
                    single = text.find("## Recordings of single modes");
  ASSERT_NE(single, std::string::npos);
  EXPECT_LT(held_back, seen);
  EXPECT_LT(seen, single);
  EXPECT_THAT(text, HasSubstr("| 1 held back | dynamic | 1 | 6.00 |"));
  EXPECT_THAT(text, HasSubstr("| 4 seen | dynamic | 4 | 3.50 |"));
  const std::string of_seen = text.substr(seen, single - seen);
  EXPECT_THAT(of_seen, HasSubstr("| nv_full, at most 16 open accesses | 1 | 1 | 5.00 |"));
  EXPECT_THAT(of_seen, HasSubstr("| nv_full, latency of 300 and more | 1 | 1 | 3.00 |"));
  EXPECT_THAT(of_seen, HasSubstr("| nv_full, half a beat a cycle and less | 1 | 1 | 4.00 |"));
  EXPECT_THAT(of_seen, HasSubstr("| nv_full, others | 1 | 1 | 2.00 |"));
  EXPECT_THAT(of_seen, HasSubstr("| wg_s1__L50_B64_O16 | CONV+SDP 0 | 1000 | 1050 | +5.00 | a reason |"));
  // The one held back is nowhere by name, those with a worst list of their own only there.
  EXPECT_EQ(text.find("wg_s101"), std::string::npos);
  EXPECT_THAT(text.substr(single), Not(HasSubstr("wg_s1_")));
}

TEST(AccuracyReportText, DifferentBytesAndWarningsAreSaid) {
  std::vector<RecordingComparison> comparisons{made_comparison("net__L50_B64", 100, 100, {{100, 100}})};
  comparisons.front().bytes->compared = 4;
  comparisons.front().bytes->mismatches.emplace_back();
  comparisons.front().levels.front().warnings.emplace_back("mode X is not modelled");
  Notes notes;
  notes.dma.emplace_back("Why they differ.");
  const std::string text = accuracy_report(comparisons, notes).markdown;
  EXPECT_THAT(text, HasSubstr("3 of 4 counts equal the recorded ones. Differences are in `net__L50_B64`."));
  EXPECT_THAT(text, HasSubstr("Why they differ."));
  EXPECT_THAT(text, HasSubstr("mode X is not modelled"));
}

TEST_F(AccuracyReportFiles, FiguresOfAnEarlierReportAreRemoved) {
  (void)file("figures/old.svg", "<svg/>");
  (void)file("figures/kept.txt", "not a figure");
  write_accuracy_report(path("."), {"text", {{"new.svg", "<svg/>"}}});
  EXPECT_FALSE(fs::exists(path("figures/old.svg")));
  EXPECT_TRUE(fs::exists(path("figures/kept.txt")));
  EXPECT_EQ(content(path("figures/new.svg")), "<svg/>");
  EXPECT_EQ(content(path("accuracy.md")), "text");
}

TEST_F(AccuracyReportFiles, DirectoryThatCannotBeMadeIsAnError) {
  const std::string occupied = file("occupied", "a file");
  const test::CommandResult result =
      test::run_command("validate --level roofline --report " + occupied + " " +
                        (kRoot / "validation/recordings/u_lrn_16x7_nv_full_int8__L50_B64").string());
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.output, HasSubstr(occupied));
}

// Claims do not rot: docs/accuracy.md, its figures and the table of README.md are those of this build.
TEST_F(AccuracyReportFiles, AccuracyOfTheRepositoryIsUpToDate) {
  const std::string advice = "run scripts/accuracy.sh and look at what has changed";
  const test::CommandResult result = test::run_command(
      "validate --brief --report " + path("docs") + " --notes " + (kRoot / "validation/notes.json").string() +
      " " + (kRoot / "validation/recordings").string() + " " + (kRoot / "tests/golden").string() + " " +
      (kRoot / "tests/rtl_cases/seen").string() + " " + (kRoot / "tests/rtl_cases/held_back").string());
  ASSERT_EQ(result.status, 0) << result.output;
  const std::string generated = content(path("docs/accuracy.md"));
  EXPECT_TRUE(generated == content(kRoot / "docs/accuracy.md"))
      << "docs/accuracy.md is not up to date: " << advice;
  EXPECT_EQ(between(content(kRoot / "README.md"), "<!-- accuracy -->", "<!-- /accuracy -->"),
            between(generated, "<!-- summary -->", "<!-- /summary -->"))
      << advice;
  std::size_t figures = 0;
  for (const auto& entry : fs::directory_iterator(path("docs/figures"))) {
    ++figures;
    const fs::path name = entry.path().filename();
    EXPECT_TRUE(content(entry.path()) == content(kRoot / "docs/figures" / name))
        << name << " is not up to date: " << advice;
  }
  // The pictures of pages (scripts/report_screenshots.sh) are not of this report.
  const fs::directory_iterator committed(kRoot / "docs/figures");
  EXPECT_EQ(figures, static_cast<std::size_t>(std::count_if(begin(committed), end(committed),
                                                            [](const fs::directory_entry& entry) {
                                                              return entry.path().extension() == ".svg";
                                                            })));
}

}  // namespace
}  // namespace nvdla::validation
