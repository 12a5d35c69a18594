#include "features/target.h"

#include <gtest/gtest.h>

#include "data/temporary_folder.h"
#include "features/columns.h"
#include "network/expect_words.h"

namespace sinapse {
namespace {

using Texts = std::vector<std::string>;

Target fit(const Table& table, std::optional<Task> task = {}) {
  return Target::fit(table, {.target = "y", .task = task}, all_rows(table.num_rows()));
}
Table numbers(std::vector<double> values) {
  return Table({number_column("y", std::move(values))});
}
Table texts(const Texts& cells) {
  return Table({text_column("y", cells)});
}

// `count` values 0 .. distinct-1 in turn.
std::vector<double> in_turn(int count, int distinct) {
  std::vector<double> values(count);
  for (int i = 0; i < count; ++i) values[i] = i % distinct;
  return values;
}

TEST(Target, TextsAreClassesInAlphabeticalOrder) {
  const Target target = fit(texts({"dog", "cat", "dog", "bird"}));
  EXPECT_EQ(target.task(), Task::multiclass);
  EXPECT_EQ(target.classes(), (Texts{"bird", "cat", "dog"}));
  EXPECT_EQ(target.num_outputs(), 3);
  EXPECT_EQ(target.kind(), ColumnKind::category);
  EXPECT_EQ(target.encode(texts({"cat", "", "dog"}))[0], 1);
  EXPECT_TRUE(std::isnan(target.encode(texts({"cat", "", "dog"}))[1]));
}

TEST(Target, TwoClassesHaveOneOutput) {
  const Target target = fit(Table({text_column("y", {"yes", "no"}, ColumnKind::boolean)}));
  EXPECT_EQ(target.task(), Task::binary);
  EXPECT_EQ(target.num_outputs(), 1);
  EXPECT_EQ(target.classes(), (Texts{"no", "yes"}));
}

TEST(Target, NumericClassesAreInNumericOrder) {
  const Target target = fit(texts({"10", "9", "-1", "2"}));
  EXPECT_EQ(target.classes(), (Texts{"-1", "2", "9", "10"}));
}

TEST(Target, FewFrequentWholeNumbersAreClasses) {
  const Target target = fit(numbers(in_turn(300, 10)));
  EXPECT_EQ(target.task(), Task::multiclass);
  EXPECT_EQ(target.classes().size(), 10u);
  ASSERT_EQ(target.remarks().size(), 1u);
  EXPECT_NE(target.remarks()[0].find("--task=regression"), std::string::npos);
  EXPECT_EQ(fit(numbers({0, 1, 1, 0})).task(), Task::binary);
}

TEST(Target, OtherNumbersAreARegression) {
  EXPECT_EQ(fit(numbers(in_turn(300, 21))).task(), Task::regression);
  EXPECT_EQ(fit(numbers({0.5, 1.5, 0.5})).task(), Task::regression);
  EXPECT_EQ(fit(numbers({3, 1, 2})).task(), Task::regression);  // none of them stands twice
  std::vector<double> with_rare_end = in_turn(1000, 5);
  with_rare_end.insert(with_rare_end.end(), {9, 9});
  EXPECT_EQ(fit(numbers(with_rare_end)).task(), Task::regression);
  EXPECT_EQ(fit(numbers(in_turn(300, 3)), Task::regression).task(), Task::regression);
}

TEST(Target, NumbersThatLookLikeAnIdentifierAreStillNumbers) {
  const Table table({text_column("y", {"101", "205", "309"}, ColumnKind::identifier)});
  EXPECT_EQ(fit(table).task(), Task::regression);
}

TEST(Target, StandardisesAndBack) {
  const Target target = fit(numbers({2.5, 4.5}));
  EXPECT_FLOAT_EQ(target.mean(), 3.5);
  EXPECT_FLOAT_EQ(target.deviation(), 1);
  const std::vector<float> values = target.encode(numbers({2.5, kMissing, 9.5}));
  EXPECT_FLOAT_EQ(values[0], -1);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_FLOAT_EQ(target.decode(values[2]), 9.5);
}

TEST(Target, ValidationRowsDoNotInfluenceTheMean) {
  const Table table = numbers({0.5, 2.5, 1e6});
  const Target target = Target::fit(table, {.target = "y", .task = {}}, std::vector<int64_t>{0, 1});
  EXPECT_FLOAT_EQ(target.mean(), 1.5);
}

TEST(Target, KnowsClassesOutsideTheTrainingRows) {
  const Table table = texts({"a", "b", "c"});
  const Target target = Target::fit(table, {.target = "y", .task = {}}, std::vector<int64_t>{0, 1});
  EXPECT_EQ(target.classes().size(), 3u);
}

TEST(Target, CountsRowsWithoutIt) {
  const Table table = numbers({1.5, kMissing, 2, kMissing});
  EXPECT_EQ(fit(table).remarks().at(0), "2 of 4 rows lack the target \"y\" and are left out.");
  EXPECT_EQ(Target::known_rows(table, "y"), (std::vector<int64_t>{0, 2}));
}

TEST(Target, RejectsWhatCannotBeLearned) {
  const auto rejects = [](const Table& table, std::initializer_list<std::string_view> words,
                          std::optional<Task> task = {}) {
    expect_error(ErrorCode::data, words, [&] { fit(table, task); });
  };
  rejects(numbers({4, 4, 4}), {"\"y\"", "one class only", "\"4\""}, Task::multiclass);
  rejects(numbers({4.5, 4.5}), {"constant", "2 training rows"});
  rejects(texts({"a", "a"}), {"one class only", "\"a\""});
  rejects(numbers({kMissing, kMissing}), {"missing in all 2 rows"});
  rejects(texts({"a", "b", "c"}), {"3 classes, a, b, c", "--task=multiclass"}, Task::binary);
  rejects(texts({"a", "b"}), {"must be a number", "a"}, Task::regression);
  rejects(Table({date_column("y", {0, 1})}), {"is a date"});
}

TEST(Target, RejectsNearlyUniqueTexts) {
  Texts cells(60);
  for (int i = 0; i < 60; ++i) cells[i] = "t" + std::to_string(i);
  expect_error(ErrorCode::data, {"60 different texts", "identifier"}, [&] { fit(texts(cells)); });
}

TEST(Target, RejectsMissingAndMisspeltColumns) {
  const Table table({number_column("price", {1, 2})});
  expect_error(ErrorCode::usage, {"prise", "\"price\""},
               [&] { Target::fit(table, {.target = "prise", .task = {}}, all_rows(2)); });
  const Target target = fit(numbers({1.5, 2}));
  expect_error(ErrorCode::data, {"\"y\" is missing", "price"}, [&] { target.encode(table); });
}

TEST(Target, RejectsInfiniteNumbersAndNamesTheirPlace) {
  const Table infinite = numbers({1.5, HUGE_VAL, 4});
  const Target target = fit(infinite);
  EXPECT_FLOAT_EQ(target.mean(), 2.75);
  expect_error(ErrorCode::data, {"row 1", "\"y\" is inf"}, [&] { target.encode(infinite); });
  expect_error(ErrorCode::data, {"range of float"}, [&] {
    fit(numbers({1e300, -1e300}), Task::regression);
  });
}

TEST(Target, OfClassesKeepsTheirOrder) {
  const Target target = Target::of_classes("label", {"shirt", "bag", "coat"});
  EXPECT_EQ(target.task(), Task::multiclass);
  EXPECT_EQ(target.classes(), (Texts{"shirt", "bag", "coat"}));
  EXPECT_EQ(target.column(), "label");
  EXPECT_EQ(Target::of_classes("label", {"0", "1"}).task(), Task::binary);
  expect_error(ErrorCode::data, {"\"label\"", "two classes or more, but has 1"},
               [] { Target::of_classes("label", {"a"}); });
  expect_error(ErrorCode::data, {"class \"a\"", "twice"}, [] {
    Target::of_classes("label", {"a", "b", "a"});
  });
}

TEST(Target, MayBeGivenAsAnIndex) {
  const Table table({number_column("x", {1, 2, 3}), text_column("y", {"a", "b", "a"})});
  EXPECT_EQ(Target::fit(table, {.target = "1", .task = {}}, all_rows(3)).column(), "y");
}

TEST(Target, NamesTheUnknownClassAndItsPlace) {
  const TemporaryFolder folder;
  const Target target = fit(texts({"cat", "dog"}));
  const Table table = read_table(
      folder.file("pets.csv", "x,y\n1,cat\n2,cow\n"),
      {.delimiter = {}, .header = {}, .kinds = {{"y", ColumnKind::category}}, .date_formats = {}});
  expect_error(ErrorCode::data, {"pets.csv:3", "\"cow\"", "2 classes: cat, dog."},
               [&] { target.encode(table); });
}

TEST(Target, KeepsClassesAsTheyStandInTheFile) {
  const TemporaryFolder folder;
  const Table table = read_table(folder.file("d.csv", "x,y\n1,01\n2,02\n3,01\n4,02\n"));
  EXPECT_EQ(fit(table).classes(), (Texts{"01", "02"}));
}

TEST(Target, SurvivesBeingStored) {
  for (const Target& target : {fit(texts({"a", "b", "c"})),
                               fit(numbers({1.25, 9}), Task::regression), fit(texts({"a", "b"}))}) {
    const Target loaded = Target::from_json(target.to_json());
    EXPECT_EQ(loaded.task(), target.task());
    EXPECT_EQ(loaded.column(), "y");
    EXPECT_EQ(loaded.classes(), target.classes());
    EXPECT_EQ(loaded.decode(0.7f), target.decode(0.7f));
  }
}

TEST(Target, RejectsDamagedJson) {
  const auto json = [](const std::string& task, const std::string& classes,
                       const std::string& scale) {
    return R"({"version":1,"column":"y","mean":0,"task":")" + task + R"(","classes":)" + classes +
           R"(,"deviation":)" + scale + "}";
  };
  EXPECT_EQ(Target::from_json(json("binary", R"(["a","b"])", "1")).num_outputs(), 1);
  for (const std::string& text :
       {json("binary", R"(["a","b","c"])", "1"), json("multiclass", R"(["a"])", "1"),
        json("multiclass", R"(["a","a"])", "1"), json("regression", R"(["a"])", "1"),
        json("ranking", "[]", "1"), json("regression", "[]", "0"),
        json("regression", "[]", "1e300"), json("regression", "[]", "1e-300"),
        std::string("nothing")})
    expect_error(ErrorCode::model, {}, [&] { Target::from_json(text); });
}

TEST(Target, NamesTasks) {
  EXPECT_EQ(task_from_name("multiclass"), Task::multiclass);
  expect_error(ErrorCode::usage, {"regresion", "\"regression\""},
               [] { task_from_name("regresion"); });
}

}  // namespace
}  // namespace sinapse
