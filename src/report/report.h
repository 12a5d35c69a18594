// The page that a run leaves behind: report.html.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <sinapse/forecast.h>
#include <sinapse/image_set.h>
#include <sinapse/table.h>
#include <sinapse/team.h>
#include <sinapse/train.h>
#include <sinapse/tune.h>

#include "report/kept_answers.h"

namespace sinapse {

/// What was tried before the run.
struct SearchSummary {
  std::string metric;  // of the scores
  const std::vector<Trial>& trials;
};

/// What the page is made from.
struct Report {
  const TrainResult& result;
  const KeptAnswers& answers;
  std::string name;                  // of the data
  std::string command;               // as it was typed
  std::string run_file;              // YAML
  std::vector<std::string> remarks;  // on the data and the choices
  int threads = 1;
  /// What was learned from: one of both, with the rows' own test data if they stand apart.
  const Table* table = nullptr;
  const Table* test_table = nullptr;
  const ImageFolder* images = nullptr;
  const SearchSummary* search = nullptr;  // if the run came out of one
  /// Of a model of series that is judged on other data.
  const ForecastEvaluation* evaluation = nullptr;
};

/// One self-contained page: figures, styles and pictures stand in it, and a content security policy
/// forbids it to ask for anything else or to run scripts. Light and dark, and to be printed.
std::string report_page(const Report& report, Team& team);

/// The name of the metric that says most to a person, if it is among these.
std::string main_metric_name(const Metrics& metrics);

}  // namespace sinapse
