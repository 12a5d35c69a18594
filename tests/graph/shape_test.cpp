#include <sinapse/shape.h>

#include <gtest/gtest.h>

namespace sinapse {

namespace {

TEST(Shape, TheBatchIsAnAxisOfItsOwn) {
  EXPECT_TRUE(is_batched({kBatch, 3}));
  EXPECT_FALSE(is_batched({3, 2}));
  EXPECT_FALSE(is_batched({}));
  EXPECT_EQ(row_size({kBatch, 2, 3}), 6);
  EXPECT_EQ(row_size({kBatch}), 1);
  EXPECT_EQ(row_size({2, 3}), 6);
  EXPECT_EQ(row_size({}), 1);
  EXPECT_EQ(row_shape({kBatch, 2, 3}), (Shape{2, 3}));
  EXPECT_EQ(row_shape({2, 3}), (Shape{2, 3}));
  EXPECT_EQ(batched({2, 3}), (Shape{kBatch, 2, 3}));
}

TEST(Shape, PrintsTheBatchByName) {
  EXPECT_EQ(to_string(Shape{kBatch, 28, 28}), "[batch, 28, 28]");
  EXPECT_EQ(to_string(Shape{}), "[]");
}

}  // namespace

}  // namespace sinapse
