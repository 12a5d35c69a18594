// Keys of the metadata that Sinapse adds to its ONNX files.
#pragma once

namespace sinapse {

inline constexpr const char* kFormatKey = "sinapse.format";
inline constexpr const char* kNetworkKey = "sinapse.network";
inline constexpr const char* kFeaturesKey = "sinapse.features";
inline constexpr const char* kPixelsKey = "sinapse.pixels";
inline constexpr const char* kSeriesKey = "sinapse.series";
inline constexpr const char* kSequencesKey = "sinapse.sequences";
inline constexpr const char* kTargetKey = "sinapse.target";
inline constexpr const char* kWeightingKey = "sinapse.weighting";
inline constexpr const char* kStatefulKey = "sinapse.stateful";  // the column of the sequences
inline constexpr const char* kLossKey = "sinapse.loss";  // absent: the usual one of the task
inline constexpr const char* kRecordKey = "sinapse.record";

/// The version of the layout, to be raised when older readers would misunderstand a file.
inline constexpr const char* kFormat = "1";

}  // namespace sinapse
