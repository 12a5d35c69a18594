#include "report/live_page.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "figures/chart.h"
#include "figures/history_figure.h"
#include "report/html.h"
#include "report/page.h"
#include "report/report.h"
#include "report/thin.h"

namespace sinapse {

namespace {

constexpr Size kHalfPage{540, 330};
constexpr size_t kMostRemarks = 100;
constexpr size_t kMostCurves = 8;  // as many as there are colours

constexpr const char* kScript = R"js(
const live = document.getElementById("live");
const status = document.getElementById("status");
const stop = document.getElementById("stop");

async function refresh() {
  try {
    const answer = await fetch("live", { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    live.innerHTML = await answer.text();
    setTimeout(refresh, 1000);
  } catch {
    status.textContent = "The run has ended. Its report is in the folder of its results.";
    stop.disabled = true;
  }
}

stop.addEventListener("click", async () => {
  stop.disabled = true;
  status.textContent = "Stopping after the step at hand; everything is saved.";
  await fetch("stop", { method: "POST", headers: { "X-Sinapse-Token": stop.dataset.token } });
});

setTimeout(refresh, 1000);
)js";

std::string duration(double seconds) {
  const auto whole = static_cast<int64_t>(std::clamp(seconds, 0.0, 1e9));
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

double share_done(const Progress& p) {
  if (p.epochs <= 0 || p.steps <= 0) return 0;
  const double epochs =
      static_cast<double>(p.epoch - 1) + static_cast<double>(p.step) / static_cast<double>(p.steps);
  return std::clamp(epochs / static_cast<double>(p.epochs), 0.0, 1.0);
}

// Over all layers.
double gradient_norm(const std::vector<LayerState>& layers) {
  double norm = 0;
  for (const LayerState& layer : layers) norm = std::hypot(norm, layer.gradient_norm);
  return norm;
}

double dead_share(const std::vector<LayerState>& layers) {
  double dead = 0, units = 0;
  for (const LayerState& layer : layers) {
    dead += static_cast<double>(layer.dead);
    units += static_cast<double>(layer.units);
  }
  return units > 0 ? dead / units : 0;
}

}  // namespace

void LiveRun::remark(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (known_.remarks.size() < kMostRemarks) known_.remarks.push_back(text);
}

void LiveRun::step(const Progress& progress) {
  const std::lock_guard lock(mutex_);
  known_.progress = progress;
}

void LiveRun::epoch(const EpochRecord& record, const std::vector<LayerState>& layers) {
  const std::lock_guard lock(mutex_);
  known_.history.push_back(record);
  thin(known_.history, kMostEpochs);
  if (layers.empty()) return;
  known_.probes.push_back({record.epoch, layers});
  thin(known_.probes, kMostEpochs);
}

LiveRun::Known LiveRun::known() const {
  const std::lock_guard lock(mutex_);
  return known_;
}

std::string LiveRun::cards(const Known& known) {
  const Progress& p = known.progress;
  if (p.epochs == 0) return note("The data are being read.");
  std::string html;
  if (!known.history.empty() && !known.history.back().validation.empty()) {
    const Metrics& metrics = known.history.back().validation;
    const std::string name = main_metric_name(metrics);
    html += card(html_text(name),
                 fmt::format("<span data-live=\"metric\">{}</span>", number_text(metrics.at(name))),
                 fmt::format("on the validation rows, epoch {}", known.history.back().epoch));
  }
  html += card("loss", fmt::format("<span data-live=\"loss\">{}</span>", number_text(p.loss)),
               "mean over this epoch’s rows so far");
  html += card("epoch", fmt::format("<span data-live=\"epoch\">{}</span>", p.epoch),
               fmt::format("of {} at most, step {} of {}", p.epochs, p.step, p.steps));
  html += card(
      "rows per second", number_text(std::round(p.rows_per_second)),
      fmt::format("{} so far, {} left at most", duration(p.seconds), duration(p.seconds_left)));
  if (!known.probes.empty()) {
    const auto& layers = known.probes.back().layers;
    html += card("gradient norm", number_text(gradient_norm(layers)), "of all weights together");
    html +=
        card("dead units",
             fmt::format("<span data-live=\"dead\">{}</span>", percent_text(dead_share(layers))),
             fmt::format("0 for all of {} training rows", Probe::kRows));
  }
  return element("progress", "",
                 fmt::format("max=\"1\" value=\"{:.4f}\" aria-label=\"Progress\"", share_done(p))) +
         element("div", html, "class=\"cards\"");
}

std::string LiveRun::curves(const Known& known) {
  if (known.history.empty()) return note("The curves begin when the first epoch has ended.");
  std::vector<std::string> figures;
  for (const Chart& chart : history_charts({without_twins(history_of(known.history))})) {
    figures.push_back(figure(draw(chart, kHalfPage)));
  }
  return figure_row(figures);
}

std::string LiveRun::layer_charts(const Known& known) {
  Chart gradients{.title = "Gradient norms",
                  .x_label = "epoch",
                  .series = {},
                  .logarithmic_y = true,
                  .whole_x = true};
  Chart dead{.title = "Dead units, share", .x_label = "epoch", .series = {}, .whole_x = true};
  const auto& last = known.probes.back().layers;
  for (size_t i = 0; i < last.size(); ++i) {
    Series norms{.name = last[i].layer, .x = {}, .y = {}, .low = {}, .high = {}, .paint = {}};
    Series shares = norms;
    for (const Probed& probe : known.probes) {
      norms.x.push_back(static_cast<double>(probe.epoch));
      norms.y.push_back(probe.layers[i].gradient_norm);
      shares.y.push_back(static_cast<double>(probe.layers[i].dead) /
                         static_cast<double>(std::max<int64_t>(probe.layers[i].units, 1)));
    }
    shares.x = norms.x;
    if (last[i].gradient_norm > 0 && gradients.series.size() < kMostCurves)
      gradients.series.push_back(std::move(norms));
    if (last[i].units > 0 && dead.series.size() < kMostCurves)
      dead.series.push_back(std::move(shares));
  }
  std::vector<std::string> figures;
  for (const Chart* chart : {&gradients, &dead}) {
    if (!chart->series.empty()) figures.push_back(figure(draw(*chart, kHalfPage)));
  }
  return figure_row(figures);
}

std::string LiveRun::layers(const Known& known) {
  if (known.probes.empty()) return "";
  HtmlTable table{.head = {"layer", "gradient norm", "weight norm", "units", "dead"},
                  .numbers = {1, 2, 3, 4}};
  for (const LayerState& layer : known.probes.back().layers) {
    const bool counted = layer.units > 0;
    table.rows.push_back({html_text(layer.layer), number_text(layer.gradient_norm),
                          number_text(layer.weight_norm),
                          counted ? number_text(static_cast<double>(layer.units)) : "",
                          counted ? number_text(static_cast<double>(layer.dead)) : ""});
  }
  return layer_charts(known) + to_html(table);
}

std::string LiveRun::fragment() const {
  const Known known = this->known();
  std::string html = cards(known) + section("curves", "Learning curves", curves(known));
  const std::string inside = layers(known);
  if (!inside.empty()) html += section("layers", "Layer by layer", inside);
  if (known.remarks.empty()) return html;
  std::string remarks;
  for (const std::string& remark : known.remarks) remarks += element("li", html_text(remark));
  return html + section("remarks", "On the data", element("ul", remarks, "class=\"findings\""));
}

std::string LiveRun::page(const std::string& token, const std::string& nonce) const {
  const std::string body =
      element(
          "header",
          element("h1", html_text(name_)) +
              element("p",
                      fmt::format("<button id=\"stop\" data-token=\"{}\">Stop and save</button> "
                                  "<span id=\"status\" role=\"status\">Training</span>",
                                  html_text(token)),
                      "class=\"kind\"")) +
      element("main", fragment(), "id=\"live\"");
  return whole_page(
      {.title = name_ + " · training · Sinapse", .body = body, .script = kScript, .nonce = nonce});
}

}  // namespace sinapse
