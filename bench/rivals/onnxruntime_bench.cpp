// ONNX Runtime: inference of W1's model file through its C interface, all optimizations on, input
// and output tensors made once, outputs written in place.
#include <cmath>

#include "bench_program.h"
#include "rivals/onnxruntime_api.h"

namespace {

using onnxruntime::Api;
using onnxruntime::Handle;

class Session {
 public:
  Session(const Api& api, const char* model, int threads) : api_(api) {
    Handle *environment, *session_options;
    api_.call(onnxruntime::kCreateEnvironment, onnxruntime::kLogErrors, "bench", &environment);
    api_.call(onnxruntime::kCreateSessionOptions, &session_options);
    api_.call(onnxruntime::kSetIntraOpThreads, session_options, threads);
    api_.call(onnxruntime::kSetInterOpThreads, session_options, 1);
    api_.call(onnxruntime::kSetGraphOptimizationLevel, session_options,
              onnxruntime::kAllOptimizations);
    api_.call(onnxruntime::kCreateSession, environment, model, session_options, &session_);
    api_.call(onnxruntime::kCreateCpuMemoryInfo, onnxruntime::kArenaAllocator,
              onnxruntime::kDefaultMemory, &memory_);
  }

  Handle* tensor(std::vector<float>& values, int64_t rows) const {
    int64_t shape[] = {rows, static_cast<int64_t>(values.size()) / rows};
    Handle* result;
    api_.call(onnxruntime::kCreateTensorWithData, memory_, static_cast<void*>(values.data()),
              values.size() * sizeof(float), static_cast<const int64_t*>(shape), size_t{2},
              onnxruntime::kFloat, &result);
    return result;
  }

  void run(const char* input_name, Handle* input, const char* output_name, Handle* output) const {
    const char* input_names[] = {input_name};
    const char* output_names[] = {output_name};
    Handle* inputs[] = {input};
    Handle* outputs[] = {output};
    api_.call(onnxruntime::kRun, session_, static_cast<Handle*>(nullptr), +input_names, +inputs,
              size_t{1}, +output_names, size_t{1}, +outputs);
  }

 private:
  const Api& api_;
  Handle *session_, *memory_;
};

void check_probabilities(const std::vector<float>& row) {
  float sum = 0;
  for (int i = 0; i < 10; ++i) sum += row[i];
  if (!(std::abs(sum - 1) < 1e-4f))
    throw std::runtime_error("the first prediction is not a softmax");
}

void measure(const bench::Options& options) {
  Api api(options.get("library", "libonnxruntime.so.1"));
  std::string peer = "onnxruntime-" + api.version(), model = options.get("model", "w1.onnx");
  std::string input_name = options.get("input", "x"), output_name = options.get("output", "y");
  Session session(api, model.c_str(), options.threads());

  int64_t batch = options.workload() == "W1-batch256" ? 256 : 1;
  std::vector<float> inputs(batch * 784), outputs(batch * 10);
  for (size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(std::sin(i));
  Handle *input = session.tensor(inputs, batch), *output = session.tensor(outputs, batch);
  auto predict = [&] { session.run(input_name.c_str(), input, output_name.c_str(), output); };
  predict();
  if (options.workload() == "W1-start") {
    bench::print_result(peer, options, "start_to_first_prediction_ms",
                        bench::milliseconds_since_start(options));
  } else if (options.workload() == "W1-latency") {
    bench::print_result(peer, options, "latency_p50_us",
                        1e6 * bench::median_seconds(options.seconds(), predict));
  } else if (options.workload() == "W1-batch256") {
    bench::print_result(peer, options, "inference_samples_per_s",
                        batch / bench::average_seconds(options.seconds(), predict));
  } else {
    bench::reject_workload(options);
  }
  check_probabilities(outputs);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    measure(bench::Options(count, arguments));
  } catch (const std::exception& error) {
    std::cerr << "onnxruntime_bench: " << error.what() << '\n';
    return 1;
  }
}
