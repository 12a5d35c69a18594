// Fields of layers: written, read back, documented, refused with advice.
#include <gtest/gtest.h>

#include "layers/layer_examples.h"
#include "network/expect_words.h"
#include "network/fields.h"

namespace sinapse {

namespace {

// Another value of the same type: what a field must keep.
FieldValue changed(const FieldValue& value) {
  if (const bool* flag = std::get_if<bool>(&value)) return !*flag;
  if (const auto* whole = std::get_if<int64_t>(&value)) return *whole + 3;
  if (const auto* number = std::get_if<double>(&value)) return *number + 0.125;
  if (std::holds_alternative<std::string>(value)) return std::string("something else");
  return std::vector<int64_t>{3, -1};
}

TEST(LayerFields, AreWrittenAndReadBack) {
  for (const std::string& type : layer_types()) {
    const auto original = make_layer(type);
    LayerDescription description{.type = type, .name = "a"};
    for (const auto& [name, value] : get_fields(*original))
      description.fields[name] = changed(value);
    const auto copy = make_layer(type);
    set_fields(*copy, description);
    EXPECT_EQ(get_fields(*copy), description.fields) << type;
  }
}

TEST(LayerFields, AreDocumented) {
  for (const std::string& type : layer_types()) {
    for (const FieldDocument& field : document_fields(*make_layer(type))) {
      EXPECT_FALSE(field.doc.empty()) << type << " " << field.name;
    }
  }
}

TEST(LayerFields, UnknownOnesAreRefusedWithTheNearest) {
  for (const std::string& type : layer_types()) {
    const auto made = make_layer(type);
    const auto fields = get_fields(*made);
    if (fields.empty()) continue;
    const std::string known = fields.begin()->first, misspelt = known + "x";
    expect_error(
        ErrorCode::usage, {type, "\"a\"", misspelt, "Did you mean \"" + known + "\""}, [&] {
          set_fields(*made, {.type = type, .name = "a", .fields = {{misspelt, int64_t{1}}}});
        });
  }
}

TEST(LayerFields, ValuesOfTheWrongTypeAreRefused) {
  const auto expect_refused = [](const char* type, const char* field, FieldValue value,
                                 const char* expected) {
    const auto made = make_layer(type);
    expect_error(ErrorCode::usage, {type, "\"a\"", field, expected}, [&] {
      set_fields(*made, {.type = type, .name = "a", .fields = {{field, value}}});
    });
  };
  expect_refused("dense", "units", 2.5, "a whole number");
  expect_refused("dense", "units", std::string("ten"), "a whole number");
  expect_refused("dense", "activation", int64_t{3}, "a text");
  expect_refused("dense", "use_bias", int64_t{1}, "true or false");
  expect_refused("dropout", "rate", std::string("half"), "a number");
  expect_refused("reshape", "shape", int64_t{3}, "a list of whole numbers");
}

TEST(LayerFields, AWholeNumberIsANumberToo) {
  const auto dropout = make_layer("dropout");
  set_fields(*dropout, {.type = "dropout", .name = "a", .fields = {{"rate", int64_t{0}}}});
  EXPECT_EQ(std::get<double>(get_fields(*dropout).at("rate")), 0.0);
}

TEST(LayerTypes, UnknownOnesAreRefusedWithTheNearest) {
  expect_error(ErrorCode::usage, {"densse", "Did you mean \"dense\""},
               [] { make_layer("densse"); });
}

}  // namespace

}  // namespace sinapse
