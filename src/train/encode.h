// From typed data to the rows a network is fed with.
#pragma once

#include <sinapse/array.h>
#include <sinapse/image_set.h>
#include <sinapse/table.h>

#include "data/sequences.h"
#include "network/trained_network.h"
#include "train/dataset.h"

namespace sinapse {

/// The inputs of a table's rows, as input_descriptions() orders them.
Dataset encode_inputs(const Features& features, const Table& table);

/// The rows of each sequence as one row of the data set, with its length.
Dataset encode_sequences(const Features& features, const SequenceColumns& columns,
                         const RowSequences& sequences, const Table& table);

/// The target of each sequence, or of each of its steps. Throws Error(data), naming both places, if
/// a sequence is to have one answer, but its rows have several; those without do not matter.
void encode_target(const Target& target, const SequenceColumns& columns,
                   const RowSequences& sequences, const Table& table, Dataset& data);

/// The same. Throws Error(data) if the model expects arrays.
Dataset encode_inputs(const TrainedNetwork& trained, const Table& table);

/// Which stream each row belongs to, by a column; none without the column.
std::vector<int32_t> streams_in(const Table& table, const std::string& column);

/// Inputs and target of a table, and if the column is named the weights of the rows that have a
/// target, in memory or, if the table is there, on disk: rows in their order, or at their places.
Dataset encode_rows(const Features& features, const Target& target,
                    const std::string& weight_column, const Table& table,
                    std::shared_ptr<const RowPlaces> places = nullptr);

/// Inputs, target and weights of a table with answers: the loss counts rows as training did, the
/// metrics by the column of weights alone, if it is there.
Dataset encode_labelled(const TrainedNetwork& trained, const Table& table);

/// The inputs of samples. Bytes are not copied: `samples` must live as long as the data set.
Dataset encode_inputs(const ArrayFeatures& pixels, const Array& samples);

/// The same, from the disk if they are there.
Dataset encode_inputs(const ArrayFeatures& pixels, const ArrayDataset& samples);

}  // namespace sinapse
