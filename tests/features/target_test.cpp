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
  EXPECT_EQ(target.columns()[0].kind(), ColumnKind::category);
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
      folder.file("pets.csv", "x,y\n1,cat\n2,cats\n"),
      {.delimiter = {}, .header = {}, .kinds = {{"y", ColumnKind::category}}, .date_formats = {}});
  expect_error(ErrorCode::data,
               {"pets.csv:3", "\"cats\"", "2 classes: cat, dog. Did you mean \"cat\"?"},
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

Target fit_several(const Table& table, const std::string& names, std::optional<Task> task = {},
                   std::optional<OutputForm> form = {}) {
  return Target::fit(table, {.target = names, .task = task, .form = form},
                     all_rows(table.num_rows()));
}

TEST(Target, SeveralNumbersAreEachScaledByThemselves) {
  const Table table({number_column("a", {1, 3, 5.5}), number_column("b", {100, kMissing, 300.5})});
  const Target target = fit_several(table, "b, a");
  EXPECT_EQ(target.task(), Task::regression);
  EXPECT_EQ(target.names(), (Texts{"b", "a"}));
  EXPECT_FLOAT_EQ(target.columns()[0].mean, 200.25);
  EXPECT_FLOAT_EQ(target.columns()[1].mean, 9.5 / 3);
  EXPECT_EQ(target.remarks().size(), 1u);
  EXPECT_NE(target.remarks()[0].find("1 cells"), std::string::npos);
  const std::vector<float> encoded = target.encode(table);
  EXPECT_FLOAT_EQ(target.restore(encoded)[4], 300.5);
  EXPECT_FLOAT_EQ(target.restore(encoded)[5], 5.5);
}

TEST(Target, SeveralColumnsOfTwoClassesAreLabels) {
  const Table table({text_column("a", {"no", "yes", "no"}, ColumnKind::boolean),
                     text_column("b", {"red", "blue", ""}), number_column("c", {0, 1, 1})});
  const Target target = fit_several(table, "a,b,c");
  EXPECT_EQ(target.task(), Task::multilabel);
  EXPECT_EQ(target.num_outputs(), 3);
  EXPECT_EQ(target.columns()[1].classes, (Texts{"blue", "red"}));
  const std::vector<float> encoded = target.encode(table);
  EXPECT_EQ((std::vector<float>(encoded.begin(), encoded.begin() + 6)),
            (std::vector<float>{0, 1, 0, 1, 0, 1}));
  EXPECT_TRUE(std::isnan(encoded[7]));
}

TEST(Target, NamesBetweenCommasMayBeQuoted) {
  const Table table({number_column("a,b", {1.5, 2}), number_column("c", {1.5, 2.5})});
  EXPECT_EQ(fit_several(table, "a,b").names(), (Texts{"a,b"}));
  EXPECT_EQ(fit_several(table, "\"a,b\",c").names(), (Texts{"a,b", "c"}));
}

TEST(Target, RowsWithoutAnyTargetAreLeftOut) {
  const Table table(
      {number_column("a", {1, kMissing, kMissing}), number_column("b", {kMissing, 2, kMissing})});
  EXPECT_EQ(Target::known_rows(table, "a,b"), (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(Target::known_rows(table, "a,b", true), (std::vector<int64_t>{}));
}

TEST(Target, RejectsColumnsThatDoNotFitOneAnother) {
  const Table table({number_column("a", {1.5, 2, 3}), text_column("b", {"x", "y", "x"}),
                     text_column("c", {"x", "y", "z"})});
  expect_error(ErrorCode::usage, {"\"a\" stands twice"}, [&] { fit_several(table, "a,b,a"); });
  expect_error(ErrorCode::usage, {"empty name"}, [&] { fit_several(table, "a,,b"); });
  expect_error(ErrorCode::data, {"\"a\" is a number", "\"b\" has two classes"},
               [&] { fit_several(table, "a,b"); });
  expect_error(ErrorCode::data, {"\"c\" has 3 classes"}, [&] { fit_several(table, "b,c"); });
  expect_error(ErrorCode::data, {"\"c\" has 3 classes", "--task=multilabel"},
               [&] { fit_several(table, "b,c", Task::multilabel); });
  expect_error(ErrorCode::usage, {"multiclass predicts one target", "\"b\", \"c\""},
               [&] { fit_several(table, "b,c", Task::multiclass); });
  expect_error(ErrorCode::usage, {"several columns", "\"a\""},
               [&] { fit_several(table, "a", Task::distribution); });
  expect_error(ErrorCode::usage, {"direction", "\"a\""},
               [&] { fit_several(table, "a", Task::regression, OutputForm::direction); });
}

TEST(Target, SharesMustSumToOne) {
  const auto table = [](double last) {
    return Table({number_column("p", {0.25, 0.5, 1}), number_column("q", {0.75, 0.4996, last})});
  };
  const Target target = fit_several(table(0), "p,q", Task::distribution);
  const std::vector<float> encoded = target.encode(table(0));
  EXPECT_FLOAT_EQ(encoded[2], 0.5f / 0.9996f);  // rounded shares are made to sum to 1
  EXPECT_FLOAT_EQ(target.decode(std::vector<float>{0, std::log(3.0f)})[1], 0.75);
  expect_error(ErrorCode::data, {"row 2", "\"p\", \"q\"", "1.25 instead of 1"},
               [&] { target.encode(table(0.25)); });
  expect_error(ErrorCode::data, {"row 2", "-0.5"}, [&] { target.encode(table(-0.5)); });
  EXPECT_TRUE(std::isnan(target.encode(table(kMissing))[4]));
}

TEST(Target, DirectionsHaveLengthOne) {
  const Table table({number_column("x", {3, 0}), number_column("y", {4, 0.5})});
  const Target target = fit_several(table, "x,y", Task::regression, OutputForm::direction);
  EXPECT_EQ(target.encode(table), (std::vector<float>{0.6f, 0.8f, 0, 1}));
  EXPECT_EQ(target.decode(std::vector<float>{-3, 4}), (std::vector<float>{-0.6f, 0.8f}));
  const Table zero({number_column("x", {0}), number_column("y", {0})});
  expect_error(ErrorCode::data, {"row 0", "no direction"}, [&] { target.encode(zero); });
}

TEST(Target, OfSeveralColumnsSurvivesBeingStored) {
  const std::string text = R"({"version":3,"task":"regression","form":"standardised","columns":[
      {"column":"a","classes":[],"mean":1,"deviation":2},
      {"column":"b","classes":[],"mean":0,"deviation":10}]})";
  const Target target = Target::from_json(text);
  EXPECT_EQ(target.names(), (Texts{"a", "b"}));
  EXPECT_EQ(target.num_outputs(), 2);
  EXPECT_EQ(Target::from_json(target.to_json()).to_json(), target.to_json());
  const Table table({number_column("b", {20, kMissing}), number_column("a", {5, -1})});
  const std::vector<float> encoded = target.encode(table);
  EXPECT_EQ(encoded[0], 2);
  EXPECT_EQ(encoded[1], 2);
  EXPECT_EQ(encoded[2], -1);
  EXPECT_TRUE(std::isnan(encoded[3]));
  EXPECT_EQ(target.decode(std::vector<float>{2, 2}), (std::vector<float>{5, 20}));
}

TEST(Target, RejectsDamagedColumns) {
  const auto json = [](const std::string& task, const std::string& second) {
    return R"({"version":3,"task":")" + task +
           R"(","columns":[{"column":"a","classes":["0","1"],"mean":0,"deviation":1})" + second +
           "]}";
  };
  const std::string b = R"(,{"column":"b","classes":["0","1"],"mean":0,"deviation":1})";
  const std::string a = R"(,{"column":"a","classes":["0","1"],"mean":0,"deviation":1})";
  EXPECT_EQ(Target::from_json(json("multilabel", b)).num_outputs(), 2);
  for (const std::string& text : {json("multilabel", ""), json("multilabel", a), json("binary", b),
                                  json("regression", b), json("multilabel", ",3")})
    expect_error(ErrorCode::model, {}, [&] { Target::from_json(text); });
}

TEST(Target, NamesTasks) {
  EXPECT_EQ(task_from_name("multiclass"), Task::multiclass);
  expect_error(ErrorCode::usage, {"regresion", "\"regression\""},
               [] { task_from_name("regresion"); });
}

}  // namespace
}  // namespace sinapse
