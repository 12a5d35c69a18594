#include "features/sequence_columns.h"

#include "features/json_fields.h"

namespace sinapse {

namespace {
constexpr const char* kWhat = "the model's sequences";
}

std::string SequenceColumns::to_json() const {
  return to_json_text({{"version", 1},
                       {"id", id},
                       {"order", order},
                       {"order_is_date", order_is_date},
                       {"order_format", order_format},
                       {"per_row", per_row},
                       {"longest", longest}},
                      "the sequences");
}

SequenceColumns SequenceColumns::from_json(const std::string& json) {
  const nlohmann::json value = parse_json_object(json, kWhat);
  const JsonFields fields(value, kWhat);
  fields.integer("version", 1, 1);
  SequenceColumns columns{.id = fields.text("id"),
                          .order = fields.text("order"),
                          .order_format = fields.text("order_format"),
                          .order_is_date = fields.flag("order_is_date"),
                          .per_row = fields.flag("per_row"),
                          .longest = fields.integer("longest", 2, kMostSteps)};
  if (columns.id.empty()) fields.fail("id", "the name of a column");
  return columns;
}

}  // namespace sinapse
