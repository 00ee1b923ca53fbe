// SPDX-License-Identifier: Apache-2.0
// Notes are found by recording, unit and level; bad files are refused with the entry's name.
#include "validation/notes.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/support/temporary_directory.h"

namespace nvdla::validation {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class NotesFile : public test::TemporaryDirectory {
 protected:
  Notes load(const std::string& content) { return load_notes(file("n.json", content)); }
  std::string load_error(const std::string& content) {
    return test::thrown_text<host::InputError>([&] { (void)load(content); });
  }
};

TEST_F(NotesFile, FirstExplanationThatFitsCounts) {
  const Notes notes = load(
      R"({"schema":"nvdla-accuracy-notes/1","explanations":[
          {"recordings":"u_lrn*","unit":"CDP","text":"one"},
          {"recordings":"*","level":"refined","text":"two"}]})");
  Recording recording;
  recording.name = "u_lrn_16x7";
  EXPECT_EQ(notes.explain(recording, Engine::kCdp, amaix::Level::kDynamic), "one");
  EXPECT_EQ(notes.explain(recording, Engine::kConv, amaix::Level::kDynamic), "");
  EXPECT_EQ(notes.explain(recording, Engine::kCdp, amaix::Level::kRefined), "two");
}

TEST_F(NotesFile, FirstModeThatFitsCounts) {
  const Notes notes = load(
      R"({"schema":"nvdla-accuracy-notes/1","modes":[
          {"recordings":"dc*_comp_*","name":"compressed"},{"recordings":"dc*","name":"direct"}]})");
  Recording recording;
  recording.name = "dc3x3_comp_nv_full_int8";
  ASSERT_NE(notes.mode_of(recording), nullptr);
  EXPECT_EQ(notes.mode_of(recording)->name, "compressed");
  recording.name = "dc3x3_nv_full_int8";
  EXPECT_EQ(notes.mode_of(recording)->name, "direct");
  recording.name = "lenet";
  EXPECT_EQ(notes.mode_of(recording), nullptr);
}

TEST_F(NotesFile, OnlyARecordingWithAModeIsInASet) {
  const Notes notes = load(
      R"({"schema":"nvdla-accuracy-notes/1","modes":[{"recordings":"dc*","name":"direct"}],
          "sets":[{"recordings":"dc_s1*","name":"held back","text":"why","detail":"worst"},
                  {"recordings":"dc_s*","name":"seen"}]})");
  Recording recording;
  recording.name = "dc_s101";
  ASSERT_NE(notes.set_of(recording), nullptr);
  EXPECT_EQ(notes.set_of(recording)->name, "held back");
  EXPECT_EQ(notes.set_of(recording)->text, "why");
  EXPECT_EQ(notes.set_of(recording)->detail, ModeSet::Detail::kWorst);
  recording.name = "dc_s2";
  EXPECT_EQ(notes.set_of(recording)->name, "seen");
  EXPECT_EQ(notes.set_of(recording)->detail, ModeSet::Detail::kNone);
  recording.name = "dc3x3";
  EXPECT_EQ(notes.set_of(recording)->detail, ModeSet::Detail::kRecordings);
  recording.name = "lenet_s1";
  EXPECT_EQ(notes.set_of(recording), nullptr);
}

// What is published as held back is what lies in that folder, all of it.
TEST_F(NotesFile, SetsOfTheRepositoryAreItsFolders) {
  const fs::path root = NVDLA_SOURCE_DIR;
  const Notes notes = load_notes((root / "validation/notes.json").string());
  for (const auto& [folder, set] : {std::pair{"held_back", "recordings of random cases, held back"},
                                    std::pair{"seen", "recordings of random cases, seen"}}) {
    std::size_t cases = 0;
    for (const auto& entry : fs::directory_iterator(root / "tests/rtl_cases" / folder)) {
      Recording recording;
      recording.name = entry.path().filename().string() + "__L50_B8";
      const ModeSet* const found = notes.set_of(recording);
      ++cases;
      if (found == nullptr && recording.name.rfind("lenet_", 0) == 0) continue;  // a network has no mode
      ASSERT_NE(found, nullptr) << recording.name;
      EXPECT_EQ(found->name, set) << recording.name;
    }
    EXPECT_GT(cases, 100U);
  }
}

TEST_F(NotesFile, BadFilesAreRefused) {
  EXPECT_THAT(load_error("{}"), HasSubstr("n.json: schema is not nvdla-accuracy-notes/1"));
  EXPECT_THAT(load_error(R"({"schema":"nvdla-accuracy-notes/1","explanation":[]})"),
              HasSubstr("unknown key \"explanation\""));
  EXPECT_THAT(load_error(R"({"schema":"nvdla-accuracy-notes/1","explanations":[{"recordings":"*"}]})"),
              HasSubstr("explanations 0: text is missing"));
  EXPECT_THAT(load_error(R"({"schema":"nvdla-accuracy-notes/1","modes":[{"recordings":"*"}]})"),
              HasSubstr("modes 0: name is missing"));
  EXPECT_THAT(load_error(R"({"schema":"nvdla-accuracy-notes/1","sets":[{"recordings":"*"}]})"),
              HasSubstr("sets 0: name is missing"));
  EXPECT_THAT(
      load_error(
          R"({"schema":"nvdla-accuracy-notes/1","sets":[{"recordings":"*","name":"s","detail":"all"}]})"),
      HasSubstr("sets 0: detail: unknown detail \"all\""));
  EXPECT_THAT(load_error(R"({"schema":"nvdla-accuracy-notes/1","dma":[7]})"),
              HasSubstr("dma 0 is not a text"));
  EXPECT_THAT(
      load_error(
          R"({"schema":"nvdla-accuracy-notes/1","explanations":[{"recordings":"*","unit":"X","text":"t"}]})"),
      HasSubstr("unknown unit \"X\""));
}

}  // namespace
}  // namespace nvdla::validation
