#include "features/features.h"

#include <gtest/gtest.h>

#include "data/temporary_folder.h"
#include "features/columns.h"
#include "network/expect_words.h"

namespace sinapse {
namespace {

using Names = std::vector<std::string>;

Table mixed() {
  return Table({number_column("age", {20, kMissing, 40, 60}),
                text_column("city", {"B", "A", "", "B"}),
                text_column("member", {"no", "yes", "no", "yes"}, ColumnKind::boolean),
                date_column("since", {0, 86400 * 40, 86400 * 80, 86400 * 500}),
                number_column("price", {1, 2, 3, 4})});
}

TEST(Features, TakeSentencesAsTextUnlessDeclaredOtherwise) {
  Names sentences;
  for (int i = 0; i < 30; ++i)
    sentences.push_back("the parcel of order " + std::to_string(i) + " came late");
  const Table table({text_column("note", sentences, ColumnKind::identifier),
                     number_column("price", std::vector<double>(30, 1))});
  const Features features = Features::fit(table, all_rows(30), {.target = "price"});
  ASSERT_EQ(features.texts().size(), 1u);
  EXPECT_EQ(features.texts()[0].width(), 36);  // six words and the numbers
  FeatureOptions declared{.target = "price"};
  declared.declarations.columns["note"].type = "category";
  EXPECT_TRUE(Features::fit(table, all_rows(30), declared).texts().empty());
}

TEST(Features, NameEveryInput) {
  const Features features = Features::fit(mixed(), all_rows(4), {.target = "price"});
  const Names expected = {"age",
                          "age is missing",
                          "city = A",
                          "city = B",
                          "city is missing",
                          "city is unknown",
                          "member = no",
                          "member = yes",
                          "member is unknown",
                          "since: elapsed time",
                          "since: year"};
  ASSERT_GE(features.names().size(), expected.size());
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), features.names().begin()));
  EXPECT_EQ(features.width(), static_cast<int64_t>(features.names().size()));
  EXPECT_EQ(features.kinds().count("price"), 0u);
}

TEST(Features, EncodeNumbersAndCategories) {
  const Features features = Features::fit(mixed(), all_rows(4), {.target = "price"});
  const Features::Encoded encoded = features.encode(mixed());
  EXPECT_EQ(encoded.rows, 4);
  ASSERT_EQ(encoded.dense.size(), static_cast<size_t>(4 * features.width()));
  const float* second = encoded.dense.data() + features.width();  // age missing, city A, member
  EXPECT_EQ(std::vector<float>(second, second + 9),
            (std::vector<float>{0, 1, 1, 0, 0, 0, 0, 1, 0}));
  EXPECT_NEAR(encoded.dense[0], -20 / std::sqrt(800.0 / 3), 1e-6);
}

TEST(Features, ValidationRowsDoNotInfluence) {
  const Table calm({number_column("x", {1, 2, 3, 4, 5}),
                    text_column("c", {"a", "b", "a", "b", "a"}),
                    date_column("d", {0, 864000, 8640000, 86400, 86400})});
  const Table wild({number_column("x", {1, 2, 3, 1e9, kMissing}),
                    text_column("c", {"a", "b", "a", "new", ""}),
                    date_column("d", {0, 864000, 8640000, 1e9 + 7, kMissing})});
  const std::vector<int64_t> training = {0, 1, 2};
  EXPECT_EQ(Features::fit(calm, training, {}).to_json(),
            Features::fit(wild, training, {}).to_json());
  EXPECT_NE(Features::fit(calm, all_rows(5), {}).to_json(),
            Features::fit(wild, all_rows(5), {}).to_json());
}

TEST(Features, LeaveOutIdentifiersEmptyAndConstantColumnsWithARemark) {
  const Table table({text_column("key", {"q", "w", "e"}, ColumnKind::identifier),
                     text_column("notes", {"", "", ""}, ColumnKind::empty),
                     number_column("one", {1, 1, 1}), number_column("x", {1, 2, 3})});
  const Features features = Features::fit(table, all_rows(3), {});
  EXPECT_EQ(features.names(), (Names{"x"}));
  ASSERT_EQ(features.remarks().size(), 3u);
  EXPECT_EQ(features.remarks()[0], "Column \"key\" is left out: it is an identifier.");
  EXPECT_EQ(features.remarks()[1], "Column \"notes\" is left out: every cell is missing.");
}

TEST(Features, LeaveOutWhatTheUserIgnores) {
  const Features features =
      Features::fit(mixed(), all_rows(4), {.target = "price", .ignore = {"since", "0", "member"}});
  EXPECT_EQ(features.names(),
            (Names{"city = A", "city = B", "city is missing", "city is unknown"}));
}

TEST(Features, TakeNumbersAsCategoriesOnRequest) {
  const Table table({number_column("zip", {10, 20, 10}), number_column("x", {1, 2, 3})});
  const Features features = Features::fit(table, all_rows(3), {.categorical = {"zip"}});
  EXPECT_EQ(features.names(), (Names{"x", "zip = 10", "zip = 20", "zip is unknown"}));
  EXPECT_EQ(features.kinds().at("zip"), ColumnKind::category);
}

TEST(Features, EmbedLongListsOfCategories) {
  Names cells;
  for (int i = 0; i < 100; ++i) cells.push_back("t" + std::to_string(i % 50));
  const Table table({text_column("shop", cells)});
  const Features features = Features::fit(table, all_rows(100), {});
  EXPECT_EQ(features.width(), 0);
  ASSERT_EQ(features.embedded().size(), 1u);
  EXPECT_EQ(features.embedded()[0].num_categories, 51);
  const Table other({text_column("shop", {"t0", "t49", "new", ""})});
  const std::vector<float> places = features.encode(other).indices.at(0);
  EXPECT_EQ(places[0], 0);
  EXPECT_EQ(places[2], 50);
  EXPECT_EQ(places[3], 50);
}

TEST(Features, RejectMisspeltColumnsWithTheNearestName) {
  const auto fit = [](const FeatureOptions& options) {
    Features::fit(mixed(), all_rows(4), options);
  };
  expect_error(ErrorCode::usage, {"prise", "\"price\""}, [&] { fit({.target = "prise"}); });
  expect_error(ErrorCode::usage, {"agee", "\"age\""}, [&] { fit({.ignore = {"agee"}}); });
  expect_error(ErrorCode::usage, {"citi", "\"city\""}, [&] { fit({.categorical = {"citi"}}); });
}

TEST(Features, RejectTablesWithoutInputs) {
  const Table table({number_column("one", {1, 1}), number_column("y", {1, 2})});
  expect_error(ErrorCode::data, {"no input column is left", "\"one\" is left out"},
               [&] { Features::fit(table, all_rows(2), {.target = "y"}); });
  expect_error(ErrorCode::data, {"no training rows"}, [&] { Features::fit(table, {}, {}); });
}

TEST(Features, FindColumnsByNameInAnyOrder) {
  const Features features = Features::fit(mixed(), all_rows(4), {.target = "price"});
  std::vector<Column> columns = mixed().columns();
  std::reverse(columns.begin(), columns.end());
  columns.push_back(text_column("comment", {"x", "y", "z", "w"}));
  EXPECT_EQ(features.encode(Table(columns)).dense, features.encode(mixed()).dense);
}

TEST(Features, NameMissingColumnsAndLikelyRenamings) {
  const Features features = Features::fit(mixed(), all_rows(4), {.target = "price"});
  const Table other(
      {number_column("Age_", {1}), text_column("city", {"A"}), date_column("since", {0})});
  expect_error(ErrorCode::data,
               {"expects 4 input columns", "2 of them are missing",
                "\"age\" (renamed to \"Age_\"?)", "\"member\"", "1 the model does not know"},
               [&] { features.encode(other); });
  std::vector<Column> columns = mixed().columns();
  std::erase_if(columns, [](const Column& column) { return column.name == "age"; });
  expect_error(ErrorCode::data, {"1 of them is missing"}, [&] { features.encode(Table(columns)); });
}

TEST(Features, DoNotTakeANumericNameForAnIndex) {
  const Features features = Features::fit(
      Table({number_column("1", {1, 2}), number_column("0", {4, 7})}), all_rows(2), {});
  const Table other({number_column("a", {1, 2}), number_column("b", {1, 2})});
  expect_error(ErrorCode::data, {"\"0\"", "\"1\"", "missing"}, [&] { features.encode(other); });
}

TEST(Features, NameTheCellThatIsNoNumber) {
  const TemporaryFolder folder;
  const Features features = Features::fit(
      Table({number_column("age", {1, 2}), number_column("x", {4, 7})}), all_rows(2), {});
  const Table table = read_table(folder.file("people.csv", "age,x\n31,1\nold,2\n44,3\n"));
  expect_error(ErrorCode::data, {"people.csv:3", "age", "old"}, [&] { features.encode(table); });
}

TEST(Features, RejectDatesWhoseDayAndMonthAreExchanged) {
  const auto sold = [](const std::string& format) {
    return Table({date_column("sold", {0, 86400.0 * 40, 86400.0 * 99}, format)});
  };
  const Features features = Features::fit(sold("%d/%m/%Y"), all_rows(3), {});
  expect_error(ErrorCode::data, {"\"sold\"", "%m/%d/%Y", "%d/%m/%Y", "date_formats"},
               [&] { features.encode(sold("%m/%d/%Y")); });
  EXPECT_EQ(features.encode(sold("%Y-%m-%d")).dense, features.encode(sold("%d/%m/%Y")).dense);
}

TEST(Features, TakeAnEmptyColumnAsMissing) {
  const Features features = Features::fit(mixed(), all_rows(4), {.target = "price"});
  std::vector<Column> columns = mixed().columns();
  for (Column& column : columns)
    if (column.name != "since")
      column = text_column(column.name, {"", "", "", ""}, ColumnKind::empty);
  const Features::Encoded encoded = features.encode(Table(columns));
  EXPECT_EQ(std::vector<float>(encoded.dense.begin(), encoded.dense.begin() + 9),
            (std::vector<float>{0, 1, 0, 0, 1, 0, 0, 0, 1}));
}

TEST(Features, EncodeManyRowsAsFew) {
  std::vector<double> numbers(2000);
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i * i % 977);
  const Table table(
      {number_column("x", numbers), number_column("y", {numbers.rbegin(), numbers.rend()})});
  const Features features = Features::fit(table, all_rows(2000), {});
  const std::vector<float> all = features.encode(table).dense;
  const std::vector<float> part = features.encode(table, 700, 1300).dense;
  EXPECT_EQ(part, std::vector<float>(all.begin() + 1400, all.begin() + 2600));
}

TEST(Features, SurviveBeingStored) {
  Names shops;
  for (int i = 0; i < 100; ++i) shops.push_back("t" + std::to_string(i % 50));
  std::vector<Column> columns = {text_column("shop", shops)};
  const Table four = mixed();
  for (const Column& column : four.columns()) {
    Column longer = column;
    for (int i = 4; i < 100; ++i)
      if (column.numbers.empty())
        longer.codes.push_back(column.codes[i % 4]);
      else
        longer.numbers.push_back(column.numbers[i % 4] * (1 + i / 3.0));
    columns.push_back(longer);
  }
  const Table table(columns);
  const Features features = Features::fit(table, all_rows(100), {.target = "price"});
  const Features loaded = Features::from_json(features.to_json());
  EXPECT_EQ(loaded.names(), features.names());
  EXPECT_EQ(loaded.encode(table).dense, features.encode(table).dense);
  EXPECT_EQ(loaded.encode(table).indices, features.encode(table).indices);
  EXPECT_EQ(loaded.kinds(), features.kinds());
  EXPECT_EQ(loaded.date_formats().at("since"), "%Y-%m-%d");
  EXPECT_EQ(loaded.to_json(), features.to_json());
}

// As models were written before columns had curves, texts and products.
TEST(Features, ReadTheEarlierVersion) {
  const Features features = Features::from_json(R"({"version": 2,
    "numbers": [{"column": "age", "mean": 10, "scale": 2, "varies": true, "wide": false,
                 "marks_missing": true}],
    "categories": [{"column": "city", "categories": ["A", "B"], "has_missing_place": true,
                    "embedding_dimension": 0}],
    "dates": []})");
  const Table table(
      {number_column("age", {14, kMissing}), text_column("city", {"B", "elsewhere"})});
  EXPECT_EQ(features.encode(table).dense, (std::vector<float>{8, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}));
  EXPECT_EQ(Features::from_json(features.to_json()).encode(table).dense,
            features.encode(table).dense);
}

TEST(Features, RejectTextThatIsNotUtf8) {
  const Table table({text_column("city", {"K\xf6ln", "Bonn"})});
  const Features features = Features::fit(table, all_rows(2), {});
  expect_error(ErrorCode::data, {"UTF-8", "iconv"}, [&] { features.to_json(); });
}

TEST(Features, RejectDamagedJson) {
  const std::string number =
      R"({"column":"x","mean":0,"scale":1,"varies":true,"wide":false,"marks_missing":false})";
  const auto with = [](const std::string& numbers, const std::string& rest) {
    return R"({"version":2,"numbers":[)" + numbers + R"(],"categories":[],"dates":[])" + rest + "}";
  };
  EXPECT_EQ(Features::from_json(with(number, "")).width(), 1);
  const auto edited = [&](const std::string& from, const std::string& to) {
    std::string text = with(number, "");
    return text.replace(text.find(from), from.size(), to);
  };
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "JSON object"},
      {"[1]", "JSON object"},
      {"{}", "version"},
      {with("", ""), "numbers"},
      {with(number + "," + number, ""), "twice"},
      {edited("\"version\":2", "\"version\":1"), "version"},
      {edited("\"mean\":0", "\"mean\":\"0\""), "mean"},
      {edited("\"mean\":0", "\"mean\":1e999"), ""},
      {edited("\"scale\":1", "\"scale\":0"), "scale"},
      {edited("\"scale\":1", "\"scale\":-1"), "scale"},
      {edited("\"varies\":true", "\"varies\":false"), "varies"},
      {edited("\"varies\":true", "\"varies\":1"), "varies"},
      {edited("\"column\":\"x\"", "\"column\":7"), "column"},
      {edited("\"dates\":[]", "\"dates\":[1]"), "dates"},
      {edited("\"dates\":[]", "\"dates\":{}"), "dates"},
  };
  for (const auto& [text, word] : cases)
    expect_error(ErrorCode::model, {word}, [&, &json = text] { Features::from_json(json); });
}

}  // namespace
}  // namespace sinapse
